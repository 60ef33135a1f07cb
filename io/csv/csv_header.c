/* The header of a file: which row it is, and its names. */
#include <stdlib.h>
#include <string.h>

#include "base/plain_text.h"
#include "base/shown_name.h"
#include "io/csv/csv_binding.h"
#include "io/csv/csv_cells.h"
#include "io/csv/csv_header_above.h"
#include "io/csv/csv_header_row.h"
#include "io/csv/csv_unit_row.h"
#include "io/words/text_fold.h"

enum { LOOK_AT = 12, MAX_WIDTH = 20000 };

/* Whether more than `most` cells of a record may be names of the dictionary: only text is. */
static bool may_name_more(const hra_name_index *names, const hra_batch *batch, const hra_record *record, char delimiter,
                          int most)
{
    const char *at = batch->text.bytes + record->start, *end = at + record->length;
    int found = 0;
    while (at < end && found <= most) {
        const char *stop = memchr(at, delimiter, (size_t)(end - at));
        if (!stop) stop = end;
        found += hra_header_may_name(names, at, (size_t)(stop - at));
        at = stop + 1;
    }
    return found > most;
}

/* A row that was the header of the file before. */
static bool is_known_row(const hra_file_plan *plan, const hra_batch *batch, const hra_record *record)
{
    const hra_file_plan *before = plan->before;
    return before && before->row_names >= 0 && before->delimiter == plan->delimiter &&
           before->row_length == record->length &&
           memcmp(before->row_text, batch->text.bytes + record->start, record->length) == 0;
}

/* The first row, unless a later one knows more names, and at least two: titles may stand above the header, or names of
 * groups of columns (blood pressure above systolic and diastolic). */
static hra_code choose_row(const hra_name_index *names, hra_arena *arena, const hra_batch *batch, hra_file_plan *plan,
                           int *row, hra_error *error)
{
    int best = 0;
    *row = 0;
    for (int i = 0; i < batch->count && i < LOOK_AT; i++) {
        const hra_record *record = &batch->records[i];
        hra_row_look look = {0};
        if (is_known_row(plan, batch, record))
            look.known = plan->before->row_names;
        else if (!may_name_more(names, batch, record, plan->delimiter, best))
            continue;
        else
            HRA_TRY(hra_row_look_at(names, arena, batch, record, plan->delimiter, best, &look, error));
        bool is_header = look.known > best && (i == 0 || look.known >= 2);
        if (!is_header || hra_row_holds_values(&look)) continue;
        best = look.known;
        *row = i;
    }
    plan->row_names = best;
    return HRA_OK;
}

/* Where hardly a name is known: whether the first row holds a person, or is a title with people below. */
static hra_code look_for_person(const hra_name_index *names, hra_arena *arena, const hra_batch *batch,
                                hra_file_plan *plan, hra_error *error)
{
    int filled = 0;
    for (int i = 0; plan->row_names <= 1 && plan->person_line == 0 && i < batch->count && i < LOOK_AT; i++) {
        hra_row_look look;
        HRA_TRY(hra_row_look_at(names, arena, batch, &batch->records[i], plan->delimiter, -1, &look, error));
        if (i == 0) filled = look.filled;
        bool below_title = i > 0 && look.filled >= 2 * filled;
        if (hra_row_holds_values(&look) && (i == 0 || below_title)) plan->person_line = batch->records[i].line;
    }
    return HRA_OK;
}

hra_code hra_header_check(const hra_file_plan *plan, hra_error *error)
{
    if (plan->person_line == 0) return HRA_OK;
    return hra_fail(error, HRA_EINPUT,
                    "%s: there is no header: line %lld holds values of a person; put a line with the names of the "
                    "columns above it, or say with --header-row which line has them",
                    plan->path, (long long)plan->person_line);
}

hra_code hra_header_names(hra_arena *arena, hra_file_plan *plan, hra_error *error)
{
    hra_buffer scratch = {0};
    hra_cells cells = hra_cells_begin(plan->header_text, plan->header_length, plan->delimiter, &scratch);
    size_t n = (size_t)plan->width;
    plan->columns = hra_arena_alloc(arena, n * sizeof *plan->columns);
    plan->matches = hra_arena_alloc(arena, n * sizeof *plan->matches);
    bool good = plan->columns && plan->matches;
    for (size_t i = 0; good && i < n; i++) {
        hra_cell_text cell = cells.done ? (hra_cell_text){"", 0, false} : hra_cells_next(&cells);
        hra_trim(&cell.text, &cell.length);
        char *name = hra_arena_text_n(arena, cell.text, cell.length);
        char *shown = hra_arena_text_n(arena, cell.text, cell.length);
        good = name && shown;
        if (!good) break;
        hra_plain_text(name);
        hra_plain_text(shown);
        hra_mask_long_numbers(shown); /* where the header is missing, the first person stands in its place */
        plan->columns[i] = (hra_source_column){.header = name, .combination = -1};
        plan->matches[i] = (hra_csv_match){.header = shown, .variable = -1, .how = "no such variable"};
    }
    good = good && !scratch.failed;
    hra_buffer_destroy(&scratch);
    return good ? HRA_OK : hra_out_of_memory(error);
}

static hra_row_text row_text(const hra_batch *batch, int row)
{
    return (hra_row_text){batch->text.bytes + batch->records[row].start, batch->records[row].length};
}

/* A row that is given is the last one of the header: the names may stand in the row above it, which then knows at least
 * as many. */
