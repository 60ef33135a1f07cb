#include "io/csv/csv_source.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/shown_name.h"
#include "io/csv/csv_rows.h"
#include "io/identity/key_map.h"

/* Duplicates among two million people in any order are found while reading; more need a reading beforehand. */
enum { DUPLICATE_BYTES = 40 << 20, KEY_MAP_BYTES = 32 << 20 };

/* Batches that are read and cut, by one thread at a time, before another asks for them. Where unpacking is what all
 * wait for, it goes on while another thread writes a chunk, which takes as long as eight batches. */
enum { CLAIMS_AHEAD = 1, PACKED_CLAIMS_AHEAD = 6 };

typedef struct csv_source {
    hra_source base; /* first: the contract's pointer is ours */
    hra_csv_options options;
    char *issuer, *group, *spill_beside; /* copies that options point to */
    hra_binding *binding;
    hra_rows *rows;
    hra_reject_file *rejects;
    hra_key_map_writer *key_map;
    hra_fill_context context;
    hra_csv_report *reports;
    hra_value_counts *counts; /* file_count times column_count */
    hra_tallies *tallies;     /* per file */
    int64_t sequence;
    pthread_mutex_t mutex; /* pool and counts */
    hra_work *free_works, *all_works;
} csv_source;

static csv_source *source_of(hra_source *source) { return (csv_source *)source; }

/* ---- the pool ------------------------------------------------------------------------ */

static hra_work *take_work(csv_source *s)
{
    pthread_mutex_lock(&s->mutex);
    hra_work *work = s->free_works;
    if (work)
        s->free_works = work->next_free;
    else if ((work = hra_work_new(s->binding))) {
        work->next_all = s->all_works;
        s->all_works = work;
    }
    pthread_mutex_unlock(&s->mutex);
    return work;
}

static void give_back(csv_source *s, hra_work *work)
{
    pthread_mutex_lock(&s->mutex);
    work->next_free = s->free_works;
    s->free_works = work;
    pthread_mutex_unlock(&s->mutex);
}

/* ---- the contract ---------------------------------------------------------------------- */

static hra_code claim(hra_source *base, int64_t *sequence, void **ticket, hra_error *error)
{
    csv_source *s = source_of(base);
    *sequence = -1;
    *ticket = NULL;
    hra_work *work = take_work(s);
    if (!work) return hra_out_of_memory(error);
    if (s->sequence == 0 && base->threads > 1) hra_rows_share(s->rows);
    hra_code code = hra_rows_next(s->rows, work, error);
    if (code != HRA_OK || work->batch.count == 0) {
        give_back(s, work);
        return code;
    }
    if (s->sequence == 0) {
        s->context.wanted = base->wanted;
        s->context.want_keys = base->want_keys;
        s->context.want_key_hashes =
            base->want_key_hashes && s->options.identity && s->options.require_id && !s->key_map;
    }
    *sequence = s->sequence++;
    *ticket = work;
    return HRA_OK;
}

static hra_code add_counts(csv_source *s, const hra_work *work, hra_error *error)
{
    int columns = s->binding->schema.column_count;
    hra_value_counts *total = s->counts + (size_t)work->file * (size_t)columns;
    pthread_mutex_lock(&s->mutex);
    for (int i = 0; i < columns; i++) {
        total[i].known += work->counts[i].known;
        total[i].missing += work->counts[i].missing;
        total[i].implausible += work->counts[i].implausible;
        total[i].rejected += work->counts[i].rejected;
        total[i].altered += work->counts[i].altered;
    }
    s->reports[work->file].rows_short += work->short_rows;
    bool good = hra_tallies_merge(&s->tallies[work->file], &work->tallies);
    pthread_mutex_unlock(&s->mutex);
    return good ? HRA_OK : hra_out_of_memory(error);
}

static hra_code add_people(csv_source *s, int64_t sequence, hra_work *work, hra_error *error)
{
    pthread_mutex_lock(&s->mutex);
    hra_code code = hra_key_map_add(s->key_map, sequence, &work->people, error);
    pthread_mutex_unlock(&s->mutex);
    return code;
}

static hra_code fill(hra_source *base, int64_t sequence, void *ticket, hra_chunk *chunk, hra_error *error)
{
    csv_source *s = source_of(base);
    hra_work *work = ticket;
    hra_code code = hra_rows_judge(s->rows, work, error);
    if (code == HRA_OK) code = hra_work_fill(work, &s->context, chunk, error);
    if (code == HRA_OK && s->rejects) code = hra_reject_write(s->rejects, sequence, &work->rejects, error);
    if (code == HRA_OK && s->key_map) code = add_people(s, sequence, work, error);
    if (code == HRA_OK) code = add_counts(s, work, error);
    if (code != HRA_OK) {
        give_back(s, work);
        return code;
    }
    chunk->sequence = sequence;
    return HRA_OK;
}

