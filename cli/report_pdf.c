/* hra report pdf: the individual reports for the printer, merged per department or group. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/stopwatch.h"
#include "cli/command.h"
#include "cli/report.h"
#include "cli/reporting.h"
#include "report/pdf/pdf_files.h"

typedef struct pdf_options {
    hra_reporting_options who;
    hra_page_options page;
    const char *folder, *merge;
    bool two_sided;
} pdf_options;

typedef struct pdf_state {
    hra_reporting reporting;
    hra_lock *lock;
    hra_identity *identity;
    hra_key_map *names;
    hra_pdf_files *files;
    hra_buffer stamp;
    char beside[HRA_REPORTING_PATH];
} pdf_state;

static hra_code read_merge(const pdf_options *o, hra_pdf_merge *merge, hra_error *error)
{
    static const char *const names[] = {"department", "group", "none"};
    const char *wanted = o->merge ? o->merge : o->who.people.count > 0 ? "none" : "department";
    for (int i = 0; i < 3; i++) {
        *merge = (hra_pdf_merge)i;
        if (strcmp(names[i], wanted) == 0) return HRA_OK;
    }
    return hra_fail(error, HRA_EUSAGE, "--merge is department, group or none, not '%s'", wanted);
}

static hra_code print(const pdf_options *o, pdf_state *s, hra_pdf_merge merge, hra_pdf_facts *facts, hra_error *error)
{
    hra_reporting *r = &s->reporting;
    char day[HRA_DAY_TEXT];
    const hra_individual_options pages = {.words = hra_person_views_words(r->views),
                                          .provider = o->page.provider,
                                          .contact = o->page.contact,
                                          .engine_version = HRA_VERSION,
                                          .definitions_hash = r->facts->definitions_hash,
                                          .mask_names = o->page.mask_names};
    HRA_TRY(hra_reporting_stamp(r, o->page.provider, o->page.contact, o->page.mask_names, &s->stamp, error));
    const hra_pdf_request request = {.views = r->views,
                                     .pages = &pages,
                                     .schema = r->input.source->schema,
                                     .previous = r->previous,
                                     .names = s->names,
                                     .stamp = s->stamp.bytes,
                                     .folder = o->folder,
                                     .day = hra_day_text(r->as_of, day),
                                     .merge = merge,
                                     .two_sided = o->two_sided,
                                     .threads = r->scoring.threads,
                                     .wants = hra_reporting_wants,
                                     .context = r};
    HRA_TRY(hra_pdf_files_new(&request, &s->files, error));
    for (;;) {
        hra_sink *sink;
        HRA_TRY(hra_pdf_files_next(s->files, &sink, error));
        if (!sink) break;
        HRA_TRY(hra_reporting_run(r, sink, error));
    }
    hra_pdf_files_facts(s->files, facts);
    return HRA_OK;
}

static hra_code report(const pdf_options *o, pdf_state *s, hra_error *error)
{
    hra_pdf_facts facts = {0};
    hra_pdf_merge merge;
    double start = hra_seconds();
    HRA_TRY(read_merge(o, &merge, error));
    HRA_TRY(hra_reporting_folder(o->folder, s->beside, &s->lock, error));
    HRA_TRY(hra_reporting_open(&o->who, s->beside, &s->reporting, error));
    HRA_TRY(hra_reporting_names(o->page.key_map, o->page.key, &s->identity, &s->names, error));
    HRA_TRY(print(o, s, merge, &facts, error));
    double seconds = hra_seconds() - start;
    if (facts.misfits > 0)
        fprintf(stderr,
                "hra report pdf: %lld texts did not fit their place and were cut, or have characters that no font "
                "installed has\n",
                (long long)facts.misfits);
    if (o->who.quiet) return HRA_OK;
    fprintf(stderr, "%lld report%s, %lld pages, %lld file%s in %s, %lld unchanged; %.1f s\n", (long long)facts.reports,
            facts.reports == 1 ? "" : "s", (long long)facts.pages, (long long)facts.files, facts.files == 1 ? "" : "s",
            o->folder, (long long)facts.kept, seconds);
    return HRA_OK;
}

static void destroy(pdf_state *s)
{
    hra_pdf_files_free(s->files);
    hra_key_map_close(s->names);
    hra_identity_free(s->identity);
    hra_reporting_close(&s->reporting);
    hra_buffer_destroy(&s->stamp);
    hra_lock_release(s->lock);
}

int hra_report_pdf(int argc, char **argv)
{
    pdf_options o = {.who = {.language = "zh"}};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.folder, "FOLDER", "folder for the files; created if it does not exist"},
        {"merge", 0, HRA_OPTION_TEXT, &o.merge, "BY",
         "department (default): GROUP/DEPARTMENT.pdf; group: GROUP.pdf; none: KEY.pdf (default with --person)"},
        {"two-sided", 0, HRA_OPTION_FLAG, &o.two_sided, NULL,
         "for double-sided printing: in merged files each person starts on a new sheet"},
        HRA_REPORTING_OPTIONS(o.who),
        HRA_PAGE_OPTIONS(o.page),
        {0}};
    const hra_usage usage = {
        "report pdf", "RESULTS --person KEY | --group NAME | --all -o FOLDER [options]",
        "Writes the individual reports as PDF on A4 for the printer: one file per department or group with the people\n"
        "in input order, or one file per person. Bookmarks lead to every person and section; the text can be\n"
        "searched. RESULTS is the folder of 'hra run', or its results.h5. A font with Chinese characters must be\n"
        "installed (Debian: fonts-noto-cjk).",
        options, "Example: hra report pdf night --all -o night/print --key-map people.keymap --key my.key"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    if (argc != 2) {
        fprintf(stderr, "hra report pdf: the folder of one run is needed; see 'hra report pdf --help'\n");
        return HRA_EUSAGE;
    }
    o.who.results = argv[1];
    hra_setup_catch_signals();
    hra_error error = {0};
    pdf_state state = {0};
    hra_code code = report(&o, &state, &error);
    destroy(&state);
    return code == HRA_OK ? HRA_OK : hra_report_error("report pdf", &error);
}
