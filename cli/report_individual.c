/* hra report individual: one page per person, in archives per group or as single files. */
#include <stdio.h>

#include "base/stopwatch.h"
#include "cli/command.h"
#include "cli/report.h"
#include "cli/reporting.h"
#include "report/person/individual_files.h"

typedef struct individual_options {
    hra_reporting_options who;
    hra_page_options page;
    const char *folder;
    bool pages;
} individual_options;

typedef struct individual_state {
    hra_reporting reporting;
    hra_lock *lock;
    hra_identity *identity;
    hra_key_map *names;
    hra_individual *pages;
    hra_individual_files *files;
    hra_buffer stamp;
    char beside[HRA_REPORTING_PATH];
} individual_state;

static hra_code render(const individual_options *o, individual_state *s, hra_individual_facts *facts, hra_error *error)
{
    hra_reporting *r = &s->reporting;
    const hra_individual_options pages = {.words = hra_person_views_words(r->views),
                                          .provider = o->page.provider,
                                          .contact = o->page.contact,
                                          .engine_version = HRA_VERSION,
                                          .definitions_hash = r->facts->definitions_hash,
                                          .mask_names = o->page.mask_names};
    HRA_TRY(hra_individual_new(&pages, &s->pages, error));
    HRA_TRY(hra_reporting_stamp(r, o->page.provider, o->page.contact, o->page.mask_names, &s->stamp, error));
    const hra_individual_request request = {.views = r->views,
                                            .pages = s->pages,
                                            .schema = r->input.source->schema,
                                            .previous = r->previous,
                                            .names = s->names,
                                            .folder = o->folder,
                                            .stamp = s->stamp.bytes,
                                            .single = o->pages || o->who.people.count > 0,
                                            .day = r->as_of,
                                            .threads = r->scoring.threads,
                                            .wants = hra_reporting_wants,
                                            .context = r};
    HRA_TRY(hra_individual_files_new(&request, &s->files, error));
    HRA_TRY(hra_reporting_run(r, hra_individual_files_sink(s->files), error));
    return hra_individual_files_finish(s->files, facts, error);
}

static hra_code report(const individual_options *o, individual_state *s, hra_error *error)
{
    hra_individual_facts facts = {0};
    double start = hra_seconds();
    HRA_TRY(hra_reporting_folder(o->folder, s->beside, &s->lock, error));
    HRA_TRY(hra_reporting_open(&o->who, s->beside, &s->reporting, error));
    HRA_TRY(hra_reporting_names(o->page.key_map, o->page.key, &s->identity, &s->names, error));
    HRA_TRY(render(o, s, &facts, error));
    double seconds = hra_seconds() - start;
    if (o->who.quiet) return HRA_OK;
    long long reports = (long long)(facts.rendered + facts.kept);
    fprintf(stderr, "%lld report%s in %s", reports, reports == 1 ? "" : "s", o->folder);
    if (facts.archives) fprintf(stderr, ", %d archive%s", facts.archives, facts.archives == 1 ? "" : "s");
    fprintf(stderr, ": %lld made", (long long)facts.rendered);
    if (facts.rendered) fprintf(stderr, " (%.0f KB each)", (double)facts.bytes / 1000 / (double)facts.rendered);
    fprintf(stderr, ", %lld unchanged; %.1f s\n", (long long)facts.kept, seconds);
    return HRA_OK;
}

static void destroy(individual_state *s)
{
    hra_individual_files_free(s->files);
    hra_individual_free(s->pages);
    hra_key_map_close(s->names);
    hra_identity_free(s->identity);
    hra_reporting_close(&s->reporting);
    hra_buffer_destroy(&s->stamp);
    hra_lock_release(s->lock);
}

int hra_report_individual(int argc, char **argv)
{
    individual_options o = {.who = {.language = "zh"}};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.folder, "FOLDER", "folder for the reports; created if it does not exist"},
        HRA_REPORTING_OPTIONS(o.who),
        {"pages", 0, HRA_OPTION_FLAG, &o.pages, NULL, "single pages KEY.html also for --group and --all"},
        HRA_PAGE_OPTIONS(o.page),
        {0}};
    const hra_usage usage = {
        "report individual", "RESULTS --person KEY | --group NAME | --all -o FOLDER [options]",
        "Writes one report per person as a self-contained HTML page that prints on A4. RESULTS is the folder of\n"
        "'hra run', or its results.h5. --person writes FOLDER/KEY.html. --group and --all write one archive per "
        "group,\n"
        "FOLDER/GROUP.zip, and reuse the reports in it that have not changed.",
        options, "Example: hra report individual night --all -o night/reports"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    if (argc != 2) {
        fprintf(stderr, "hra report individual: the folder of one run is needed; see 'hra report individual --help'\n");
        return HRA_EUSAGE;
    }
    o.who.results = argv[1];
    hra_setup_catch_signals();
    hra_error error = {0};
    individual_state state = {0};
    hra_code code = report(&o, &state, &error);
    destroy(&state);
    return code == HRA_OK ? HRA_OK : hra_report_error("report individual", &error);
}
