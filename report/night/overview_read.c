/* Gathers what the overview shows from the files of a run. */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/safe_name.h"
#include "report/group/client_folders.h"
#include "report/group/figure_book.h"
#include "report/night/overview_internal.h"
#include "report/tools/json_values.h"
#include "report/tools/table_rows.h"

static const char *in_run(const hra_overview *o, const char *name)
{
    return hra_arena_printf(o->arena, "%s/%s", o->request->run, name);
}

static bool is_there(const char *path) { return path && access(path, R_OK) == 0; }

static void *append(void **items, int *count, int *capacity, size_t size)
{
    if (*count == *capacity) {
        int more = *capacity ? *capacity * 2 : 64;
        void *larger = realloc(*items, (size_t)more * size);
        if (!larger) return NULL;
        *items = larger;
        *capacity = more;
    }
    return memset((char *)*items + (size_t)(*count)++ * size, 0, size);
}

/* ---- groups ------------------------------------------------------------------------------ */

static void read_figures(const hra_overview *o, const hra_figure_book *book, hra_overview_group *g)
{
    for (int i = 0; i < hra_figure_book_count(book); i++) {
        const hra_figure *f = hra_figure_book_at(book, i);
        if (!hra_figure_is_total(f)) continue;
        g->measures += strcmp(f->kind, "measure") == 0;
        if (strcmp(f->kind, "less_other_groups") != 0 || !(f->standardised.low > 0)) continue;
        if (g->problem && f->standardised.value <= g->excess) continue;
        g->problem = hra_arena_text(o->arena, f->indicator);
        g->excess = f->standardised.value;
    }
    const hra_figure *people = hra_figure_total(book, "people", "", "");
    const hra_figure *assessed = hra_figure_total(book, "participation", "assessed", NULL);
    g->people = people ? people->people : (double)NAN;
    g->small = people && people->small_group;
    g->taking_part = assessed ? assessed->share.value : (double)NAN;
    for (int r = 0; r < o->role_count; r++) {
        const hra_figure *high = hra_figure_total(book, "category", o->roles[r], "high");
        g->high[r] = high ? high->share.value : (double)NAN;
    }
}

static void find_pages(const hra_overview *o, hra_overview_group *g)
{
    char safe[HRA_SAFE_NAME], path[HRA_CLIENT_PATH];
    hra_safe_name(g->name, safe);
    g->page = is_there(hra_arena_printf(o->arena, "%s/groups/%s.html", o->request->run, safe));
    g->client_page =
        snprintf(path, sizeof path, "%s/client/%s/report.html", o->request->run, safe) < (int)sizeof path &&
        is_there(path);
    g->edition = snprintf(path, sizeof path, "%s/client/%s/group.csv", o->request->run, safe) < (int)sizeof path &&
                 is_there(path);
}

static hra_code read_group(hra_overview *o, const hra_figure_book *book, hra_error *error)
{
    hra_overview_group *g = append((void **)&o->groups, &o->group_count, &o->group_capacity, sizeof *o->groups);
    if (!g) return hra_out_of_memory(error);
    g->name = hra_arena_text(o->arena, hra_figure_book_group(book));
    if (!g->name || hra_map_set(o->places, g->name, o->group_count - 1) != 0) return hra_out_of_memory(error);
    read_figures(o, book, g);
    find_pages(o, g);
    return HRA_OK;
}

static bool is_needed(const char *kind, bool total)
{
    static const char *const kinds[] = {"people", "participation", "category", "measure", "less_other_groups"};
    for (size_t i = 0; total && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kind, kinds[i]) == 0) return true;
    return false;
}

static hra_code read_groups(hra_overview *o, hra_error *error)
{
    hra_figure_book *book = NULL;
    bool found;
    HRA_TRY(hra_figure_book_open(in_run(o, "groups.csv"), false, is_needed, &book, error));
    hra_code code = hra_figure_book_next(book, &found, error);
    while (code == HRA_OK && found) {
        code = read_group(o, book, error);
        if (code == HRA_OK) code = hra_figure_book_next(book, &found, error);
    }
    hra_figure_book_close(book);
    return code;
}

/* Columns of urgent.csv. */
enum { PERSON, GROUP, BRANCH, DEPARTMENT, TITLE, VALUES, ACTION, DEADLINE, SOURCE_FILE, SOURCE_LINE, URGENT_COLUMNS };

/* ---- tables ------------------------------------------------------------------------------- */

typedef hra_code (*take_row)(hra_overview *o, const char *const *cells, const int *columns, void *context,
                             hra_error *error);

