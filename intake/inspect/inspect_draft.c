/* What was found, as a profile and as a summary. */
#include <ctype.h>
#include <string.h>

#include "base/plain_text.h"
#include "intake/inspect/inspect_internal.h"
#include "intake/profiles/profile.h"

/* A kind is taken for granted if its columns are more than so many times those of the other. */
enum { FEW = 9 };

/* ---- pieces -------------------------------------------------------------------------------- */

/* Every line of `lines` with something in front. */
static void prefixed(const hra_buffer *lines, const char *prefix, hra_buffer *out)
{
    for (const char *at = lines->bytes; at && *at;) {
        size_t length = strcspn(at, "\n");
        hra_buffer_text(out, prefix);
        hra_buffer_append(out, at, length);
        hra_buffer_char(out, '\n');
        at += length + (at[length] == '\n');
    }
}

static const char *file_name(const hra_inspector *in) { return in->plan.name; }

static void print_delimiter(const hra_intake_words *words, char delimiter, hra_buffer *out)
{
    if (delimiter == '\t')
        hra_buffer_text(out, hra_say(words, "tab"));
    else if (delimiter == ',')
        hra_buffer_text(out, hra_say(words, "comma"));
    else
        hra_buffer_char(out, delimiter);
}

typedef struct guess {
    const char *kind;
    int checkup, questionnaire; /* columns */
} guess;

/* What the variables found come from. A questionnaire asks for a weight and a height; who measured more than that
 * sends a checkup. */
static guess guess_kind(const hra_inspector *in)
{
    guess g = {.kind = "checkup"};
    int membership = 0;
    for (int i = 0; i < in->plan.width; i++) {
        int variable = in->columns[i].variable;
        const char *domain = variable >= 0 ? hra_dictionary_at(in->dictionary, variable)->domain : "";
        g.checkup += strcmp(domain, "checkup") == 0;
        g.questionnaire += strcmp(domain, "questionnaire") == 0;
        membership += strcmp(domain, "membership") == 0;
    }
    if (g.checkup == 0 && g.questionnaire == 0 && membership > 0) g.kind = "roster";
    if (g.questionnaire > FEW * g.checkup) g.kind = "questionnaire";
    return g;
}

/* Whether the file is of one kind is for the sender to say unless nearly all columns are of one. */
static bool print_kind_question(const hra_intake_words *words, const guess *g, const char *before, hra_buffer *out)
{
    bool open = g->checkup > 0 && g->questionnaire > 0 && g->checkup <= FEW * g->questionnaire &&
                g->questionnaire <= FEW * g->checkup;
    if (open)
        hra_buffer_printf(out,
                          hra_say(words, "%sIs this a checkup or a questionnaire? It has %d column%s of a checkup and "
                                         "%d of a questionnaire.\n"),
                          before, g->checkup, g->checkup == 1 ? "" : "s", g->questionnaire);
    return open;
}

/* A sheet that is not read may hold more people. */
static bool print_sheet_question(const hra_inspector *in, const char *before, hra_buffer *out)
{
    const hra_text_facts *facts = &in->plan.text;
    bool open = hra_text_has_others(facts);
    if (open)
        hra_buffer_printf(out,
                          hra_say(in->words, "%sDo the sheets that are not read (%s) hold people, too? Each sheet is "
                                             "imported by itself, with --sheet.\n"),
                          before, facts->table.not_read);
    return open;
}

/* Without an identifier every row is a person. A column that may be one asks itself how to write "id = ". */
static bool print_id_question(const hra_inspector *in, const char *before, hra_buffer *out)
{
    bool open = !in->has_id;
    for (int i = 0; i < in->plan.width && open; i++) {
        const char *questions = in->columns[i].questions.bytes;
        open = !questions || !strstr(questions, "id = ");
    }
    if (open)
        hra_buffer_printf(out,
                          hra_say(in->words, "%sWhich column identifies a person? None is known; write id = COLUMN. "
                                             "Without one every row is a person of its own.\n"),
                          before);
    return open;
}

/* The kinds that the file is not taken for. */
static void print_other_kinds(const hra_intake_words *words, const char *kind, hra_buffer *out)
{
    const char *separator = hra_say(words, "or ");
    for (int i = 0; i < HRA_PROFILE_KINDS; i++) {
        const char *other = hra_profile_kind_name((hra_profile_kind)i);
        if (strcmp(other, kind) == 0) continue;
        hra_buffer_printf(out, "%s%s", separator, other);
        separator = ", ";
    }
}

