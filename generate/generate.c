#include "generate/generate.h"

#include <stdlib.h>
#include <string.h>

#include "generate/people.h"

enum { CHUNK_ROWS = 8192, MAX_LEVELS = 8, LABELS = 5, KEY_SIZE = HRA_KEY_TEXT, ID_DIGITS = 10, STREAM_GAPS = 0x2000 };
static const int64_t MAX_ROWS = 9999999999; /* identifiers have ten digits */
enum { LABEL_GROUP, LABEL_BRANCH, LABEL_PROVINCE, LABEL_DEPARTMENT, LABEL_PROVIDER };

/* How the values of one column become codes. */
typedef struct encoding {
    bool levels;
    int panel;
    double scale;
    double first;        /* grid steps of code 0 */
    int64_t low, high;   /* codes of the plausible limits */
    int map[MAX_LEVELS]; /* code of the generator's levels */
} encoding;

typedef struct generator {
    hra_source source; /* first: the source is the generator */
    hra_schema schema;
    hra_generate_options options;
    hra_recipe *recipe;
    hra_groups groups;
    hra_column columns[HRA_COLUMN_COUNT];
    encoding encodings[HRA_COLUMN_COUNT];
    int labels[LABELS];
    const char **group_ids;
    const char *texts[LABELS][HRA_BRANCH_COUNT];
    int64_t next_chunk, chunks;
} generator;

/* Everything a chunk points to, in one allocation each. */
typedef struct buffers {
    void *codes;
    int32_t *label_index;
    char *keys;
    const char **key_texts;
} buffers;

static const struct {
    const char *name, *levels;
    int panel;
} columns[] = {
#define COLUMN(name, panel, levels) {#name, levels, HRA_PANEL_##panel},
    HRA_COLUMNS(COLUMN)
#undef COLUMN
};

/* ---- the schema ----------------------------------------------------------- */

static hra_code map_levels(const hra_variable *variable, const char *levels, encoding *e, hra_error *error)
{
    e->levels = true;
    int count = 0;
    for (const char *at = levels; *at; count++) {
        size_t length = strcspn(at, "|");
        char name[32];
        if (length >= sizeof name || count == MAX_LEVELS)
            return hra_fail(error, HRA_EINTERNAL, "the generator's levels of '%s' are too long", variable->name);
        memcpy(name, at, length);
        name[length] = '\0';
        e->map[count] = hra_variable_level(variable, name);
        if (e->map[count] < 0)
            return hra_fail(error, HRA_EINTERNAL, "the dictionary's '%s' has no level '%s'", variable->name, name);
        at += length + (at[length] == '|');
    }
    return HRA_OK;
}

/* Numbers are kept inside the plausible range: what is clean here raises no flag later. */
static void set_limits(const hra_variable *variable, const hra_column *column, encoding *e)
{
    e->scale = hra_pow10(column->decimals);
    e->first = (double)column->first;
    e->low = 0;
    e->high = (int64_t)column->levels - 1;
    if (!isnan(variable->plausible_min)) {
        int64_t low = (int64_t)ceil(variable->plausible_min * e->scale - 1e-6) - column->first;
        if (low > e->low) e->low = low;
    }
    if (!isnan(variable->plausible_max)) {
        int64_t high = (int64_t)floor(variable->plausible_max * e->scale + 1e-6) - column->first;
        if (high < e->high) e->high = high;
    }
}

static hra_code find_variable(const hra_dictionary *dictionary, const char *name, int *out, hra_error *error)
{
    *out = hra_dictionary_find(dictionary, name);
    if (*out < 0) return hra_fail(error, HRA_EINTERNAL, "the dictionary has no variable '%s' for the generator", name);
    return HRA_OK;
}

