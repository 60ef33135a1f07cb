#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/pdf/pdf_files_internal.h"
#include "report/pdf/pdf_fonts.h"
#include "report/person/person_key.h"

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory for reports"); }

/* ---- one report ------------------------------------------------------------------------ */

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

hra_code hra_pdf_fingerprint(hra_pdf_files *f, int thread, const hra_chunk *chunk, const hra_results *results, int row,
                             hra_fingerprint_bytes *out, hra_error *error)
{
    char number[HRA_ROW_NUMBER], *name = NULL;
    const char *key = hra_person_key(chunk, row, number);
    HRA_TRY(find_name(f, key, &name, error));
    hra_fingerprint(f->fingerprints, thread, chunk, results, row, key, name, out);
    free(name);
    return HRA_OK;
}

static hra_code press_of(hra_pdf_files *f, int press, hra_pdf_press **out, hra_error *error)
{
    if (!f->presses[press])
        HRA_TRY(hra_pdf_press_new(hra_words_language(f->request.pages->words), &f->presses[press], error));
    *out = f->presses[press];
    return HRA_OK;
}

hra_code hra_pdf_print(hra_pdf_files *f, int press, int view, const hra_chunk *chunk, const hra_results *results,
                       int row, hra_pdf_book *book, hra_error *error)
{
    char number[HRA_ROW_NUMBER], *name = NULL;
    const char *key = hra_person_key(chunk, row, number);
    hra_pdf_press *p;
    HRA_TRY(press_of(f, press, &p, error));
    HRA_TRY(find_name(f, key, &name, error));
    const hra_person_view *v = hra_person_views_build(f->request.views, view, chunk, results, row, key);
    hra_code code = v ? hra_pdf_add_person(p, book, f->request.pages, v, name, error) : out_of_memory(error);
    free(name);
    return code;
}

/* ---- a file for each person ---------------------------------------------------------------- */

static hra_code print_single(hra_pdf_files *f, int thread, const hra_chunk *chunk, const hra_results *results, int row,
                             const char *path, const hra_fingerprint_bytes *content, int *pages, hra_error *error)
{
    hra_pdf_book *book;
    HRA_TRY(hra_pdf_book_open(path, &f->book, &book, error));
    hra_code code = hra_pdf_print(f, thread, thread, chunk, results, row, book, error);
    *pages = hra_pdf_book_pages(book);
    if (code == HRA_OK) return hra_pdf_book_close(book, content, error);
    hra_pdf_book_abandon(book);
    return code;
}

static hra_code add_single(hra_pdf_files *f, int thread, const hra_chunk *chunk, const hra_results *results, int row,
                           hra_error *error)
{
    char path[4096], number[HRA_ROW_NUMBER];
    hra_fingerprint_bytes content;
    int pages = 0;
    int length = snprintf(path, sizeof path, "%s/%s.pdf", f->request.folder, hra_person_key(chunk, row, number));
    if ((size_t)length >= sizeof path) return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    HRA_TRY(hra_pdf_fingerprint(f, thread, chunk, results, row, &content, error));
    bool kept = hra_pdf_book_is(path, &content);
    if (!kept) HRA_TRY(print_single(f, thread, chunk, results, row, path, &content, &pages, error));
    pthread_mutex_lock(&f->lock);
    f->facts.kept += kept;
    f->facts.reports += !kept;
    f->facts.files += !kept;
    f->facts.pages += pages;
    pthread_mutex_unlock(&f->lock);
    return HRA_OK;
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    hra_pdf_files *f = HRA_PDF_FILES_OF(sink, sink);
    *prepared = NULL;
    for (int r = 0; r < chunk->rows; r++)
        if (f->request.wants(f->request.context, chunk, r)) HRA_TRY(add_single(f, thread, chunk, results, r, error));
    return HRA_OK;
}

/* ---- all of them ------------------------------------------------------------------------------- */

/* Reports also depend on how they are drawn. */
static hra_code open_fingerprints(hra_pdf_files *f, hra_error *error)
{
    const hra_pdf_request *r = &f->request;
    const hra_pdf_fonts *fonts;
    hra_buffer stamp = {0};
    HRA_TRY(hra_pdf_fonts_get(&fonts, error));
    hra_buffer_printf(&stamp, "%s|%s|%d|%s", r->stamp, fonts->stamp, r->two_sided, r->day);
    hra_code code = stamp.failed
                        ? out_of_memory(error)
                        : hra_fingerprints_new(stamp.bytes, r->schema, r->previous, hra_person_views_runs(r->views),
                                               r->threads, &f->fingerprints, error);
    hra_buffer_destroy(&stamp);
    return code;
}

hra_code hra_pdf_files_new(const hra_pdf_request *request, hra_pdf_files **out, hra_error *error)
{
    bool single = request->merge == HRA_PDF_MERGE_NONE;
    hra_pdf_files *f = calloc(1, sizeof *f);
    if (!f) return out_of_memory(error);
    *f = (hra_pdf_files){.sink = single ? (hra_sink){.prepare = prepare} : hra_pdf_merged_reader,
                         .printer = hra_pdf_merged_printer,
                         .request = *request,
                         .book = {.title = hra_text(request->pages->words, "report.title"),
                                  .author = request->pages->provider ? request->pages->provider : "",
                                  .day = request->day}};
    pthread_mutex_init(&f->lock, NULL);
    f->presses = calloc((size_t)request->threads, sizeof *f->presses);
    hra_code code = f->presses ? open_fingerprints(f, error) : out_of_memory(error);
    if (code == HRA_OK && !single) code = hra_pdf_roll_new(&f->roll, error);
    if (code == HRA_OK)
        *out = f;
    else
        hra_pdf_files_free(f);
    return code;
}

hra_code hra_pdf_files_next(hra_pdf_files *f, hra_sink **sink, hra_error *error)
{
    *sink = f->pass == 0 ? &f->sink : NULL;
    if (f->pass == 1 && f->roll) HRA_TRY(hra_pdf_merged_plan(f, error));
    if (f->pass > 0 && f->pass <= f->rounds) *sink = &f->printer;
    f->pass++;
    return HRA_OK;
}

void hra_pdf_files_facts(const hra_pdf_files *files, hra_pdf_facts *facts)
{
    *facts = files->facts;
    for (int t = 0; t < files->request.threads; t++)
        if (files->presses[t]) facts->misfits += hra_pdf_press_misfits(files->presses[t]);
}

hra_pdf_roll *hra_pdf_files_roll(hra_pdf_files *files) { return files->roll; }

void hra_pdf_files_free(hra_pdf_files *files)
{
    if (!files) return;
    hra_pdf_roll_free(files->roll);
    hra_fingerprints_free(files->fingerprints);
    for (int t = 0; files->presses && t < files->request.threads; t++) hra_pdf_press_free(files->presses[t]);
    pthread_mutex_destroy(&files->lock);
    free(files->presses);
    free(files->tasks);
    free(files);
}
