/* The report on a set of text files: what matched, what did not, what was
 * counted. It names columns, never a cell's content. */
#include <inttypes.h>
#include <string.h>

#include "base/shown_name.h"
#include "base/plain_text.h"
#include "io/csv/csv_source.h"

static const char *delimiter_name(char delimiter, char text[4])
{
    if (delimiter == '\t') return "tab";
    if (delimiter == ',') return "comma";
    text[0] = delimiter;
    text[1] = '\0';
    return text;
}

static const char *variable_name(const hra_source *source, int variable)
{
    return variable >= 0 ? hra_dictionary_at(source->schema->dictionary, variable)->name : "";
}

static bool is_read(const hra_csv_match *match)
{
    return match->variable >= 0 || strcmp(match->how, "map: identifier") == 0;
}

static bool is_ignored(const hra_csv_match *match) { return !is_read(match) && strncmp(match->how, "ignored", 7) == 0; }

bool hra_csv_has_identifier(const hra_source *source, const hra_csv_report *report)
{
    for (int i = 0; i < report->match_count; i++) {
        const hra_csv_match *match = &report->matches[i];
        if (!is_read(match)) continue;
        if (match->variable < 0 || hra_dictionary_at(source->schema->dictionary, match->variable)->type == HRA_TYPE_ID)
            return true;
    }
    return false;
}

/* ---- text -------------------------------------------------------------------------------- */

static void print_matched(const hra_source *source, const hra_csv_report *report, hra_buffer *out)
{
    for (int i = 0; i < report->match_count; i++) {
        const hra_csv_match *match = &report->matches[i];
        if (!is_read(match)) continue;
        bool unit = match->unit && *match->unit;
        hra_buffer_printf(out, "    %s -> %s%s%s%s  (%s)\n", match->header,
                          match->variable >= 0 ? variable_name(source, match->variable) : "person_id", unit ? " [" : "",
                          unit ? match->unit : "", unit ? "]" : "", match->how);
    }
}

static void print_others(const hra_csv_report *report, bool ignored, hra_buffer *out)
{
    for (int i = 0; i < report->match_count; i++) {
        const hra_csv_match *match = &report->matches[i];
        if (is_read(match) || is_ignored(match) != ignored) continue;
        const char *why = ignored ? match->how + strlen("ignored") : match->how;
        while (*why == ':' || *why == ' ') why++;
        hra_buffer_printf(out, "    %s: %s\n", *match->header ? match->header : "(no name)", why);
    }
}

static const char *const kinds[] = {
    [HRA_FILE_TEXT] = "text",
    [HRA_FILE_ZIPPED_TEXT] = "zipped text",
    [HRA_FILE_WORKBOOK] = "Excel workbook",
    [HRA_FILE_OLD_WORKBOOK] = "old Excel workbook (.xls)",
    [HRA_FILE_MARKUP] = "web page or Excel 2003 XML",
    [HRA_FILE_HDF5] = "HDF5",
};

/* What the file is: encoding and separator of a text, the sheet of a workbook. */
static void print_form(const hra_csv_report *report, hra_buffer *out)
{
    char text[4];
    const hra_table_choice *table = &report->text->table;
    if (!table->name[0]) {
        hra_buffer_printf(out, "%s, %s", report->encoding, delimiter_name(report->delimiter, text));
        return;
    }
    hra_file_kind kind = report->text->kind;
    bool sheet = kind == HRA_FILE_WORKBOOK || kind == HRA_FILE_OLD_WORKBOOK;
    hra_buffer_printf(out, "%s, %s '%s'", kinds[kind], sheet ? "sheet" : "table", table->name);
    if (table->count > 1) hra_buffer_printf(out, " of %d", table->count);
}

