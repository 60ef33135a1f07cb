#include "intake/profiles/history.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/fail.h"
#include "base/safe_name.h"
#include "io/words/cell_value.h"

static const char first_line[] = "hra delivery history,1";
enum { MOST_BYTES = 1 << 20, CELLS = 9 };

/* ---- figures ----------------------------------------------------------------------------------- */

static void keep_levels(const hra_tally *values, int64_t rare, hra_history_column *out)
{
    const hra_tally_entry *entries;
    int count = hra_tally_entries(values, &entries);
    for (int i = 0; i < count && out->cut_count < HRA_HISTORY_CUTS; i++) {
        if (entries[i].count < rare) continue;
        out->cuts[out->cut_count] = entries[i].value;
        out->shares[out->cut_count++] = (double)entries[i].count / (double)hra_tally_total(values);
    }
}

/* Bins between the deciles; equal deciles are one. */
static void keep_deciles(const hra_tally *values, hra_history_column *out)
{
    int64_t total = hra_tally_total(values), before = 0;
    for (int d = 1; d <= 10; d++) {
        double cut = d < 10 ? hra_tally_quantile(values, d / 10.0) : INFINITY;
        int64_t below = hra_tally_between(values, -INFINITY, cut);
        if (below == before) continue;
        out->cuts[out->cut_count] = below == total ? INFINITY : cut;
        out->shares[out->cut_count++] = (double)(below - before) / (double)total;
        before = below;
    }
}

bool hra_history_summarise(const hra_tally *values, bool levels, int64_t least, int64_t rare, hra_arena *arena,
                           hra_history_column *out)
{
    out->levels = levels;
    out->q25 = out->median = out->q75 = NAN;
    out->cut_count = 0;
    if (hra_tally_total(values) < least) return true;
    out->cuts = hra_arena_alloc(arena, HRA_HISTORY_CUTS * sizeof *out->cuts);
    out->shares = hra_arena_alloc(arena, HRA_HISTORY_CUTS * sizeof *out->shares);
    if (!out->cuts || !out->shares) return false;
    if (levels) {
        keep_levels(values, rare, out);
        return true;
    }
    out->q25 = hra_tally_quantile(values, 0.25);
    out->median = hra_tally_quantile(values, 0.5);
    out->q75 = hra_tally_quantile(values, 0.75);
    keep_deciles(values, out);
    return true;
}

double hra_history_stability(const hra_history_column *then, const hra_tally *now)
{
    const double least = 0.0005;
    double index = 0, rest_then = 1, rest_now = 1, total = (double)hra_tally_total(now);
    if (then->cut_count == 0 || total == 0) return NAN;
    for (int i = 0; i <= then->cut_count; i++) {
        double p, q;
        if (i < then->cut_count) {
            double low = then->levels ? then->cuts[i] : i ? nextafter(then->cuts[i - 1], INFINITY) : -INFINITY;
            p = (double)hra_tally_between(now, low, then->cuts[i]) / total;
            q = then->shares[i];
            rest_then -= q;
            rest_now -= p;
        } else { /* levels that were rare or not there */
            p = rest_now;
            q = rest_then;
            if (fmax(p, q) < least) break;
        }
        p = fmax(p, least);
        q = fmax(q, least);
        index += (p - q) * log(p / q);
    }
    return index;
}

/* ---- writing ----------------------------------------------------------------------------------------- */

static void write_number(double value, hra_buffer *out)
{
    if (isinf(value))
        hra_buffer_text(out, "inf");
    else
        hra_buffer_double(out, value);
}

static void write_column(const hra_history_column *c, hra_buffer *out)
{
    hra_buffer_printf(out, "column,%s,%s,%" PRId64 ",%" PRId64 ",", c->variable, c->unit, c->rows, c->known);
    write_number(c->q25, out);
    hra_buffer_char(out, ',');
    write_number(c->median, out);
    hra_buffer_char(out, ',');
    write_number(c->q75, out);
    hra_buffer_text(out, c->levels ? ",levels" : ",");
    for (int i = 0; i < c->cut_count; i++) {
        if (i || c->levels) hra_buffer_char(out, ' ');
        write_number(c->cuts[i], out);
        hra_buffer_printf(out, "=%.6f", c->shares[i]);
    }
    hra_buffer_char(out, '\n');
}

