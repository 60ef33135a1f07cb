#include "intake/quality/quality.h"

#include <inttypes.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/calendar.h"
#include "base/folder.h"
#include "base/plain_text.h"
#include "base/shown_name.h"
#include "intake/quality/quality_drift.h"
#include "io/files/atomic_file.h"

enum { LARGE_FILE = 32 << 20 }; /* bytes */

/* Without a provider each file is a source, known by its name. */
static const char *provider_of(const hra_quality_job *job, int input)
{
    const char *provider = job->request->inputs[input].provider;
    return provider && *provider ? provider : job->names[input];
}

/* ---- files to be written ------------------------------------------------------------------------ */

hra_code hra_quality_add_page(hra_quality_job *job, const char *folder, const char *path, hra_buffer *text)
{
    hra_quality *q = job->quality;
    if (q->page_count == job->page_capacity) {
        int capacity = job->page_capacity ? 2 * job->page_capacity : 16;
        hra_quality_page *grown = realloc(q->pages, (size_t)capacity * sizeof *grown);
        if (grown) {
            q->pages = grown;
            job->page_capacity = capacity;
        }
    }
    if (!path || text->failed || q->page_count == job->page_capacity) {
        hra_buffer_destroy(text);
        return hra_out_of_memory(job->error);
    }
    q->pages[q->page_count++] = (hra_quality_page){folder, path, *text};
    *text = (hra_buffer){0};
    return HRA_OK;
}

static hra_code make_folder(const char *path, hra_error *error) { return path ? hra_folder_make(path, error) : HRA_OK; }

hra_code hra_quality_save(const hra_quality *quality, hra_error *error)
{
    HRA_TRY(make_folder(quality->folder, error));
    HRA_TRY(make_folder(quality->history, error));
    if (quality->folder) hra_atomic_tidy(quality->folder);
    for (int i = 0; i < quality->page_count; i++) {
        const hra_quality_page *page = &quality->pages[i];
        HRA_TRY(make_folder(page->folder, error));
        /* The reports stand in one folder, some for each source; the history has a folder for each. */
        HRA_TRY((page->folder ? hra_atomic_write : hra_atomic_write_one)(page->path, page->text.bytes,
                                                                         page->text.length, error));
    }
    return quality->folder ? hra_atomic_settle(quality->folder, error) : HRA_OK;
}

/* ---- one delivery ------------------------------------------------------------------------------ */

static hra_code gather(hra_quality_job *job, int first, hra_quality_delivery *delivery)
{
    const hra_quality_request *q = job->request;
    int count = 0;
    delivery->provider = provider_of(job, first);
    for (int i = first; i < q->input_count; i++) count += strcmp(provider_of(job, i), delivery->provider) == 0;
    delivery->files = hra_arena_alloc(job->arena, (size_t)count * sizeof *delivery->files);
    if (!delivery->files) return hra_out_of_memory(job->error);
    for (int i = first; delivery->file_count < count; i++)
        if (strcmp(provider_of(job, i), delivery->provider) == 0)
            delivery->files[delivery->file_count++] =
                (hra_quality_file){.input = i, .name = job->names[i], .not_read = q->inputs[i].held};
    return HRA_OK;
}

static bool is_held(const hra_quality_delivery *delivery, int file)
{
    for (int i = 0; i < delivery->findings.count; i++)
        if (delivery->findings.items[i].action == HRA_QUALITY_HOLD && delivery->findings.items[i].file == file)
            return true;
    return false;
}

static bool has_column(const hra_quality_file *file, int variable)
{
    for (int i = 0; i < file->column_count; i++)
        if (file->columns[i].variable == variable) return true;
    return false;
}

