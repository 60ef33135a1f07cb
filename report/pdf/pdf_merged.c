/* Merged files. The first pass makes the roll from fingerprints alone; the others print, each file by one worker, in
 * the order of the input. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/safe_name.h"
#include "base/thread_start.h"
#include "io/files/atomic_file.h"
#include "report/pdf/pdf_files_internal.h"
#include "report/person/person_files.h"

enum { MOST_OPEN = 128, MOST_WORKERS = 64, BLOCK = 1 << 16 };

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory for reports"); }

/* ---- which file --------------------------------------------------------------------------- */

static hra_code make_folder(const char *path, hra_error *error)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST) return HRA_OK;
    return hra_fail(error, HRA_EIO, "cannot make the folder %s: %m", path);
}

static hra_code place_of(const hra_pdf_files *f, const hra_chunk *chunk, int row, char path[4096], hra_pdf_place *place,
                         hra_error *error)
{
    const hra_pdf_request *r = &f->request;
    bool by_department = r->merge == HRA_PDF_MERGE_DEPARTMENT;
    char folder[4096], group[HRA_SAFE_NAME], department[HRA_SAFE_NAME];
    *place = (hra_pdf_place){.path = path,
                             .group = hra_chunk_label(r->schema, chunk, row, "group_id"),
                             .department = by_department ? hra_chunk_label(r->schema, chunk, row, "department") : ""};
    if (r->place)
        HRA_TRY(r->place(r->place_context, chunk, row, folder, &place->owner, error));
    else
        snprintf(folder, sizeof folder, "%s", r->folder);
    hra_safe_name(place->group, group);
    hra_safe_name(place->department, department);
    int length = *place->department ? snprintf(path, 4096, "%s/%s/%s.pdf", folder, group, department)
                                    : snprintf(path, 4096, "%s/%s.pdf", folder, group);
    return length < 4096 ? HRA_OK : hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
}

/* The folder that a file stands in. */
static hra_code make_place(const char *path, hra_error *error)
{
    char folder[4096];
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    return make_folder(folder, error);
}

/* ---- the first pass ------------------------------------------------------------------------ */

static hra_code read_slice(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results,
                           void **prepared, hra_error *error)
{
    hra_pdf_files *f = HRA_PDF_FILES_OF(sink, sink);
    hra_fingerprint_bytes *people = calloc((size_t)chunk->rows + 1, sizeof *people);
    if (!people) return out_of_memory(error);
    hra_code code = HRA_OK;
    for (int r = 0; code == HRA_OK && r < chunk->rows; r++)
        if (f->request.wants(f->request.context, chunk, r))
            code = hra_pdf_fingerprint(f, thread, chunk, results, r, &people[r], error);
    *prepared = people;
    if (code == HRA_OK) return HRA_OK;
    free(people);
    *prepared = NULL;
    return code;
}

static void discard_slice(hra_sink *sink, void *prepared) { free(prepared); }

static hra_code add_slice(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                          hra_error *error)
{
    hra_pdf_files *f = HRA_PDF_FILES_OF(sink, sink);
    const hra_fingerprint_bytes *people = prepared;
    hra_code code = HRA_OK;
    for (int r = 0; code == HRA_OK && r < chunk->rows; r++) {
        char path[4096];
        hra_pdf_place place;
        if (!f->request.wants(f->request.context, chunk, r)) continue;
        code = place_of(f, chunk, r, path, &place, error);
        if (code == HRA_OK) code = hra_pdf_roll_add(f->roll, &place, chunk->first_row + r, &people[r], error);
    }
    free(prepared);
    return code;
}

/* ---- what is there already ------------------------------------------------------------------- */

static hra_code copy_file(const char *from, const char *to, hra_error *error)
{
    char *block = malloc(BLOCK);
    FILE *in = fopen(from, "rbe");
    hra_atomic_file *out = NULL;
    hra_code code = block ? HRA_OK : out_of_memory(error);
    if (!code && !in) code = hra_fail(error, HRA_EIO, "cannot read %s: %m", from);
    if (!code) code = hra_atomic_open(to, &out, error);
    for (size_t n; !code && (n = fread(block, 1, BLOCK, in)) > 0;)
        if (fwrite(block, 1, n, hra_atomic_stream(out)) != n)
            code = hra_fail(error, HRA_EIO, "cannot write %s: %m", to);
    if (!code && ferror(in)) code = hra_fail(error, HRA_EIO, "cannot read %s: %m", from);
    if (code)
        hra_atomic_abandon(out);
    else
        code = hra_atomic_commit(out, error);
    if (in) fclose(in);
    free(block);
    return code;
}

static hra_code look_for(hra_pdf_files *f, hra_pdf_volume *v, hra_error *error)
{
    const hra_pdf_request *r = &f->request;
    char path[4096];
    v->kept = hra_pdf_book_is(v->path, &v->content);
    if (v->kept || !r->earlier) return HRA_OK;
    if (snprintf(path, sizeof path, "%s%s", r->earlier, v->path + strlen(r->folder)) >= (int)sizeof path) return HRA_OK;
    v->kept = hra_pdf_book_is(path, &v->content);
    if (!v->kept) return HRA_OK;
    HRA_TRY(make_place(v->path, error));
    return copy_file(path, v->path, error);
}

