#include "service/forget.h"

#include "service/forget_store.h"
#include "service/forget_text.h"

static hra_code in_population(const hra_forget_request *q, const char *path, int64_t *removed, hra_error *error)
{
    hra_library *library = NULL;
    hra_code code = q->library(q->context, path, &library, error);
    if (!code) code = hra_forget_in_population(path, library, q->list, removed, error);
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
    if (!code) code = hra_forget_in_key_map(path, q->identity, library, q->list, removed, error);
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
    case HRA_FORGET_RESULTS: code = hra_forget_in_results(file->path, q->list, removed, error); break;
    case HRA_FORGET_KEY_MAP: code = in_key_map(q, file->path, removed, error); break;
    case HRA_FORGET_TABLE: code = hra_forget_in_table(file->path, q->list, removed, error); break;
    case HRA_FORGET_DETAILS: code = hra_forget_in_details(file->path, q->list, removed, error); break;
    case HRA_FORGET_OTHER: break;
    }
    hra_lock_release(lock);
    return code;
}

static hra_code look(const hra_forget_request *q, const char *path, hra_forget_account *account, hra_buffer *left,
                     hra_error *error)
{
    static const char *const words[] = {
        [HRA_FORGET_HOLDS] = "still holds somebody",
        [HRA_FORGET_CLOSED] = "may hold somebody: it is packed, printed or encrypted and cannot be looked into",
        [HRA_FORGET_LINK] = "is a link; what it leads to was left alone",
        [HRA_FORGET_REJECTS] = "may hold somebody: values as they were delivered, by file and line"};
    hra_forget_finding finding;
    HRA_TRY(hra_forget_look(path, q->list, &finding, error));
    if (finding == HRA_FORGET_CLEAN) return HRA_OK;
    account->left++;
    hra_buffer_printf(left, "%s: %s\n", path, words[finding]);
    return HRA_OK;
}

hra_code hra_forget(const hra_forget_request *q, hra_forget_account *account, hra_buffer *done, hra_buffer *left,
                    hra_error *error)
{
    *account = (hra_forget_account){0};
    for (int i = 0; i < q->files->count; i++) {
        const hra_forget_file *file = &q->files->items[i];
        int64_t removed = 0;
        if (file->kind == HRA_FORGET_OTHER) {
            HRA_TRY(look(q, file->path, account, left, error));
            continue;
        }
        HRA_TRY(rewrite(q, file, &removed, error));
        if (removed == 0) continue;
        account->files++;
        account->rows += removed;
        hra_buffer_printf(done, "%s: %lld removed\n", file->path, (long long)removed);
    }
    return done->failed || left->failed ? hra_fail(error, HRA_ENOMEM, "out of memory") : HRA_OK;
}
