/* Who goes of a population store: people of a list, and checkups before a day. */
#include <math.h>
#include <stdlib.h>

#include "engine/run/source_walk.h"
#include "io/people/population_store.h"
#include "io/people/store_rewrite.h"
#include "service/forget/forget_store.h"

typedef struct forgetting {
    const char *path;
    hra_source *source;
    hra_forget_list *list;
    double before; /* rows of checkups before this day go, and who is on the list; NaN: only these */
    int day;       /* column of the day of the checkup; -1: none */
    int64_t removed;
} forgetting;

hra_code hra_forget_check_key(const char *path, const char *fingerprint, const hra_forget_list *list, hra_error *error)
{
    const char *own = hra_forget_list_fingerprint(list);
    if (!*own || !*fingerprint || strcmp(own, fingerprint) == 0) return HRA_OK;
    return hra_fail(error, HRA_ECONFLICT,
                    "%s: its person keys were made with another key (%s) than the given one (%s); nobody can be found "
                    "in it",
                    path, fingerprint, own);
}

/* ---- who goes ---- */

static double day_of(const forgetting *f, const hra_chunk *chunk, int row)
{
    return f->day < 0
               ? NAN
               : hra_column_value(&f->source->schema->columns[f->day], hra_code_at(&chunk->columns[f->day], row));
}

/* A row with a day goes by its day, one without by its person. */
static bool goes(void *context, const hra_chunk *chunk, int row)
{
    const forgetting *f = context;
    bool listed = hra_forget_list_key(f->list, chunk->keys[row]);
    double day = isnan(f->before) ? NAN : day_of(f, chunk, row);
    return isnan(day) ? listed : day < f->before;
}

/* ---- the store ---- */

static hra_code count_leaving(void *user, const hra_chunk *chunk, hra_error *error)
{
    forgetting *f = user;
    if (!chunk->keys) return hra_fail(error, HRA_EINPUT, "%s has no person keys: nobody can be found in it", f->path);
    for (int i = 0; i < chunk->rows; i++) f->removed += goes(f, chunk, i);
    return HRA_OK;
}

static hra_code open_source(forgetting *f, const char *path, const hra_library *library, hra_error *error)
{
    HRA_TRY(hra_store_open(path, hra_library_dictionary(library), &f->source, error));
    f->day =
        hra_schema_find(f->source->schema, hra_dictionary_find(hra_library_dictionary(library), "exam_date"), NULL);
    return HRA_OK;
}

static void close_source(forgetting *f)
{
    if (f->source) f->source->close(f->source);
    f->source = NULL;
}

/* Only the keys are read, to leave alone what holds nobody of the list. */
static hra_code count(forgetting *f, const char *path, const hra_library *library, hra_error *error)
{
    const char *const *unmatched;
    HRA_TRY(open_source(f, path, library, error));
    bool *none = calloc((size_t)f->source->schema->column_count + 1, sizeof *none);
    if (!none) return hra_out_of_memory(error);
    if (f->day >= 0) none[f->day] = !isnan(f->before);
    f->source->wanted = none;
    f->source->want_keys = true;
    hra_code code = hra_forget_check_key(path, hra_store_key_fingerprint(f->source), f->list, error);
    if (!code && hra_store_unmatched(f->source, &unmatched) > 0)
        code = hra_fail(error, HRA_EINPUT,
                        "%s: %s is not in the dictionary and would be lost; give its definition with --definitions",
                        path, unmatched[0]);
    if (!code) code = hra_source_walk(f->source, count_leaving, f, error);
    close_source(f);
    free(none);
    return code;
}

hra_code hra_forget_in_population(const char *path, const hra_library *library, hra_forget_list *list, double before,
                                  bool dry, int64_t *removed, hra_error *error)
{
    forgetting f = {.path = path, .list = list, .before = before};
    hra_code code = count(&f, path, library, error);
    *removed = code ? 0 : f.removed;
    if (!code && f.removed > 0 && !dry) {
        code = open_source(&f, path, library, error);
        if (!code) code = hra_store_rewrite(f.source, path, goes, &f, error);
    }
    close_source(&f);
    return code;
}
