#include "generate/csv_writer.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "generate/cells.h"
#include "generate/dirt.h"
#include "generate/people.h"
#include "io/files/atomic_file.h"

enum { LABELS_ROOM = 512, TITLE_YEAR = 2025 };

struct hra_csv_writer {
    hra_sink sink; /* first: the sink is the writer */
    hra_csv_writer_options options;
    const hra_schema *schema;
    const hra_groups *groups;
    hra_cells cells[HRA_PROVIDER_COUNT]; /* by dialect; only the first unless messy */
    hra_cells truth_cells;
    hra_atomic_file *file, *truth;
    FILE *out;
    int group; /* of the open file, -1: none */
    int64_t bytes;
};

/* The text of one chunk: pieces that belong to one group each. */
typedef struct piece {
    int group;
    size_t begin;
} piece;
typedef struct prepared {
    hra_buffer text, truth;
    piece *pieces;
    int piece_count;
} prepared;

/* ---- dialects -------------------------------------------------------------- */

/* A single file has one header, so one dialect: that of its first group. */
static int dialect_of(const hra_csv_writer *w, int group)
{
    if (!w->options.messy) return 0;
    return w->groups->items[w->options.split ? group : 0].provider;
}

static const hra_dialect *dialect_at(const hra_csv_writer *w, int dialect)
{
    if (w->options.messy) return hra_dialect_of_provider(dialect);
    return w->options.chinese ? &hra_dialect_chinese : &hra_dialect_plain;
}

static bool joined_away(const hra_dialect *dialect, int column)
{
    return dialect->joined_pressure && column == HRA_COLUMN_dbp;
}

/* ---- headers --------------------------------------------------------------- */

static void header_of(const hra_schema *schema, const hra_dialect *d, const char *name, hra_buffer *out)
{
    int variable = hra_dictionary_find(schema->dictionary, name);
    if (variable >= 0)
        hra_dialect_header(d, hra_dictionary_at(schema->dictionary, variable), "", out);
    else
        hra_buffer_text(out, name);
    hra_buffer_char(out, d->delimiter);
}

static void write_header(const hra_csv_writer *w, const hra_dialect *d, const hra_cells *cells, int group,
                         hra_buffer *out)
{
    const hra_schema *schema = w->schema;
    const char *end = d->crlf ? "\r\n" : "\n";
    if (d->byte_order_mark) hra_buffer_text(out, "\xEF\xBB\xBF");
    if (d->title) hra_buffer_printf(out, "%d年度%s体检结果%s", TITLE_YEAR, w->groups->items[group].id, end);
    header_of(schema, d, "person_id", out);
    if (d->names) {
        header_of(schema, d, "name", out);
        header_of(schema, d, "phone", out);
    }
    for (int l = 0; l < schema->label_count; l++)
        header_of(schema, d, hra_dictionary_at(schema->dictionary, schema->labels[l])->name, out);
    for (int c = 0; c < schema->column_count; c++) {
        if (joined_away(d, c)) continue;
        if (d->joined_pressure && c == HRA_COLUMN_sbp) {
            header_of(schema, d, "bp_text", out);
            continue;
        }
        hra_dialect_header(d, cells->columns[c].variable, cells->columns[c].unit, out);
        hra_buffer_char(out, d->delimiter);
    }
    out->length--; /* the last delimiter */
    hra_buffer_text(out, end);
}

/* ---- rows ------------------------------------------------------------------- */

static char *put(char *at, const char *text)
{
    size_t length = strlen(text);
    memcpy(at, text, length);
    return at + length;
}

static char *write_start(const hra_csv_writer *w, const hra_dialect *d, const hra_chunk *chunk, int row, bool no_key,
                         char *at)
{
    if (!no_key) at = put(at, chunk->keys[row]);
    *at++ = d->delimiter;
    if (d->names) {
        at += hra_dirt_name(w->options.seed, chunk->first_row + row, at);
        *at++ = d->delimiter;
        at += hra_dirt_phone(w->options.seed, chunk->first_row + row, at);
        *at++ = d->delimiter;
    }
    for (int l = 0; l < w->schema->label_count; l++) {
        int index = chunk->labels[l].index[row];
        if (index >= 0) at = put(at, chunk->labels[l].texts[index]);
        *at++ = d->delimiter;
    }
    return at;
}

static char *write_clean(const hra_csv_writer *w, const hra_cells *cells, const hra_dialect *d, const hra_chunk *chunk,
                         int row, char *at)
{
    at = write_start(w, d, chunk, row, false, at);
    for (int c = 0; c < cells->count; c++)
        at = hra_cell_write(&cells->columns[c], hra_code_at(&chunk->columns[c], row), at);
    return at;
}

