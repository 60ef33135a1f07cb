#include "intake/join/join_rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "engine/language/library.h"
#include "io/tables/text_stream.h"

static const char built_in[] = "datasets/join.csv";
static const char header[] = "what,name,order,rule,note";

enum { CELLS = 5 };

typedef struct reader {
    const hra_dictionary *dictionary;
    hra_join_rule *rules;
    bool *has_rule; /* of its own, not by its domain */
    hra_map *sets;
    int set_count;
    const char *path;
    int line;
    hra_error *error;
} reader;

static hra_code wrong(const reader *r, const char *what, const char *text)
{
    return hra_fail(r->error, HRA_EINPUT, "%s:%d: %s'%s'", r->path, r->line, what, text);
}

/* "checkup questionnaire diagnosis roster": all kinds, each once. */
static hra_code read_order(const reader *r, const char *text, hra_join_kind order[HRA_JOIN_KINDS])
{
    int count = 0;
    bool seen[HRA_JOIN_KINDS] = {false};
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, " ");
        int kind = hra_join_kind_of(at, length);
        if (kind < 0 || seen[kind]) return wrong(r, "expected every kind of source once, found ", text);
        seen[kind] = true;
        order[count++] = (hra_join_kind)kind;
        at += length + (at[length] == ' ');
    }
    return count == HRA_JOIN_KINDS ? HRA_OK : wrong(r, "expected every kind of source once, found ", text);
}

static hra_code read_set(reader *r, const char *name, int *set)
{
    int64_t known = hra_map_get(r->sets, name);
    if (known < 0) {
        known = r->set_count++;
        if (hra_map_set(r->sets, name, known) != 0) return hra_out_of_memory(r->error);
    }
    *set = (int)known;
    return HRA_OK;
}

static hra_code read_role(reader *r, const char *text, hra_join_rule *rule)
{
    static const char *const names[] = {[HRA_JOIN_PLAIN] = "",
                                        [HRA_JOIN_CURRENT] = "current",
                                        [HRA_JOIN_VISIT_DATE] = "visit_date",
                                        [HRA_JOIN_SEX] = "sex",
                                        [HRA_JOIN_BIRTH_DATE] = "birth_date",
                                        [HRA_JOIN_AGE] = "age",
                                        [HRA_JOIN_PERIOD_START] = "period_start",
                                        [HRA_JOIN_PERIOD_END] = "period_end",
                                        [HRA_JOIN_GROUP] = "group",
                                        [HRA_JOIN_PART] = "part"};
    static const char together[] = "together:";
    if (strncmp(text, together, sizeof together - 1) == 0) {
        rule->role = HRA_JOIN_TOGETHER;
        return read_set(r, text + sizeof together - 1, &rule->set);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], text) == 0) {
            rule->role = (hra_join_role)i;
            return HRA_OK;
        }
    return wrong(r, "there is no rule ", text);
}

static hra_code apply_to_domain(const reader *r, const char *domain, const hra_join_rule *rule)
{
    bool other = strcmp(domain, "other") == 0;
    for (int i = 0; i < hra_dictionary_count(r->dictionary); i++) {
        const char *own = hra_dictionary_at(r->dictionary, i)->domain;
        bool named =
            own && (strcmp(own, "checkup") == 0 || strcmp(own, "questionnaire") == 0 || strcmp(own, "membership") == 0);
        if (!r->has_rule[i] && (other ? !named : own && strcmp(own, domain) == 0)) r->rules[i] = *rule;
    }
    return HRA_OK;
}

/* The type a role needs; any for the others. */
static bool fits(hra_join_role role, hra_type type)
{
    switch (role) {
    case HRA_JOIN_CURRENT: return type == HRA_TYPE_FLAG;
    case HRA_JOIN_VISIT_DATE:
    case HRA_JOIN_BIRTH_DATE:
    case HRA_JOIN_PERIOD_START:
    case HRA_JOIN_PERIOD_END: return type == HRA_TYPE_DATE;
    case HRA_JOIN_SEX: return type == HRA_TYPE_CATEGORY;
    case HRA_JOIN_AGE: return type == HRA_TYPE_COUNT || type == HRA_TYPE_MEASURE;
    case HRA_JOIN_GROUP:
    case HRA_JOIN_PART: return type == HRA_TYPE_LABEL;
    default: return true;
    }
}

