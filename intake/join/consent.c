#include "intake/join/consent.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

bool hra_consent_rule_of(const char *text, hra_consent_rule *rule)
{
    static const char *const names[] = {"all", "not-declined", "given"}; /* as hra_consent_rule */
    *rule = HRA_CONSENT_NOT_DECLINED;
    for (int i = 0; text && i < 3; i++) {
        if (strcmp(text, names[i]) != 0) continue;
        *rule = (hra_consent_rule)i;
        return true;
    }
    return !text;
}

bool hra_consent_leaves_out(hra_consent_rule rule, double consent)
{
    if (rule == HRA_CONSENT_NOT_ASKED) return false;
    return rule == HRA_CONSENT_GIVEN ? consent != 1 : consent == 0;
}

int64_t hra_consent_left_out(const hra_consent_counts *counts) { return counts->declined + counts->not_asked; }

/* ---- the list ---- */

static const char HEAD[] = "key,consent,group\n";

struct hra_consent_list {
    hra_atomic_file *file;
    hra_buffer line;
    hra_consent_counts counts;
};

hra_code hra_consent_list_new(const char *path, hra_consent_list **out, hra_error *error)
{
    hra_consent_list *list = calloc(1, sizeof *list);
    if (!list) return hra_out_of_memory(error);
    hra_code code = hra_atomic_open(path, &list->file, error);
    if (code != HRA_OK) {
        free(list);
        return code;
    }
    fputs(HEAD, hra_atomic_stream(list->file)); /* commit checks the stream */
    *out = list;
    return HRA_OK;
}

void hra_consent_list_add(hra_consent_list *list, const char *key, const char *group, double consent)
{
    hra_buffer_clear(&list->line);
    hra_buffer_printf(&list->line, "%s,%s,", key ? key : "", consent == 0 ? "no" : "");
    if (group) hra_buffer_csv_foreign(&list->line, group, strlen(group));
    hra_buffer_char(&list->line, '\n');
    if (!list->line.failed) fwrite(list->line.bytes, 1, list->line.length, hra_atomic_stream(list->file));
    if (consent == 0)
        list->counts.declined++;
    else
        list->counts.not_asked++;
}

void hra_consent_list_free(hra_consent_list *list)
{
    if (!list) return;
    hra_atomic_abandon(list->file);
    hra_buffer_destroy(&list->line);
    free(list);
}

hra_code hra_consent_list_complete(hra_consent_list *list, hra_consent_counts *counts, hra_atomic_file **file,
                                   hra_error *error)
{
    *counts = list->counts;
    *file = NULL;
    if (list->line.failed) return hra_out_of_memory(error);
    if (hra_consent_left_out(counts) == 0) return HRA_OK;
    *file = list->file;
    list->file = NULL;
    return HRA_OK;
}

hra_code hra_consent_list_count(const char *path, hra_consent_counts *counts, hra_error *error)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    *counts = (hra_consent_counts){0};
    if (!file && errno == ENOENT) return HRA_OK;
    if (!file) return hra_fail(error, HRA_EIO, "cannot read %s: %m", path);
    while (getline(&line, &room, file) > 0) { /* a name with a line break goes on without a key */
        const char *behind = line + strspn(line, "0123456789abcdef");
        counts->declined += strncmp(behind, ",no,", 4) == 0;
        counts->not_asked += strncmp(behind, ",,", 2) == 0;
    }
    bool failed = ferror(file) != 0;
    free(line);
    fclose(file);
    return failed ? hra_fail(error, HRA_EIO, "cannot read %s", path) : HRA_OK;
}

/* ---- rows of chunks ---- */

hra_consent_gate hra_consent_gate_of(hra_consent_rule rule, const hra_schema *schema, hra_consent_list *list)
{
    return (hra_consent_gate){.rule = rule,
                              .schema = schema,
                              .column =
                                  hra_schema_find(schema, hra_dictionary_find(schema->dictionary, "consent"), NULL),
                              .group = hra_schema_find_label(schema, "group_id"),
                              .list = list};
}

/* NULL: none. */
static const char *group_of(const hra_consent_gate *g, const hra_chunk *chunk, int row)
{
    const hra_label_codes *groups = g->group >= 0 ? &chunk->labels[g->group] : NULL;
    int32_t text = groups && groups->index ? groups->index[row] : -1;
    return text >= 0 ? groups->texts[text] : NULL;
}

bool hra_consent_goes(void *gate, const hra_chunk *chunk, int row)
{
    const hra_consent_gate *g = gate;
    double consent = NAN;
    if (g->column >= 0)
        consent = hra_column_value(&g->schema->columns[g->column], hra_code_at(&chunk->columns[g->column], row));
    if (!hra_consent_leaves_out(g->rule, consent)) return false;
    if (g->list) hra_consent_list_add(g->list, chunk->keys ? chunk->keys[row] : NULL, group_of(g, chunk, row), consent);
    return true;
}
