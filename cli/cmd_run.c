/* hra run: import, score, assess and summarise whole groups in one go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "cli/command.h"
#include "cli/run.h"

static const char about[] =
    "Imports, joins, scores, assesses and summarises whole groups: the nightly job. INPUT is a population store,\n"
    "text files or workbooks, or folders of them. Files are checkup results unless a profile (--profiles) says\n"
    "otherwise. A checkup file without a group column is one group, named after the file. Questionnaires, rosters\n"
    "and earlier diagnoses are joined with the checkups by person.";
static const char written[] =
    "Writes into FOLDER (docs/results.md describes each file):\n"
    "  first            urgent.csv\n"
    "  data             population.h5, results.h5; rejects.csv, declined.csv, import.txt, held.csv; quality/\n"
    "  people           persons.csv, persons.jsonl.zst, rosters.csv\n"
    "  groups           groups.csv, groups.json, groups_withheld.csv\n"
    "  for clients      client/GROUP/, groups_client.csv, invitations.csv\n"
    "  pages            groups/, overview/\n"
    "  several sources  join.txt, join.json, participation.csv, unmatched.csv, intake/; rejects_KIND.csv and\n"
    "                   import_KIND.txt instead of rejects.csv and import.txt\n"
    "  --previous       changes.csv, years.csv, years.json\n"
    "  --earlier        course.csv, course_groups.csv, course_client.csv, course.json; with --register\n"
    "                   course_plans.csv\n"
    "  --register       register.csv, register_changes.csv, care/\n"
    "  --branches       branches/\n"
    "  at the end       run.json\n"
    "Example: hra run incoming/ -o night --key house.key --as-of 2026-11-21";

int hra_cmd_run(int argc, char **argv);

const char *hra_run_path(hra_run_state *s, const char *name)
{
    return hra_arena_printf(s->arena, "%s/%s", s->options->folder, name);
}

const char *hra_run_output(hra_run_state *s, const char *name)
{
    const char *path = hra_run_path(s, name);
    if (path && s->output_count < HRA_RUN_OUTPUTS) s->outputs[s->output_count++] = path;
    return path;
}

static hra_code check_options(const hra_run_request *o, hra_run_state *s, hra_error *error)
{
    hra_plan_request *q = &s->request;
    if (!o->folder) return hra_fail(error, HRA_EUSAGE, "give a folder for the results with -o FOLDER");
    if (strcmp(o->language, "zh") != 0 && strcmp(o->language, "en") != 0)
        return hra_fail(error, HRA_EUSAGE, "--language is zh or en, not '%s'", o->language);
    if (!hra_setup_range_policy(o->range, &q->range))
        return hra_fail(error, HRA_EUSAGE, "--outside-range is compute, blank or clamp, not '%s'", o->range);
    if (!hra_setup_day(o->as_of, &q->as_of))
        return hra_fail(error, HRA_EUSAGE, "--as-of is a day like 2026-01-31, not '%s'", o->as_of);
    if (!hra_consent_rule_of(o->consent, &s->consent))
        return hra_fail(error, HRA_EUSAGE, "--consent is not-declined, given or all, not '%s'", o->consent);
    if (o->threads < 0) return hra_fail(error, HRA_EUSAGE, "--threads is at least 1");
    q->panel = o->panel;
    q->ideal = o->ideal;
    q->risk_age = o->risk_age;
    q->factors = q->tiers = q->prescriptions = q->items = q->monitors = q->topics = q->references = true;
    q->what_if = q->aggregates = q->share = true;
    return HRA_OK;
}

/* Formed, but without its place: that of the account is the last of all. */
static hra_code form_report(hra_run_state *s, hra_error *error)
{
    hra_run_report *r = &s->report;
    const hra_run_facts *f = &s->scoring.facts;
    r->command = "run";
    if (hra_consent_left_out(&r->consent) > 0) hra_run_output(s, "declined.csv");
    r->outputs = s->outputs;
    r->output_count = s->output_count;
    r->library = s->library;
    r->plan = s->scoring.plan;
    r->panel = s->request.panel;
    r->range_policy = s->options->range ? s->options->range : "compute";
    r->as_of = s->options->as_of;
    r->isa = s->scoring.isa;
    r->threads = s->scoring.threads;
    r->rows_rejected = s->import_facts.rows_rejected + f->rows_rejected;
    r->rows_scored = f->rows_scored;
    r->rows_in = r->rows_scored + r->rows_rejected + hra_consent_left_out(&r->consent);
    r->facts = *f;
    r->peak_kib = hra_setup_peak_kib();
    r->finished = "complete";
    hra_run_complete_account(s);
    HRA_TRY(hra_run_find_leftovers(s, error));
    HRA_TRY(hra_run_find_alike_groups(s, error));
    HRA_TRY(hra_run_find_absent_groups(s, error));
    hra_program_describe(s->scoring.program, &r->program);
    HRA_TRY(hra_run_record_again(s, error));
    return hra_run_report_form(r, hra_run_path(s, "run.json"), &s->account, error);
}

