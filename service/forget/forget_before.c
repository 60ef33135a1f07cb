#include "service/forget/forget_before.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/run/source_walk.h"
#include "io/people/population_store.h"

typedef struct looking looking;
typedef hra_code visit(looking *l, const char *key, double day, hra_error *error);

struct looking {
    const hra_forget_files *files;
    const char *main, *path; /* the store that must have days; the one that is read */
    double before;
    hra_source *source;
    int day; /* its column */
    hra_forget_list *list;
    visit *use; /* of every row */
    int64_t undated;
};

static hra_code add_early(looking *l, const char *key, double day, hra_error *error)
{
    l->undated += isnan(day) && l->path == l->main;
    return day < l->before ? hra_forget_list_add(l->list, key, error) : HRA_OK;
}

/* Who was there again later stays. */
static hra_code drop_late(looking *l, const char *key, double day, hra_error *error)
{
    if (day >= l->before) hra_forget_list_drop(l->list, key);
    return HRA_OK;
}

static hra_code visit_chunk(void *user, const hra_chunk *chunk, hra_error *error)
{
    looking *l = user;
    if (!chunk->keys) return hra_fail(error, HRA_EINPUT, "%s has no person keys: nobody can be found in it", l->path);
    for (int i = 0; i < chunk->rows; i++) {
        double day = hra_column_value(&l->source->schema->columns[l->day], hra_code_at(&chunk->columns[l->day], i));
        HRA_TRY(l->use(l, chunk->keys[i], day, error));
    }
    return HRA_OK;
}

static hra_code read_through(looking *l, const hra_dictionary *dictionary, visit *use, hra_error *error)
{
    HRA_TRY(hra_store_open(l->path, dictionary, &l->source, error));
    l->day = hra_schema_find(l->source->schema, hra_dictionary_find(dictionary, "exam_date"), NULL);
    bool *wanted = calloc((size_t)l->source->schema->column_count + 1, sizeof *wanted);
    hra_code code = wanted ? HRA_OK : hra_out_of_memory(error);
    if (!code && l->day < 0 && l->path == l->main)
        code =
            hra_fail(error, HRA_EINPUT, "%s does not have the days of the checkups (exam_date): give --list", l->path);
    if (!code && l->day >= 0) {
        wanted[l->day] = true;
        l->source->wanted = wanted;
        l->source->want_keys = true;
        l->use = use;
        code = hra_source_walk(l->source, visit_chunk, l, error);
    }
    l->source->close(l->source);
    free(wanted);
    return code;
}

/* The main store and, of a run that joined several sources, theirs. */
static hra_code read_stores(looking *l, const hra_dictionary *dictionary, visit *use, hra_error *error)
{
    l->path = l->main;
    HRA_TRY(read_through(l, dictionary, use, error));
    for (int i = 0; i < l->files->count; i++) {
        const hra_forget_file *file = &l->files->items[i];
        if (file->kind != HRA_FORGET_POPULATION || strcmp(file->path, l->main) == 0) continue;
        l->path = file->path;
        HRA_TRY(read_through(l, dictionary, use, error));
    }
    return HRA_OK;
}

hra_code hra_forget_list_before(const hra_forget_files *files, const char *store, const hra_library *library,
                                double before, const hra_identity *identity, const char *issuer, hra_forget_list **out,
                                int64_t *undated, hra_error *error)
{
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    looking l = {.files = files, .main = store, .before = before};
    *out = NULL;
    HRA_TRY(hra_forget_list_new(identity, issuer, &l.list, error));
    hra_code code = read_stores(&l, dictionary, add_early, error);
    hra_forget_list_order(l.list);
    if (!code && hra_forget_list_asked(l.list) > 0) code = read_stores(&l, dictionary, drop_late, error);
    hra_forget_list_order(l.list);
    *undated = l.undated;
    if (code)
        hra_forget_list_free(l.list);
    else
        *out = l.list;
    return code;
}