/* The file's name with * for its digits: next month's delivery. */
static void path_rule(const hra_inspector *in, hra_buffer *out)
{
    hra_buffer_char(out, '"');
    const char *name = file_name(in);
    for (size_t i = 0; name[i]; i++)
        if (!isdigit((unsigned char)name[i]))
            hra_buffer_char(out, name[i] == '"' ? '?' : name[i]);
        else if (i == 0 || !isdigit((unsigned char)name[i - 1]))
            hra_buffer_char(out, '*');
    hra_buffer_char(out, '"');
}

static void encoding_evidence(const hra_inspector *in, hra_buffer *out)
{
    const hra_text_facts *facts = &in->plan.text;
    const char *name = hra_encoding_name(facts->encoding);
    if (facts->damaged > 0)
        hra_buffer_printf(out, hra_say(in->words, "%lld places are not valid %s, the first at byte %lld"),
                          (long long)facts->damaged, name, (long long)facts->first_damaged);
    else if (in->plan.how.encoding)
        hra_buffer_text(out, hra_say(in->words, "as it was given"));
    else if (facts->encoding == HRA_GB18030)
        hra_buffer_text(out, hra_say(in->words, "the file is not valid UTF-8, but valid GB18030"));
    else if (facts->encoding == HRA_WINDOWS_1252)
        hra_buffer_text(out, hra_say(in->words, "the file is not valid UTF-8, and no Chinese stands in it"));
    else
        hra_buffer_printf(out, hra_say(in->words, "the whole file is valid %s"), name);
}

static void file_evidence(const hra_inspector *in, const char *prefix, hra_buffer *out)
{
    const hra_scan *scan = in->scan;
    hra_buffer_printf(out, hra_say(in->words, "%s%s: %lld rows, %d columns\n"), prefix, file_name(in),
                      (long long)scan->rows, scan->width);
    if (scan->wide)
        hra_buffer_printf(out, hra_say(in->words, "%s%lld rows have more cells than the header\n"), prefix,
                          (long long)scan->wide);
    if (scan->lean)
        hra_buffer_printf(out, hra_say(in->words, "%s%lld rows have fewer cells than the header\n"), prefix,
                          (long long)scan->lean);
    if (scan->damaged)
        hra_buffer_printf(out, hra_say(in->words, "%s%lld rows are damaged (an open quote, NUL bytes)\n"), prefix,
                          (long long)scan->damaged);
    if (scan->header_again)
        hra_buffer_printf(out, hra_say(in->words, "%s%lld rows repeat the header\n"), prefix,
                          (long long)scan->header_again);
}

/* ---- the draft -------------------------------------------------------------------------------- */

static void write_name(const hra_inspector *in, hra_buffer *out)
{
    size_t start = out->length;
    for (const char *at = in->plan.group; *at; at++)
        hra_buffer_char(out, *at == '#' || isspace((unsigned char)*at) ? '_' : *at);
    if (out->length == start) hra_buffer_text(out, "source");
}

static void write_header(const hra_inspector *in, hra_buffer *out)
{
    hra_buffer_text(out, "header: ");
    for (int i = 0; i < in->plan.width; i++) {
        if (i) hra_buffer_text(out, ", ");
        hra_inspect_quote(in->plan.columns[i].header, out);
    }
    hra_buffer_char(out, '\n');
}

/* Text files have an encoding and a separator, workbooks and HDF5 files a sheet or table. */
static void write_form(const hra_inspector *in, hra_buffer *out)
{
    const hra_text_facts *facts = &in->plan.text;
    if (facts->delimiter) {
        hra_buffer_printf(out, "sheet: %s", facts->table.name);
        if (*facts->table.not_read)
            hra_buffer_printf(out, hra_say(in->words, "      # not read: %s"), facts->table.not_read);
        hra_buffer_char(out, '\n');
        return;
    }
    hra_buffer_printf(out, "encoding: %s      # ", hra_encoding_name(facts->encoding));
    encoding_evidence(in, out);
    hra_buffer_text(out, "\ndelimiter: ");
    print_delimiter(NULL, in->plan.delimiter, out); /* a word of the language of profiles */
    hra_buffer_text(out, hra_say(in->words, "      # cuts the first rows alike\n"));
}

