/* The figures of one group, in the order in which they are written. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "service/group/client_internal.h"

static hra_client_figure nowhere; /* written to when memory has run out */

hra_client_figure *hra_client_add(hra_client_book *book, const char *kind, const char *indicator)
{
    if (book->figure_count == book->figure_capacity) {
        int capacity = book->figure_capacity ? book->figure_capacity * 2 : 256;
        hra_client_figure *more = realloc(book->figures, (size_t)capacity * sizeof *more);
        if (!more) {
            book->failed = true;
            return &nowhere;
        }
        book->figures = more;
        book->figure_capacity = capacity;
    }
    const hra_interval unsaid = {NAN, NAN, NAN};
    hra_client_figure *f = &book->figures[book->figure_count++];
    *f = (hra_client_figure){.kind = kind,
                             .indicator = indicator,
                             .level = "",
                             .sex = "all",
                             .age = "all",
                             .department = "all",
                             .people = book->layout.people,
                             .share = unsaid,
                             .mean = NAN,
                             .standardised = unsaid,
                             .others = NAN,
                             .others_standardised = NAN,
                             .earlier = NAN};
    return f;
}

/* Count among known, as told: rounded, with the steps of the unmeasured. */
static void tell_share(const hra_client_book *b, hra_client_figure *f, bool exact)
{
    hra_client_known(b->request.policy, exact, f->people, f->known, &f->known_from, &f->known_to);
    f->known_from = hra_client_rounded(b, f->known_from);
    f->known_to = hra_client_rounded(b, f->known_to);
    if (f->rule != HRA_SHOWN) return;
    uint64_t count = hra_client_rounded(b, f->count), from = f->known_from > count ? f->known_from : count;
    uint64_t to = f->known_to > count ? f->known_to : count;
    if (to == 0) return;
    /* the interval holds whatever the number in between is */
    f->share = (hra_interval){(double)count / ((double)(from + to) / 2), hra_proportion(count, to).low,
                              hra_proportion(count, from).high};
}

static void place(const hra_client_book *b, hra_client_figure *f, int sex, int band)
{
    if (sex >= 0) f->sex = hra_summary_sex_names[sex];
    if (band >= 0) f->age = b->layout.band_names[band];
}

/* ---- people and participation --------------------------------------------------------- */

static void add_people(hra_client_book *b)
{
    const hra_client_layout *l = &b->layout;
    bool strata = l->sexes * l->bands > 1;
    for (int sex = l->sexes > 1 ? 0 : -1; sex <= l->sexes; sex++) {
        if (sex == l->sexes) sex = l->sexes + 1; /* after the sexes: both */
        int of = sex > l->sexes || sex < 0 ? -1 : sex;
        for (int band = 0; band <= l->bands; band++) {
            bool all_bands = band == l->bands;
            if (!all_bands && (!strata || l->bands == 1)) continue;
            hra_client_figure *f = hra_client_add(b, "people", "");
            place(b, f, of, all_bands ? -1 : band);
            f->people = hra_client_layout_people(l, b->group, of, all_bands ? -1 : band);
            f->count = f->known = f->known_from = f->known_to = f->people;
        }
        if (of < 0) break;
    }
    for (int d = 0; d < l->departments; d++) {
        hra_summary_flag unused;
        hra_client_figure *f = hra_client_add(b, "people", "");
        f->department = l->department_names[d];
        f->people = hra_client_layout_department(l, b->request.summary, b->group, -1, d, &unused);
        f->count = f->known = f->known_from = f->known_to = f->people;
    }
}

/* Each number is a part of the one before: a part that leaves out one to ten people is not told. Nor is a share of the
 * invited where their number is not told, or where people took part who were not invited. */
static hra_code add_participation(hra_client_book *b, hra_error *error)
{
    static const char *const names[] = {"invited", "examined", "answered", "assessed"};
    int rows = 0;
    double before = NAN;
    bool tells_invited = false;
    if (!b->participation) return HRA_OK;
    HRA_TRY(hra_group_rows_read(b->participation, hra_group_name(b->group), &rows, error));
    for (int i = 0; i < 4 && rows > 0; i++) {
        double count = hra_group_rows_number(b->participation, 0, i);
        if (!(count >= 0)) continue;
        hra_client_figure *f = hra_client_add(b, "participation", names[i]);
        double invited = hra_group_rows_number(b->participation, 0, 0), less = fabs(before - count);
        bool of_invited = tells_invited && invited >= count;
        f->count = (uint64_t)count;
        f->known = f->known_from = f->known_to = of_invited ? (uint64_t)invited : f->count;
        f->people = b->layout.people;
        uint32_t most = b->request.policy->hide_up_to;
        /* the people of the edition are part of this chain, too */
        double rest = fabs((double)b->layout.people - count);
        if ((less >= 1 && less <= most) || (rest >= 1 && rest <= most)) f->rule = HRA_HIDDEN_SMALL_REST;
        if (count >= 1 && count <= most) f->rule = HRA_HIDDEN_SMALL_COUNT;
        if (f->rule == HRA_SHOWN) before = count;
        if (i == 0) tells_invited = f->rule == HRA_SHOWN;
        if (f->rule == HRA_SHOWN && i > 0 && of_invited) f->share = hra_proportion(f->count, f->known);
    }
    return HRA_OK;
}