/* What is found of the whole delivery holds the files that have the column; a column that is gone holds all. */
static void hold_by_drift(hra_quality_delivery *delivery)
{
    for (int i = 0; i < delivery->findings.count; i++) {
        const hra_quality_finding *finding = &delivery->findings.items[i];
        if (finding->action != HRA_QUALITY_HOLD || finding->file >= 0) continue;
        for (int f = 0; f < delivery->file_count; f++) {
            hra_quality_file *file = &delivery->files[f];
            if (!file->not_read) file->held |= has_column(file, finding->variable) || !finding->header;
        }
    }
}

/* Columns of the files, all of them or those that are not held. */
static hra_code merge(hra_quality_job *job, hra_quality_delivery *delivery, bool held_too)
{
    hra_quality_columns_free(delivery->columns, delivery->column_count);
    delivery->column_count = 0;
    for (int f = 0; f < delivery->file_count; f++)
        if (held_too || !delivery->files[f].held) HRA_TRY(hra_quality_merge(job, &delivery->files[f], delivery));
    for (int i = 0; i < delivery->column_count; i++) {
        const hra_tally_entry *entries;
        int count;
        if (!hra_tally_finish(delivery->columns[i].values, &entries, &count)) return hra_out_of_memory(job->error);
    }
    return HRA_OK;
}

/* Held files neither are compared nor become what the next delivery is compared with. */
static hra_code compare(hra_quality_job *job, hra_quality_delivery *delivery)
{
    int taken = 0;
    if (!job->request->history) return HRA_OK;
    HRA_TRY(merge(job, delivery, false));
    if (delivery->column_count > 0) HRA_TRY(hra_quality_drift(job, delivery));
    hold_by_drift(delivery);
    for (int f = 0; f < delivery->file_count; f++) taken += !delivery->files[f].not_read && !delivery->files[f].held;
    if (taken == 0) return HRA_OK;
    HRA_TRY(merge(job, delivery, false));
    return hra_quality_remember(job, delivery);
}

static bool is_large(const hra_quality_job *job, const hra_quality_file *file)
{
    struct stat facts;
    return stat(job->request->inputs[file->input].path, &facts) == 0 && facts.st_size >= LARGE_FILE;
}

static void tell_progress(const hra_quality_job *job, const hra_quality_file *file)
{
    hra_quality_progress_file(job->progress, job->request->inputs[file->input].path, file->rows);
}

/* A large file is read by all threads, small ones side by side by one thread each. Of several troubles the first in the
 * order of the files is told. */
static hra_code read_files(const hra_quality_job *job, hra_quality_delivery *delivery)
{
    int threads = job->request->threads > 0 ? job->request->threads : omp_get_num_procs(), count = delivery->file_count;
    hra_error *errors = calloc((size_t)count + 1, sizeof *errors);
    bool *small = hra_arena_alloc(job->arena, (size_t)count + 1);
    hra_code code = errors && small ? HRA_OK : hra_out_of_memory(job->error);
    for (int f = 0; code == HRA_OK && f < count; f++) {
        hra_quality_file *file = &delivery->files[f];
        if (file->not_read) continue;
        small[f] = !is_large(job, file);
        if (small[f]) continue;
        code = hra_quality_read(job, threads, file, job->error);
        tell_progress(job, file);
    }
    hra_quality_job side_by_side = *job;
    side_by_side.progress = NULL;
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (int f = 0; f < count; f++) {
        if (code != HRA_OK || !small[f]) continue;
        hra_quality_read(&side_by_side, 1, &delivery->files[f], &errors[f]);
        tell_progress(job, &delivery->files[f]);
    }
    for (int f = 0; code == HRA_OK && f < count; f++)
        if (errors[f].code != HRA_OK) code = hra_fail(job->error, errors[f].code, "%s", errors[f].message);
    free(errors);
    return code;
}

static hra_code report_delivery(hra_quality_job *job, hra_quality_delivery *delivery)
{
    HRA_TRY(read_files(job, delivery));
    for (int f = 0; f < delivery->file_count; f++) {
        hra_quality_file *file = &delivery->files[f];
        if (file->not_read) continue;
        hra_quality_judge_file(job, file, f, &delivery->findings);
        if (delivery->findings.capacity < 0) return hra_out_of_memory(job->error);
        file->held = is_held(delivery, f);
    }
    HRA_TRY(compare(job, delivery));
    HRA_TRY(merge(job, delivery, true));
    return hra_quality_write(job, delivery);
}