static int claimed_rows(hra_source *base, const void *ticket)
{
    (void)base;
    return ((const hra_work *)ticket)->batch.count;
}

static void release(hra_source *base, hra_chunk *chunk)
{
    if (chunk->owner) give_back(source_of(base), chunk->owner);
    chunk->owner = NULL;
}

static int64_t bytes_done(hra_source *base) { return hra_rows_bytes_done(source_of(base)->rows); }

static void free_works(csv_source *s)
{
    while (s->all_works) {
        hra_work *work = s->all_works;
        s->all_works = work->next_all;
        hra_work_free(work, s->binding);
    }
    s->free_works = NULL;
}

static void close_source(hra_source *base)
{
    csv_source *s = source_of(base);
    hra_reject_free(s->rejects);
    hra_key_map_abandon(s->key_map);
    hra_rows_free(s->rows);
    free_works(s);
    for (int i = 0; s->tallies && i < s->binding->file_count; i++) hra_tallies_destroy(&s->tallies[i]);
    hra_binding_free(s->binding);
    free(s->reports);
    free(s->counts);
    free(s->tallies);
    free(s->issuer);
    free(s->group);
    free(s->spill_beside);
    pthread_mutex_destroy(&s->mutex);
    free(s);
}

/* ---- opening -------------------------------------------------------------------------------- */

static hra_code copy_options(csv_source *s, const hra_csv_options *options, hra_error *error)
{
    s->options = *options;
    s->issuer = strdup(options->issuer ? options->issuer : "");
    if (!s->issuer) return hra_out_of_memory(error);
    s->options.issuer = s->issuer;
    s->group = options->group ? strdup(options->group) : NULL;
    if (options->group && !s->group) return hra_out_of_memory(error);
    s->options.group = s->group;
    const char *beside = options->spill_beside ? options->spill_beside : options->reject_path;
    s->spill_beside = strdup(beside ? beside : "/tmp/");
    if (!s->spill_beside) return hra_out_of_memory(error);
    s->options.spill_beside = s->spill_beside;
    if (s->options.duplicate_bytes == 0) s->options.duplicate_bytes = DUPLICATE_BYTES;
    return HRA_OK;
}

static hra_code start_reports(csv_source *s, hra_error *error)
{
    const hra_binding *binding = s->binding;
    size_t columns = (size_t)binding->schema.column_count;
    s->reports = calloc((size_t)binding->file_count, sizeof *s->reports);
    s->counts = calloc((size_t)binding->file_count * columns + 1, sizeof *s->counts);
    s->tallies = calloc((size_t)binding->file_count, sizeof *s->tallies);
    if (!s->reports || !s->counts || !s->tallies) return hra_out_of_memory(error);
    s->base.bytes = 0;
    for (int i = 0; i < binding->file_count; i++) {
        const hra_file_plan *plan = &binding->files[i];
        s->base.bytes += plan->text.file_bytes;
        s->reports[i] = (hra_csv_report){.file = hra_shown_path(binding->arena, plan->path),
                                         .encoding = hra_encoding_name(plan->text.encoding),
                                         .delimiter = plan->delimiter,
                                         .matches = plan->matches,
                                         .match_count = plan->width,
                                         .text = &plan->text,
                                         .damaged = plan->text.damaged,
                                         .first_damaged = plan->text.first_damaged,
                                         .values = s->counts + (size_t)i * columns,
                                         .tallies = &s->tallies[i]};
        if (!s->reports[i].file) return hra_out_of_memory(error);
    }
    return HRA_OK;
}

/* The reject file is written anew: it must not be an input. */
static hra_code open_rejects(csv_source *s, const char *const *paths, int path_count, const char *reject_path,
                             bool guesses, hra_error *error)
{
    struct stat rejects, input;
    for (int i = 0; i < path_count && stat(reject_path, &rejects) == 0; i++)
        if (stat(paths[i], &input) == 0 && input.st_ino == rejects.st_ino && input.st_dev == rejects.st_dev)
            return hra_fail(error, HRA_EUSAGE, "%s is an input: the reject file needs another name", reject_path);
    return guesses ? hra_reject_open_whole(reject_path, &s->rejects, error)
                   : hra_reject_open(reject_path, &s->rejects, error);
}