hra_code hra_pdf_merged_plan(hra_pdf_files *f, hra_error *error)
{
    int count = hra_pdf_roll_count(f->roll), most_open = f->request.most_open > 0 ? f->request.most_open : MOST_OPEN;
    for (int i = 0; i < count; i++) {
        hra_pdf_volume *v = hra_pdf_roll_at(f->roll, i);
        HRA_TRY(look_for(f, v, error));
        f->facts.kept += v->kept;
    }
    return hra_pdf_roll_plan(f->roll, most_open, &f->rounds, error);
}

/* ---- printing ----------------------------------------------------------------------------------- */

/* One of those who print a slice: the files whose numbers are its own, modulo how many there are. */
typedef struct worker {
    hra_pdf_files *files;
    const hra_chunk *chunk;
    const hra_results *results;
    int number, of;
    int64_t reports, pages, done;
    hra_code code;
    hra_error error;
} worker;

static hra_code open_volume(hra_pdf_files *f, hra_pdf_volume *v, hra_error *error)
{
    if (v->book) return HRA_OK;
    HRA_TRY(make_place(v->path, error));
    return hra_pdf_book_open(v->path, &f->book, &v->book, error);
}

static hra_code close_volume(worker *w, hra_pdf_volume *v)
{
    hra_pdf_book *book = v->book;
    v->book = NULL;
    w->pages += hra_pdf_book_pages(book);
    w->done++;
    return hra_pdf_book_close(book, &v->content, &w->error);
}

static hra_code print_task(worker *w, const hra_pdf_task *task)
{
    hra_pdf_files *f = w->files;
    hra_pdf_volume *v = hra_pdf_roll_at(f->roll, task->volume);
    HRA_TRY(open_volume(f, v, &w->error));
    HRA_TRY(hra_pdf_print(f, w->number, f->request.threads + w->number, w->chunk, w->results, task->row, v->book,
                          &w->error));
    if (f->request.two_sided && hra_pdf_book_pages(v->book) % 2 != 0) hra_pdf_book_turn(v->book);
    w->reports++;
    return w->chunk->first_row + task->row == v->last ? close_volume(w, v) : HRA_OK;
}

static void *work(void *context)
{
    worker *w = context;
    const hra_pdf_files *f = w->files;
    for (int i = 0; w->code == HRA_OK && i < f->task_count; i++)
        if (f->tasks[i].volume % w->of == w->number) w->code = print_task(w, &f->tasks[i]);
    return NULL;
}

static hra_code add_task(hra_pdf_files *f, int row, int volume, hra_error *error)
{
    if (f->task_count == f->task_capacity) {
        int capacity = f->task_capacity ? 2 * f->task_capacity : 512;
        hra_pdf_task *tasks = realloc(f->tasks, (size_t)capacity * sizeof *tasks);
        if (!tasks) return out_of_memory(error);
        f->tasks = tasks;
        f->task_capacity = capacity;
    }
    f->tasks[f->task_count++] = (hra_pdf_task){row, volume};
    return HRA_OK;
}

static hra_code find_tasks(hra_pdf_files *f, const hra_chunk *chunk, hra_error *error)
{
    f->task_count = 0;
    for (int r = 0; r < chunk->rows; r++) {
        char path[4096];
        hra_pdf_place place;
        if (!f->request.wants(f->request.context, chunk, r)) continue;
        HRA_TRY(place_of(f, chunk, r, path, &place, error));
        const hra_pdf_volume *v = hra_pdf_roll_find(f->roll, path);
        if (!v) return hra_fail(error, HRA_ECONFLICT, "the people changed while their reports were printed");
        if (v->round == f->pass - 1) HRA_TRY(add_task(f, r, v->number, error));
    }
    return HRA_OK;
}

/* A worker for which there is no thread does its share here. */
static void work_together(worker *workers, int count)
{
    pthread_t threads[MOST_WORKERS];
    bool runs[MOST_WORKERS] = {false};
    for (int t = 1; t < count; t++) runs[t] = hra_thread_start(&threads[t], t, work, &workers[t]) == 0;
    for (int t = 0; t < count; t++)
        if (!runs[t]) work(&workers[t]);
    for (int t = 1; t < count; t++)
        if (runs[t]) pthread_join(threads[t], NULL);
}

static hra_code print_slice(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                            hra_error *error)
{
    hra_pdf_files *f = HRA_PDF_FILES_OF(sink, printer);
    worker workers[MOST_WORKERS];
    int count = f->request.threads < MOST_WORKERS ? f->request.threads : MOST_WORKERS;
    HRA_TRY(find_tasks(f, chunk, error));
    if (f->task_count == 0) return HRA_OK;
    for (int t = 0; t < count; t++)
        workers[t] = (worker){.files = f, .chunk = chunk, .results = results, .number = t, .of = count};
    work_together(workers, count);
    for (int t = 0; t < count; t++) {
        f->facts.reports += workers[t].reports;
        f->facts.pages += workers[t].pages;
        f->facts.files += workers[t].done;
    }
    for (int t = 0; t < count; t++) {
        if (workers[t].code == HRA_OK) continue;
        *error = workers[t].error;
        return workers[t].code;
    }
    return HRA_OK;
}

const hra_sink hra_pdf_merged_reader = {.prepare = read_slice, .commit = add_slice, .discard = discard_slice};
const hra_sink hra_pdf_merged_printer = {.commit = print_slice};