/* Every row of a table that has these columns; a table that is not there has none. */
static hra_code read_table(hra_overview *o, const char *path, const char *const *names, int count, take_row take,
                           void *context, hra_error *error)
{
    enum { MOST = URGENT_COLUMNS };
    hra_table_rows *table = NULL;
    int columns[MOST];
    if (!is_there(path)) return HRA_OK;
    HRA_TRY(hra_table_rows_open(path, ',', &table, error));
    hra_code code = HRA_OK;
    for (int i = 0; i < count && code == HRA_OK; i++)
        if ((columns[i] = hra_table_rows_find(table, names[i])) < 0)
            code = hra_fail(error, HRA_EINPUT, "%s has no column '%s': it is not of 'hra run'", path, names[i]);
    const char *const *cells = NULL;
    while (code == HRA_OK && (code = hra_table_rows_next(table, &cells, error)) == HRA_OK && cells)
        code = take(o, cells, columns, context, error);
    hra_table_rows_close(table);
    return code;
}

/* ---- urgent results ----------------------------------------------------------------------- */

/* A line for the page; its texts stand in one piece of memory, freed with `person`. */
static bool copy_urgent(const char *const *cells, const int *columns, hra_overview_urgent *u)
{
    char **const places[] = {&u->person, &u->group,  &u->branch,   &u->department, &u->title,
                             &u->values, &u->action, &u->deadline, &u->origin};
    size_t size = 2;
    for (int c = 0; c < URGENT_COLUMNS; c++) size += strlen(cells[columns[c]]) + 1;
    char *at = malloc(size);
    if (!at) return false;
    for (int c = PERSON; c <= SOURCE_FILE; c++) {
        *places[c] = at;
        at = stpcpy(at, hra_csv_unguarded(cells[columns[c]])) + 1; /* a page computes nothing */
    }
    at[-1] = ':'; /* file:line */
    strcpy(at, cells[columns[SOURCE_LINE]]);
    return true;
}

/* Keeps those whose last day comes first; of one day in the order of the file. */
static hra_code list_urgent(hra_overview *o, const char *const *cells, const int *columns, hra_error *error)
{
    const char *deadline = cells[columns[DEADLINE]];
    int at = o->listed_count;
    hra_overview_urgent *list = o->listed, one;
    if (!list) o->listed = list = calloc(HRA_OVERVIEW_URGENT + 1, sizeof *list);
    if (!list) return hra_out_of_memory(error);
    while (at > 0 && strcmp(list[at - 1].deadline, deadline) > 0) at--;
    if (at == HRA_OVERVIEW_URGENT) return HRA_OK;
    if (!copy_urgent(cells, columns, &one)) return hra_out_of_memory(error);
    memmove(list + at + 1, list + at, (size_t)(o->listed_count - at) * sizeof *list);
    list[at] = one;
    if (o->listed_count < HRA_OVERVIEW_URGENT)
        o->listed_count++;
    else
        free(list[HRA_OVERVIEW_URGENT].person);
    return HRA_OK;
}

/* People stand together in the list of urgent results. */
static hra_code take_urgent(hra_overview *o, const char *const *cells, const int *columns, void *context,
                            hra_error *error)
{
    char *last = context;
    int64_t place = hra_map_get(o->places, hra_csv_unguarded(cells[columns[GROUP]]));
    o->urgent++;
    HRA_TRY(list_urgent(o, cells, columns, error));
    if (strcmp(last, cells[columns[PERSON]]) == 0) return HRA_OK;
    snprintf(last, HRA_SAFE_NAME, "%s", cells[columns[PERSON]]);
    o->urgent_people++;
    if (place >= 0) o->groups[place].urgent++;
    return HRA_OK;
}

static hra_code take_held(hra_overview *o, const char *const *cells, const int *columns, void *context,
                          hra_error *error)
{
    hra_overview_held *held = append((void **)&o->held, &o->held_count, &o->held_capacity, sizeof *o->held);
    if (!held) return hra_out_of_memory(error);
    held->file = hra_arena_text(o->arena, cells[columns[0]]);
    held->reason = hra_arena_text(o->arena, cells[columns[1]]);
    return held->file && held->reason ? HRA_OK : hra_out_of_memory(error);
}

static hra_code take_quality(hra_overview *o, const char *const *cells, const int *columns, void *context,
                             hra_error *error)
{
    hra_overview_source *s = context;
    const char *what = cells[columns[1]], *action = cells[columns[3]];
    double value = strtod(cells[columns[2]], NULL);
    s->warnings += strcmp(action, "warn") == 0;
    s->holds += strcmp(action, "hold") == 0;
    if (strcmp(cells[columns[0]], "file") != 0) return HRA_OK;
    if (strcmp(what, "rows") == 0) s->rows += value;
    if (strcmp(what, "rows rejected") == 0) s->rejected += value;
    if (strcmp(what, "duplicates") == 0) s->duplicates += value;
    return HRA_OK;
}

