#include "report/group/group_files.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "io/files/atomic_file.h"
#include "report/group/client_folders.h"
#include "report/group/group_names.h"
#include "report/group/group_page.h"
#include "service/enrolment/rosters.h"
#include "service/group/group_rows.h"
#include "service/group/standard.h"

enum { INTERNAL_CSV, INTERNAL_JSON, WITHHELD, CLIENT_CSV, CLIENT_JSON, FILES };

struct hra_group_files {
    hra_group_request request;
    hra_group_policy policy;
    hra_lecture_list *lectures;
    hra_group_rows *participation;
    hra_rosters *rosters;
    double standard[HRA_SUMMARY_CELLS];
    /* while writing */
    hra_group_problems *problems;
    hra_client_book *book;
    hra_atomic_file *files[FILES];
    hra_buffer texts[FILES]; /* of one group */
};

hra_code hra_write_file(const char *path, hra_buffer *text, hra_error *error)
{
    hra_atomic_file *file = NULL;
    hra_code code = text->failed ? hra_fail(error, HRA_ENOMEM, "out of memory while writing %s", path) : HRA_OK;
    if (code == HRA_OK) code = hra_atomic_open(path, &file, error);
    if (code == HRA_OK) {
        if (fwrite(text->bytes, 1, text->length, hra_atomic_stream(file)) == text->length) {
            code = hra_atomic_commit(file, error);
        } else {
            code = hra_fail(error, HRA_EIO, "writing %s failed: %m", path);
            hra_atomic_abandon(file);
        }
    }
    hra_buffer_destroy(text);
    return code;
}

/* ---- before the run ------------------------------------------------------------- */

static hra_code open_files(hra_group_files *f, hra_error *error)
{
    static const char *const participation[] = {"invited", "examined", "answered", "assessed"};
    const hra_group_request *q = &f->request;
    HRA_TRY(hra_group_policy_load(q->policy, &f->policy, error));
    if (q->lecture_list) HRA_TRY(hra_lecture_list_load(q->lecture_list, &f->lectures, error));
    if (q->participation) HRA_TRY(hra_group_rows_open(q->participation, participation, 4, &f->participation, error));
    hra_client_book_prepare(&f->policy, q->catalogue->outputs, q->catalogue->output_count, q->summary);
    const hra_rosters_request rosters = {q->catalogue->library, q->plan, q->schema, q->language, q->folder};
    return hra_rosters_new(&rosters, &f->rosters, error);
}

hra_code hra_group_files_new(const hra_group_request *request, hra_group_files **out, hra_error *error)
{
    hra_group_files *f = calloc(1, sizeof *f);
    if (!f) return hra_out_of_memory(error);
    f->request = *request;
    hra_code code = open_files(f, error);
    if (code != HRA_OK) {
        hra_group_files_free(f);
        return code;
    }
    *out = f;
    return HRA_OK;
}

void hra_group_files_free(hra_group_files *files)
{
    if (!files) return;
    for (int i = 0; i < FILES; i++) {
        hra_atomic_abandon(files->files[i]);
        hra_buffer_destroy(&files->texts[i]);
    }
    hra_client_book_free(files->book);
    hra_group_problems_free(files->problems);
    hra_rosters_free(files->rosters);
    hra_group_rows_close(files->participation);
    hra_lecture_list_free(files->lectures);
    hra_group_policy_free(&files->policy);
    free(files);
}

hra_sink *hra_group_files_sink(hra_group_files *files) { return hra_rosters_sink(files->rosters); }

void hra_group_files_want(const hra_group_files *files, bool *wanted) { hra_rosters_want(files->rosters, wanted); }

/* ---- one group -------------------------------------------------------------------- */

static hra_code read_participation(hra_group_files *f, hra_group_page *page, hra_error *error)
{
    int rows = 0;
    if (!f->participation) return HRA_OK;
    HRA_TRY(hra_group_rows_read(f->participation, hra_group_name(page->group), &rows, error));
    page->has_participation = rows > 0;
    for (int i = 0; i < 4 && rows > 0; i++) page->participation[i] = hra_group_rows_number(f->participation, 0, i);
    return HRA_OK;
}

bool hra_group_page_tells(const hra_group_page *page, const hra_problem *problem)
{
    return problem->output >= 0 && !problem->sensitive &&
           hra_client_book_allows(page->book, problem->output, problem->sensitive);
}

