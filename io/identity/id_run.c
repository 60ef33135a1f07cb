#include "io/identity/id_run.h"

#include <stdlib.h>
#include <string.h>

/* A note: how many characters an identifier shares with the one before it, which is of its length, how many lines it is
 * behind that, and the other characters. The first of a span, and one where that cannot be said so, has WHOLE and its
 * length, its line in eight bytes, and all its characters. */
enum { WHOLE = 0x80, LINES = 255, NOTE_ROOM = 1 + 8 + HRA_PLAIN_IDENTIFIER + 8 };

/* All notes together take at most so many bytes for each of the most identifiers, as the set would. */
enum { NOTE_BYTES = 16 };

/* Notes of one file. */
typedef struct segment {
    const char *issuer;
    int64_t lines_before;
    size_t start;
} segment;

struct hra_id_run {
    size_t most, count;
    const char *issuer; /* of the last identifier, NULL before the first */
    hra_plain_identifier highest;
    hra_buffer notes;
    segment *segments;
    size_t segment_count;
    bool whole;
};

/* ---- spans ------------------------------------------------------------------------------ */

void hra_id_span_begin(hra_id_span *span)
{
    hra_buffer_clear(&span->notes);
    *span = (hra_id_span){.ascending = true, .notes = span->notes};
}

void hra_id_span_destroy(hra_id_span *span) { hra_buffer_destroy(&span->notes); }

/* How many characters an identifier shares with the one before it, and whether it is greater. */
typedef struct comparison {
    size_t shared;
    bool greater;
} comparison;

static inline comparison compare(const hra_plain_identifier *before, const hra_plain_identifier *own)
{
    if (before->length != own->length) return (comparison){0, before->length < own->length};
    for (size_t i = 0; i < HRA_PLAIN_WORDS; i++) {
        uint64_t a = before->words[i], b = own->words[i];
        if (a != b) return (comparison){8 * i + (size_t)__builtin_clzll(a ^ b) / 8, a < b};
    }
    return (comparison){own->length, false};
}

static void note(hra_id_span *span, bool alike, size_t shared, size_t length, const char *text, int64_t line)
{
    char *start = hra_buffer_room(&span->notes, NOTE_ROOM), *to = start;
    if (!start) return;
    if (alike && line >= span->line && line - span->line <= LINES) {
        *to++ = (char)shared;
        *to++ = (char)(line - span->line);
    } else {
        shared = 0;
        *to++ = (char)(WHOLE | length);
        memcpy(to, &line, sizeof line);
        to += sizeof line;
    }
    size_t rest = length - shared;
    memcpy(to, text + shared, 8); /* nearly always all */
    if (rest > 8) memcpy(to + 8, text + shared + 8, HRA_PLAIN_IDENTIFIER - 8);
    span->notes.length += (size_t)(to - start) + rest;
}

void hra_id_span_add(hra_id_span *span, const char *text, int64_t line)
{
    const hra_plain_identifier *before = &span->latest[span->last], *own = &span->latest[!span->last];
    if (!span->ascending) return;
    comparison compared = text ? compare(before, own) : (comparison){0, false};
    span->ascending = compared.greater;
    if (!span->ascending) return;
    note(span, before->length == own->length, compared.shared, own->length, text, line);
    if (span->count == 0) span->lowest = *own;
    span->last = !span->last;
    span->line = line;
    span->count++;
}

/* ---- runs ------------------------------------------------------------------------------- */

hra_id_run *hra_id_run_new(size_t most)
{
    hra_id_run *run = calloc(1, sizeof *run);
    if (!run) return NULL;
    run->most = most;
    run->whole = true;
    return run;
}

static void forget(hra_id_run *run)
{
    hra_buffer_destroy(&run->notes);
    free(run->segments);
    run->segments = NULL;
    run->segment_count = run->count = 0;
    run->whole = false;
}

void hra_id_run_free(hra_id_run *run)
{
    if (!run) return;
    forget(run);
    free(run);
}

