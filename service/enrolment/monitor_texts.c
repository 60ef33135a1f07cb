#include "service/enrolment/monitor_texts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/data/column.h"
#include "engine/language/quantity_text.h"

enum { MOST_NUMBERS = 32, MOST_NAME = 128 };

typedef struct number {
    char name[MOST_NAME];
    int field;     /* -1: not among the results */
    int64_t first; /* row of values[0]; -1: nothing is loaded */
    double *values;
} number;

struct hra_monitor_texts {
    const hra_result_reader *results;
    number numbers[MOST_NUMBERS];
    int count;
    hra_buffer plain;
};

hra_monitor_texts *hra_monitor_texts_new(const hra_result_reader *results)
{
    hra_monitor_texts *t = calloc(1, sizeof *t);
    if (t) t->results = results;
    return t;
}

void hra_monitor_texts_free(hra_monitor_texts *t)
{
    if (!t) return;
    for (int i = 0; i < t->count; i++) free(t->numbers[i].values);
    hra_buffer_destroy(&t->plain);
    free(t);
}

/* NULL: too many, or too long a name. */
static number *number_called(hra_monitor_texts *t, const char *name, size_t length)
{
    for (int i = 0; i < t->count; i++)
        if (strlen(t->numbers[i].name) == length && memcmp(t->numbers[i].name, name, length) == 0)
            return &t->numbers[i];
    if (t->count == MOST_NUMBERS || length >= MOST_NAME) return NULL;
    number *new = &t->numbers[t->count++];
    *new = (number){.first = -1};
    memcpy(new->name, name, length);
    new->field = hra_result_reader_find(t->results, new->name);
    if (new->field >= 0 && hra_result_reader_field(t->results, new->field)->kind != HRA_RESULT_NUMBER) new->field = -1;
    return new;
}

/* People come block after block: each number is read once for each of them. */
static hra_code load(const hra_monitor_texts *t, number *n, int64_t first, hra_error *error)
{
    int64_t rows = hra_result_reader_facts(t->results)->rows - first;
    if (n->first == first) return HRA_OK;
    if (!n->values) n->values = calloc(HRA_CHUNK_ROWS, sizeof *n->values);
    if (!n->values) return hra_out_of_memory(error);
    n->first = first;
    return hra_result_reader_values(t->results, n->field, first, rows < HRA_CHUNK_ROWS ? rows : HRA_CHUNK_ROWS,
                                    n->values, error);
}

static hra_code put_number(hra_monitor_texts *t, const char *name, size_t length, const hra_care_person *person,
                           hra_buffer *out, hra_error *error)
{
    number *n = number_called(t, name, length);
    double value = NAN;
    if (n && n->field >= 0) {
        HRA_TRY(load(t, n, person->row - person->index, error));
        value = n->values[person->index];
    }
    if (isnan(value))
        hra_buffer_char(out, '?');
    else
        hra_buffer_printf(out, "%g", value);
    return HRA_OK;
}

hra_code hra_monitor_texts_put(hra_monitor_texts *t, const char *text, const hra_care_person *person, hra_buffer *out,
                               hra_error *error)
{
    hra_buffer_clear(&t->plain);
    hra_quantity_plain(text, &t->plain);
    if (t->plain.failed) return hra_out_of_memory(error);
    const char *rest = t->plain.bytes ? t->plain.bytes : "";
    for (const char *open; (open = strchr(rest, '{')) != NULL;) {
        const char *close = strchr(open, '}');
        if (!close) break;
        hra_buffer_append(out, rest, (size_t)(open - rest));
        HRA_TRY(put_number(t, open + 1, (size_t)(close - open - 1), person, out, error));
        rest = close + 1;
    }
    hra_buffer_text(out, rest);
    return HRA_OK;
}