void hra_history_text(const char *provider, const hra_history_day *delivery, hra_buffer *out)
{
    hra_buffer_printf(out, "%s\nprovider,", first_line);
    hra_buffer_csv_foreign(out, provider, strlen(provider));
    hra_buffer_printf(out, "\nrows,%" PRId64 "\n", delivery->rows);
    for (int i = 0; i < delivery->count; i++) write_column(&delivery->columns[i], out);
}

const char *hra_history_folder(const char *history, const char *provider, hra_arena *arena)
{
    char name[HRA_SAFE_NAME];
    return hra_arena_printf(arena, "%s/%s", history, hra_safe_name(provider, name));
}

/* ---- reading -------------------------------------------------------------------------------------------- */

typedef struct history_reader {
    const char *path;
    int line;
    hra_arena *arena;
    hra_error *error;
} history_reader;

static hra_code wrong(const history_reader *r)
{
    return hra_fail(r->error, HRA_EINPUT,
                    "%s:%d: this is not a line of a delivery history; delete the file to continue without that day",
                    r->path, r->line);
}

static bool read_number(const char *text, const char *end, double *value)
{
    *value = NAN;
    if (text == end) return true;
    if (end - text == 3 && strncmp(text, "inf", 3) == 0) {
        *value = INFINITY;
        return true;
    }
    return hra_read_decimal(text, end, value) == end && isfinite(*value);
}

static bool read_whole(const char *text, int64_t *value)
{
    double number;
    if (!read_number(text, text + strlen(text), &number) || !(number >= 0 && number <= 1e15)) return false;
    *value = (int64_t)number;
    return true;
}

static bool read_shares(const char *text, hra_history_column *c)
{
    static const char levels[] = "levels";
    c->levels = strncmp(text, levels, sizeof levels - 1) == 0;
    if (c->levels) text += sizeof levels - 1;
    while (*text == ' ') text++;
    while (*text) {
        const char *end = text + strcspn(text, " "), *equal = memchr(text, '=', (size_t)(end - text));
        double cut, share;
        if (!equal || c->cut_count == HRA_HISTORY_CUTS || !read_number(text, equal, &cut) || isnan(cut)) return false;
        if (!read_number(equal + 1, end, &share) || !(share >= 0 && share <= 1)) return false;
        if (c->cut_count && !(cut > c->cuts[c->cut_count - 1])) return false;
        c->cuts[c->cut_count] = cut;
        c->shares[c->cut_count++] = share;
        text = end + strspn(end, " ");
    }
    return c->levels || c->cut_count == 0 || isinf(c->cuts[c->cut_count - 1]);
}

static hra_code read_column(const history_reader *r, char *line, hra_history_column *c)
{
    char *cells[CELLS] = {line, NULL};
    for (int i = 1; i < CELLS; i++) {
        char *comma = strchr(cells[i - 1], ',');
        if (!comma) return wrong(r);
        *comma = '\0';
        cells[i] = comma + 1;
    }
    c->variable = hra_arena_text(r->arena, cells[1]);
    c->unit = hra_arena_text(r->arena, cells[2]);
    c->cuts = hra_arena_alloc(r->arena, HRA_HISTORY_CUTS * sizeof *c->cuts);
    c->shares = hra_arena_alloc(r->arena, HRA_HISTORY_CUTS * sizeof *c->shares);
    if (!c->variable || !c->unit || !c->cuts || !c->shares) return hra_out_of_memory(r->error);
    bool good = read_whole(cells[3], &c->rows) && read_whole(cells[4], &c->known) &&
                read_number(cells[5], cells[5] + strlen(cells[5]), &c->q25) &&
                read_number(cells[6], cells[6] + strlen(cells[6]), &c->median) &&
                read_number(cells[7], cells[7] + strlen(cells[7]), &c->q75) && read_shares(cells[8], c);
    return good ? HRA_OK : wrong(r);
}

static hra_code read_lines(history_reader *r, char *text, hra_history_day *day)
{
    int lines = 1;
    for (const char *at = text; *at; at++) lines += *at == '\n';
    day->columns = hra_arena_alloc(r->arena, (size_t)lines * sizeof *day->columns);
    if (!day->columns) return hra_out_of_memory(r->error);
    for (char *line = text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = '\0';
        line[strcspn(line, "\r")] = '\0';
        r->line++;
        if (r->line == 1 && strcmp(line, first_line) != 0) return wrong(r);
        if (strncmp(line, "rows,", 5) == 0 && !read_whole(line + 5, &day->rows)) return wrong(r);
        if (strncmp(line, "column,", 7) == 0) HRA_TRY(read_column(r, line, &day->columns[day->count++]));
    }
    return r->line > 0 ? HRA_OK : wrong(r);
}

