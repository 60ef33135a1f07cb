#include "service/forget/forget_list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"
#include "io/csv/csv_work.h"
#include "io/results/result_reader.h"

typedef struct person {
    uint64_t key[2];
    bool found, dropped;
} person;

struct hra_forget_list {
    const hra_identity *identity;
    char *issuer;
    person *people; /* by key, none twice */
    size_t count, capacity;
};

static int by_key(const void *a, const void *b)
{
    const person *x = a, *y = b;
    if (x->key[0] != y->key[0]) return x->key[0] < y->key[0] ? -1 : 1;
    return (x->key[1] > y->key[1]) - (x->key[1] < y->key[1]);
}

/* ---- asking ---- */

static person *find(hra_forget_list *list, const char *key)
{
    person asked = {0};
    if (list->count == 0 || !hra_person_key_read(key, asked.key)) return NULL;
    return bsearch(&asked, list->people, list->count, sizeof asked, by_key);
}

bool hra_forget_list_key(hra_forget_list *list, const char *key)
{
    person *known = find(list, key);
    if (known) known->found = true;
    return known != NULL;
}

void hra_forget_list_drop(hra_forget_list *list, const char *key)
{
    person *known = find(list, key);
    if (known) known->dropped = true;
}

bool hra_forget_list_person(hra_forget_list *list, const char *text, size_t length)
{
    char key[HRA_KEY_TEXT];
    hra_clean_identifier(&text, &length);
    if (length == HRA_KEY_TEXT - 1) {
        memcpy(key, text, length);
        key[length] = '\0';
        if (hra_forget_list_key(list, key)) return true;
    }
    if (!list->identity || length == 0) return false;
    hra_identity_hash(list->identity, list->issuer, text, length, key);
    return hra_forget_list_key(list, key);
}

int64_t hra_forget_list_asked(const hra_forget_list *list) { return (int64_t)list->count; }

int64_t hra_forget_list_found(const hra_forget_list *list)
{
    int64_t found = 0;
    for (size_t i = 0; i < list->count; i++) found += list->people[i].found;
    return found;
}

const char *hra_forget_list_fingerprint(const hra_forget_list *list)
{
    return list->identity ? hra_identity_fingerprint(list->identity) : "";
}

/* ---- reading ---- */

hra_code hra_forget_list_add(hra_forget_list *list, const char *key, hra_error *error)
{
    if (list->count == list->capacity) {
        size_t capacity = 2 * list->capacity + 64;
        person *people = realloc(list->people, capacity * sizeof *people);
        if (!people) return hra_out_of_memory(error);
        list->people = people;
        list->capacity = capacity;
    }
    person *p = &list->people[list->count++];
    *p = (person){0};
    hra_person_key_read(key, p->key);
    return HRA_OK;
}

static bool is_header(const char *text, size_t length)
{
    static const char *const names[] = {"person_id", "person", "person_key", "identifier"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && strncasecmp(text, names[i], length) == 0) return true;
    return false;
}

/* The messages tell the line and never what stands there. */
static hra_code add_line(hra_forget_list *list, const char *path, const hra_record *record, const char *text,
                         size_t length, hra_error *error)
{
    char key[HRA_KEY_TEXT];
    uint64_t words[2];
    if (list->identity) {
        if (hra_identifier_is_damaged(text, length))
            return hra_fail(error, HRA_EINPUT,
                            "%s, line %lld: a spreadsheet has spoilt this identifier (like 1.1E+17); nobody can be "
                            "found by it",
                            path, (long long)record->line);
        hra_identity_hash(list->identity, list->issuer, text, length, key);
        return hra_forget_list_add(list, key, error);
    }
    if (length == HRA_KEY_TEXT - 1) {
        memcpy(key, text, length);
        key[length] = '\0';
        if (hra_person_key_read(key, words)) return hra_forget_list_add(list, key, error);
    }
    return hra_fail(error, HRA_EINPUT,
                    "%s, line %lld: this is not a person key (32 hexadecimal digits); if it is an identifier, give the "
                    "key file with --key",
                    path, (long long)record->line);
}

static hra_code read_record(hra_forget_list *list, const char *path, const hra_batch *batch, const hra_record *record,
                            char delimiter, bool first, hra_buffer *scratch, hra_error *error)
{
    if (record->fault != HRA_RECORD_GOOD)
        return hra_fail(error, HRA_EINPUT, "%s, line %lld cannot be read: a quote that is not closed, or damage", path,
                        (long long)record->line);
    hra_cells cells = hra_cells_begin(batch->text.bytes + record->start, record->length, delimiter, scratch);
    hra_cell_text cell = hra_cells_next(&cells);
    hra_clean_identifier(&cell.text, &cell.length);
    if (scratch->failed) return hra_out_of_memory(error);
    if (cell.length == 0 || (first && is_header(cell.text, cell.length))) return HRA_OK;
    return add_line(list, path, record, cell.text, cell.length, error);
}

static hra_code read_records(hra_forget_list *list, const char *path, hra_record_reader *reader, hra_error *error)
{
    hra_batch batch = {0};
    hra_buffer scratch = {0};
    hra_code code = HRA_OK;
    for (bool first = true; !code;) {
        code = hra_record_reader_next(reader, HRA_CHUNK_ROWS, 1 << 20, &batch, error);
        if (code || batch.count == 0) break;
        for (int i = 0; i < batch.count && !code; i++, first = false)
            code = read_record(list, path, &batch, &batch.records[i], hra_record_reader_delimiter(reader), first,
                               &scratch, error);
    }
    hra_batch_destroy(&batch);
    hra_buffer_destroy(&scratch);
    return code;
}

void hra_forget_list_order(hra_forget_list *list)
{
    size_t kept = 0;
    if (list->count > 1) qsort(list->people, list->count, sizeof *list->people, by_key);
    for (size_t i = 0; i < list->count; i++)
        if (!list->people[i].dropped && (kept == 0 || by_key(&list->people[kept - 1], &list->people[i]) != 0))
            list->people[kept++] = list->people[i];
    list->count = kept;
}

static hra_code read_list(hra_forget_list *list, const char *path, hra_error *error)
{
    hra_text_facts facts;
    hra_record_reader *reader;
    HRA_TRY(hra_text_examine(path, NULL, &facts, error));
    HRA_TRY(hra_record_reader_open(path, &facts, 0, &reader, error));
    hra_code code = read_records(list, path, reader, error);
    hra_record_reader_close(reader);
    if (code) return code;
    hra_forget_list_order(list);
    return list->count > 0 ? HRA_OK : hra_fail(error, HRA_EINPUT, "%s names nobody", path);
}

hra_code hra_forget_list_new(const hra_identity *identity, const char *issuer, hra_forget_list **out, hra_error *error)
{
    hra_forget_list *list = calloc(1, sizeof *list);
    *out = list;
    if (!list) return hra_out_of_memory(error);
    list->identity = identity;
    list->issuer = strdup(issuer);
    if (list->issuer) return HRA_OK;
    hra_forget_list_free(list);
    *out = NULL;
    return hra_out_of_memory(error);
}

hra_code hra_forget_list_read(const char *path, const hra_identity *identity, const char *issuer, hra_forget_list **out,
                              hra_error *error)
{
    *out = NULL;
    hra_forget_list *list;
    HRA_TRY(hra_forget_list_new(identity, issuer, &list, error));
    hra_code code = read_list(list, path, error);
    if (code)
        hra_forget_list_free(list);
    else
        *out = list;
    return code;
}

void hra_forget_list_free(hra_forget_list *list)
{
    if (!list) return;
    free(list->people);
    free(list->issuer);
    free(list);
}
