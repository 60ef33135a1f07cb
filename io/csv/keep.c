#include "io/csv/keep.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "engine/run/kept.h"
#include "io/csv/csv_binding.h"
#include "io/csv/csv_cells.h"
#include "io/people/store_object.h"
#include "io/words/text_fold.h"

/* Finer than the finest grid there is: such values are kept beside the grid, exactly. */
enum { MOST_DECIMALS = 6 };
static const double MOST_STEPS = 2e9, LARGEST_WHOLE = 9007199254740992.0;

struct hra_keep {
    hra_keep_column *columns;
    int count;
    hra_arena *arena;
};

hra_keep *hra_keep_new(void)
{
    hra_keep *keep = calloc(1, sizeof *keep);
    if (!keep) return NULL;
    keep->arena = hra_arena_new();
    if (keep->arena) return keep;
    free(keep);
    return NULL;
}

void hra_keep_free(hra_keep *keep)
{
    if (!keep) return;
    hra_arena_free(keep->arena);
    free(keep->columns);
    free(keep);
}

int hra_keep_count(const hra_keep *keep) { return keep ? keep->count : 0; }
const hra_keep_column *hra_keep_at(const hra_keep *keep, int index) { return &keep->columns[index]; }

static hra_keep_column *find(const hra_keep *keep, const char *name)
{
    for (int i = 0; i < keep->count; i++)
        if (strcmp(keep->columns[i].name, name) == 0) return &keep->columns[i];
    return NULL;
}

static hra_code add(hra_keep *keep, const char *name, const char *header, hra_keep_column **out, hra_error *error)
{
    hra_keep_column *columns = realloc(keep->columns, ((size_t)keep->count + 1) * sizeof *columns);
    if (!columns) return hra_out_of_memory(error);
    keep->columns = columns;
    *out = &columns[keep->count];
    **out = (hra_keep_column){.name = hra_arena_text(keep->arena, name), .header = hra_arena_text(keep->arena, header)};
    if (!(*out)->name || !(*out)->header) return hra_out_of_memory(error);
    keep->count++;
    return HRA_OK;
}

/* ---- what is asked for ------------------------------------------------------------------ */

/* A name that definitions can speak of. */
static bool is_name(const char *text)
{
    if (!isalpha((unsigned char)*text) && *text != '_') return false;
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_') return false;
    return true;
}

static hra_code ask_for(hra_keep *keep, const char *text, size_t length, hra_error *error)
{
    char name[HRA_HEADER_TEXT], header[HRA_HEADER_TEXT];
    const char *equals = memchr(text, '=', length);
    size_t name_length = equals ? (size_t)(equals - text) : length;
    if (hra_fold(text, name_length, 0, name, sizeof name) < 0 ||
        hra_fold(equals ? equals + 1 : text, equals ? length - name_length - 1 : length, 0, header, sizeof header) < 0)
        return hra_fail(error, HRA_EUSAGE, "--keep: a name is too long");
    if (!*name && !*header) return HRA_OK;
    if (!is_name(name) || !*header)
        return hra_fail(error, HRA_EUSAGE,
                        "--keep: '%s' is not a name of a variable (letters, digits and _); give one: --keep NAME=%s",
                        name, *header ? header : "COLUMN");
    if (find(keep, name)) return hra_fail(error, HRA_EUSAGE, "--keep: %s is asked for twice", name);
    hra_keep_column *column;
    return add(keep, name, header, &column, error);
}

hra_code hra_keep_ask(hra_keep *keep, const char *list, hra_error *error)
{
    for (const char *at = list; *at;) {
        size_t length = strcspn(at, ",");
        HRA_TRY(ask_for(keep, at, length, error));
        at += length + (at[length] == ',');
    }
    return HRA_OK;
}

/* ---- types ---------------------------------------------------------------------------------- */

/* Digits behind the point of plain decimals; more than fit for 1e-7. */
static int decimals_of(const char *text, size_t length)
{
    const char *point = memchr(text, '.', length);
    if (memchr(text, 'e', length) || memchr(text, 'E', length)) return MOST_DECIMALS;
    return point ? (int)(text + length - point - 1) : 0;
}

/* Whether the text comes back from the number: 007 and 12345678901234567890 do not. */
static bool is_faithful(const char *text, size_t length, double value)
{
    if (length > 0 && (*text == '-' || *text == '+')) text++, length--;
    if (length > 1 && text[0] == '0' && text[1] != '.' && text[1] != 'e' && text[1] != 'E') return false;
    return fabs(value) < LARGEST_WHOLE && isfinite(value);
}