static hra_code open_key_map(csv_source *s, const hra_dictionary *dictionary, hra_error *error)
{
    if (!s->options.identity)
        return hra_fail(error, HRA_EUSAGE, "a key map says whose the hashed identifiers are: it needs --key");
    return hra_key_map_create(s->options.key_map, s->options.identity, dictionary, KEY_MAP_BYTES, &s->key_map, error);
}

static hra_code open_all(csv_source *s, const char *const *paths, int path_count, const hra_dictionary *dictionary,
                         const hra_csv_options *options, hra_error *error)
{
    HRA_TRY(copy_options(s, options, error));
    HRA_TRY(hra_binding_new(paths, path_count, dictionary, &s->options, &s->binding, error));
    s->base.schema = &s->binding->schema;
    HRA_TRY(start_reports(s, error));
    HRA_TRY(hra_rows_new(s->binding, &s->options, &s->rows, error));
    if (options->reject_path)
        HRA_TRY(open_rejects(s, paths, path_count, options->reject_path, options->guess_encoding, error));
    if (options->key_map) HRA_TRY(open_key_map(s, dictionary, error));
    s->context = (hra_fill_context){.binding = s->binding,
                                    .options = &s->options,
                                    .want_keys = true,
                                    .write_rejects = s->rejects != NULL,
                                    .write_people = s->key_map != NULL,
                                    .level = hra_vector_level_choose()};
    return HRA_OK;
}

static int claims_ahead(const hra_binding *binding)
{
    for (int i = 0; i < binding->file_count; i++) {
        const hra_text_facts *text = &binding->files[i].text;
        if (text->gzip || text->kind == HRA_FILE_ZIPPED_TEXT) return PACKED_CLAIMS_AHEAD;
    }
    return CLAIMS_AHEAD;
}

hra_code hra_csv_open(const char *const *paths, int path_count, const hra_dictionary *dictionary,
                      const hra_csv_options *options, hra_source **out, hra_error *error)
{
    *out = NULL;
    if (path_count < 1) return hra_fail(error, HRA_EUSAGE, "no input file is given");
    csv_source *s = calloc(1, sizeof *s);
    if (!s) return hra_out_of_memory(error);
    pthread_mutex_init(&s->mutex, NULL);
    s->base = (hra_source){.rows = -1,
                           .want_keys = true,
                           .claim = claim,
                           .fill = fill,
                           .claimed_rows = claimed_rows,
                           .release = release,
                           .bytes_done = bytes_done,
                           .close = close_source};
    hra_code code = open_all(s, paths, path_count, dictionary, options, error);
    if (code != HRA_OK) {
        close_source(&s->base);
        return code;
    }
    s->base.claims_ahead = claims_ahead(s->binding);
    *out = &s->base;
    return HRA_OK;
}

/* Not where a file changed meanwhile (HRA_EIO): what is left of it would pass for the whole. */
bool hra_csv_tries_again(bool guesses, hra_code code)
{
    return guesses && (code == HRA_EINPUT || code == HRA_EUSAGE || code == HRA_EDEFINITION);
}

/* ---- facts -------------------------------------------------------------------------------------- */

int hra_csv_file_count(const hra_source *source) { return ((const csv_source *)source)->binding->file_count; }

const hra_csv_report *hra_csv_file_report(const hra_source *source, int file)
{
    const csv_source *s = (const csv_source *)source;
    hra_csv_report *report = &s->reports[file];
    const hra_row_counts counts = hra_rows_counts(s->rows, file);
    report->rows = counts.rows;
    report->rows_rejected = counts.rejected;
    report->duplicates = counts.duplicates;
    report->later = counts.later;
    report->long_rows = counts.of_long.rows;
    report->unknown_items = counts.of_long.unknown_items;
    report->repeats = counts.of_long.repeats;
    return report;
}

hra_code hra_csv_complete(hra_source *source, hra_atomic_file **rejects, hra_error *error)
{
    csv_source *s = source_of(source);
    hra_key_map_writer *key_map = s->key_map;
    *rejects = NULL;
    s->key_map = NULL;
    if (key_map) HRA_TRY(hra_key_map_finish(key_map, error));
    return s->rejects ? hra_reject_complete(s->rejects, rejects, error) : HRA_OK;
}

hra_code hra_csv_finish(hra_source *source, hra_error *error)
{
    hra_atomic_file *rejects;
    HRA_TRY(hra_csv_complete(source, &rejects, error));
    return rejects ? hra_atomic_commit(rejects, error) : HRA_OK;
}

void hra_csv_give_back(hra_source *source)
{
    csv_source *s = source_of(source);
    hra_rows_give_back(s->rows);
    free_works(s);
}
