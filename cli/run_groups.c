/* What a run says about groups: for the house, and in client/ a folder for each employer. */
#include <unistd.h>

#include "base/folder.h"
#include "base/stopwatch.h"
#include "cli/run.h"
#include "report/group/group_pages.h"
#include "report/night/overview.h"

/* A file of last year's folder, if there is one of this name. */
static const char *of_last_year(hra_run_state *s, const char *name)
{
    if (!s->options->previous) return NULL;
    const char *path = hra_arena_printf(s->arena, "%s/%s", s->options->previous, name);
    return path && access(path, R_OK) == 0 ? path : NULL;
}

const char *hra_run_participation(hra_run_state *s)
{
    if (s->options->participation) return s->options->participation;
    return s->join && !s->own_windows ? hra_run_path(s, "participation.csv") : NULL;
}

hra_code hra_run_groups_open(hra_run_state *s, hra_error *error)
{
    const hra_run_request *o = s->options;
    const char *beside = hra_run_path(s, "groups");
    if (!beside) return hra_out_of_memory(error);
    const hra_group_request request = {.catalogue = s->catalogue,
                                       .summary = s->summary,
                                       .plan = s->scoring.plan,
                                       .schema = s->input.source->schema,
                                       .language = o->language,
                                       .as_of = s->request.as_of,
                                       .folder = beside,
                                       .policy = o->group_policy,
                                       .standard = o->standard,
                                       .last_year = o->last_year ? o->last_year : of_last_year(s, "groups.csv"),
                                       .earlier = o->earlier_edition ? o->earlier_edition
                                                                     : of_last_year(s, "groups_client.csv"),
                                       .participation = hra_run_participation(s),
                                       .lecture_list = o->lecture_list,
                                       .lectures = o->lectures,
                                       .threads = s->scoring.threads};
    return hra_group_files_new(&request, &s->groups, error);
}

hra_code hra_run_groups_write(hra_run_state *s, hra_error *error)
{
    double start = hra_seconds();
    hra_group_facts facts;
    const hra_group_paths paths = {.csv = hra_run_output(s, "groups.csv"),
                                   .json = hra_run_output(s, "groups.json"),
                                   .withheld = hra_run_output(s, "groups_withheld.csv"),
                                   .rosters = hra_run_output(s, "rosters.csv"),
                                   .client_csv = hra_run_output(s, "groups_client.csv"),
                                   .invitations = hra_run_output(s, "invitations.csv"),
                                   .client_folder = hra_run_output(s, "client")};
    HRA_TRY(hra_group_files_write(s->groups, &paths, &facts, error));
    hra_run_report_stage(&s->report, "groups", hra_seconds() - start);
    return HRA_OK;
}

/* ---- pages ------------------------------------------------------------------------------------ */

static hra_code make_folder(const char *path, hra_error *error)
{
    if (!path) return hra_out_of_memory(error);
    return hra_folder_make(path, error);
}

static const char *or_empty(const char *text) { return text ? text : ""; }

/* What this run wrote of several years. */
static const char *courses_of(hra_run_state *s, bool client)
{
    return s->runs ? hra_run_path(s, client ? "course_client.csv" : "course_groups.csv") : NULL;
}

/* A page for every group, in the house's edition or in that of those who get one. */
static hra_code write_edition(hra_run_state *s, const hra_words *words, bool client, hra_error *error)
{
    hra_group_pages_facts facts;
    const hra_group_pages_request request = {.table = hra_run_path(s, client ? "groups_client.csv" : "groups.csv"),
                                             .folder = hra_run_path(s, client ? "client" : "groups"),
                                             .courses = courses_of(s, client),
                                             .report = {.library = s->library,
                                                        .words = words,
                                                        .client = client,
                                                        .panel = s->request.panel,
                                                        .day = or_empty(s->options->as_of),
                                                        .engine_version = HRA_VERSION,
                                                        .definitions_hash = hra_library_hash(s->library)},
                                             .stop = &hra_setup_stop};
    if (!request.table) return hra_out_of_memory(error);
    HRA_TRY(make_folder(request.folder, error));
    return hra_group_pages_write(&request, &facts, error);
}

hra_code hra_run_pages(hra_run_state *s, hra_error *error)
{
    double start = hra_seconds();
    const char *house = hra_run_path(s, "groups"), *overview = hra_run_path(s, "overview");
    hra_words *words = NULL;
    if (!house || !overview) return hra_out_of_memory(error);
    hra_group_pages_clear(house);
    hra_overview_clear(overview);
    if (s->options->no_pages) return HRA_OK;
    hra_run_output(s, "groups");
    hra_run_output(s, "overview");
    HRA_TRY(hra_words_new(s->options->language, &words, error));
    hra_code code = write_edition(s, words, false, error);
    if (code == HRA_OK) code = write_edition(s, words, true, error);
    hra_words_free(words);
    hra_run_report_stage(&s->report, "pages", hra_seconds() - start);
    return code;
}

hra_code hra_run_overview(hra_run_state *s, hra_error *error)
{
    hra_overview_facts facts;
    hra_words *words = NULL;
    if (s->options->no_pages) return HRA_OK;
    hra_overview_request request = {.run = s->options->folder,
                                    .account = hra_atomic_temporary(s->account),
                                    .folder = hra_run_path(s, "overview"),
                                    .prefix = "../",
                                    .library = s->library,
                                    .panel = s->request.panel,
                                    .day = or_empty(s->options->as_of),
                                    .engine_version = HRA_VERSION,
                                    .people = s->scoring.facts.rows_scored};
    HRA_TRY(make_folder(request.folder, error));
    HRA_TRY(hra_words_new(s->options->language, &words, error));
    request.words = words;
    hra_code code = hra_overview_write(&request, &facts, error);
    hra_words_free(words);
    return code;
}