/* ---- levels ------------------------------------------------------------------------------ */

/* People of the edition at a level; the last one is unknown. */
static uint64_t at_level(const hra_client_book *b, int output, int level)
{
    uint64_t count = 0;
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++)
        if (hra_client_layout_holds(&b->layout, -1, -1, c))
            count += hra_group_level(b->request.summary, b->group, output, level, c);
    return count;
}

/* The levels of a tier or a category, and how many have none: a line whose total is the group. */
static void add_levels(hra_client_book *b, const char *kind, const char *name, int output)
{
    const hra_group_policy *p = b->request.policy;
    const hra_output *o = &b->request.outputs[output];
    hra_suppress_cell cells[HRA_LINE_CELLS];
    hra_suppress_table line = {1, o->level_count + 1, cells};
    uint64_t people = b->layout.people;
    if (line.columns >= HRA_LINE_CELLS) return;
    for (int l = 0; l <= o->level_count; l++) {
        uint64_t count = at_level(b, output, l), rest = people - count;
        cells[l] = (hra_suppress_cell){count, rest, HRA_SHOWN, 0, 0, {-1, -1}};
        if (count == 0 && people < p->homogeneous_below) cells[l].rule = HRA_HIDDEN_HOMOGENEOUS;
        if (rest >= 1 && rest <= p->hide_up_to) cells[l].rule = HRA_HIDDEN_SMALL_REST;
        if (count >= 1 && count <= p->hide_up_to) cells[l].rule = HRA_HIDDEN_SMALL_COUNT;
    }
    cells[line.columns] = (hra_suppress_cell){people, 0, HRA_SHOWN, 0, 0, {-1, -1}};
    hra_suppress_protect(&line, p->protection);
    for (int l = 0; l <= o->level_count; l++) {
        hra_client_figure *f = hra_client_add(b, kind, name);
        f->level = l < o->level_count ? o->levels[l] : "unknown";
        f->count = cells[l].value;
        f->known = people;
        f->rule =
            cells[line.columns].rule != HRA_SHOWN && cells[l].rule == HRA_SHOWN ? HRA_HIDDEN_TOTAL : cells[l].rule;
        tell_share(b, f, true);
    }
}

static const char *name_of_role(const hra_output *o, char *name, size_t size)
{
    const char *first = strchr(o->id, '.'), *last = strrchr(o->id, '.');
    if (!first || first == last || (size_t)(last - first) > size) return NULL;
    memcpy(name, first + 1, (size_t)(last - first - 1));
    name[last - first - 1] = '\0';
    return name;
}

static const char *published(const hra_client_book *b, const char *name)
{
    for (int i = 0; name && i < b->request.policy->publish_count; i++)
        if (strcmp(b->request.policy->publish[i], name) == 0) return b->request.policy->publish[i];
    return NULL;
}

/* The mean of a risk is a sum over many people; it tells of nobody where enough are known. */
static void add_risk(hra_client_book *b, const char *name, int output)
{
    hra_summary_number sum = {0, 0};
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) {
        if (!hra_client_layout_holds(&b->layout, -1, -1, c)) continue;
        hra_summary_number one = hra_group_number(b->request.summary, b->group, output, c);
        sum.known += one.known;
        sum.sum += one.sum;
    }
    hra_client_figure *f = hra_client_add(b, "risk", name);
    f->known = sum.known;
    tell_share(b, f, sum.known == b->layout.people);
    if (f->known_from < b->request.policy->minimum_denominator)
        f->rule = HRA_HIDDEN_SMALL_DENOMINATOR;
    else
        f->mean = hra_summary_mean(sum);
    f->share = (hra_interval){NAN, NAN, NAN};
}

static void add_roles_and_tiers(hra_client_book *b)
{
    for (int i = 0; i < b->request.output_count; i++) {
        const hra_output *o = &b->request.outputs[i];
        char buffer[64];
        if (o->role == HRA_ROLE_TIER && published(b, o->id)) add_levels(b, "tier", published(b, o->id), i);
        if (o->role != HRA_ROLE_PANEL) continue;
        const char *role = published(b, name_of_role(o, buffer, sizeof buffer)), *last = strrchr(o->id, '.');
        if (role && strcmp(last, ".risk") == 0) add_risk(b, role, i);
        if (role && strcmp(last, ".category") == 0) add_levels(b, "category", role, i);
    }
}

/* ---- findings ---------------------------------------------------------------------------- */

