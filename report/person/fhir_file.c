#include "report/person/fhir_file.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/files/atomic_file.h"
#include "report/person/person_key.h"

struct hra_fhir_file {
    hra_sink sink;
    hra_fhir_file_request request;
    hra_atomic_file *file;
    bool gzip;
};

static void buffer_free(hra_buffer *b)
{
    if (!b) return;
    hra_buffer_destroy(b);
    free(b);
}

static void discard(hra_sink *sink, void *prepared) { buffer_free(prepared); }

/* A gzip member; members one after the other are one valid file. */
static hra_code compress(hra_buffer *text, hra_error *error)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(1);
    hra_buffer packed = {0};
    size_t bound = compressor ? libdeflate_gzip_compress_bound(compressor, text->length) : 0;
    char *to = bound ? hra_buffer_reserve(&packed, bound) : NULL;
    packed.length = to ? libdeflate_gzip_compress(compressor, text->bytes, text->length, to, bound) : 0;
    if (compressor) libdeflate_free_compressor(compressor);
    hra_buffer_destroy(text);
    *text = packed;
    return packed.length > 0 ? HRA_OK : hra_out_of_memory(error);
}

static hra_code seal(const hra_fhir_file *f, hra_buffer *text, hra_error *error)
{
    if (text->failed) return hra_out_of_memory(error);
    return f->gzip && text->length > 0 ? compress(text, error) : HRA_OK;
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    hra_fhir_file *f = (hra_fhir_file *)sink;
    hra_buffer *out = calloc(1, sizeof *out);
    hra_code code = out ? HRA_OK : hra_out_of_memory(error);
    for (int r = 0; !code && r < results->rows; r++) {
        char number[HRA_ROW_NUMBER];
        if (!f->request.wants(f->request.context, chunk, r)) continue;
        const hra_person_view *view =
            hra_person_views_build(f->request.views, thread, chunk, results, r, hra_person_key(chunk, r, number));
        if (view)
            hra_fhir_person(f->request.fhir, view, out);
        else
            code = hra_out_of_memory(error);
    }
    if (!code) code = seal(f, out, error);
    if (code)
        buffer_free(out);
    else
        *prepared = out;
    return code;
}

static hra_code put(hra_fhir_file *f, const hra_buffer *text, hra_error *error)
{
    if (text->length == 0 || fwrite(text->bytes, 1, text->length, hra_atomic_stream(f->file)) == text->length)
        return HRA_OK;
    return hra_fail(error, HRA_EIO, "%s: writing failed: %m", hra_atomic_path(f->file));
}

static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    hra_code code = prepared ? put((hra_fhir_file *)sink, prepared, error) : HRA_OK;
    buffer_free(prepared);
    return code;
}

static hra_code begin(hra_fhir_file *f, const char *path, hra_error *error)
{
    hra_buffer first = {0};
    HRA_TRY(hra_atomic_open(path, &f->file, error));
    hra_fhir_device(f->request.fhir, &first);
    hra_code code = seal(f, &first, error);
    if (!code) code = put(f, &first, error);
    hra_buffer_destroy(&first);
    return code;
}

hra_code hra_fhir_file_new(const char *path, const hra_fhir_file_request *request, hra_fhir_file **out,
                           hra_error *error)
{
    size_t length = strlen(path);
    hra_fhir_file *f = calloc(1, sizeof *f);
    if (!f) return hra_out_of_memory(error);
    f->sink = (hra_sink){.prepare = prepare, .commit = commit, .discard = discard};
    f->request = *request;
    f->gzip = length > 3 && strcmp(path + length - 3, ".gz") == 0;
    hra_code code = begin(f, path, error);
    if (code)
        hra_fhir_file_free(f);
    else
        *out = f;
    return code;
}

hra_sink *hra_fhir_file_sink(hra_fhir_file *f) { return &f->sink; }

hra_code hra_fhir_file_finish(hra_fhir_file *f, hra_error *error)
{
    hra_atomic_file *file = f->file;
    f->file = NULL;
    return hra_atomic_commit(file, error);
}

void hra_fhir_file_free(hra_fhir_file *f)
{
    if (!f) return;
    hra_atomic_abandon(f->file);
    free(f);
}