static const char *spoilt_text(const hra_dirt *dirt, int column)
{
    for (int i = 0; i < dirt->count; i++)
        if (dirt->cells[i].column == column) return dirt->cells[i].text;
    return NULL;
}

static char *write_cell(const hra_cells *cells, const hra_dirt *dirt, const hra_chunk *chunk, int row, int c, char *at)
{
    const char *spoilt = spoilt_text(dirt, c);
    if (!spoilt) return hra_cell_write(&cells->columns[c], hra_code_at(&chunk->columns[c], row), at);
    at = put(at, spoilt);
    *at++ = cells->columns[c].dialect->delimiter;
    return at;
}

/* "120/80"; one cell without a slash where either is missing. */
static char *write_joined_pressure(const hra_cells *cells, const hra_dirt *dirt, const hra_chunk *chunk, int row,
                                   char *at)
{
    const int pair[2] = {HRA_COLUMN_sbp, HRA_COLUMN_dbp};
    for (int k = 0; k < 2; k++) {
        const hra_cell_column *cell = &cells->columns[pair[k]];
        uint32_t missing = hra_column_missing(cell->column);
        if (hra_code_at(&chunk->columns[pair[k]], row) == missing) return hra_cell_write(cell, missing, at);
    }
    at = write_cell(cells, dirt, chunk, row, pair[0], at);
    at[-1] = '/';
    return write_cell(cells, dirt, chunk, row, pair[1], at);
}

static char *write_messy(const hra_csv_writer *w, const hra_cells *cells, const hra_dialect *d, const hra_chunk *chunk,
                         int row, const hra_dirt *dirt, bool second, char *at)
{
    at = write_start(w, d, chunk, row, dirt->no_key, at);
    for (int c = 0; c < cells->count; c++) {
        if (joined_away(d, c)) continue;
        if (d->joined_pressure && c == HRA_COLUMN_sbp) {
            at = write_joined_pressure(cells, dirt, chunk, row, at);
        } else if (second && c == HRA_COLUMN_weight) {
            at = put(at, "66.6");
            *at++ = d->delimiter;
        } else {
            at = write_cell(cells, dirt, chunk, row, c, at);
        }
    }
    if (d->crlf) {
        at[-1] = '\r';
        *at++ = '\n';
    } else {
        at[-1] = '\n';
    }
    return at;
}

static void write_row(const hra_csv_writer *w, const hra_chunk *chunk, int row, int group, size_t room, prepared *p)
{
    int which = dialect_of(w, group);
    const hra_dialect *d = dialect_at(w, which);
    const hra_cells *cells = &w->cells[which];
    char *start = hra_buffer_reserve(&p->text, 2 * room), *at = start;
    if (!start) return;
    if (!w->options.messy) {
        at = write_clean(w, cells, d, chunk, row, at);
        at[-1] = '\n';
        p->text.length += (size_t)(at - start);
        return;
    }
    hra_dirt dirt;
    hra_dirt_draw(w->options.seed, chunk->first_row + row, cells, chunk, row, &dirt);
    at = write_messy(w, cells, d, chunk, row, &dirt, false, at);
    if (dirt.repeated || dirt.conflicting) at = write_messy(w, cells, d, chunk, row, &dirt, dirt.conflicting, at);
    p->text.length += (size_t)(at - start);
    char *truth = w->truth ? hra_buffer_reserve(&p->truth, room) : NULL;
    if (!truth) return;
    at = write_clean(w, &w->truth_cells, &hra_dialect_plain, chunk, row, truth);
    at = put(at, dirt.log);
    *at++ = '\n';
    p->truth.length += (size_t)(at - truth);
}

/* ---- files ------------------------------------------------------------------ */

static hra_code write_bytes(hra_csv_writer *w, FILE *out, const char *bytes, size_t length, hra_error *error)
{
    w->bytes += (int64_t)length;
    if (length && fwrite(bytes, 1, length, out) != length)
        return hra_fail(error, HRA_EIO, "writing the generated rows failed: %s", strerror(errno));
    return HRA_OK;
}