static hra_code read_row(reader *r, char *cells[CELLS])
{
    hra_join_rule rule = {.role = HRA_JOIN_PLAIN};
    HRA_TRY(read_order(r, cells[2], rule.order));
    HRA_TRY(read_role(r, cells[3], &rule));
    if (strcmp(cells[0], "domain") == 0) {
        if (rule.role != HRA_JOIN_PLAIN) return wrong(r, "a domain has no rule ", cells[3]);
        return apply_to_domain(r, cells[1], &rule);
    }
    if (strcmp(cells[0], "variable") != 0) return wrong(r, "expected domain or variable, found ", cells[0]);
    int variable = hra_dictionary_find(r->dictionary, cells[1]);
    if (variable < 0) return HRA_OK; /* a dictionary without it cannot deliver it */
    if (!fits(rule.role, hra_dictionary_at(r->dictionary, variable)->type))
        return wrong(r, "the rule does not fit the type of ", cells[1]);
    r->rules[variable] = rule;
    r->has_rule[variable] = true;
    return HRA_OK;
}

/* Lines of cells between commas, without quotes; the last cell may hold commas. */
static hra_code read_lines(reader *r, char *text)
{
    for (char *line = text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = '\0';
        line[strcspn(line, "\r")] = '\0';
        r->line++;
        if (!*line || *line == '#') continue;
        if (r->line == 1) {
            if (strcmp(line, header) != 0)
                return wrong(r, "this is not a table of join rules; its header must be ", header);
            continue;
        }
        char *cells[CELLS] = {line, NULL};
        for (int i = 1; i < CELLS; i++) {
            char *comma = strchr(cells[i - 1], ',');
            if (!comma) return wrong(r, "too few cells: ", line);
            *comma = '\0';
            cells[i] = comma + 1;
        }
        HRA_TRY(read_row(r, cells));
    }
    return HRA_OK;
}

static hra_code read_file(const char *path, hra_buffer *text, hra_error *error)
{
    if (!path) {
        const hra_embedded *file = hra_embedded_file(built_in);
        if (!file) return hra_fail(error, HRA_EINTERNAL, "%s is not in this program", built_in);
        hra_buffer_append(text, file->bytes, file->length);
    } else {
        hra_text_facts facts;
        hra_text_stream *stream;
        bool end = false;
        HRA_TRY(hra_text_examine(path, NULL, &facts, error));
        HRA_TRY(hra_text_stream_open(path, &facts, &stream, error));
        hra_code code = HRA_OK;
        while (code == HRA_OK && !end) code = hra_text_stream_read(stream, text, &end, error);
        hra_text_stream_close(stream);
        HRA_TRY(code);
    }
    hra_buffer_char(text, '\n');
    return text->failed ? hra_out_of_memory(error) : HRA_OK;
}

hra_code hra_join_rules_read(const char *path, const hra_dictionary *dictionary, hra_arena *arena,
                             const hra_join_rule **rules, int *set_count, hra_error *error)
{
    size_t count = (size_t)hra_dictionary_count(dictionary);
    hra_buffer text = {0};
    reader r = {.dictionary = dictionary,
                .rules = hra_arena_alloc(arena, count * sizeof *r.rules + 1),
                .has_rule = hra_arena_alloc(arena, count + 1),
                .sets = hra_map_new(),
                .path = path ? path : built_in,
                .error = error};
    hra_code code = r.rules && r.has_rule && r.sets ? HRA_OK : hra_out_of_memory(error);
    for (size_t i = 0; code == HRA_OK && i < count; i++)
        for (int k = 0; k < HRA_JOIN_KINDS; k++) r.rules[i].order[k] = (hra_join_kind)k;
    if (code == HRA_OK) code = read_file(path, &text, error);
    if (code == HRA_OK) code = read_lines(&r, text.bytes);
    hra_buffer_destroy(&text);
    hra_map_free(r.sets);
    *rules = r.rules;
    *set_count = r.set_count;
    return code;
}