static hra_code read_source(hra_overview *o, const char *name, size_t length, hra_error *error)
{
    static const char *const columns[] = {"part", "what", "value", "action"};
    hra_overview_source *s = append((void **)&o->sources, &o->source_count, &o->source_capacity, sizeof *o->sources);
    if (!s) return hra_out_of_memory(error);
    s->name = hra_arena_text_n(o->arena, name, length);
    const char *path = s->name ? hra_arena_printf(o->arena, "%s/quality/%s.csv", o->request->run, s->name) : NULL;
    if (!path) return hra_out_of_memory(error);
    return read_table(o, path, columns, 4, take_quality, s, error);
}

static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

static int is_table(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 4 && entry->d_name[0] != '.' && strcmp(entry->d_name + length - 4, ".csv") == 0;
}

static hra_code read_sources(hra_overview *o, hra_error *error)
{
    struct dirent **entries = NULL;
    const char *folder = in_run(o, "quality");
    if (!folder) return hra_out_of_memory(error);
    int count = scandir(folder, &entries, is_table, by_name);
    if (count < 0 && errno != ENOENT) return hra_fail(error, HRA_EIO, "%s cannot be read: %m", folder);
    hra_code code = HRA_OK;
    for (int i = 0; i < count; i++) {
        if (code == HRA_OK) code = read_source(o, entries[i]->d_name, strlen(entries[i]->d_name) - 4, error);
        free(entries[i]);
    }
    free(entries);
    return code;
}

/* ---- the run ---------------------------------------------------------------------------------- */

static hra_code take_fact(void *context, const char *path, const char *text, hra_error *error)
{
    hra_overview *o = context;
    hra_overview_fact *fact = append((void **)&o->account, &o->account_count, &o->account_capacity, sizeof *o->account);
    if (!fact) return hra_out_of_memory(error);
    fact->path = hra_arena_text(o->arena, path);
    fact->text = hra_arena_text(o->arena, text);
    bool noted = fact->path && fact->text && hra_map_set(o->facts, fact->path, o->account_count - 1) == 0;
    return noted ? HRA_OK : hra_out_of_memory(error);
}

static const char account_name[] = "run.json";

/* run.json gets its place behind all else: a run that was stopped has none, and of one that ends it has another name.
 */
static hra_code read_account(hra_overview *o, hra_error *error)
{
    const char *path = o->request->account ? o->request->account : in_run(o, account_name);
    if (!path) return hra_out_of_memory(error);
    return is_there(path) ? hra_json_file(path, take_fact, o, error) : HRA_OK;
}

const char *hra_overview_fact_of(const hra_overview *overview, const char *path)
{
    int64_t place = hra_map_get(overview->facts, path);
    return place >= 0 ? overview->account[place].text : NULL;
}

static bool is_leftover(const hra_overview *o, const char *name)
{
    for (int i = 0;; i++) {
        char member[32];
        snprintf(member, sizeof member, "leftovers.%d", i);
        const char *path = hra_overview_fact_of(o, member), *slash = path ? strrchr(path, '/') : NULL;
        if (!path || strcmp(slash ? slash + 1 : path, name) == 0) return path != NULL;
    }
}

bool hra_overview_has(const hra_overview *overview, const char *name)
{
    if (overview->request->account && strcmp(name, account_name) == 0) return true;
    return *name && is_there(in_run(overview, name));
}

hra_code hra_overview_read(hra_overview *overview, hra_error *error)
{
    static const char *const urgent[URGENT_COLUMNS] = {"person_id", "group_id", "branch",   "department", "title",
                                                       "values",    "action",   "deadline", "file",       "line"};
    static const char *const held[] = {"file", "reason"};
    const hra_declaration *panel = hra_library_find(overview->request->library, overview->request->panel);
    char last[HRA_SAFE_NAME] = "";
    overview->roles = panel ? panel->outputs : NULL;
    overview->role_count = panel ? panel->output_count : 0;
    if (overview->role_count > HRA_OVERVIEW_ROLES) overview->role_count = HRA_OVERVIEW_ROLES;
    HRA_TRY(read_groups(overview, error));
    HRA_TRY(read_table(overview, in_run(overview, "urgent.csv"), urgent, URGENT_COLUMNS, take_urgent, last, error));
    HRA_TRY(read_table(overview, in_run(overview, "held.csv"), held, 2, take_held, NULL, error));
    HRA_TRY(read_account(overview, error));
    return is_leftover(overview, "quality") ? HRA_OK : read_sources(overview, error);
}

void hra_overview_forget(hra_overview *overview)
{
    for (int i = 0; i < overview->listed_count; i++) free(overview->listed[i].person);
    free(overview->listed);
    free(overview->account);
    free(overview->groups);
    free(overview->sources);
    free(overview->held);
    hra_map_free(overview->places);
    hra_map_free(overview->facts);
    hra_arena_free(overview->arena);
}