/* Recodes the whole of `text`; texts here hold only characters that GB18030 has. */
static hra_code recode(const char *encoding, const char *text, size_t length, hra_buffer *out, hra_error *error)
{
    iconv_t converter = iconv_open(encoding, "UTF-8");
    if (converter == (iconv_t)-1) return hra_fail(error, HRA_EIO, "this system cannot write %s", encoding);
    char *room = hra_buffer_reserve(out, length * 2 + 16), *to = room, *from = (char *)text;
    size_t left = length, space = length * 2 + 16;
    bool failed = room && iconv(converter, &from, &left, &to, &space) == (size_t)-1;
    iconv_close(converter);
    if (!room) return hra_fail(error, HRA_ENOMEM, "out of memory for the generated rows");
    if (failed) return hra_fail(error, HRA_EINTERNAL, "a generated text does not fit %s", encoding);
    out->length += (size_t)(to - room);
    return HRA_OK;
}

static hra_code write_text(hra_csv_writer *w, const hra_dialect *d, const char *text, size_t length, hra_error *error)
{
    if (strcmp(d->encoding, "UTF-8") == 0) return write_bytes(w, w->out, text, length, error);
    hra_buffer coded = {0};
    hra_code code = recode(d->encoding, text, length, &coded, error);
    if (code == HRA_OK) code = write_bytes(w, w->out, coded.bytes, coded.length, error);
    hra_buffer_destroy(&coded);
    return code;
}

static hra_code close_file(hra_csv_writer *w, hra_error *error)
{
    if (w->group >= 0 && w->options.messy) {
        /* exports like to end with a sum */
        char total[64];
        const hra_dialect *d = dialect_at(w, dialect_of(w, w->group));
        int64_t people = w->options.split ? w->groups->items[w->group].count
                                          : w->groups->items[w->groups->count - 1].first +
                                                w->groups->items[w->groups->count - 1].count;
        int length =
            snprintf(total, sizeof total, "合计%c%lld人%s", d->delimiter, (long long)people, d->crlf ? "\r\n" : "\n");
        HRA_TRY(write_text(w, d, total, (size_t)length, error));
    }
    w->group = -1;
    hra_atomic_file *file = w->file;
    w->file = NULL;
    w->out = NULL;
    if (file) return hra_atomic_commit(file, error);
    if (!w->options.path && fflush(stdout) != 0)
        return hra_fail(error, HRA_EIO, "writing to standard output failed: %s", strerror(errno));
    return HRA_OK;
}

static hra_code open_file(hra_csv_writer *w, int group, hra_error *error)
{
    if (w->options.path) {
        char path[4096];
        const char *id = w->groups->items[group].id;
        int length = snprintf(path, sizeof path, "%s%s%s%s", w->options.path, w->options.split ? "/" : "",
                              w->options.split ? id : "", w->options.split ? ".csv" : "");
        if (length >= (int)sizeof path)
            return hra_fail(error, HRA_EUSAGE, "the path '%s' is too long", w->options.path);
        HRA_TRY(hra_atomic_open(path, &w->file, error));
    }
    w->out = w->file ? hra_atomic_stream(w->file) : stdout;
    w->group = group;
    int which = dialect_of(w, group);
    const hra_dialect *d = dialect_at(w, which);
    hra_buffer header = {0};
    write_header(w, d, &w->cells[which], group, &header);
    hra_code code = header.failed ? hra_fail(error, HRA_ENOMEM, "out of memory for a header")
                                  : write_text(w, d, header.bytes, header.length, error);
    hra_buffer_destroy(&header);
    return code;
}

static hra_code open_truth(hra_csv_writer *w, hra_error *error)
{
    HRA_TRY(hra_cells_make(w->schema, &hra_dialect_plain, &w->truth_cells, error));
    HRA_TRY(hra_atomic_open(w->options.truth, &w->truth, error));
    hra_buffer header = {0};
    write_header(w, &hra_dialect_plain, &w->truth_cells, 0, &header);
    if (header.length) header.length--;
    hra_buffer_text(&header, ",dirt\n");
    hra_code code = header.failed ? hra_fail(error, HRA_ENOMEM, "out of memory for a header")
                                  : write_bytes(w, hra_atomic_stream(w->truth), header.bytes, header.length, error);
    hra_buffer_destroy(&header);
    return code;
}

/* ---- the sink ---------------------------------------------------------------- */