static hra_code find_names_above(const hra_name_index *names, hra_arena *arena, const hra_batch *batch, char delimiter,
                                 int *row, hra_error *error)
{
    hra_row_look above = {0}, own = {0};
    if (*row == 0 || batch->records[*row - 1].fault != HRA_RECORD_GOOD) return HRA_OK;
    HRA_TRY(hra_row_look_at(names, arena, batch, &batch->records[*row - 1], delimiter, -1, &above, error));
    HRA_TRY(hra_row_look_at(names, arena, batch, &batch->records[*row], delimiter, -1, &own, error));
    if (above.known > 0 && above.known >= own.known) --*row;
    return HRA_OK;
}

/* The names of a row with what the rows beside it say of them: *units, the row below is one of units. */
static hra_code join_rows(const hra_name_index *names, hra_arena *arena, const hra_batch *batch, int row,
                          char delimiter, hra_row_text *header, bool *units, hra_error *error)
{
    hra_buffer joined = {0};
    *units = false;
    HRA_TRY(hra_whole_header(names, arena, batch, row, delimiter, header, error));
    if (row + 1 >= batch->count || batch->records[row + 1].fault != HRA_RECORD_GOOD) return HRA_OK;
    hra_code code =
        hra_join_unit_row(names, arena, *header, row_text(batch, row + 1), delimiter, &joined, units, error);
    if (code == HRA_OK && *units)
        *header = (hra_row_text){hra_arena_text_n(arena, joined.bytes, joined.length), joined.length};
    hra_buffer_destroy(&joined);
    return code == HRA_OK && !header->text ? hra_out_of_memory(error) : code;
}

static hra_code use_row(const hra_name_index *names, hra_arena *arena, const hra_batch *batch, int row,
                        hra_file_plan *plan, hra_error *error)
{
    hra_row_text full;
    bool units;
    int first = row;
    HRA_TRY(join_rows(names, arena, batch, row, plan->delimiter, &full, &units, error));
    if (!units && plan->how.header_row > 0)
        HRA_TRY(find_names_above(names, arena, batch, plan->delimiter, &first, error));
    if (first < row) HRA_TRY(join_rows(names, arena, batch, first, plan->delimiter, &full, &units, error));
    if (first < row && !units) HRA_TRY(join_rows(names, arena, batch, row, plan->delimiter, &full, &units, error));
    if (units) row = first;
    hra_row_text own = row_text(batch, row);
    plan->header_line = batch->records[row + units].line;
    plan->width = (int)batch->records[row].cells;
    plan->row_text = hra_arena_text_n(arena, own.text, own.length);
    plan->row_length = (uint32_t)own.length;
    plan->header_text = hra_arena_text_n(arena, full.text, full.length);
    plan->header_length = (uint32_t)full.length;
    return plan->header_text && plan->row_text ? HRA_OK : hra_out_of_memory(error);
}

static hra_code use_batch(const hra_name_index *names, hra_arena *arena, const hra_batch *batch, hra_file_plan *plan,
                          hra_error *error)
{
    int row = 0, given = plan->how.header_row;
    plan->row_names = -1;
    plan->person_line = 0;
    if (given > 0) {
        while (row < batch->count && batch->records[row].line < given) row++;
        if (row == batch->count || batch->records[row].line != given)
            return hra_fail(error, HRA_EINPUT, "%s: there is no header in line %d", plan->path, given);
    } else {
        if (batch->count == 0)
            return hra_fail(error, HRA_EINPUT, "%s: the file is empty: there is no header", plan->path);
        HRA_TRY(choose_row(names, arena, batch, plan, &row, error));
        HRA_TRY(look_for_person(names, arena, batch, plan, error));
    }
    const hra_record *record = &batch->records[row];
    if (record->fault == HRA_RECORD_UNCLOSED)
        return hra_fail(error, HRA_EINPUT, "%s:%lld: a quote in the header is not closed", plan->path,
                        (long long)record->line);
    if (record->fault == HRA_RECORD_NUL)
        return hra_fail(error, HRA_EINPUT,
                        "%s:%lld: the header holds NUL bytes; for UTF-16 text without a mark give "
                        "--encoding utf-16le",
                        plan->path, (long long)record->line);
    if (record->cells > MAX_WIDTH)
        return hra_fail(error, HRA_EINPUT, "%s: the header has %u cells, more than %d", plan->path, record->cells,
                        MAX_WIDTH);
    return use_row(names, arena, batch, row, plan, error);
}

hra_code hra_header_read(const hra_name_index *names, hra_arena *arena, const char *path, hra_file_plan *plan,
                         hra_error *error)
{
    plan->path = hra_arena_text(arena, path);
    plan->name = hra_shown_name(arena, path);
    plan->group = hra_shown_stem(arena, path);
    if (!plan->path || !plan->name || !plan->group) return hra_out_of_memory(error);
    plan->id = -1;
    HRA_TRY(plan->how.guess_encoding
                ? hra_text_guess_table(path, plan->how.encoding, plan->how.sheet, &plan->text, error)
                : hra_text_examine_table(path, plan->how.encoding, plan->how.sheet, &plan->text, error));
    hra_record_reader *reader;
    HRA_TRY(hra_record_reader_open(path, &plan->text, plan->how.delimiter, &reader, error));
    plan->delimiter = hra_record_reader_delimiter(reader);
    hra_batch batch = {0};
    int most = (plan->how.header_row > LOOK_AT ? plan->how.header_row : LOOK_AT) + 1; /* units may stand below */
    hra_code code = hra_record_reader_next(reader, most, 1 << 20, &batch, error);
    if (code == HRA_OK) code = use_batch(names, arena, &batch, plan, error);
    hra_batch_destroy(&batch);
    hra_record_reader_close(reader);
    return code;
}