static bool begin_segment(hra_id_run *run, const char *issuer, int64_t lines_before)
{
    const segment *last = run->segment_count > 0 ? &run->segments[run->segment_count - 1] : NULL;
    if (last && strcmp(last->issuer, issuer) == 0 && last->lines_before == lines_before) return true;
    segment *segments = realloc(run->segments, (run->segment_count + 1) * sizeof *segments);
    if (!segments) return false;
    run->segments = segments;
    segments[run->segment_count++] = (segment){issuer, lines_before, run->notes.length};
    return true;
}

static bool has_room(const hra_id_run *run, const hra_id_span *span)
{
    return run->count + span->count <= run->most && run->notes.length + span->notes.length <= run->most * NOTE_BYTES;
}

static void keep_notes(hra_id_run *run, const char *issuer, int64_t lines_before, const hra_id_span *span)
{
    if (!run->whole) return;
    bool good = has_room(run, span) && !span->notes.failed && begin_segment(run, issuer, lines_before);
    if (good) hra_buffer_append(&run->notes, span->notes.bytes, span->notes.length);
    run->count += span->count;
    if (!good || run->notes.failed) forget(run);
}

bool hra_id_run_add(hra_id_run *run, const char *issuer, int64_t lines_before, const hra_id_span *span)
{
    if (!span->ascending) return false;
    if (span->count == 0) return true;
    int order = run->issuer ? strcmp(run->issuer, issuer) : -1;
    if (order > 0 || (order == 0 && !hra_plain_identifier_before(&run->highest, &span->lowest))) return false;
    run->issuer = issuer;
    run->highest = span->latest[span->last];
    keep_notes(run, issuer, lines_before, span);
    return true;
}

bool hra_id_run_is_whole(const hra_id_run *run) { return run->whole; }

size_t hra_id_run_count(const hra_id_run *run) { return run->count; }

/* ---- what was noted ------------------------------------------------------------------------ */

enum { TOGETHER = 64 };

/* Notes that are read. */
typedef struct reading {
    const char *at, *end;
    char text[HRA_PLAIN_IDENTIFIER]; /* of the last identifier */
    size_t length;
    int64_t line;
} reading;

static void read_note(reading *r)
{
    size_t shared = 0;
    unsigned char first = (unsigned char)*r->at++;
    if (first & WHOLE) {
        r->length = first - WHOLE;
        memcpy(&r->line, r->at, sizeof r->line);
        r->at += sizeof r->line;
    } else {
        shared = first;
        r->line += (unsigned char)*r->at++;
    }
    memcpy(r->text + shared, r->at, r->length - shared);
    r->at += r->length - shared;
}

static hra_code pour_some(reading *r, const segment *from, hra_id_run_hash *hash, const void *context, hra_id_set *set,
                          hra_error *error)
{
    char texts[TOGETHER][HRA_PLAIN_IDENTIFIER + 8]; /* read by eight bytes */
    hra_identifier identifiers[TOGETHER];
    hra_id_hash hashes[TOGETHER];
    int64_t numbers[TOGETHER], earlier;
    int count = 0;
    for (; count < TOGETHER && r->at < r->end; count++) {
        read_note(r);
        memcpy(texts[count], r->text, sizeof r->text);
        identifiers[count] = (hra_identifier){texts[count], r->length};
        numbers[count] = from->lines_before + r->line;
    }
    HRA_TRY(hash(context, from->issuer, identifiers, count, hashes, error));
    for (int i = 0; i < count; i++) hra_id_set_prefetch(set, hashes[i]);
    for (int i = 0; i < count; i++)
        if (!hra_id_set_add(set, hashes[i], numbers[i], &earlier)) return hra_out_of_memory(error);
    return HRA_OK;
}

hra_code hra_id_run_pour(hra_id_run *run, hra_id_run_hash *hash, const void *context, hra_id_set *set, hra_error *error)
{
    hra_code code = HRA_OK;
    for (size_t i = 0; i < run->segment_count && code == HRA_OK; i++) {
        size_t end = i + 1 < run->segment_count ? run->segments[i + 1].start : run->notes.length;
        reading r = {.at = run->notes.bytes + run->segments[i].start, .end = run->notes.bytes + end};
        while (r.at < r.end && code == HRA_OK) code = pour_some(&r, &run->segments[i], hash, context, set, error);
    }
    forget(run);
    return code;
}
