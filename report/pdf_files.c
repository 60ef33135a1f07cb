#include "report/pdf_files.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/safe_name.h"
#include "report/pdf_shelf.h"
#include "report/person_files.h"

enum { MOST_OPEN = 128 };

struct hra_pdf_files {
    hra_sink sink;
    hra_pdf_request request;
    hra_pdf_book_options book;
    hra_pdf_press **presses; /* of each thread, and one for merged files; made when first needed */
    hra_pdf_shelf *shelf;    /* merged files */
    pthread_mutex_t lock;    /* of the key map and the facts */
    hra_pdf_facts facts;
};

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory for reports"); }

/* Without a stored key the row number, from 1. */
static const char *key_of(const hra_chunk *chunk, int row, char number[24])
{
    if (chunk->keys) return chunk->keys[row];
    snprintf(number, 24, "%lld", (long long)(chunk->first_row + row + 1));
    return number;
}

/* A copy of the person's name, NULL where the map has none. */
static hra_code find_name(hra_pdf_files *f, const char *key, char **name, hra_error *error)
{
    const char *text = NULL;
    *name = NULL;
    if (!f->request.names) return HRA_OK;
    pthread_mutex_lock(&f->lock);
    hra_code code = hra_key_map_find(f->request.names, key, "name", &text, error);
    if (code == HRA_OK && text && !(*name = strdup(text))) code = out_of_memory(error);
    pthread_mutex_unlock(&f->lock);
    return code;
}

static hra_code press_of(hra_pdf_files *f, int thread, hra_pdf_press **out, hra_error *error)
{
    if (!f->presses[thread])
        HRA_TRY(hra_pdf_press_new(hra_words_language(f->request.pages->words), &f->presses[thread], error));
    *out = f->presses[thread];
    return HRA_OK;
}

/* ---- one report ------------------------------------------------------------------------ */

static hra_code print_person(hra_pdf_files *f, int thread, const hra_chunk *chunk, const hra_results *results, int row,
                             hra_pdf_book *book, hra_error *error)
{
    char number[24], *name = NULL;
    const char *key = key_of(chunk, row, number);
    hra_pdf_press *press;
    HRA_TRY(press_of(f, thread, &press, error));
    HRA_TRY(find_name(f, key, &name, error));
    const hra_person_view *view = hra_person_views_build(f->request.views, thread, chunk, results, row, key);
    hra_code code = view ? hra_pdf_add_person(press, book, f->request.pages, view, name, error) : out_of_memory(error);
    free(name);
    return code;
}

/* ---- a file for each person ---------------------------------------------------------------- */

static hra_code print_single(hra_pdf_files *f, int thread, const hra_chunk *chunk, const hra_results *results, int row,
                             hra_error *error)
{
    char path[4096], number[24];
    hra_pdf_book *book;
    if ((size_t)snprintf(path, sizeof path, "%s/%s.pdf", f->request.folder, key_of(chunk, row, number)) >= sizeof path)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    HRA_TRY(hra_pdf_book_open(path, &f->book, &book, error));
    hra_code code = print_person(f, thread, chunk, results, row, book, error);
    int pages = hra_pdf_book_pages(book);
    if (code != HRA_OK) {
        hra_pdf_book_abandon(book);
        return code;
    }
    HRA_TRY(hra_pdf_book_close(book, error));
    pthread_mutex_lock(&f->lock);
    f->facts.reports++;
    f->facts.files++;
    f->facts.pages += pages;
    pthread_mutex_unlock(&f->lock);
    return HRA_OK;
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    hra_pdf_files *f = (hra_pdf_files *)sink;
    *prepared = NULL;
    for (int r = 0; r < chunk->rows; r++)
        if (f->request.wants(f->request.context, chunk, r)) HRA_TRY(print_single(f, thread, chunk, results, r, error));
    return HRA_OK;
}

/* ---- merged files --------------------------------------------------------------------------- */