/* ---- what is told ---------------------------------------------------------------------------------- */

static bool concerns(const hra_quality_delivery *delivery, const hra_quality_finding *finding, int file)
{
    if (finding->action != HRA_QUALITY_HOLD) return false;
    if (finding->file >= 0) return finding->file == file;
    return !finding->header || has_column(&delivery->files[file], finding->variable);
}

static void finding_text(const hra_quality_job *job, const hra_quality_finding *finding, hra_buffer *out)
{
    const char *name = finding->variable >= 0 ? hra_dictionary_at(job->dictionary, finding->variable)->name : NULL;
    if (finding->header)
        hra_buffer_printf(out, "'%s': ", finding->header);
    else if (name)
        hra_buffer_printf(out, "%s: ", name);
    hra_quality_sentence(job->words, finding, out);
}

/* Why the policy holds a file. */
static hra_code reason_of(hra_quality_job *job, const hra_quality_delivery *delivery, int file, const char **reason)
{
    hra_buffer text = {0};
    for (int i = 0; i < delivery->findings.count; i++) {
        if (!concerns(delivery, &delivery->findings.items[i], file)) continue;
        hra_buffer_text(&text, text.length ? "\n" : "");
        hra_buffer_printf(&text, "%s ", hra_quality_word(job->words, "reason.quality", NULL));
        finding_text(job, &delivery->findings.items[i], &text);
    }
    *reason = text.failed ? NULL : hra_arena_text(job->arena, text.bytes ? text.bytes : "");
    hra_buffer_destroy(&text);
    return *reason ? HRA_OK : hra_out_of_memory(job->error);
}

static void summarise(const hra_quality_job *job, const hra_quality_delivery *delivery, hra_buffer *out)
{
    int64_t rows = 0;
    for (int f = 0; f < delivery->file_count; f++) rows += delivery->files[f].rows;
    size_t start = out->length;
    hra_buffer_printf(out, "%s: %d file%s, %" PRId64 " rows", delivery->provider, delivery->file_count,
                      delivery->file_count == 1 ? "" : "s", rows);
    if (delivery->has_history && delivery->earlier)
        hra_buffer_printf(out, ", compared with %s", delivery->earlier);
    else if (delivery->has_history)
        hra_buffer_text(out, ", the first delivery on record");
    hra_buffer_char(out, '\n');
    for (int f = 0; f < delivery->file_count; f++)
        if (delivery->files[f].not_read)
            hra_buffer_printf(out, "  not read: %s: %s\n", delivery->files[f].name, delivery->files[f].not_read);
    for (int i = 0; i < delivery->findings.count; i++) {
        const hra_quality_finding *finding = &delivery->findings.items[i];
        hra_buffer_printf(out, "  %s: ", finding->action == HRA_QUALITY_HOLD ? "held" : "warning");
        if (finding->file >= 0 && delivery->file_count > 1)
            hra_buffer_printf(out, "%s: ", delivery->files[finding->file].name);
        finding_text(job, finding, out);
        hra_buffer_char(out, '\n');
    }
    if (!out->failed) hra_plain_lines(out->bytes + start);
}

static hra_code account(hra_quality_job *job, const hra_quality_delivery *delivery, hra_quality *out)
{
    out->providers++;
    for (int i = 0; i < delivery->findings.count; i++)
        out->warnings += delivery->findings.items[i].action == HRA_QUALITY_WARN;
    for (int f = 0; f < delivery->file_count; f++) {
        const hra_quality_file *file = &delivery->files[f];
        out->not_read += file->not_read != NULL;
        out->held += file->held;
        if (file->held) HRA_TRY(reason_of(job, delivery, f, &out->reasons[file->input]));
    }
    summarise(job, delivery, &out->summary);
    return out->summary.failed ? hra_out_of_memory(job->error) : HRA_OK;
}