static void print_file(const hra_source *source, const hra_csv_report *report, hra_buffer *out)
{
    int read = 0, ignored = 0;
    for (int i = 0; i < report->match_count; i++) {
        read += is_read(&report->matches[i]);
        ignored += is_ignored(&report->matches[i]);
    }
    size_t start = out->length;
    hra_buffer_text(out, report->file);
    if (!out->failed) hra_plain_text(out->bytes + start);
    hra_buffer_text(out, ": ");
    print_form(report, out);
    hra_buffer_printf(out, "; %" PRId64 " rows, %" PRId64 " rejected", report->rows, report->rows_rejected);
    if (report->long_rows)
        hra_buffer_printf(out,
                          ", put together from %" PRId64 " rows of a long file (%" PRId64
                          " of items without a meaning, %" PRId64 " repeated)",
                          report->long_rows, report->unknown_items, report->repeats);
    if (report->duplicates) hra_buffer_printf(out, " (%" PRId64 " with a repeated identifier", report->duplicates);
    if (report->later)
        hra_buffer_printf(out, ", %" PRId64 " of them of a later visit than the row that stands", report->later);
    if (report->duplicates) hra_buffer_char(out, ')');
    if (report->rows_short) hra_buffer_printf(out, ", %" PRId64 " with too few cells", report->rows_short);
    hra_buffer_char(out, '\n');
    if (report->damaged)
        hra_buffer_printf(out, "  %" PRId64 " places are not valid %s, the first at byte %" PRId64 "\n",
                          report->damaged, report->encoding, report->first_damaged);
    if (report->text->table.not_read[0]) hra_buffer_printf(out, "  not read: %s\n", report->text->table.not_read);
    hra_buffer_printf(out, "  read: %d columns\n", read);
    print_matched(source, report, out);
    if (!hra_csv_has_identifier(source, report))
        hra_buffer_text(
            out, "  no identifier: people are known by the numbers of their rows and cannot be joined with other "
                 "files; a map file can say which column it is (id = COLUMN)\n");
    if (report->match_count - read - ignored > 0) {
        hra_buffer_printf(out, "  not matched: %d columns (a map file can name them)\n",
                          report->match_count - read - ignored);
        print_others(report, false, out);
    }
    if (ignored > 0) {
        hra_buffer_printf(out, "  ignored: %d columns\n", ignored);
        print_others(report, true, out);
    }
}

static void add_counts(hra_value_counts *total, const hra_value_counts *counts)
{
    total->known += counts->known;
    total->missing += counts->missing;
    total->implausible += counts->implausible;
    total->rejected += counts->rejected;
    total->altered += counts->altered;
}

hra_value_counts hra_csv_counts(const hra_source *source, int column)
{
    hra_value_counts total = {0};
    for (int f = 0; f < hra_csv_file_count(source); f++)
        add_counts(&total, &hra_csv_file_report(source, f)->values[column]);
    return total;
}

hra_value_counts hra_csv_all_counts(const hra_source *source)
{
    hra_value_counts total = {0};
    for (int c = 0; c < source->schema->column_count; c++) {
        hra_value_counts counts = hra_csv_counts(source, c);
        add_counts(&total, &counts);
    }
    return total;
}

/* ---- what was said of cells ----------------------------------------------------------------- */

static const char *const kind_names[HRA_TALLY_KINDS] = {"missing", "altered", "marked", "rejected"};

/* Of one kind, the most frequent first; equal ones by name, so that the order of threads does not show. */
static int before(const hra_tally *a, const hra_tally *b)
{
    if (a->count != b->count) return a->count > b->count;
    return strcmp(a->what, b->what) < 0;
}

/* The tally of a kind that follows `last` (NULL: the first), or NULL. */
static const hra_tally *next_tally(const hra_tallies *t, int column, hra_tally_kind kind, const hra_tally *last)
{
    const hra_tally *best = NULL;
    if (column >= t->columns) return NULL;
    for (int i = t->first[column]; i >= 0; i = t->items[i].next) {
        const hra_tally *item = &t->items[i];
        if (item->kind != kind || (last && !before(last, item))) continue;
        if (!best || before(item, best)) best = item;
    }
    return best;
}