static void free_prepared(prepared *p)
{
    if (!p) return;
    hra_buffer_destroy(&p->text);
    hra_buffer_destroy(&p->truth);
    free(p->pieces);
    free(p);
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **out,
                        hra_error *error)
{
    (void)thread;
    (void)results;
    const hra_csv_writer *w = (const hra_csv_writer *)sink;
    prepared *p = calloc(1, sizeof *p);
    int first = hra_groups_of(w->groups, chunk->first_row),
        last = hra_groups_of(w->groups, chunk->first_row + chunk->rows - 1);
    if (p) p->pieces = calloc((size_t)(last - first + 1), sizeof *p->pieces);
    if (!p || !p->pieces) {
        free_prepared(p);
        return hra_fail(error, HRA_ENOMEM, "out of memory for the generated rows");
    }
    size_t room =
        (size_t)w->schema->column_count * HRA_CELL_LONGEST / 4 + LABELS_ROOM + HRA_DIRT_LOG + HRA_CELL_LONGEST * 8;
    int group = first - 1;
    for (int row = 0; row < chunk->rows; row++) {
        while (group < first ||
               (group + 1 < w->groups->count && w->groups->items[group + 1].first <= chunk->first_row + row)) {
            group++;
            p->pieces[p->piece_count++] = (piece){group, p->text.length};
        }
        write_row(w, chunk, row, group, room, p);
    }
    if (p->text.failed || p->truth.failed) {
        free_prepared(p);
        return hra_fail(error, HRA_ENOMEM, "out of memory for the generated rows");
    }
    *out = p;
    return HRA_OK;
}

static hra_code commit_piece(hra_csv_writer *w, const prepared *p, int index, hra_error *error)
{
    int group = p->pieces[index].group;
    size_t begin = p->pieces[index].begin,
           end = index + 1 < p->piece_count ? p->pieces[index + 1].begin : p->text.length;
    if (w->group < 0 || (w->options.split && w->group != group)) {
        if (w->group >= 0) HRA_TRY(close_file(w, error));
        HRA_TRY(open_file(w, group, error));
    }
    return write_text(w, dialect_at(w, dialect_of(w, group)), p->text.bytes + begin, end - begin, error);
}

static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *data, hra_error *error)
{
    (void)chunk;
    (void)results;
    hra_csv_writer *w = (hra_csv_writer *)sink;
    prepared *p = data;
    hra_code code = HRA_OK;
    for (int i = 0; i < p->piece_count && code == HRA_OK; i++) code = commit_piece(w, p, i, error);
    if (code == HRA_OK && w->truth)
        code = write_bytes(w, hra_atomic_stream(w->truth), p->truth.bytes, p->truth.length, error);
    free_prepared(p);
    return code;
}

static void discard(hra_sink *sink, void *data)
{
    (void)sink;
    free_prepared(data);
}

static hra_code make_cells(hra_csv_writer *w, hra_error *error)
{
    int count = w->options.messy ? HRA_PROVIDER_COUNT : 1;
    for (int d = 0; d < count; d++) HRA_TRY(hra_cells_make(w->schema, dialect_at(w, d), &w->cells[d], error));
    return HRA_OK;
}

hra_code hra_csv_writer_new(const hra_source *source, const hra_csv_writer_options *options, hra_csv_writer **out,
                            hra_error *error)
{
    *out = NULL;
    if (options->split && !options->path) return hra_fail(error, HRA_EUSAGE, "one file for each group needs a folder");
    if (options->truth && !options->messy)
        return hra_fail(error, HRA_EUSAGE, "clean data is its own truth: --truth goes with --messy");
    if (options->split && mkdir(options->path, 0777) != 0 && errno != EEXIST)
        return hra_fail(error, HRA_EIO, "cannot make the folder '%s': %s", options->path, strerror(errno));
    hra_csv_writer *w = calloc(1, sizeof *w);
    if (!w) return hra_fail(error, HRA_ENOMEM, "out of memory for the writer");
    *w = (hra_csv_writer){.sink = {.prepare = prepare, .commit = commit, .discard = discard},
                          .options = *options,
                          .schema = source->schema,
                          .groups = hra_generate_groups(source),
                          .group = -1};
    hra_code code = make_cells(w, error);
    if (code == HRA_OK && options->truth) code = open_truth(w, error);
    if (code != HRA_OK) {
        hra_csv_writer_free(w);
        return code;
    }
    *out = w;
    return HRA_OK;
}

hra_sink *hra_csv_writer_sink(hra_csv_writer *writer) { return &writer->sink; }

hra_code hra_csv_writer_finish(hra_csv_writer *w, hra_error *error)
{
    HRA_TRY(close_file(w, error));
    hra_atomic_file *truth = w->truth;
    w->truth = NULL;
    return truth ? hra_atomic_commit(truth, error) : HRA_OK;
}

void hra_csv_writer_free(hra_csv_writer *w)
{
    if (!w) return;
    hra_atomic_abandon(w->file);
    hra_atomic_abandon(w->truth);
    for (int d = 0; d < HRA_PROVIDER_COUNT; d++) hra_cells_destroy(&w->cells[d]);
    hra_cells_destroy(&w->truth_cells);
    free(w);
}