static void look_at_cell(hra_keep_column *column, const char *text, size_t length)
{
    char folded[HRA_CELL_TEXT];
    double value;
    hra_trim(&text, &length);
    if (length == 0 || column->text) return;
    if (hra_fold(text, length, HRA_FOLD_LOWER | HRA_FOLD_NO_SPACES, folded, sizeof folded) < 0) {
        column->text = true;
        return;
    }
    if (hra_is_missing_word(folded, false)) return;
    const char *end = text + length;
    if (hra_read_decimal(text, end, &value) != end || !is_faithful(text, length, value)) {
        column->text = true;
        return;
    }
    int decimals = decimals_of(text, length);
    if (decimals > column->decimals) column->decimals = decimals;
    if (!column->known || value < column->low) column->low = value;
    if (!column->known || value > column->high) column->high = value;
    column->known = true;
}

/* A grid that the codes can hold; what is finer or beyond stands beside it. */
static void settle_grid(hra_keep_column *column)
{
    if (column->decimals > MOST_DECIMALS) column->decimals = MOST_DECIMALS;
    while (column->decimals > 0 && (column->high - column->low) * hra_pow10(column->decimals) > MOST_STEPS)
        column->decimals--;
}

/* ---- reading the columns ------------------------------------------------------------------------ */

typedef struct scan {
    hra_keep *keep;
    const hra_name_index *names;
    const hra_dictionary *dictionary;
    bool *found;  /* per kept column: some file has it */
    int *kept_of; /* per column of the present file: the kept one, -1: none */
    hra_batch batch;
    hra_buffer scratch;
} scan;

/* What the column would be read as if it were not kept. Names, phones and identifiers never enter a store under another
 * name. */
static hra_code note_meaning(const scan *s, const char *header, hra_keep_column *column, hra_error *error)
{
    hra_header_match match;
    if (!hra_header_find(s->names, header, s->keep->arena, &match)) return hra_out_of_memory(error);
    if (match.variable < 0) return HRA_OK;
    const hra_variable *variable = hra_dictionary_at(s->dictionary, match.variable);
    column->lost = hra_arena_text(s->keep->arena, variable->name);
    if (!column->lost) return hra_out_of_memory(error);
    if (variable->type != HRA_TYPE_ID && variable->type != HRA_TYPE_TEXT) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "--keep: the column '%s' identifies people or is free text; it is never kept",
                    header);
}

static hra_code find_columns(scan *s, const hra_file_plan *plan, hra_error *error)
{
    int *kept_of = realloc(s->kept_of, ((size_t)plan->width + 1) * sizeof *kept_of);
    if (!kept_of) return hra_out_of_memory(error);
    s->kept_of = kept_of;
    for (int i = 0; i < plan->width; i++) {
        char key[HRA_HEADER_TEXT], asked[HRA_HEADER_TEXT];
        kept_of[i] = -1;
        if (!hra_header_key(plan->columns[i].header, key)) continue;
        for (int k = 0; k < s->keep->count; k++) {
            if (!hra_header_key(s->keep->columns[k].header, asked) || strcmp(asked, key) != 0) continue;
            HRA_TRY(note_meaning(s, plan->columns[i].header, &s->keep->columns[k], error));
            kept_of[i] = k;
            s->found[k] = true;
        }
    }
    return HRA_OK;
}

static void look_at_record(scan *s, const hra_file_plan *plan, const hra_record *record)
{
    hra_cells cells =
        hra_cells_begin(s->batch.text.bytes + record->start, record->length, plan->delimiter, &s->scratch);
    for (int i = 0; i < plan->width && !cells.done; i++) {
        hra_cell_text cell = hra_cells_next(&cells);
        if (s->kept_of[i] >= 0) look_at_cell(&s->keep->columns[s->kept_of[i]], cell.text, cell.length);
    }
}