static hra_code read_text(const char *path, hra_buffer *text, hra_error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file) return hra_fail(error, HRA_EIO, "%s cannot be opened: %s", path, strerror(errno));
    char *room = hra_buffer_reserve(text, MOST_BYTES + 1);
    if (room) text->length = fread(room, 1, MOST_BYTES, file);
    bool failed = ferror(file) != 0, more = room && fgetc(file) != EOF;
    fclose(file);
    if (!room) return hra_out_of_memory(error);
    room[text->length] = '\0';
    if (failed) return hra_fail(error, HRA_EIO, "%s cannot be read", path);
    return more ? hra_fail(error, HRA_EINPUT, "%s is too long for a delivery history", path) : HRA_OK;
}

/* The days of the files DAY.csv before `day`, in no order. */
static hra_code list_days(const char *folder, const char *day, hra_buffer *days, hra_error *error)
{
    double before;
    DIR *listing = opendir(folder);
    if (!listing)
        return errno == ENOENT ? HRA_OK : hra_fail(error, HRA_EIO, "%s cannot be read: %s", folder, strerror(errno));
    bool known = hra_day_read(day, &before);
    for (const struct dirent *entry; known && (entry = readdir(listing)) != NULL;) {
        char name[HRA_DAY_TEXT], written[HRA_DAY_TEXT];
        double number;
        if (strlen(entry->d_name) != 14 || strcmp(entry->d_name + 10, ".csv") != 0) continue;
        memcpy(name, entry->d_name, 10);
        name[10] = '\0';
        if (!hra_day_read(name, &number) || strcmp(hra_day_text(number, written), name) != 0) continue;
        if (number < before) hra_buffer_append(days, (const char *)&number, sizeof number);
    }
    closedir(listing);
    return days->failed ? hra_out_of_memory(error) : HRA_OK;
}

static int by_day(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static hra_code read_rhythm(const char *folder, const char *day, hra_history_rhythm *out, hra_error *error)
{
    hra_buffer text = {0};
    hra_code code = list_days(folder, day, &text, error);
    size_t count = text.length / sizeof(double);
    double *days = code == HRA_OK && count > 0 ? calloc(count, sizeof *days) : NULL;
    if (code == HRA_OK && count > 0 && !days) code = hra_out_of_memory(error);
    *out = (hra_history_rhythm){.deliveries = days ? (int)count : 0};
    if (days) {
        memcpy(days, text.bytes, count * sizeof *days);
        qsort(days, count, sizeof *days, by_day);
        for (size_t i = 1; i < count; i++) out->longest = fmax(out->longest, days[i] - days[i - 1]);
        out->last = days[count - 1];
    }
    free(days);
    hra_buffer_destroy(&text);
    return code;
}

hra_code hra_history_rhythm_of(const char *folder, const char *provider, const char *day, hra_arena *arena,
                               hra_history_rhythm *out, hra_error *error)
{
    const char *own = hra_history_folder(folder, provider, arena);
    return own ? read_rhythm(own, day, out, error) : hra_out_of_memory(error);
}

hra_code hra_history_last(const char *folder, const char *provider, const char *day, hra_arena *arena,
                          hra_history_day **out, hra_error *error)
{
    char last[HRA_DAY_TEXT];
    *out = NULL;
    const char *own = hra_history_folder(folder, provider, arena);
    if (!own) return hra_out_of_memory(error);
    hra_history_rhythm rhythm;
    HRA_TRY(read_rhythm(own, day, &rhythm, error));
    if (rhythm.deliveries == 0) return HRA_OK;
    hra_day_text(rhythm.last, last);
    history_reader r = {.path = hra_arena_printf(arena, "%s/%s.csv", own, last), .arena = arena, .error = error};
    hra_history_day *found = hra_arena_alloc(arena, sizeof *found);
    if (!r.path || !found || !(found->day = hra_arena_text(arena, last))) return hra_out_of_memory(error);
    hra_buffer text = {0};
    hra_code code = read_text(r.path, &text, error);
    if (code == HRA_OK) code = read_lines(&r, text.bytes, found);
    hra_buffer_destroy(&text);
    if (code == HRA_OK) *out = found;
    return code;
}