static hra_client_pool others_at(const hra_client_book *b, int finding, int sex, int band)
{
    hra_client_pool pool = {0, 0};
    hra_client_layout everybody = b->layout;
    everybody.everybody = sex < 0 && band < 0; /* of others also those without a sex or age, in the total */
    for (int c = 0; c < HRA_SUMMARY_CELLS; c++) {
        if (!hra_client_layout_holds(&everybody, sex, band, c)) continue;
        const hra_client_pool *all = &b->others[finding].cells[c];
        pool.yes += all->yes;
        pool.no += all->no;
        if (!hra_client_layout_holds(&b->layout, sex, band, c)) continue;
        hra_summary_flag own = hra_group_flag(b->request.summary, b->group, b->findings[finding].output, c);
        pool.yes -= own.yes;
        pool.no -= own.no;
    }
    return pool;
}

static double whole_per_cent(double share) { return floor(share * 100 + 0.5) / 100; }

static void compare_others(const hra_client_book *b, int finding, hra_client_figure *f)
{
    const hra_group_policy *p = b->request.policy;
    const hra_client_solution *s = &b->solution;
    const hra_client_others *o = &b->others[finding];
    f->compared = HRA_HIDDEN_OTHERS;
    if (b->members[b->group_index * b->finding_count + finding] == HRA_CLIENT_APART || !o->safe) return;
    uint64_t people = o->people - b->layout.people;
    uint64_t largest = o->largest[b->layout.people == o->largest[0] ? 1 : 0]; /* of the others */
    hra_client_pool all = others_at(b, finding, -1, -1);
    if (o->groups < p->others_groups + 1 || (double)largest > p->others_largest * (double)people ||
        all.yes + all.no < p->minimum_denominator)
        return;
    f->compared = HRA_SHOWN;
    f->others = whole_per_cent((double)all.yes / (double)(all.yes + all.no));
    if (isnan(s->standardised)) return;
    double weighted = 0;
    const hra_suppress_table *t = &s->strata.table;
    int width = t->columns + 1;
    for (int i = 0; i < HRA_STRATA_CELLS && i < (t->rows == 1 ? 1 : t->rows + 1) * width; i++) {
        int sex, band;
        if (s->weights[i] == 0) continue;
        hra_client_stratum(&b->layout, i / width, i % width, &sex, &band);
        hra_client_pool one = others_at(b, finding, sex, band);
        if (one.yes + one.no < p->minimum_denominator) return;
        weighted += s->weights[i] * ((double)one.yes / (double)(one.yes + one.no));
    }
    f->others_standardised = whole_per_cent(weighted);
}

static void add_table(hra_client_book *b, const hra_client_finding *finding, const hra_client_table *t, bool strata)
{
    int width = t->table.columns + 1, cells = (t->table.rows == 1 ? 1 : t->table.rows + 1) * width;
    for (int i = 0; t->told && i + 1 < cells; i++) {
        hra_client_figure *f = hra_client_add(b, "finding", finding->id);
        int sex, band;
        if (strata) {
            hra_client_stratum(&b->layout, i / width, i % width, &sex, &band);
            place(b, f, sex, band);
        } else {
            f->department = b->layout.department_names[i];
        }
        f->people = t->people[i];
        f->count = t->flags[i].yes;
        f->known = (uint64_t)t->flags[i].yes + t->flags[i].no;
        f->rule = t->cells[i].rule;
        tell_share(b, f, b->solution.exact);
    }
}

static void add_finding(hra_client_book *b, int finding)
{
    const hra_client_finding *one = &b->findings[finding];
    hra_client_solution *s = &b->solution;
    hra_client_solve(&b->scene, one, s);
    hra_client_figure *f = hra_client_add(b, "finding", one->id);
    f->count = s->total.yes;
    f->known = (uint64_t)s->total.yes + s->total.no;
    f->rule = s->rule;
    tell_share(b, f, s->exact);
    if (s->rule != HRA_SHOWN) return;
    if (!isnan(s->standardised)) {
        double told = whole_per_cent(s->standardised), known = (double)f->known_from / (double)f->people;
        hra_interval i = hra_proportion_wilson(told, s->effective * known);
        f->standardised = (hra_interval){told, whole_per_cent(i.low), whole_per_cent(i.high)};
    }
    compare_others(b, finding, f);
    add_table(b, one, &s->strata, true);
    add_table(b, one, &s->departments, false);
}

hra_code hra_client_figures(hra_client_book *book, hra_error *error)
{
    hra_client_figure *edition = hra_client_add(book, "edition", "");
    edition->count = edition->known = book->layout.people;
    if (!book->layout.published) {
        edition->rule = *hra_group_name(book->group) ? HRA_HIDDEN_SMALL_GROUP : HRA_HIDDEN_NO_GROUP;
        return HRA_OK;
    }
    add_people(book);
    HRA_TRY(add_participation(book, error));
    add_roles_and_tiers(book);
    for (int f = 0; f < book->finding_count; f++) add_finding(book, f);
    return HRA_OK;
}