/* Whose people are on which list: internally of what is due and what is lectured about; invited are those of lectures.
 */
static hra_code choose_lists(hra_group_files *f, const hra_group_page *page, hra_error *error)
{
    const char *name = hra_group_name(page->group);
    bool ok = true;
    for (int i = 0; i < page->problem_count && ok; i++) {
        const hra_problem *one = &page->problems[i];
        bool lecture = false;
        for (int l = 0; l < page->programme->lecture_count; l++)
            lecture = lecture || page->programme->lectures[l].problem == one;
        if (one->roster >= 0 && (one->due || lecture))
            ok = hra_rosters_choose(f->rosters, name, one->index, lecture && hra_group_page_tells(page, one));
    }
    return ok ? HRA_OK : hra_fail(error, HRA_ENOMEM, "out of memory choosing lists");
}

static hra_code write_text(hra_atomic_file *file, hra_buffer *text, hra_error *error)
{
    if (text->failed) return hra_fail(error, HRA_ENOMEM, "out of memory writing group files");
    bool ok = !file || fwrite(text->bytes, 1, text->length, hra_atomic_stream(file)) == text->length;
    hra_buffer_clear(text);
    return ok ? HRA_OK : hra_fail(error, HRA_EIO, "%s: writing failed: %m", hra_atomic_path(file));
}

/* The writers know nothing of each other: each thread takes the next. */
static void form_texts(hra_group_files *f, const hra_group_page *page, bool edition)
{
    static void (*const writers[FILES])(const hra_group_page *, hra_buffer *) = {
        hra_group_page_csv, hra_group_page_json, hra_withheld_page_csv, hra_client_page_csv, hra_client_page_json};
    int threads = f->request.threads > 0 ? f->request.threads : 1;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (int i = 0; i < FILES; i++) {
        bool client = i == CLIENT_CSV || i == CLIENT_JSON;
        hra_buffer_clear(&f->texts[i]);
        if (f->files[i] || (edition && client)) writers[i](page, &f->texts[i]);
    }
}

static hra_code write_texts(hra_group_files *f, int group, hra_error *error)
{
    for (int i = 0; i < FILES; i++) {
        bool json = i == INTERNAL_JSON || i == CLIENT_JSON;
        if (!f->files[i]) continue;
        if (json && group > 0 && fputc(',', hra_atomic_stream(f->files[i])) == EOF)
            return hra_fail(error, HRA_EIO, "%s: writing failed: %m", hra_atomic_path(f->files[i]));
        HRA_TRY(write_text(f->files[i], &f->texts[i], error));
    }
    return HRA_OK;
}

/* One file of a client: what all clients' file says of the group. */
static hra_code write_edition(const char *folder, const char *group, const char *name, const char *head,
                              const hra_buffer *body, const char *end, hra_buffer *text, hra_error *error)
{
    hra_buffer_text(text, head);
    if (body->length) hra_buffer_append(text, body->bytes, body->length);
    hra_buffer_text(text, end);
    text->failed |= body->failed;
    return hra_client_write(folder, group, name, text, error);
}

/* What the client gets, in its own folder; without an edition what an earlier run left there goes. */
static hra_code write_client(hra_group_files *f, const char *folder, const hra_group_page *page, bool edition,
                             hra_buffer *text, hra_error *error)
{
    const char *group = hra_group_name(page->group);
    if (!folder) return HRA_OK;
    if (!edition) {
        hra_client_remove(folder, group);
        return HRA_OK;
    }
    hra_client_remove_page(folder, group);
    HRA_TRY(write_edition(folder, group, "group.csv", hra_client_csv_header, &f->texts[CLIENT_CSV], "", text, error));
    return write_edition(folder, group, "group.json", "", &f->texts[CLIENT_JSON], "\n", text, error);
}