static hra_code scan_file(scan *s, const hra_file_plan *plan, hra_error *error)
{
    hra_record_reader *reader;
    if (plan->long_form)
        return hra_fail(error, HRA_EUSAGE, "--keep: %s is a long file; columns can be kept of wide files only",
                        plan->name);
    HRA_TRY(find_columns(s, plan, error));
    HRA_TRY(hra_record_reader_open(plan->path, &plan->text, plan->delimiter, &reader, error));
    hra_record_reader_set_width(reader, (uint32_t)plan->width);
    hra_code code;
    for (;;) {
        code = hra_record_reader_next(reader, HRA_CHUNK_ROWS, 1 << 20, &s->batch, error);
        if (code != HRA_OK || s->batch.count == 0) break;
        for (int i = 0; i < s->batch.count; i++) {
            const hra_record *record = &s->batch.records[i];
            bool header = record->line <= plan->header_line ||
                          (record->length == plan->row_length &&
                           memcmp(s->batch.text.bytes + record->start, plan->row_text, record->length) == 0);
            if (!header && record->fault == HRA_RECORD_GOOD && record->cells <= (uint32_t)plan->width)
                look_at_record(s, plan, record);
        }
    }
    hra_record_reader_close(reader);
    if (code == HRA_OK && s->scratch.failed) code = hra_out_of_memory(error);
    return code;
}

static hra_code check_names(const hra_keep *keep, const hra_library *library, hra_error *error)
{
    for (int k = 0; k < keep->count; k++) {
        const hra_keep_column *c = &keep->columns[k];
        if (hra_dictionary_find(hra_library_dictionary(library), c->name) >= 0 || hra_library_find(library, c->name))
            return hra_fail(
                error, HRA_EUSAGE,
                "--keep: %s is a name hra knows already; with --keep my_%s=%s the column is kept and not read as %s "
                "(to have both, add a copy of it to the table)",
                c->name, c->name, c->header, c->name);
    }
    return HRA_OK;
}

static hra_code check_found(const scan *s, hra_error *error)
{
    for (int k = 0; k < s->keep->count; k++)
        if (!s->found[k])
            return hra_fail(error, HRA_EINPUT, "--keep: there is no column '%s' in the input",
                            s->keep->columns[k].header);
    return HRA_OK;
}

hra_code hra_keep_examine(hra_keep *keep, const char *const *paths, int path_count, const hra_library *library,
                          const hra_csv_options *options, hra_error *error)
{
    HRA_TRY(check_names(keep, library, error));
    hra_csv_options own = *options; /* only headers are read by them */
    own.require_id = false;
    own.keep = NULL;
    own.key_map = NULL;
    hra_binding *binding;
    HRA_TRY(hra_binding_new(paths, path_count, hra_library_dictionary(library), &own, &binding, error));
    scan s = {.keep = keep,
              .names = binding->names,
              .dictionary = hra_library_dictionary(library),
              .found = calloc((size_t)keep->count + 1, sizeof *s.found)};
    hra_code code = s.found ? HRA_OK : hra_out_of_memory(error);
    for (int f = 0; f < binding->file_count && code == HRA_OK; f++) code = scan_file(&s, &binding->files[f], error);
    if (code == HRA_OK) code = check_found(&s, error);
    for (int k = 0; k < keep->count; k++) settle_grid(&keep->columns[k]);
    hra_batch_destroy(&s.batch);
    hra_buffer_destroy(&s.scratch);
    free(s.found);
    free(s.kept_of);
    hra_binding_free(binding);
    return code;
}

/* ---- stores ---------------------------------------------------------------------------------------- */

/* Two stores may have the column on different grids. */
static hra_code merge(hra_keep *keep, const hra_keep_column *own, const char *path, hra_error *error)
{
    hra_keep_column *known = find(keep, own->name);
    if (!known) {
        HRA_TRY(add(keep, own->name, "", &known, error));
        const char *name = known->name, *header = known->header;
        *known = *own;
        known->name = name;
        known->header = header;
        known->lost = NULL;
        return HRA_OK;
    }
    if (known->text != own->text)
        return hra_fail(error, HRA_EINPUT, "%s: the kept column %s is %s here and %s in another store", path, own->name,
                        own->text ? "a text" : "a number", known->text ? "a text" : "a number");
    if (own->decimals > known->decimals) known->decimals = own->decimals;
    if (own->low < known->low) known->low = own->low;
    if (own->high > known->high) known->high = own->high;
    settle_grid(known);
    return HRA_OK;
}