static hra_code make_folder(const char *path, hra_error *error)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST) return HRA_OK;
    return hra_fail(error, HRA_EIO, "cannot make the folder %s: %m", path);
}

/* Without ".pdf". */
static hra_code path_of(const hra_pdf_files *f, const hra_chunk *chunk, int row, char path[4096], hra_error *error)
{
    char group[HRA_SAFE_NAME], department[HRA_SAFE_NAME];
    const char *unit = f->request.merge == HRA_PDF_MERGE_DEPARTMENT
                           ? hra_chunk_label(f->request.schema, chunk, row, "department")
                           : "";
    hra_safe_name(hra_chunk_label(f->request.schema, chunk, row, "group_id"), group);
    int length = snprintf(path, 4096, "%s/%s", f->request.folder, group);
    if (length < 4096 && *unit) {
        HRA_TRY(make_folder(path, error));
        length = snprintf(path, 4096, "%s/%s/%s", f->request.folder, group, hra_safe_name(unit, department));
    }
    return length < 4096 ? HRA_OK : hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
}

/* In the order of the input, by the one thread that commits. */
static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    hra_pdf_files *f = (hra_pdf_files *)sink;
    char path[4096];
    (void)prepared;
    for (int r = 0; r < chunk->rows; r++) {
        hra_pdf_book *book;
        if (!f->request.wants(f->request.context, chunk, r)) continue;
        HRA_TRY(path_of(f, chunk, r, path, error));
        HRA_TRY(hra_pdf_shelf_book(f->shelf, path, &book, error));
        HRA_TRY(print_person(f, f->request.threads, chunk, results, r, book, error));
        f->facts.reports++;
    }
    return HRA_OK;
}

/* ---- all of them ------------------------------------------------------------------------------- */

hra_code hra_pdf_files_new(const hra_pdf_request *request, hra_pdf_files **out, hra_error *error)
{
    bool single = request->merge == HRA_PDF_MERGE_NONE;
    hra_pdf_press *press;
    hra_pdf_files *f = calloc(1, sizeof *f);
    if (!f) return out_of_memory(error);
    *f = (hra_pdf_files){.sink = {.prepare = single ? prepare : NULL, .commit = single ? NULL : commit},
                         .request = *request,
                         .book = {.title = hra_text(request->pages->words, "report.title"),
                                  .author = request->pages->provider ? request->pages->provider : "",
                                  .day = request->day}};
    pthread_mutex_init(&f->lock, NULL);
    f->presses = calloc((size_t)request->threads + 1, sizeof *f->presses);
    hra_code code = f->presses ? HRA_OK : out_of_memory(error);
    if (code == HRA_OK) code = press_of(f, request->threads, &press, error); /* a missing font is told at once */
    if (code == HRA_OK && !single)
        code = hra_pdf_shelf_new(&f->book, request->most_open > 0 ? request->most_open : MOST_OPEN, &f->shelf, error);
    if (code == HRA_OK)
        *out = f;
    else
        hra_pdf_files_free(f);
    return code;
}

hra_sink *hra_pdf_files_sink(hra_pdf_files *files) { return &files->sink; }

hra_code hra_pdf_files_finish(hra_pdf_files *files, hra_pdf_facts *facts, hra_error *error)
{
    if (files->shelf) {
        HRA_TRY(hra_pdf_shelf_finish(files->shelf, error));
        files->facts.files = hra_pdf_shelf_files(files->shelf);
        files->facts.pages = hra_pdf_shelf_pages(files->shelf);
    }
    for (int t = 0; t <= files->request.threads; t++)
        if (files->presses[t]) files->facts.misfits += hra_pdf_press_misfits(files->presses[t]);
    *facts = files->facts;
    return HRA_OK;
}

void hra_pdf_files_free(hra_pdf_files *files)
{
    if (!files) return;
    hra_pdf_shelf_free(files->shelf);
    for (int t = 0; files->presses && t <= files->request.threads; t++) hra_pdf_press_free(files->presses[t]);
    pthread_mutex_destroy(&files->lock);
    free(files->presses);
    free(files);
}