static hra_code write_group(hra_group_files *f, int group, const char *client_folder, hra_buffer *text,
                            hra_group_facts *facts, hra_error *error)
{
    const hra_group_request *q = &f->request;
    hra_programme programme;
    hra_group_page page = {.request = q, .standard = f->standard, .programme = &programme, .book = f->book};
    hra_programme_request plan = {
        .policy = &f->policy, .lectures = q->lectures, .list = f->lectures, .as_of = q->as_of};
    page.group = hra_group_summary_at(q->summary, group);
    HRA_TRY(hra_group_problems_of(f->problems, page.group, &page.problems, &page.problem_count, error));
    plan.issue_count = hra_group_problems_newsletters(f->problems, &plan.issues);
    hra_programme_make(&plan, page.problems, page.problem_count, &programme);
    HRA_TRY(hra_client_book_group(f->book, group, &page.figures, &page.figure_count, error));
    HRA_TRY(read_participation(f, &page, error));
    HRA_TRY(choose_lists(f, &page, error));
    bool edition = page.figures[0].rule == HRA_SHOWN;
    facts->editions += edition;
    form_texts(f, &page, client_folder && edition);
    HRA_TRY(write_client(f, client_folder, &page, edition, text, error));
    return write_texts(f, group, error);
}

/* ---- all of them --------------------------------------------------------------------- */

static hra_code begin(hra_group_files *f, const hra_group_paths *paths, hra_buffer *text, hra_error *error)
{
    const char *clients = paths->client_folder;
    if (clients) HRA_TRY(hra_folder_make(clients, error));
    const char *const names[FILES] = {paths->csv, paths->json, paths->withheld, paths->client_csv, paths->client_json};
    const char *const heads[FILES] = {hra_group_csv_header, "{\"names\":", hra_withheld_csv_header,
                                      hra_client_csv_header, "{\"groups\":["};
    for (int i = 0; i < FILES; i++) {
        if (!names[i]) continue;
        HRA_TRY(hra_atomic_open(names[i], &f->files[i], error));
        hra_buffer_text(text, heads[i]);
        if (i == INTERNAL_JSON) {
            HRA_TRY(hra_group_names_json(&f->request, text, error));
            hra_buffer_text(text, ",\n\"groups\":[");
        }
        HRA_TRY(write_text(f->files[i], text, error));
    }
    return HRA_OK;
}

static hra_code finish(hra_group_files *f, hra_buffer *text, hra_error *error)
{
    for (int i = 0; i < FILES; i++) {
        if (!f->files[i]) continue;
        if (i == INTERNAL_JSON || i == CLIENT_JSON) hra_buffer_text(text, "\n]}\n");
        HRA_TRY(write_text(f->files[i], text, error));
        hra_atomic_file *file = f->files[i];
        f->files[i] = NULL;
        HRA_TRY(hra_atomic_commit(file, error));
    }
    return HRA_OK;
}

static hra_code open_figures(hra_group_files *f, hra_error *error)
{
    const hra_group_request *q = &f->request;
    HRA_TRY(hra_standard_load(q->standard, q->summary, f->standard, error));
    const hra_problems_request problems = {q->plan, q->summary, f->standard, q->last_year};
    HRA_TRY(hra_group_problems_new(&problems, &f->problems, error));
    const hra_client_request client = {.library = q->catalogue->library,
                                       .summary = q->summary,
                                       .outputs = q->catalogue->outputs,
                                       .output_count = q->catalogue->output_count,
                                       .policy = &f->policy,
                                       .standard = f->standard,
                                       .participation = q->participation,
                                       .earlier = q->earlier,
                                       .as_of = q->as_of};
    return hra_client_book_new(&client, &f->book, error);
}

hra_code hra_group_files_write(hra_group_files *files, const hra_group_paths *paths, hra_group_facts *facts,
                               hra_error *error)
{
    hra_buffer text = {0};
    hra_rosters_facts lists = {0};
    *facts = (hra_group_facts){.groups = hra_group_summary_count(files->request.summary)};
    hra_code code = open_figures(files, error);
    if (code == HRA_OK) code = begin(files, paths, &text, error);
    for (int g = 0; g < facts->groups && code == HRA_OK; g++)
        code = write_group(files, g, paths->client_folder, &text, facts, error);
    if (code == HRA_OK) code = finish(files, &text, error);
    hra_buffer_destroy(&text);
    if (code == HRA_OK)
        code = hra_rosters_write(files->rosters, paths->rosters, paths->invitations, (int)files->policy.hide_up_to + 1,
                                 &lists, error);
    if (code == HRA_OK && paths->client_folder && paths->invitations)
        code = hra_client_deal_invitations(paths->invitations, paths->client_folder, error);
    if (code == HRA_OK && paths->client_folder) code = hra_atomic_settle(paths->client_folder, error);
    facts->entries = lists.entries;
    facts->invitations = lists.invitations;
    facts->asked_consent = lists.asked;
    return code;
}
