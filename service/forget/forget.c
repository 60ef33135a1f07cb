#include "service/forget/forget.h"

#include <limits.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "io/results/result_reader.h"
#include "service/forget/forget_figures.h"
#include "service/forget/forget_store.h"
#include "service/forget/forget_text.h"

static bool is_dated(const hra_forget_request *q, const char *path) { return q->dated && strcmp(path, q->dated) == 0; }

static hra_code in_population(const hra_forget_request *q, const char *path, int64_t *removed, hra_error *error)
{
    hra_library *library = NULL;
    hra_code code = q->library(q->context, path, &library, error);
    /* of the store with the days who goes is on the list; others hold earlier checkups of people who stay */
    double before = is_dated(q, path) ? NAN : q->before;
    if (!code) code = hra_forget_in_population(path, library, q->list, before, q->dry, removed, error);
    hra_library_free(library);
    return code;
}

static hra_code in_key_map(const hra_forget_request *q, const char *path, int64_t *removed, hra_error *error)
{
    hra_library *library = NULL;
    if (!q->identity)
        return hra_fail(error, HRA_EUSAGE, "%s is a key map, which is opened with its key: give --key and identifiers",
                        path);
    hra_code code = q->library(q->context, NULL, &library, error);
    if (!code) code = hra_forget_in_key_map(path, q->identity, library, q->list, q->dry, removed, error);
    hra_library_free(library);
    return code;
}

static hra_code rewrite(const hra_forget_request *q, const hra_forget_file *file, int64_t *removed, hra_error *error)
{
    hra_lock *lock;
    hra_code code = hra_lock_take(file->path, &lock, error);
    if (code) return code;
    switch (file->kind) {
    case HRA_FORGET_POPULATION: code = in_population(q, file->path, removed, error); break;
    case HRA_FORGET_RESULTS: code = hra_forget_in_results(file->path, q->list, q->dry, removed, error); break;
    case HRA_FORGET_KEY_MAP: code = in_key_map(q, file->path, removed, error); break;
    case HRA_FORGET_TABLE: code = hra_forget_in_table(file->path, q->list, q->dry, removed, error); break;
    case HRA_FORGET_DETAILS: code = hra_forget_in_details(file->path, q->list, q->dry, removed, error); break;
    case HRA_FORGET_OTHER: break;
    }
    hra_lock_release(lock);
    return code;
}

/* The page of a run that names its urgent results: the next run into the folder makes it again. */
static bool is_urgent_page(const char *path)
{
    static const char page[] = "/overview/urgent.html", results[] = "/results.h5";
    size_t length = strlen(path), tail = sizeof page - 1;
    char beside[PATH_MAX];
    if (length < tail || strcmp(path + length - tail, page) != 0 || length - tail + sizeof results > sizeof beside)
        return false;
    memcpy(beside, path, length - tail);
    memcpy(beside + length - tail, results, sizeof results);
    return access(beside, F_OK) == 0;
}

static hra_code remove_page(const hra_forget_request *q, const char *path, hra_buffer *done, hra_error *error)
{
    if (!q->dry && unlink(path) != 0) return hra_fail(error, HRA_EIO, "cannot remove %s: %m", path);
    hra_buffer_printf(done, "%s: the page %s; 'hra report overview' or the next run makes it again\n", path,
                      q->dry ? "would be removed" : "removed");
    return HRA_OK;
}

static hra_code look(const hra_forget_request *q, const char *path, hra_forget_account *account, hra_buffer *done,
                     hra_buffer *left, hra_error *error)
{
    static const char *const words[] = {
        [HRA_FORGET_HOLDS] = "still holds somebody",
        [HRA_FORGET_CLOSED] = "may hold somebody: it is packed, printed or encrypted and cannot be looked into",
        [HRA_FORGET_LINK] = "is a link; what it leads to was left alone",
        [HRA_FORGET_REJECTS] = "may hold somebody: values as they were delivered, by file and line"};
    hra_forget_finding finding;
    HRA_TRY(hra_forget_look(path, q->list, &finding, error));
    if (finding == HRA_FORGET_CLEAN) return HRA_OK;
    if (finding == HRA_FORGET_HOLDS && is_urgent_page(path)) return remove_page(q, path, done, error);
    account->left++;
    hra_buffer_printf(left, "%s: %s\n", path, words[finding]);
    return HRA_OK;
}

/* A store of the run that the list was made by. */
static bool tells_days(const hra_forget_request *q, const hra_forget_file *file)
{
    return q->dated && file->kind == HRA_FORGET_POPULATION;
}

static hra_code rows_of(const char *results, int64_t *rows, hra_error *error)
{
    hra_result_reader *reader;
    HRA_TRY(hra_result_reader_open(results, &reader, error));
    *rows = hra_result_reader_facts(reader)->rows;
    hra_result_reader_close(reader);
    return HRA_OK;
}

/* Also after a stop, when nothing is removed any more. */
static hra_code tell_figures(const hra_forget_request *q, const char *results, int64_t removed,
                             hra_forget_account *account, hra_buffer *left, hra_error *error)
{
    int64_t rows, figures;
    HRA_TRY(rows_of(results, &rows, error));
    if (q->dry) rows -= removed;
    HRA_TRY(hra_forget_figures(results, rows, left, &figures, error));
    account->figures += figures;
    return figures > 0 ? q->counted(q->context, results, rows, error) : HRA_OK;
}

static hra_code take_out(const hra_forget_request *q, const hra_forget_file *file, hra_forget_account *account,
                         hra_buffer *done, hra_buffer *left, hra_error *error)
{
    int64_t removed = 0;
    if (file->kind == HRA_FORGET_OTHER) return look(q, file->path, account, done, left, error);
    HRA_TRY(rewrite(q, file, &removed, error));
    if (file->kind == HRA_FORGET_RESULTS) HRA_TRY(tell_figures(q, file->path, removed, account, left, error));
    if (removed == 0) return HRA_OK;
    account->files++;
    account->rows += removed;
    hra_buffer_printf(done, "%s: %lld %s\n", file->path, (long long)removed, q->dry ? "would be removed" : "removed");
    return HRA_OK;
}

hra_code hra_forget(const hra_forget_request *q, hra_forget_account *account, hra_buffer *done, hra_buffer *left,
                    hra_error *error)
{
    *account = (hra_forget_account){0};
    for (int i = 0; i < q->files->count; i++)
        if (!tells_days(q, &q->files->items[i])) HRA_TRY(take_out(q, &q->files->items[i], account, done, left, error));
    bool clean = q->dry || account->left == 0;
    /* the checkups last, which are first by name: they tell most */
    for (int i = q->files->count - 1; clean && i >= 0; i--)
        if (tells_days(q, &q->files->items[i])) HRA_TRY(take_out(q, &q->files->items[i], account, done, left, error));
    return done->failed || left->failed ? hra_out_of_memory(error) : HRA_OK;
}