static hra_code make_schema(generator *g, const hra_dictionary *dictionary, hra_error *error)
{
    for (int c = 0; c < HRA_COLUMN_COUNT; c++) {
        int variable;
        HRA_TRY(find_variable(dictionary, columns[c].name, &variable, error));
        HRA_TRY(hra_column_for(dictionary, variable, NULL, &g->columns[c], error));
        const hra_variable *v = hra_dictionary_at(dictionary, variable);
        g->encodings[c].panel = columns[c].panel;
        if (*columns[c].levels) HRA_TRY(map_levels(v, columns[c].levels, &g->encodings[c], error));
        set_limits(v, &g->columns[c], &g->encodings[c]);
    }
    static const char *const labels[LABELS] = {"group_id", "branch", "province", "department", "exam_provider"};
    for (int l = 0; l < LABELS; l++) HRA_TRY(find_variable(dictionary, labels[l], &g->labels[l], error));
    g->schema = (hra_schema){.dictionary = dictionary,
                             .columns = g->columns,
                             .column_count = HRA_COLUMN_COUNT,
                             .labels = g->labels,
                             .label_count = LABELS};
    return HRA_OK;
}

static hra_code make_labels(generator *g, hra_error *error)
{
    g->group_ids = malloc((size_t)g->groups.count * sizeof *g->group_ids);
    if (!g->group_ids) return hra_fail(error, HRA_ENOMEM, "out of memory for %d groups", g->groups.count);
    for (int i = 0; i < g->groups.count; i++) g->group_ids[i] = g->groups.items[i].id;
    bool zh = g->options.chinese;
    for (int i = 0; i < HRA_BRANCH_COUNT; i++) {
        g->texts[LABEL_BRANCH][i] = zh ? hra_branches[i].name_zh : hra_branches[i].name;
        g->texts[LABEL_PROVINCE][i] = zh ? hra_branches[i].province_zh : hra_branches[i].province;
    }
    for (int i = 0; i < HRA_DEPARTMENT_COUNT; i++)
        g->texts[LABEL_DEPARTMENT][i] = zh ? hra_departments_zh[i] : hra_departments[i];
    for (int i = 0; i < HRA_PROVIDER_COUNT; i++)
        g->texts[LABEL_PROVIDER][i] = zh ? hra_providers[i].name_zh : hra_providers[i].name;
    return HRA_OK;
}

/* ---- people into codes ---------------------------------------------------- */

static uint32_t code_of(const encoding *e, const hra_column *column, double value)
{
    if (isnan(value)) return hra_column_missing(column);
    if (e->levels) return (uint32_t)e->map[(int)value];
    int64_t code = (int64_t)(value * e->scale - e->first + 0.5);
    return (uint32_t)(code < e->low ? e->low : code > e->high ? e->high : code);
}

static void encode(const generator *g, const hra_people *p, int64_t chunk_first, hra_chunk *chunk)
{
    int at[HRA_PEOPLE];
    for (int i = 0; i < p->count; i++) at[i] = (int)(p->row[i] - chunk_first);
    for (int c = 0; c < HRA_COLUMN_COUNT; c++) {
        const encoding *e = &g->encodings[c];
        const hra_column *column = &g->columns[c];
        uint32_t bit = 1u << e->panel, missing = hra_column_missing(column);
        const double *value = p->value[c];
        uint16_t *u16 = (uint16_t *)chunk->columns[c].u16;
        uint32_t *u32 = (uint32_t *)chunk->columns[c].u32;
        for (int i = 0; i < p->count; i++) {
            uint32_t code = p->absent[i] & bit ? missing : code_of(e, column, value[i]);
            if (u16)
                u16[at[i]] = (uint16_t)code;
            else
                u32[at[i]] = code;
        }
    }
}

static void leave_gaps(const generator *g, const hra_people *p, int64_t chunk_first, hra_chunk *chunk)
{
    for (int i = 0; i < p->count; i++)
        for (int k = 0; k < p->gaps[i]; k++) {
            uint32_t words[4];
            hra_random_row(g->options.seed, STREAM_GAPS + (uint32_t)k, p->row[i], words);
            int c = (int)(hra_random_unit(words[0]) * HRA_COLUMN_COUNT);
            if (g->encodings[c].panel == HRA_PANEL_ALWAYS) continue;
            uint32_t missing = hra_column_missing(&g->columns[c]);
            int64_t at = p->row[i] - chunk_first;
            if (chunk->columns[c].u16)
                ((uint16_t *)chunk->columns[c].u16)[at] = (uint16_t)missing;
            else
                ((uint32_t *)chunk->columns[c].u32)[at] = missing;
        }
}

