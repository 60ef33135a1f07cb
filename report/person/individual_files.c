#include "report/person/individual_files.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/files/atomic_file.h"
#include "report/person/individual_archive.h"
#include "report/person/individual_fingerprint.h"
#include "report/person/person_files.h"
#include "report/person/person_key.h"

struct hra_individual_files {
    hra_sink sink;
    hra_individual_request request;
    hra_individual_archives *archives; /* NULL: single pages */
    hra_fingerprints *fingerprints;
    pthread_mutex_t names; /* the key map answers one thread at a time */
    hra_individual_facts facts;
};

/* One report of a chunk, as it goes into the file. */
typedef struct rendered {
    int row;
    bool kept;
    size_t begin;
    hra_archive_entry entry;
} rendered;

typedef struct batch {
    rendered *items;
    int count;
    hra_buffer bytes; /* of all, one after the other: pages, or compressed ones */
    hra_buffer page;  /* of one person */
    int64_t html;
    char number[HRA_ROW_NUMBER];
} batch;

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory for reports"); }

static void batch_free(batch *b)
{
    if (!b) return;
    free(b->items);
    hra_buffer_destroy(&b->bytes);
    hra_buffer_destroy(&b->page);
    free(b);
}

static void discard(hra_sink *sink, void *prepared) { batch_free(prepared); }

/* A copy of the person's name, NULL where the map has none. */
static hra_code find_name(hra_individual_files *f, const char *key, char **name, hra_error *error)
{
    const char *text = NULL;
    *name = NULL;
    if (!f->request.names) return HRA_OK;
    pthread_mutex_lock(&f->names);
    hra_code code = hra_key_map_find(f->request.names, key, "name", &text, error);
    if (code == HRA_OK && text && !(*name = strdup(text))) code = out_of_memory(error);
    pthread_mutex_unlock(&f->names);
    return code;
}

static hra_code make_page(hra_individual_files *f, int thread, const hra_chunk *chunk, const hra_results *results,
                          int row, const char *key, const char *name, batch *b, hra_error *error)
{
    const hra_person_view *view = hra_person_views_build(f->request.views, thread, chunk, results, row, key);
    if (!view) return out_of_memory(error);
    hra_buffer_clear(&b->page);
    hra_individual_write(f->request.pages, view, name, &b->page);
    if (b->page.failed) return out_of_memory(error);
    b->html += (int64_t)b->page.length;
    return HRA_OK;
}

static hra_code add_report(hra_individual_files *f, int thread, const hra_chunk *chunk, const hra_results *results,
                           int row, const char *name, batch *b, hra_error *error)
{
    rendered *item = &b->items[b->count];
    const char *key = hra_person_key(chunk, row, b->number);
    *item = (rendered){.row = row, .begin = b->bytes.length};
    if (f->archives) {
        hra_fingerprint(f->fingerprints, thread, chunk, results, row, key, name, &item->entry.fingerprint);
        HRA_TRY(hra_individual_archives_kept(f->archives, key, &item->entry, &item->kept, &b->bytes, error));
    }
    if (!item->kept) {
        HRA_TRY(make_page(f, thread, chunk, results, row, key, name, b, error));
        if (f->archives)
            HRA_TRY(hra_individual_archives_pack(f->archives, thread, &b->page, &item->entry, &b->bytes, error));
        else
            hra_buffer_append(&b->bytes, b->page.bytes, b->page.length);
    }
    if (b->bytes.failed) return out_of_memory(error);
    item->entry.packed = b->bytes.length - item->begin;
    b->count++;
    return HRA_OK;
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    hra_individual_files *f = (hra_individual_files *)sink;
    batch *b = calloc(1, sizeof *b);
    hra_code code = HRA_OK;
    if (b) b->items = malloc(((size_t)chunk->rows + 1) * sizeof *b->items);
    if (!b || !b->items) code = out_of_memory(error);
    for (int r = 0; code == HRA_OK && r < chunk->rows; r++) {
        char *name = NULL;
        if (!f->request.wants(f->request.context, chunk, r)) continue;
        code = find_name(f, hra_person_key(chunk, r, b->number), &name, error);
        if (code == HRA_OK) code = add_report(f, thread, chunk, results, r, name, b, error);
        free(name);
    }
    if (code == HRA_OK)
        *prepared = b;
    else
        batch_free(b);
    return code;
}

static hra_code write_page(const hra_individual_files *f, const char *key, const char *bytes, size_t length,
                           hra_error *error)
{
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/%s.html", f->request.folder, key) >= sizeof path)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    return hra_atomic_write(path, bytes, length, error);
}

static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    hra_individual_files *f = (hra_individual_files *)sink;
    batch *b = prepared;
    hra_code code = HRA_OK;
    for (int i = 0; b && code == HRA_OK && i < b->count; i++) {
        const rendered *item = &b->items[i];
        const char *key = hra_person_key(chunk, item->row, b->number), *bytes = b->bytes.bytes + item->begin;
        if (f->archives)
            code = hra_individual_archives_add(f->archives,
                                               hra_chunk_label(f->request.schema, chunk, item->row, "group_id"), key,
                                               &item->entry, bytes, error);
        else
            code = write_page(f, key, bytes, item->entry.packed, error);
        if (item->kept)
            f->facts.kept++;
        else
            f->facts.rendered++;
    }
    if (b) f->facts.bytes += b->html;
    batch_free(b);
    return code;
}

hra_code hra_individual_files_new(const hra_individual_request *request, hra_individual_files **out, hra_error *error)
{
    hra_individual_files *f = calloc(1, sizeof *f);
    if (!f) return out_of_memory(error);
    f->sink = (hra_sink){.prepare = prepare, .commit = commit, .discard = discard};
    f->request = *request;
    pthread_mutex_init(&f->names, NULL);
    hra_code code = HRA_OK;
    if (!request->single) {
        code = hra_fingerprints_new(request->stamp, request->schema, request->previous,
                                    hra_person_views_runs(request->views), request->threads, &f->fingerprints, error);
        if (!code)
            code = hra_individual_archives_new(request->folder, request->day, request->threads, &f->archives, error);
    }
    if (code == HRA_OK)
        *out = f;
    else
        hra_individual_files_free(f);
    return code;
}

hra_sink *hra_individual_files_sink(hra_individual_files *files) { return &files->sink; }

hra_code hra_individual_files_finish(hra_individual_files *files, hra_individual_facts *facts, hra_error *error)
{
    if (files->archives) HRA_TRY(hra_individual_archives_finish(files->archives, &files->facts.archives, error));
    *facts = files->facts;
    return HRA_OK;
}

void hra_individual_files_free(hra_individual_files *files)
{
    if (!files) return;
    hra_individual_archives_free(files->archives);
    hra_fingerprints_free(files->fingerprints);
    pthread_mutex_destroy(&files->names);
    free(files);
}