static hra_code read_member(hra_keep *own, const hra_store_object *dataset, const char *name, bool text,
                            const char *path, hra_error *error)
{
    int64_t place = 0, decimals = 0, first = 0, levels = 1;
    hra_keep_column *column;
    if (!hra_object_int(dataset, HRA_DOMAIN_KEPT, &place) || !is_name(name)) return HRA_OK;
    if (!text &&
        (!hra_object_int(dataset, "decimals", &decimals) || !hra_object_int(dataset, "first", &first) ||
         !hra_object_int(dataset, "levels", &levels) || decimals < 0 || decimals > MOST_DECIMALS || levels < 1 ||
         levels > (int64_t)MOST_STEPS + 1 || first < -(int64_t)LARGEST_WHOLE || first > (int64_t)LARGEST_WHOLE))
        return hra_fail(error, HRA_EINPUT, "%s: the kept column %s does not say how it is packed", path, name);
    HRA_TRY(add(own, name, "", &column, error));
    column->text = text;
    column->known = true;
    column->place = place;
    column->decimals = (int)decimals;
    column->low = (double)first / hra_pow10(column->decimals);
    column->high = (double)(first + levels - 1) / hra_pow10(column->decimals);
    return HRA_OK;
}

static hra_code read_folder(hra_keep *own, hid_t root, const hra_summary *summary, const char *at, const char *path,
                            hra_error *error)
{
    hra_store_folder folder;
    const char *const *names;
    int count = 0;
    if (!hra_folder_open(root, summary, at, &folder)) return HRA_OK;
    hra_code code = hra_folder_members(&folder, own->arena, &names, &count, error);
    for (int i = 0; i < count && !code; i++) {
        hra_store_object dataset;
        if (!hra_object_open(&folder, names[i], &dataset)) continue;
        code = read_member(own, &dataset, names[i], strcmp(at, "/labels") == 0, path, error);
        hra_object_close(&dataset);
    }
    hra_folder_close(&folder);
    return code;
}

static int by_place(const void *a, const void *b)
{
    int64_t x = ((const hra_keep_column *)a)->place, y = ((const hra_keep_column *)b)->place;
    return (x > y) - (x < y);
}

/* `summary` NULL: it was not looked for. */
static hra_code read_store(hra_keep *own, const hra_summary *summary, const char *path, hra_error *error)
{
    hid_t root = -1;
    hra_h5_lock_asleep();
    hra_code code = summary ? HRA_OK : hra_summary_of(path, own->arena, &summary, error);
    if (code == HRA_OK && !summary) code = hra_h5_open(path, &root, error);
    if (code == HRA_OK) code = read_folder(own, root, summary, "/variables", path, error);
    if (code == HRA_OK) code = read_folder(own, root, summary, "/labels", path, error);
    hra_h5_release(&root);
    hra_h5_unlock();
    if (own->count > 1) qsort(own->columns, (size_t)own->count, sizeof *own->columns, by_place);
    return code;
}

hra_code hra_keep_from_summary(hra_keep *keep, const hra_summary *summary, const char *path, hra_error *error)
{
    hra_keep *own = hra_keep_new();
    hra_code code = own ? read_store(own, summary, path, error) : hra_out_of_memory(error);
    for (int i = 0; own && i < own->count && code == HRA_OK; i++) code = merge(keep, &own->columns[i], path, error);
    hra_keep_free(own);
    return code;
}

hra_code hra_keep_from_store(hra_keep *keep, const char *path, hra_error *error)
{
    return hra_keep_from_summary(keep, NULL, path, error);
}

/* ---- declarations ------------------------------------------------------------------------------------ */

/* Titles are texts in quotes. */
static void put_title(const hra_keep_column *column, hra_buffer *out)
{
    for (const char *c = *column->header ? column->header : column->name; *c; c++)
        hra_buffer_char(out, *c == '"' || *c == '\\' || (unsigned char)*c < ' ' ? ' ' : *c);
}

void hra_keep_declare(const hra_keep *keep, hra_buffer *out)
{
    for (int k = 0; k < keep->count; k++) {
        const hra_keep_column *c = &keep->columns[k];
        hra_buffer_printf(out, "variable %s { type %s domain " HRA_DOMAIN_KEPT " title \"", c->name,
                          c->text ? "label" : "measure");
        put_title(c, out);
        hra_buffer_char(out, '"');
        if (!c->text) {
            hra_buffer_printf(out, " unit \"\" decimals %d", c->decimals);
            hra_buffer_text(out, " hard ");
            hra_buffer_decimal(out, c->low, c->decimals);
            hra_buffer_text(out, "..");
            hra_buffer_decimal(out, c->high, c->decimals);
        }
        hra_buffer_text(out, " }\n");
    }
}