static void write_head(const hra_inspector *in, hra_buffer *out)
{
    hra_buffer_text(out, "profile: ");
    write_name(in, out);
    hra_buffer_text(out,
                    hra_say(in->words,
                            "\n# A draft. Answer every line that begins with ?, by changing the lines below it where "
                            "they are\n# wrong, and delete it; then say who confirms it.\n"));
    hra_buffer_text(out, hra_say(in->words, "confirmed: no      # then: NAME YYYY-MM-DD\n\n"));
    file_evidence(in, "# ", out);
    guess g = guess_kind(in);
    print_kind_question(in->words, &g, "? ", out);
    hra_buffer_printf(out, "kind: %s      # ", g.kind);
    print_other_kinds(in->words, g.kind, out);
    hra_buffer_char(out, '\n');
    hra_buffer_text(out, hra_say(in->words, "? Who sends this file, and who issued its identifiers? One identifier of "
                                            "two issuers is two persons.\n"));
    hra_buffer_text(out, "provider:\nissuer:\n");
    print_id_question(in, "? ", out);
    print_sheet_question(in, "? ", out);
    write_form(in, out);
    hra_buffer_printf(out, hra_say(in->words, "header-row: %lld      # the first row that knows names\n"),
                      (long long)in->plan.header_line);
    hra_buffer_text(out, "# path: ");
    path_rule(in, out);
    hra_buffer_text(out, hra_say(in->words, "      # files that belong here though their header has changed\n"));
    write_header(in, out);
    hra_buffer_text(out, "---\n");
}

void hra_inspect_write_draft(const hra_inspector *in, hra_inspection *out)
{
    write_head(in, &out->draft);
    for (int i = 0; i < in->plan.width; i++) {
        const hra_inspected *column = &in->columns[i];
        hra_buffer_char(&out->draft, '\n');
        prefixed(&column->evidence, "# ", &out->draft);
        prefixed(&column->questions, "? ", &out->draft);
        prefixed(&column->rules, "", &out->draft);
    }
}

/* ---- the summary -------------------------------------------------------------------------------- */

static void count_columns(const hra_inspector *in, hra_buffer *out)
{
    int known = 0, empty = 0, constant = 0;
    for (int i = 0; i < in->plan.width; i++) {
        const hra_scan_column *scan = &in->scan->columns[i];
        known += in->columns[i].variable >= 0;
        empty += hra_scan_filled(scan) == 0;
        constant += scan->beyond_list == 0 && scan->list_count == 1 && hra_scan_filled(scan) > 1;
    }
    hra_buffer_printf(out, hra_say(in->words, "  columns: %d known, %d not known; %d empty, %d constant\n"), known,
                      in->plan.width - known, empty, constant);
}

static void list_columns(const hra_inspector *in, hra_buffer *out)
{
    for (int i = 0; i < in->plan.width; i++) {
        const hra_inspected *column = &in->columns[i];
        const char *first = column->evidence.bytes ? column->evidence.bytes : "";
        hra_buffer_printf(out, "    %s -> %s", column->scan->header, column->title ? column->title : "?");
        hra_buffer_printf(out, "  (%s) %.*s\n", hra_say(in->words, column->how), (int)strcspn(first, "\n"), first);
    }
}

static void summarise_form(const hra_inspector *in, hra_buffer *out)
{
    const hra_text_facts *facts = &in->plan.text;
    if (facts->delimiter) {
        hra_buffer_printf(out, hra_say(in->words, "  sheet or table: %s"), facts->table.name);
        if (*facts->table.not_read)
            hra_buffer_printf(out, hra_say(in->words, " (not read: %s)"), facts->table.not_read);
    } else {
        hra_buffer_printf(out, hra_say(in->words, "  encoding: %s, "), hra_encoding_name(facts->encoding));
        encoding_evidence(in, out);
        hra_buffer_text(out, hra_say(in->words, "\n  separator: "));
        print_delimiter(in->words, in->plan.delimiter, out);
    }
    hra_buffer_printf(out, hra_say(in->words, "; header in line %lld\n"), (long long)in->plan.header_line);
}

void hra_inspect_write_summary(const hra_inspector *in, hra_inspection *out)
{
    hra_buffer *s = &out->summary;
    file_evidence(in, "", s);
    summarise_form(in, s);
    count_columns(in, s);
    list_columns(in, s);
    hra_buffer_text(
        s, hra_say(in->words, "  open questions:\n    Who sends this file, and who issued its identifiers?\n"));
    guess g = guess_kind(in);
    out->questions = 1 + print_kind_question(in->words, &g, "    ", s) + print_sheet_question(in, "    ", s);
    out->questions += print_id_question(in, "    ", s);
    for (int i = 0; i < in->plan.width; i++) {
        const hra_buffer *q = &in->columns[i].questions;
        for (size_t k = 0; k < q->length; k++) out->questions += q->bytes[k] == '\n';
        prefixed(q, "    ", s);
    }
    if (s->bytes && !s->failed) hra_plain_lines(s->bytes);
    if (out->draft.bytes && !out->draft.failed) hra_plain_lines(out->draft.bytes);
}