static hra_code place_report(hra_run_state *s, hra_error *error)
{
    hra_atomic_file *account = s->account;
    s->account = NULL;
    return hra_atomic_commit(account, error);
}

static hra_code collect(hra_run_state *s, int count, char **paths, hra_error *error)
{
    const hra_run_request *o = s->options;
    HRA_TRY(hra_run_collect(s, -1, count, (const char *const *)paths, error));
    HRA_TRY(hra_run_collect(s, HRA_JOIN_CHECKUP, o->checkups.count, o->checkups.items, error));
    HRA_TRY(hra_run_collect(s, HRA_JOIN_QUESTIONNAIRE, o->questionnaires.count, o->questionnaires.items, error));
    HRA_TRY(hra_run_collect(s, HRA_JOIN_ROSTER, o->rosters.count, o->rosters.items, error));
    HRA_TRY(hra_run_collect(s, HRA_JOIN_DIAGNOSIS, o->diagnoses.count, o->diagnoses.items, error));
    return s->input_count > 0 ? HRA_OK : hra_fail(error, HRA_EUSAGE, "no input given; see 'hra run --help'");
}

static void describe_signoffs(const hra_signoffs *signoffs)
{
    hra_buffer text = {0};
    hra_signoffs_describe(signoffs, &text);
    if (text.bytes) fputs(text.bytes, stderr);
    hra_buffer_destroy(&text);
}

/* Signed sheets; with --approved-only what they do not approve is left out. */
static hra_code open_signoffs(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    if (o->signoffs.count == 0 && !o->approved_only) return HRA_OK;
    if (o->signoffs.count == 0)
        return hra_fail(error, HRA_EUSAGE,
                        "--approved-only needs the signed sheet: give --signoffs FILE "
                        "('hra definitions review' makes one to sign)");
    HRA_TRY(hra_signoffs_new(s->library, s->request.as_of, &s->signoffs, error));
    for (int i = 0; i < o->signoffs.count; i++) HRA_TRY(hra_signoffs_read(s->signoffs, o->signoffs.items[i], error));
    if (!o->approved_only) return HRA_OK;
    s->request.accepts = hra_signoffs_accept;
    s->request.accepts_context = s->signoffs;
    return HRA_OK;
}

/* Unfinished files of a run that was killed hold people, also in folders that this one does not write. */
static hra_code tidy(hra_run_state *s, hra_error *error)
{
    static const char *const folders[] = {"", "intake", "care", "overview"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char *folder = hra_run_path(s, folders[i]);
        if (!folder) return hra_out_of_memory(error);
        hra_atomic_tidy(folder);
    }
    return HRA_OK;
}

static hra_code run(hra_run_state *s, int count, char **paths, hra_error *error)
{
    const hra_run_request *o = s->options;
    if (!s->arena) return hra_out_of_memory(error);
    HRA_TRY(check_options(o, s, error));
    HRA_TRY(collect(s, count, paths, error));
    HRA_TRY(hra_run_check(s, error));
    HRA_TRY(hra_run_try_files(s, error));
    s->scoring.threads = hra_setup_threads(o->threads);
    s->scoring.quiet = o->quiet;
    HRA_TRY(hra_setup_library(&o->definitions, &s->library, error));
    HRA_TRY(open_signoffs(s, error));
    HRA_TRY(hra_folder_make(o->folder, error));
    HRA_TRY(hra_lock_take(hra_run_path(s, "run"), &s->lock, error));
    HRA_TRY(tidy(s, error));
    if (s->signoffs) describe_signoffs(s->signoffs);
    const hra_library *plain = s->library;
    HRA_TRY(hra_run_intake(s, error));
    if (s->library != plain) { /* made anew with the columns to keep */
        hra_signoffs_free(s->signoffs);
        s->signoffs = NULL;
        HRA_TRY(open_signoffs(s, error));
    }
    HRA_TRY(hra_run_score(s, error));
    HRA_TRY(hra_run_years(s, error));
    if (s->scoring.facts.rows_scored > 0) { /* otherwise the verdict says why nobody was */
        HRA_TRY(hra_run_register(s, error));
        HRA_TRY(hra_run_branches(s, error));
    }
    HRA_TRY(hra_run_pages(s, error));
    HRA_TRY(form_report(s, error));
    HRA_TRY(hra_run_overview(s, error));
    HRA_TRY(place_report(s, error));
    HRA_TRY(hra_run_tell(s, error));
    if (s->scoring.facts.rows_scored > 0) return hra_checked_inputs_verdict(&s->checked, error);
    return hra_run_nobody(s, error);
}