/* ---- all deliveries ----------------------------------------------------------------------------------- */

static hra_code one_delivery(hra_quality_job *job, int first, hra_quality *out)
{
    hra_quality_delivery delivery = {0};
    hra_code code = gather(job, first, &delivery);
    if (code == HRA_OK) code = report_delivery(job, &delivery);
    if (code == HRA_OK) code = account(job, &delivery, out);
    for (int f = 0; f < delivery.file_count; f++) hra_quality_file_free(&delivery.files[f]);
    hra_quality_columns_free(delivery.columns, delivery.column_count);
    free(delivery.columns);
    free(delivery.findings.items);
    return code;
}

static bool is_first_of_provider(const hra_quality_job *job, int input)
{
    for (int i = 0; i < input; i++)
        if (strcmp(provider_of(job, i), provider_of(job, input)) == 0) return false;
    return true;
}

static hra_code name_files(hra_quality_job *job)
{
    const hra_quality_request *q = job->request;
    const char **names = hra_arena_alloc(job->arena, ((size_t)q->input_count + 1) * sizeof *names);
    job->names = names;
    for (int i = 0; names && i < q->input_count; i++) {
        names[i] = q->inputs[i].name ? q->inputs[i].name : hra_shown_name(job->arena, q->inputs[i].path);
        if (!names[i]) return hra_out_of_memory(job->error);
    }
    return names ? HRA_OK : hra_out_of_memory(job->error);
}

static hra_code report_all(hra_quality_job *job, hra_quality *out)
{
    const hra_quality_request *q = job->request;
    if (q->history && isnan(q->as_of))
        return hra_fail(job->error, HRA_EUSAGE, "a history of deliveries needs their day: give --as-of");
    HRA_TRY(hra_quality_policy_load(q->policy, q->dictionary, job->arena, &job->policy, job->error));
    HRA_TRY(hra_quality_words_new(q->language, job->arena, &job->words, job->error));
    HRA_TRY(name_files(job));
    out->folder = hra_arena_text(job->arena, q->folder);
    out->history = q->history ? hra_arena_text(job->arena, q->history) : NULL;
    if (!out->folder || (q->history && !out->history)) return hra_out_of_memory(job->error);
    for (int i = 0; i < q->input_count; i++)
        if (is_first_of_provider(job, i)) HRA_TRY(one_delivery(job, i, out));
    return HRA_OK;
}

hra_code hra_quality_report(const hra_quality_request *request, hra_quality **out, hra_error *error)
{
    hra_quality *quality = calloc(1, sizeof *quality);
    hra_quality_progress progress = hra_quality_progress_new(request);
    hra_quality_job job = {.quality = quality,
                           .request = request,
                           .dictionary = request->dictionary,
                           .arena = hra_arena_new(),
                           .progress = &progress,
                           .error = error};
    *out = NULL;
    if (quality) quality->memory = job.arena;
    if (!quality || !job.arena) {
        hra_arena_free(job.arena);
        free(quality);
        return hra_out_of_memory(error);
    }
    quality->reasons = hra_arena_alloc(job.arena, ((size_t)request->input_count + 1) * sizeof *quality->reasons);
    hra_code code = quality->reasons ? report_all(&job, quality) : hra_out_of_memory(error);
    if (code == HRA_OK)
        *out = quality;
    else
        hra_quality_free(quality);
    return code;
}

void hra_quality_free(hra_quality *quality)
{
    if (!quality) return;
    hra_buffer_destroy(&quality->summary);
    for (int i = 0; i < quality->page_count; i++) hra_buffer_destroy(&quality->pages[i].text);
    free(quality->pages);
    hra_arena_free(quality->memory);
    free(quality);
}
