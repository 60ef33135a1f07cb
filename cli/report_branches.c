/* hra report branches: a package per branch with only its people. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/folder.h"
#include "base/stopwatch.h"
#include "cli/ended_run.h"
#include "cli/report.h"
#include "cli/report_branches.h"
#include "io/files/atomic_file.h"
#include "io/files/sealed_file.h"
#include "report/branch/branch_index.h"
#include "report/branch/branch_tables.h"
#include "report/tools/archive_folder.h"

typedef struct branches_state {
    hra_reporting reporting;
    hra_lock *lock;
    hra_people_names *names;
    hra_individual *pages;
    hra_branch_book *book;
    hra_branch_people *people;
    hra_branch_prints *prints;
    hra_individual_options said; /* by all reports */
    hra_buffer stamp;
    char output[4096];             /* without slashes at its end */
    char part[4096], beside[4200]; /* the package grows in OUTPUT.part */
} branches_state;

/* ---- where it goes ---- */

static bool ends_in(const char *name, const char *end)
{
    size_t length = strlen(name), tail = strlen(end);
    return length > tail && strcmp(name + length - tail, end) == 0;
}

/* Packages and nothing else: a folder that is given by mistake is not removed. */
static bool holds_packages(const char *folder)
{
    char path[8192];
    bool only = true;
    DIR *all = opendir(folder);
    for (struct dirent *e; all && only && (e = readdir(all)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        if (ends_in(e->d_name, ".zip") || ends_in(e->d_name, ".zip.sealed")) continue;
        only = snprintf(path, sizeof path, "%s/%s/index.html", folder, e->d_name) < (int)sizeof path &&
               access(path, F_OK) == 0;
    }
    if (all) closedir(all);
    return all && only;
}

/* The folder is new or empty: what an earlier run left there could be about people who have moved on. */
static hra_code open_output(const hra_branches_request *o, branches_state *s, hra_error *error)
{
    if (!o->output) return hra_fail(error, HRA_EUSAGE, "give a folder for the packages with -o FOLDER");
    size_t length = strlen(o->output);
    while (length > 1 && o->output[length - 1] == '/') length--;
    snprintf(s->output, sizeof s->output, "%.*s", (int)length, o->output);
    if (snprintf(s->part, sizeof s->part, "%.*s.part", (int)length, o->output) >= (int)sizeof s->part - 64)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    HRA_TRY(hra_folder_make(s->output, error));
    HRA_TRY(hra_lock_take(s->part, &s->lock, error));
    if (rmdir(s->output) != 0 && errno != ENOENT && !o->renew)
        return hra_fail(error, HRA_ECONFLICT,
                        "%s is not empty: give a new or empty folder, or --renew if it contains packages", o->output);
    if (access(s->output, F_OK) == 0 && !holds_packages(s->output))
        return hra_fail(error, HRA_ECONFLICT, "%s contains more than packages of branches and is not replaced",
                        o->output);
    HRA_TRY(hra_archive_remove(s->part, error)); /* of a run that was stopped */
    if (mkdir(s->part, 0700) != 0) return hra_fail(error, HRA_EIO, "cannot make the folder %s: %m", s->part);
    snprintf(s->beside, sizeof s->beside, "%s/branches", s->part);
    return HRA_OK;
}

/* ---- what is in it ---- */

static hra_code open_people(const hra_branches_request *o, branches_state *s, hra_error *error)
{
    const hra_reporting *r = &s->reporting;
    s->said = (hra_individual_options){.words = hra_person_views_words(r->views),
                                       .provider = o->provider,
                                       .contact = o->contact,
                                       .engine_version = HRA_VERSION,
                                       .definitions_hash = r->facts->definitions_hash};
    if (o->people) HRA_TRY(hra_people_names_open(o->people, o->key, &s->names, error));
    if (!o->no_reports) HRA_TRY(hra_individual_new(&s->said, &s->pages, error));
    HRA_TRY(hra_branch_book_new(s->part, &s->book, error));
    const hra_branch_people_request request = {.views = r->views,
                                               .pages = s->pages,
                                               .names = s->names,
                                               .book = s->book,
                                               .beside = s->beside,
                                               .rows = r->facts->rows};
    return hra_branch_people_new(&request, &s->people, error);
}

/* Passes of their own: everybody's branch is known now. */
static hra_code print_reports(const hra_branches_request *o, branches_state *s, hra_error *error)
{
    hra_reporting *r = &s->reporting;
    char day[HRA_DAY_TEXT];
    if (!o->pdf) return HRA_OK;
    HRA_TRY(hra_reporting_stamp(r, o->provider, o->contact, false, &s->stamp, error));
    const hra_pdf_request request = {.views = r->views,
                                     .pages = &s->said,
                                     .schema = r->input.source->schema,
                                     .previous = r->previous,
                                     .names = s->names ? hra_people_names_map(s->names) : NULL,
                                     .stamp = s->stamp.bytes,
                                     .folder = s->part,
                                     .earlier = o->renew ? s->output : NULL,
                                     .day = hra_day_text(r->as_of, day),
                                     .two_sided = o->two_sided,
                                     .threads = r->scoring.threads};
    HRA_TRY(hra_branch_prints_new(&request, s->book, &s->prints, error));
    for (;;) {
        hra_sink *sink;
        HRA_TRY(hra_pdf_files_next(hra_branch_prints_files(s->prints), &sink, error));
        if (!sink) return HRA_OK;
        HRA_TRY(hra_reporting_run(r, sink, error));
    }
}

static hra_code write_packages(const hra_branches_request *o, branches_state *s, hra_error *error)
{
    const hra_reporting *r = &s->reporting;
    const hra_words *words = hra_person_views_words(r->views);
    const hra_xlsx_list_request list = {
        .words = words, .people = s->names, .transitions = o->transitions, .day = r->as_of};
    const hra_branch_tables_request tables = {
        .folder = o->who.results, .book = s->book, .people = s->people, .list = &list, .beside = s->beside};
    const hra_branch_index_request index = {.book = s->book,
                                            .people = s->people,
                                            .names = s->names,
                                            .prints = s->prints,
                                            .words = words,
                                            .as_of = r->facts->as_of,
                                            .reports = !o->no_reports};
    HRA_TRY(hra_branch_people_finish(s->people, error));
    HRA_TRY(hra_branch_tables_write(&tables, error));
    return hra_branch_index_write(&index, error);
}

/* ---- archives ---- */

static hra_code public_key(const hra_branches_request *o, const hra_branch *b, char path[4096], hra_error *error)
{
    if (snprintf(path, 4096, "%s/%s.public", o->keys, b->folder) >= 4096)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder of keys is too long");
    return hra_seal_check_public(path, error);
}

static hra_code pack_branch(const hra_branches_request *o, const branches_state *s, const hra_branch *b,
                            hra_error *error)
{
    char folder[4400], zip[4400], sealed[4410], key[4096];
    snprintf(folder, sizeof folder, "%s/%s", s->part, b->folder);
    snprintf(zip, sizeof zip, "%s/%s.zip", s->part, b->folder);
    snprintf(sealed, sizeof sealed, "%s.sealed", zip);
    HRA_TRY(hra_archive_folder(folder, b->folder, zip, error));
    HRA_TRY(hra_archive_remove(folder, error));
    if (!o->keys) return HRA_OK;
    HRA_TRY(public_key(o, b, key, error));
    HRA_TRY(hra_seal(zip, key, sealed, error));
    return unlink(zip) == 0 ? HRA_OK : hra_fail(error, HRA_EIO, "cannot remove %s: %m", zip);
}

static hra_code pack(const hra_branches_request *o, branches_state *s, hra_error *error)
{
    char key[4096];
    int count = hra_branch_book_count(s->book);
    if (!o->zip && !o->keys) return HRA_OK;
    for (int i = 0; o->keys && i < count; i++) HRA_TRY(public_key(o, hra_branch_book_at(s->book, i), key, error));
    for (int i = 0; i < count; i++) HRA_TRY(pack_branch(o, s, hra_branch_book_at(s->book, i), error));
    return HRA_OK;
}

/* ---- the command ---- */

static void say_prints(const branches_state *s)
{
    hra_pdf_facts facts;
    hra_pdf_files_facts(hra_branch_prints_files(s->prints), &facts);
    fprintf(stderr, "%lld PDF files, %lld pages; %lld files unchanged\n", (long long)facts.files,
            (long long)facts.pages, (long long)facts.kept);
    if (facts.misfits > 0)
        fprintf(stderr, "%lld texts did not fit their place in print and were cut\n", (long long)facts.misfits);
}

static hra_code report(const hra_branches_request *o, branches_state *s, hra_error *error)
{
    struct stat facts;
    double start = hra_seconds();
    if (stat(o->who.results, &facts) != 0 || !S_ISDIR(facts.st_mode))
        return hra_fail(error, HRA_EINPUT, "%s is not a folder of 'hra run'", o->who.results);
    HRA_TRY(open_output(o, s, error));
    HRA_TRY(hra_reporting_open(&o->who, s->beside, &s->reporting, error));
    HRA_TRY(open_people(o, s, error));
    HRA_TRY(hra_reporting_run(&s->reporting, hra_branch_people_sink(s->people), error));
    HRA_TRY(print_reports(o, s, error));
    double seconds = hra_seconds() - start;
    HRA_TRY(write_packages(o, s, error));
    HRA_TRY(pack(o, s, error));
    if (o->renew) HRA_TRY(hra_archive_remove(s->output, error));
    if (rename(s->part, s->output) != 0) return hra_fail(error, HRA_EIO, "cannot make %s: %m", o->output);
    if (o->who.quiet) return HRA_OK;
    if (s->prints) say_prints(s);
    int branches = hra_branch_book_count(s->book);
    fprintf(stderr, "%d branch%s in %s; %lld people, %.1f s, %.1f s more for lists, indexes and archives\n", branches,
            branches == 1 ? "" : "es", o->output, (long long)s->reporting.people, seconds,
            hra_seconds() - start - seconds);
    return HRA_OK;
}

static void destroy(branches_state *s, bool failed)
{
    hra_branch_prints_free(s->prints);
    hra_buffer_destroy(&s->stamp);
    hra_branch_people_free(s->people);
    hra_branch_book_free(s->book);
    hra_individual_free(s->pages);
    hra_people_names_close(s->names);
    hra_reporting_close(&s->reporting);
    if (failed && s->lock) hra_archive_remove(s->part, NULL);
    hra_lock_release(s->lock);
}

hra_code hra_branches_make(const hra_branches_request *request, hra_error *error)
{
    branches_state state = {0};
    hra_code code = report(request, &state, error);
    destroy(&state, code != HRA_OK);
    return code;
}

int hra_report_branches(int argc, char **argv)
{
    hra_branches_request o = {.who = {.language = "zh", .all = true}};
    const hra_option options[] = {
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "FOLDER", "folder for the packages; new or empty"},
        {"zip", 0, HRA_OPTION_FLAG, &o.zip, NULL, "an archive per branch instead of a folder"},
        {"encrypt-to", 0, HRA_OPTION_TEXT, &o.keys, "KEYS",
         "encrypted archives, one key each: KEYS/BRANCH.public ('hra key branch'); open with 'hra unpack'"},
        {"no-reports", 0, HRA_OPTION_FLAG, &o.no_reports, NULL, "only lists, without the people's reports"},
        {"pdf", 0, HRA_OPTION_FLAG, &o.pdf, NULL, "also the reports for the printer, merged by group and department"},
        {"two-sided", 0, HRA_OPTION_FLAG, &o.two_sided, NULL,
         "for double-sided printing: each person starts on a new sheet"},
        {"renew", 0, HRA_OPTION_FLAG, &o.renew, NULL,
         "replace the packages in FOLDER; reuse their unchanged PDF files"},
        HRA_NAMES_OPTIONS(o.people, o.key),
        {"provider", 0, HRA_OPTION_TEXT, &o.provider, "TEXT", "who provides the reports"},
        {"contact", 0, HRA_OPTION_TEXT, &o.contact, "TEXT", "contact for questions"},
        {"transitions", 0, HRA_OPTION_TEXT, &o.transitions, "FILE", "table of transitions of the register"},
        {"language", 'l', HRA_OPTION_TEXT, &o.who.language, "LANG", "zh (default) or en"},
        {"previous", 0, HRA_OPTION_TEXT, &o.who.previous, "RESULTS", "last year's results, to compare with"},
        {"earlier", 0, HRA_OPTION_TEXTS, &o.who.earlier, "RESULTS",
         "results of earlier years, for the course of values; may be repeated"},
        {"population", 0, HRA_OPTION_TEXT, &o.who.population, "FILE",
         "the population store (default: population.h5 beside the results)"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.who.definitions, "FILE", "the definitions that the run had"},
        {"signoffs", 0, HRA_OPTION_TEXTS, &o.who.signoffs, "FILE", "signed review sheets, as the run had them"},
        {"approved-only", 0, HRA_OPTION_FLAG, &o.who.approved_only, NULL, "omit unapproved content, as the run did"},
        {"as-of", 0, HRA_OPTION_TEXT, &o.who.as_of, "DAY", "the run's day, if its results do not record it"},
        {"threads", 't', HRA_OPTION_INT, &o.who.threads, "N", "threads (default: all processors)"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.who.quiet, NULL, "no progress, no summary"},
        {0}};
    const hra_usage usage = {
        "report branches", "FOLDER -o PACKAGES [options]",
        "Writes one folder per branch with only its people: index.html with an offline search and urgent cases first,\n"
        "a report of each person, and work lists as workbooks. FOLDER is the folder of 'hra run'.",
        options, "Example: hra report branches night -o packages --key-map people.names --key house.key --zip"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    if (argc != 2) {
        fprintf(stderr, "hra report branches: the folder of one run is needed; see 'hra report branches --help'\n");
        return HRA_EUSAGE;
    }
    o.who.results = argv[1];
    hra_setup_catch_signals();
    hra_error error = {0};
    hra_code code = hra_ended_run_check(o.who.results, &error);
    if (code == HRA_OK) code = hra_branches_make(&o, &error);
    return code == HRA_OK ? HRA_OK : hra_report_error("report branches", &error);
}