static void print_tallies(const hra_tallies *t, int column, const char *name, hra_buffer *out)
{
    bool any = false;
    for (int k = 0; k < HRA_TALLY_KINDS; k++) {
        const hra_tally *item = next_tally(t, column, (hra_tally_kind)k, NULL);
        if (!item) continue;
        if (!any) hra_buffer_printf(out, "  %s: ", name);
        hra_buffer_printf(out, "%s%s: ", any ? "; " : "", kind_names[k]);
        any = true;
        for (int i = 0; item; i++, item = next_tally(t, column, (hra_tally_kind)k, item))
            hra_buffer_printf(out, "%s%" PRId64 " %s", i ? ", " : "", item->count, item->what);
    }
    if (any) hra_buffer_char(out, '\n');
}

static void print_all_tallies(const hra_source *source, hra_buffer *out)
{
    hra_tallies total = {0};
    bool good = hra_tallies_reset(&total, source->schema->column_count);
    for (int f = 0; good && f < hra_csv_file_count(source); f++)
        good = hra_tallies_merge(&total, hra_csv_file_report(source, f)->tallies);
    if (good && total.count > 0)
        hra_buffer_text(out, "what was said of cells (missing values without a reason were blank):\n");
    for (int c = 0; good && c < source->schema->column_count; c++)
        print_tallies(&total, c, variable_name(source, source->schema->columns[c].variable), out);
    if (!good) out->failed = true;
    hra_tallies_destroy(&total);
}

static void json_tallies(const hra_tallies *t, int column, hra_buffer *out)
{
    for (int k = 0; k < HRA_TALLY_KINDS; k++) {
        const hra_tally *item = next_tally(t, column, (hra_tally_kind)k, NULL);
        if (!item) continue;
        hra_buffer_printf(out, ",\"%s_by\":{", kind_names[k]);
        for (int i = 0; item; i++, item = next_tally(t, column, (hra_tally_kind)k, item)) {
            if (i) hra_buffer_char(out, ',');
            hra_buffer_json(out, item->what);
            hra_buffer_printf(out, ":%" PRId64, item->count);
        }
        hra_buffer_char(out, '}');
    }
}

/* ---- the text as a whole ---------------------------------------------------------------------- */

void hra_csv_report_print(const hra_source *source, hra_buffer *out)
{
    for (int f = 0; f < hra_csv_file_count(source); f++) print_file(source, hra_csv_file_report(source, f), out);
    if (source->schema->column_count == 0) return;
    hra_buffer_printf(out, "%-28s %-10s %12s %12s %12s %12s %12s\n", "variable", "unit", "known", "missing",
                      "implausible", "rejected", "altered");
    for (int c = 0; c < source->schema->column_count; c++) {
        const hra_column *column = &source->schema->columns[c];
        hra_value_counts t = hra_csv_counts(source, c);
        hra_buffer_printf(out, "%-28s %-10s %12" PRId64 " %12" PRId64 " %12" PRId64 " %12" PRId64 " %12" PRId64 "\n",
                          variable_name(source, column->variable), *column->unit ? column->unit : "-", t.known,
                          t.missing, t.implausible, t.rejected, t.altered);
    }
    print_all_tallies(source, out);
}

/* ---- JSON --------------------------------------------------------------------------------- */

static void json_match(const hra_source *source, const hra_csv_match *match, hra_buffer *out)
{
    hra_buffer_text(out, "{\"header\":");
    hra_buffer_json(out, match->header);
    if (match->variable >= 0) {
        hra_buffer_text(out, ",\"variable\":");
        hra_buffer_json(out, variable_name(source, match->variable));
    }
    if (match->unit && *match->unit) {
        hra_buffer_text(out, ",\"unit\":");
        hra_buffer_json(out, match->unit);
    }
    hra_buffer_text(out, ",\"how\":");
    hra_buffer_json(out, match->how);
    hra_buffer_char(out, '}');
}

static void json_matches(const hra_source *source, const hra_csv_report *report, hra_buffer *out)
{
    hra_buffer_text(out, "\"columns\":[");
    for (int i = 0; i < report->match_count; i++) {
        if (i) hra_buffer_char(out, ',');
        json_match(source, &report->matches[i], out);
    }
    hra_buffer_char(out, ']');
}