static void destroy(hra_run_state *s)
{
    hra_atomic_abandon(s->account);
    hra_person_file_free(s->people);
    hra_person_file_free(s->details);
    hra_previous_close(s->earlier);
    hra_runs_close(s->runs);
    hra_result_writer_free(s->results);
    hra_group_files_free(s->groups);
    hra_group_summary_free(s->summary);
    hra_catalogue_free(s->catalogue);
    hra_scoring_destroy(&s->scoring);
    hra_setup_close(&s->input);
    hra_signoffs_free(s->signoffs);
    hra_library_free(s->library);
    hra_lock_release(s->lock);
    hra_join_report_free(s->join);
    hra_checked_inputs_close(&s->checked);
    hra_keep_free(s->keep);
    free(s->inputs);
    free(s->kinds);
    free(s->origins);
    free(s->lets);
    hra_arena_free(s->arena);
}

/* What was asked for; the options write to it. */
static hra_run_request asked = {.panel = "china_corporate", .language = "zh"};

static const hra_option options[] = {
    {"output", 'o', HRA_OPTION_TEXT, &asked.folder, "FOLDER", "folder for the results; created if it does not exist"},
    {"panel", 'p', HRA_OPTION_TEXT, &asked.panel, "NAME", "panel of models (default: china_corporate)"},
    {"definitions", 'd', HRA_OPTION_TEXTS, &asked.definitions, "FILE",
     "more definitions, or house rules; may be repeated"},
    {"language", 'l', HRA_OPTION_TEXT, &asked.language, "LANG", "language of texts: zh (default) or en"},
    {"as-of", 0, HRA_OPTION_TEXT, &asked.as_of, "DAY", "reference day for ages and dates, YYYY-MM-DD"},
    {"ideal", 0, HRA_OPTION_FLAG, &asked.ideal, NULL, "also the risk of the same person with ideal values"},
    {"risk-age", 0, HRA_OPTION_FLAG, &asked.risk_age, NULL, "also the age at which ideal values give the same risk"},
    {"outside-range", 0, HRA_OPTION_TEXT, &asked.range, "WHAT",
     "rows outside a model's published range: compute (default), blank or clamp"},
    {"duplicates", 0, HRA_OPTION_TEXT, &asked.duplicates, "RULE",
     "rows kept of a repeated identifier: first, last, latest (visit), reject (none) or all (default: visits are "
     "joined)"},
    {"checkup", 0, HRA_OPTION_TEXTS, &asked.checkups, "FILE", "checkup results, like INPUT; may be repeated"},
    {"questionnaire", 0, HRA_OPTION_TEXTS, &asked.questionnaires, "FILE", "answers to questionnaires; may be repeated"},
    {"roster", 0, HRA_OPTION_TEXTS, &asked.rosters, "FILE", "an employer's roster; may be repeated"},
    {"diagnosis", 0, HRA_OPTION_TEXTS, &asked.diagnoses, "FILE", "earlier diagnoses; may be repeated"},
    {"window", 0, HRA_OPTION_INT, &asked.window, "MONTHS",
     "join the sources of the last MONTHS months before --as-of (default: 12)"},
    {"visits", 0, HRA_OPTION_TEXT, &asked.visits, "RULE",
     "of several visits: latest-values (default), latest-visit or first-visit"},
    {"consent", 0, HRA_OPTION_TEXT, &asked.consent, "RULE",
     "who is assessed: not-declined (default; column consent is not 'no'), given (it is 'yes') or all"},
    {"key-map", 0, HRA_OPTION_TEXT, &asked.key_map, "FILE",
     "write names and identifiers by key, encrypted: from the roster if there is one, otherwise from the checkups"},
    {"crosswalk", 0, HRA_OPTION_TEXT, &asked.crosswalk, "FILE", "CSV that links identifiers of several issuers"},
    {"previous", 0, HRA_OPTION_TEXT, &asked.previous, "FOLDER", "last year's run: what changed, by person and group"},
    {"earlier", 0, HRA_OPTION_TEXTS, &asked.earlier, "FOLDER",
     "a run before that one: the course of values over all of them; may be repeated"},
    {"group-policy", 0, HRA_OPTION_TEXT, &asked.group_policy, "FILE",
     "rules for small groups and for what clients may see (default: built in)"},
    {"standard", 0, HRA_OPTION_TEXT, &asked.standard, "FILE",
     "standard population by sex and age (default: all people of the run)"},
    {"previous-groups", 0, HRA_OPTION_TEXT, &asked.last_year, "FILE",
     "last year's groups.csv, to compare with (default: that of --previous)"},
    {"earlier-edition", 0, HRA_OPTION_TEXT, &asked.earlier_edition, "FILE",
     "last client edition sent: the difference must not reveal anything"},
    {"participation", 0, HRA_OPTION_TEXT, &asked.participation, "FILE",
     "group,invited,examined,answered,assessed (default: counted by the join)"},
    {"lectures", 0, HRA_OPTION_INT, &asked.lectures, "N",
     "lectures bought per year, 1 to 4 (default: from the policy)"},
    {"lecture-list", 0, HRA_OPTION_TEXT, &asked.lecture_list, "FILE",
     "lecture,specialty: the lectures that the provider offers"},
    {"register", 0, HRA_OPTION_TEXT, &asked.register_path, "FILE",
     "enrolment register, begun if it does not exist; the updated one is FOLDER/register.csv"},
    {"branches", 0, HRA_OPTION_FLAG, &asked.branches, NULL,
     "a package per branch with only its people, in FOLDER/branches ('hra report branches' has more options)"},
    {"branch-pdf", 0, HRA_OPTION_FLAG, &asked.branch_pdf, NULL,
     "packages also contain the reports merged for the printer (takes hours for a million people)"},
    {"encrypt-to", 0, HRA_OPTION_TEXT, &asked.branch_keys, "KEYS",
     "encrypt each package for its branch: KEYS/BRANCH.public ('hra key branch')"},
    {"signoffs", 0, HRA_OPTION_TEXTS, &asked.signoffs, "FILE",
     "signed sheet of 'hra definitions review'; may be repeated"},
    {"history", 0, HRA_OPTION_TEXT, &asked.history, "DIR",
     "figures of earlier deliveries, to compare with; updated by this one"},
    {"policy", 0, HRA_OPTION_TEXT, &asked.quality_policy, "FILE", "limits for the quality reports (docs/quality.md)"},
    {"no-quality", 0, HRA_OPTION_FLAG, &asked.no_quality, NULL, "no quality reports: inputs are read once"},
    {"approved-only", 0, HRA_OPTION_FLAG, &asked.approved_only, NULL, "leave out content that nobody has approved"},
    {"no-details", 0, HRA_OPTION_FLAG, &asked.no_details, NULL, "no persons.jsonl.zst (information lists and texts)"},
    {"gzip-details", 0, HRA_OPTION_FLAG, &asked.gzip_details, NULL,
     "persons.jsonl.gz instead: five times the size, for programs that cannot read zstd"},
    {"no-pages", 0, HRA_OPTION_FLAG, &asked.no_pages, NULL, "no pages about groups, no overview"},
    {"resume", 0, HRA_OPTION_FLAG, &asked.resume, NULL,
     "reuse the population.h5 of a stopped run if it was made from the same files and options"},
    {"threads", 't', HRA_OPTION_INT, &asked.threads, "N", "threads (default: all processors)"},
    HRA_INPUT_OPTIONS(asked.input),
    {"quiet", 'q', HRA_OPTION_FLAG, &asked.quiet, NULL, "no progress, no summary"},
    {0}};

int hra_cmd_run(int argc, char **argv)
{
    const hra_usage usage = {"run", "[INPUT...] -o FOLDER [options]", about, options, written};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_setup_catch_signals();
    hra_error error = {0};
    hra_run_state state = {.options = &asked, .arena = hra_arena_new()};
    hra_code code = run(&state, argc - 1, argv + 1, &error);
    destroy(&state);
    return code == HRA_OK ? HRA_OK : hra_report_error("run", &error);
}