static void label_people(const hra_people *p, int64_t chunk_first, int rows, int32_t *index)
{
    for (int i = 0; i < p->count; i++) {
        int64_t at = p->row[i] - chunk_first;
        const hra_corporate_group *group = &p->groups->items[p->group[i]];
        index[LABEL_GROUP * rows + at] = p->group[i];
        index[LABEL_BRANCH * rows + at] = index[LABEL_PROVINCE * rows + at] = group->branch;
        index[LABEL_DEPARTMENT * rows + at] = p->department[i];
        index[LABEL_PROVIDER * rows + at] = group->provider;
    }
}

static void name_people(const generator *g, int64_t first, int rows, buffers *b)
{
    for (int i = 0; i < rows; i++) {
        char *key = b->keys + (size_t)i * KEY_SIZE, id[ID_DIGITS + 1] = {0};
        int64_t number = first + i + 1;
        for (int digit = ID_DIGITS - 1; digit >= 0; digit--, number /= 10) id[digit] = (char)('0' + number % 10);
        if (g->options.identity)
            hra_identity_hash(g->options.identity, "", id, ID_DIGITS, key);
        else
            memcpy(key, id, sizeof id);
        b->key_texts[i] = key;
    }
}

/* ---- the source ------------------------------------------------------------ */

static void free_chunk(hra_chunk *chunk)
{
    buffers *b = chunk->owner;
    if (b) {
        free(b->codes);
        free(b->label_index);
        free(b->keys);
        free(b->key_texts);
    }
    free(b);
    free(chunk->columns);
    free(chunk->labels);
    *chunk = (hra_chunk){0};
}

static hra_code allocate_chunk(const generator *g, int rows, hra_chunk *chunk, hra_error *error)
{
    size_t bytes = 0;
    for (int c = 0; c < HRA_COLUMN_COUNT; c++) bytes += (size_t)rows * (hra_column_wide(&g->columns[c]) ? 4 : 2) + 64;
    buffers *b = chunk->owner = calloc(1, sizeof *b);
    chunk->columns = calloc(HRA_COLUMN_COUNT, sizeof *chunk->columns);
    chunk->labels = calloc(LABELS, sizeof *chunk->labels);
    if (b) {
        b->codes = aligned_alloc(64, (bytes + 63) / 64 * 64);
        b->label_index = malloc((size_t)rows * LABELS * sizeof *b->label_index);
        b->keys = malloc((size_t)rows * KEY_SIZE);
        b->key_texts = malloc((size_t)rows * sizeof *b->key_texts);
    }
    if (!b || !chunk->columns || !chunk->labels || !b->codes || !b->label_index || !b->keys || !b->key_texts) {
        free_chunk(chunk);
        return hra_fail(error, HRA_ENOMEM, "out of memory for %d generated rows", rows);
    }
    char *at = b->codes;
    for (int c = 0; c < HRA_COLUMN_COUNT; c++) {
        bool wide = hra_column_wide(&g->columns[c]);
        if (wide)
            chunk->columns[c].u32 = (const uint32_t *)(void *)at;
        else
            chunk->columns[c].u16 = (const uint16_t *)(void *)at;
        at += ((size_t)rows * (wide ? 4 : 2) + 63) / 64 * 64;
    }
    return HRA_OK;
}