static void json_values(const hra_source *source, const hra_csv_report *report, hra_buffer *out)
{
    hra_buffer_text(out, "\"values\":[");
    for (int c = 0; c < source->schema->column_count; c++) {
        const hra_column *column = &source->schema->columns[c];
        const hra_value_counts *v = &report->values[c];
        hra_buffer_text(out, c ? ",{\"variable\":" : "{\"variable\":");
        hra_buffer_json(out, variable_name(source, column->variable));
        hra_buffer_text(out, ",\"unit\":");
        hra_buffer_json(out, column->unit);
        hra_buffer_printf(out,
                          ",\"known\":%" PRId64 ",\"missing\":%" PRId64 ",\"implausible\":%" PRId64
                          ",\"rejected\":%" PRId64 ",\"altered\":%" PRId64,
                          v->known, v->missing, v->implausible, v->rejected, v->altered);
        json_tallies(report->tallies, c, out);
        hra_buffer_char(out, '}');
    }
    hra_buffer_char(out, ']');
}

/* Of a workbook or HDF5 file: which sheet or table was read, of how many, and what was not. */
static void json_table(const hra_csv_report *report, hra_buffer *out)
{
    const hra_table_choice *table = &report->text->table;
    if (!table->name[0]) return;
    hra_buffer_text(out, ",\"kind\":");
    hra_buffer_json(out, kinds[report->text->kind]);
    hra_buffer_text(out, ",\"sheet\":");
    hra_buffer_json(out, table->name);
    hra_buffer_printf(out, ",\"sheets\":%d,\"not_read\":", table->count);
    hra_buffer_json(out, table->not_read);
}

void hra_csv_report_json(const hra_source *source, hra_buffer *out)
{
    hra_buffer_char(out, '[');
    for (int f = 0; f < hra_csv_file_count(source); f++) {
        const hra_csv_report *report = hra_csv_file_report(source, f);
        char delimiter[2] = {report->delimiter, '\0'};
        hra_buffer_text(out, f ? ",{\"file\":" : "{\"file\":");
        hra_buffer_json(out, report->file);
        hra_buffer_text(out, ",\"encoding\":");
        hra_buffer_json(out, report->encoding);
        hra_buffer_text(out, ",\"delimiter\":");
        hra_buffer_json(out, delimiter);
        json_table(report, out);
        hra_buffer_printf(out,
                          ",\"long_rows\":%" PRId64 ",\"unknown_items\":%" PRId64 ",\"repeats\":%" PRId64
                          ",\"rows\":%" PRId64 ",\"rows_rejected\":%" PRId64 ",\"duplicates\":%" PRId64
                          ",\"later_left_out\":%" PRId64 ",\"rows_short\":%" PRId64 ",\"damaged_places\":%" PRId64 ",",
                          report->long_rows, report->unknown_items, report->repeats, report->rows,
                          report->rows_rejected, report->duplicates, report->later, report->rows_short,
                          report->damaged);
        json_matches(source, report, out);
        hra_buffer_char(out, ',');
        json_values(source, report, out);
        hra_buffer_char(out, '}');
    }
    hra_buffer_char(out, ']');
}

/* Columns without a meaning are left out: of a file without a header they are cells. */
void hra_csv_reading_json(const hra_source *source, hra_buffer *out)
{
    hra_buffer_char(out, '[');
    for (int f = 0; f < hra_csv_file_count(source); f++) {
        const hra_csv_report *report = hra_csv_file_report(source, f);
        char delimiter[2] = {report->delimiter, '\0'};
        hra_buffer_text(out, f ? ",\n    {\"file\":" : "\n    {\"file\":");
        hra_buffer_json_path(out, report->file);
        hra_buffer_text(out, ",\"encoding\":");
        hra_buffer_json(out, report->encoding);
        hra_buffer_text(out, ",\"delimiter\":");
        hra_buffer_json(out, delimiter);
        json_table(report, out);
        hra_buffer_text(out, ",\"columns\":[");
        const char *separator = "";
        for (int i = 0; i < report->match_count; i++) {
            if (report->matches[i].variable < 0) continue;
            hra_buffer_printf(out, "%s\n      ", separator);
            json_match(source, &report->matches[i], out);
            separator = ",";
        }
        hra_buffer_text(out, "]}");
    }
    hra_buffer_char(out, ']');
}