static void point_labels(const generator *g, int rows, hra_chunk *chunk)
{
    static const int counts[LABELS] = {0, HRA_BRANCH_COUNT, HRA_BRANCH_COUNT, HRA_DEPARTMENT_COUNT, HRA_PROVIDER_COUNT};
    const buffers *b = chunk->owner;
    for (int l = 0; l < LABELS; l++)
        chunk->labels[l] = (hra_label_codes){b->label_index + (size_t)l * (size_t)rows, g->texts[l], counts[l]};
    chunk->labels[LABEL_GROUP].texts = g->group_ids;
    chunk->labels[LABEL_GROUP].text_count = g->groups.count;
    if (!g->options.without_keys) chunk->keys = b->key_texts;
}

static hra_code claim(hra_source *source, int64_t *sequence, void **ticket, hra_error *error)
{
    (void)error;
    generator *g = (generator *)source;
    *ticket = NULL;
    *sequence = g->next_chunk < g->chunks ? g->next_chunk++ : -1;
    return HRA_OK;
}

static hra_code fill(hra_source *source, int64_t sequence, void *ticket, hra_chunk *chunk, hra_error *error)
{
    (void)ticket;
    const generator *g = (const generator *)source;
    int64_t first = sequence * CHUNK_ROWS, left = g->options.rows - first;
    int rows = left < CHUNK_ROWS ? (int)left : CHUNK_ROWS;
    *chunk = (hra_chunk){.sequence = sequence, .first_row = first, .rows = rows};
    HRA_TRY(allocate_chunk(g, rows, chunk, error));
    hra_people *people = malloc(sizeof *people);
    if (!people) {
        free_chunk(chunk);
        return hra_fail(error, HRA_ENOMEM, "out of memory for generated people");
    }
    people->recipe = g->recipe;
    people->groups = &g->groups;
    people->seed = g->options.seed;
    for (int done = 0; done < rows; done += HRA_PEOPLE) {
        hra_people_make(people, first + done, rows - done < HRA_PEOPLE ? rows - done : HRA_PEOPLE);
        encode(g, people, first, chunk);
        leave_gaps(g, people, first, chunk);
        label_people(people, first, rows, ((buffers *)chunk->owner)->label_index);
    }
    free(people);
    name_people(g, first, rows, chunk->owner);
    point_labels(g, rows, chunk);
    return HRA_OK;
}

static void release(hra_source *source, hra_chunk *chunk)
{
    (void)source;
    free_chunk(chunk);
}

static void close_source(hra_source *source)
{
    generator *g = (generator *)source;
    hra_recipe_free(g->recipe);
    hra_groups_destroy(&g->groups);
    free(g->group_ids);
    free(g);
}

hra_code hra_generate_open(const hra_dictionary *dictionary, const hra_generate_options *options, hra_source **out,
                           hra_error *error)
{
    *out = NULL;
    if (options->rows < 1 || options->rows > MAX_ROWS)
        return hra_fail(error, HRA_EUSAGE, "the number of rows must be between 1 and %lld", (long long)MAX_ROWS);
    generator *g = calloc(1, sizeof *g);
    if (!g) return hra_fail(error, HRA_ENOMEM, "out of memory for the generator");
    g->options = *options;
    int64_t usual = (options->rows + 399) / 400;
    int count = options->groups > 0 ? options->groups : usual > 20000 ? 20000 : (int)usual;
    hra_code code = hra_recipe_load(&g->recipe, error);
    if (code == HRA_OK) code = hra_groups_make(options->seed, options->rows, count, &g->groups, error);
    if (code == HRA_OK) code = make_schema(g, dictionary, error);
    if (code == HRA_OK) code = make_labels(g, error);
    g->chunks = (options->rows + CHUNK_ROWS - 1) / CHUNK_ROWS;
    g->source = (hra_source){.schema = &g->schema,
                             .rows = options->rows,
                             .bytes = -1,
                             .want_keys = true,
                             .claim = claim,
                             .fill = fill,
                             .release = release,
                             .close = close_source};
    if (code != HRA_OK) {
        close_source(&g->source);
        return code;
    }
    *out = &g->source;
    return HRA_OK;
}

const hra_groups *hra_generate_groups(const hra_source *source) { return &((const generator *)source)->groups; }
