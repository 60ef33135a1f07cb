/* Everything that is said about one person, from values put in by hand, in both languages. */
#include "tests/unit/rules_fixture.h"

#include "engine/program/program.h"
#include "report/person/person_json.h"
#include "report/person/person_view.h"

enum { MOST_LETS = 256, MOST_MARKS = 4 };

static const char *lets[MOST_LETS];
static int let_count;
static hra_plan *plan;
static const hra_output *outputs;
static int output_count;
static hra_judge *judge;
static hra_catalogue *catalogue;
static hra_results *results;
static hra_codes *codes;
static hra_exception *exceptions;
static hra_cell_mark marks[MOST_MARKS];
static hra_chunk chunk;
static hra_person_views *views;

static void want(void *context, const char *name)
{
    for (int i = 0; i < let_count; i++)
        if (strcmp(lets[i], name) == 0) return;
    assert_true(let_count < MOST_LETS);
    lets[let_count++] = name;
}

static int set_up_plan(void **state)
{
    hra_error error;
    if (set_up(state) != 0) return -1;
    hra_person_texts_lets(the_bench.library, want, NULL);
    hra_plan_request request = {.panel = "china_corporate",
                                .factors = true,
                                .tiers = true,
                                .prescriptions = true,
                                .items = true,
                                .monitors = true,
                                .topics = true,
                                .references = true,
                                .what_if = true,
                                .ideal = true,
                                .risk_age = true,
                                .lets = lets,
                                .let_count = let_count,
                                .as_of = 20000,
                                .share = true};
    assert_int_equal(hra_plan_new(the_bench.library, &the_bench.schema, &request, &plan, &error), HRA_OK);
    outputs = hra_plan_outputs(plan, &output_count);
    judge = hra_judge_new(hra_plan_graph(plan));
    assert_int_equal(hra_catalogue_new(the_bench.library, outputs, output_count, &catalogue, &error), HRA_OK);
    results = hra_results_new(output_count, outputs, 1);
    codes = calloc((size_t)the_bench.schema.column_count, sizeof *codes);
    exceptions = calloc((size_t)the_bench.schema.column_count, sizeof *exceptions);
    return judge && results && codes && exceptions ? 0 : -1;
}

static int tear_down_plan(void **state)
{
    hra_person_views_free(views);
    free(exceptions);
    free(codes);
    hra_results_free(results);
    hra_catalogue_free(catalogue);
    hra_judge_free(judge);
    hra_plan_free(plan);
    return tear_down(state);
}

/* A man of 47 with raised pressure, most of what is asked, nothing treated. */
static void a_man_with_raised_pressure(void)
{
    static const char *const no[] = {"hypertension",  "bp_treated",  "diabetes",        "glucose_treated",
                                     "lipid_treated", "prior_mi",    "prior_chd",       "prior_stroke",
                                     "prior_tia",     "prior_pad",   "prior_revasc",    "cancer",
                                     "vip",           "fh_diabetes", "fh_premature_cvd"};
    nobody();
    chunk.mark_count = 0;
    set("age", 47);
    set_level("sex", "male");
    set("sbp", 152);
    set("dbp", 96);
    set("height", 172);
    set("weight", 79);
    set("waist", 92);
    set("tc", 5.4);
    set("ldl", 3.5);
    set("hdl", 1.1);
    set("tg", 1.9);
    set("glucose_fasting", 5.6);
    set_level("smoking_status", "never");
    set("salt_g_day", 11);
    set("activity_min_week", 90);
    set("consent_cdm", 1);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) set(no[i], 0);
}

static void mark(const char *name, hra_mark what)
{
    assert_true(chunk.mark_count < MOST_MARKS);
    marks[chunk.mark_count++] = (hra_cell_mark){0, column_of(name), (uint8_t)what};
}

/* The view of the person on the bench. */
static const hra_person_view *view_in(const char *language, double as_of)
{
    hra_error error = {0};
    hra_judge_person(judge, the_bench.inputs);
    for (int i = 0; i < output_count; i++) {
        hra_results_put(results, i, 0, hra_judge_value(judge, outputs[i].value));
        results->status[outputs[i].status_of][0] = (uint8_t)hra_judge_status(judge, &outputs[outputs[i].status_of]);
    }
    chunk = (hra_chunk){
        .rows = 1, .columns = codes, .exceptions = exceptions, .marks = marks, .mark_count = chunk.mark_count};
    for (int c = 0; c < the_bench.schema.column_count; c++) {
        bool known = !isnan(the_bench.inputs[c]);
        const hra_column *column = &the_bench.schema.columns[c];
        codes[c].constant = known ? hra_column_escape(column) : hra_column_missing(column);
        if (known) exceptions[chunk.exception_count++] = (hra_exception){0, c, the_bench.inputs[c]};
    }
    hra_person_views_free(views);
    views = NULL;
    hra_person_views_request request = {.catalogue = catalogue,
                                        .schema = &the_bench.schema,
                                        .graph = hra_plan_graph(plan),
                                        .language = language,
                                        .as_of = as_of,
                                        .threads = 1};
    if (hra_person_views_new(&request, &views, &error) != HRA_OK) fail_msg("%s", error.message);
    const hra_person_view *view = hra_person_views_build(views, 0, &chunk, results, 0, "p1");
    assert_non_null(view);
    return view;
}

/* ---- finding things ------------------------------------------------------------------------- */

static const hra_view_value *value_named(const hra_person_view *v, const char *name)
{
    for (int i = 0; i < v->value_count; i++)
        if (strcmp(v->values[i].name, name) == 0) return &v->values[i];
    fail_msg("no value %s", name);
    return NULL;
}

static bool is_listed(const hra_view_finding *findings, int count, const char *id)
{
    for (int i = 0; i < count; i++)
        if (strcmp(findings[i].origin.id, id) == 0) return true;
    return false;
}

static const hra_view_finding *finding_in(const hra_view_finding *findings, int count, const char *id)
{
    for (int i = 0; i < count; i++)
        if (strcmp(findings[i].origin.id, id) == 0) return &findings[i];
    fail_msg("no finding %s", id);
    return NULL;
}

static const hra_view_topic *topic_named(const hra_person_view *v, const char *id)
{
    for (int i = 0; i < v->topic_count; i++)
        if (strcmp(v->topics[i].origin.id, id) == 0) return &v->topics[i];
    fail_msg("no topic %s", id);
    return NULL;
}

static const hra_view_disease *disease_named(const hra_person_view *v, const char *role)
{
    for (int i = 0; i < v->disease_count; i++)
        if (strcmp(v->diseases[i].role, role) == 0) return &v->diseases[i];
    fail_msg("no disease %s", role);
    return NULL;
}

static const hra_view_advice *advice_named(const hra_person_view *v, const char *id)
{
    for (int i = 0; i < v->advice_count; i++)
        if (strcmp(v->advice[i].origin.id, id) == 0) return &v->advice[i];
    fail_msg("%s is not advised", id);
    return NULL;
}

/* ---- tests ------------------------------------------------------------------------------------ */

static void the_information_list(void **state)
{
    a_man_with_raised_pressure();
    set("uric_acid", NAN);
    mark("uric_acid", HRA_MARK_REFUSED);
    set("tg", 0.5);
    mark("tg", HRA_MARK_BELOW);
    const hra_person_view *v = view_in("zh", 20000);
    assert_string_equal(v->sex_text, "男");
    assert_string_equal(v->age_text, "47岁");
    const hra_view_value *sbp = value_named(v, "sbp");
    assert_string_equal(sbp->text, "152");
    assert_string_equal(sbp->band, "90–139");
    assert_int_equal(sbp->flag, HRA_VIEW_HIGH);
    assert_string_equal(value_named(v, "tc")->text, "5.40");
    assert_string_equal(value_named(v, "tg")->text, "<0.50");
    const hra_view_value *urate = value_named(v, "uric_acid");
    assert_false(urate->known);
    assert_string_equal(urate->missing_text, "拒检");
    assert_int_equal(urate->flag, HRA_VIEW_NO_BAND);
    const hra_view_value *bmi = value_named(v, "bmi"); /* from height and weight */
    assert_true(bmi->derived);
    assert_string_equal(bmi->text, "26.7");
    assert_int_equal(bmi->flag, HRA_VIEW_HIGH);
    assert_true(v->blank_count > 10 && v->known_count + v->blank_count + 1 == v->asked_count);
    for (int i = 0; i < v->blank_count; i++) assert_string_not_equal(v->blank[i].name, "uric_acid");
}

static bool is_among(const hra_view_name *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i].name, name) == 0) return true;
    return false;
}

/* The column of the body mass index is empty, but height and weight give it: a page shows it and does not miss it. */
static void what_is_derived_is_not_lacking(void **state)
{
    a_man_with_raised_pressure();
    set("uric_acid", NAN);
    mark("uric_acid", HRA_MARK_REFUSED);
    const hra_person_view *v = view_in("zh", 20000);
    assert_true(is_among(v->blank, v->blank_count, "bmi"));
    assert_false(is_among(v->lacking, v->lacking_count, "bmi"));
    assert_false(is_among(v->lacking, v->lacking_count, "uric_acid")); /* refused: said among the values */
    set("weight", NAN);
    v = view_in("zh", 20000);
    assert_true(is_among(v->lacking, v->lacking_count, "bmi"));
}

static void alerts_show_value_and_cut(void **state)
{
    static const char *const first[] = {"r_bmi_obese", "r_hypertension", "r_dyslipid", "r_glucose_abnormal",
                                        "r_waist_central"};
    a_man_with_raised_pressure();
    const hra_person_view *v = view_in("en", 20000);
    assert_int_equal(v->first_alert_count, 5);
    for (int i = 0; i < 5; i++) {
        assert_string_equal(v->first_alerts[i].origin.id, first[i]);
        assert_true(*v->first_alerts[i].cut && v->first_alerts[i].value_count > 0);
    }
    assert_int_equal(v->first_alerts[0].answer, HRA_VIEW_ABSENT);
    assert_string_equal(v->first_alerts[0].values[0]->text, "26.7");
    assert_int_equal(v->first_alerts[1].answer, HRA_VIEW_PRESENT);
    assert_int_equal(finding_in(v->second_alerts, v->second_alert_count, "r_bmi_over")->answer, HRA_VIEW_PRESENT);
    const hra_view_finding *diabetes = finding_in(v->chronic_alerts, v->chronic_alert_count, "r_dm_alert");
    assert_int_equal(diabetes->answer, HRA_VIEW_PRESENT);
    assert_true(diabetes->reason_count >= 1);
    assert_string_equal(diabetes->reasons[diabetes->reason_count - 1], "Chinese diabetes risk score of 25 or more");
    assert_non_null(strstr(diabetes->cut, "15%"));
}

/* No alert may tell a diabetic, or a person after a stroke, that the disease does not threaten. */
static void an_alert_knows_who_has_the_disease(void **state)
{
    a_man_with_raised_pressure();
    set("diabetes", 1);
    set("prior_stroke", 1);
    set("age", 38); /* below the age of stroke screening */
    const hra_person_view *v = view_in("en", 20000);
    const hra_view_finding *diabetes = finding_in(v->chronic_alerts, v->chronic_alert_count, "r_dm_alert");
    const hra_view_finding *stroke = finding_in(v->chronic_alerts, v->chronic_alert_count, "r_stroke_alert");
    assert_int_equal(diabetes->answer, HRA_VIEW_HAS_IT);
    assert_int_equal(stroke->answer, HRA_VIEW_HAS_IT);
    assert_string_equal(diabetes->answer_text, "known disease");
    for (int i = 0; i < v->gap_count; i++) assert_string_not_equal(v->gaps[i].id, "r_stroke_alert");
}

/* A class of a value that warns of a disease is not told to people who have it. */
static void a_mild_finding_is_silent_beside_the_disease(void **state)
{
    a_man_with_raised_pressure();
    set("sbp", 128);
    set("dbp", 78);
    set("glucose_fasting", 6.5);
    for (int known = 0; known < 2; known++) {
        set("hypertension", known);
        set("bp_treated", known);
        set("diabetes", known);
        const hra_person_view *v = view_in("en", 20000);
        const hra_view_finding *pressure = finding_in(v->second_alerts, v->second_alert_count, "r_bp_high_normal");
        assert_int_equal(pressure->answer, known ? HRA_VIEW_HAS_IT : HRA_VIEW_PRESENT);
        assert_int_equal(is_listed(v->present, v->present_count, "r_fpg_ifg"), !known);
        assert_int_equal(is_listed(v->present, v->present_count, "r_a1c_pre"), false);
    }
}

/* A tumour may have been of the lung, which nobody asks: the alert is there or says nothing, but never "absent". */
static void no_lung_cancer_alert_after_a_cancer(void **state)
{
    static const char *const id = "r_lung_alert";
    a_man_with_raised_pressure();
    const hra_person_view *v = view_in("en", 20000);
    assert_int_equal(finding_in(v->chronic_alerts, v->chronic_alert_count, id)->answer, HRA_VIEW_ABSENT);
    set("cancer", 1);
    v = view_in("en", 20000);
    const hra_view_finding *lung = finding_in(v->chronic_alerts, v->chronic_alert_count, id);
    assert_int_equal(lung->answer, HRA_VIEW_NOT_APPLICABLE);
    assert_non_null(strstr(lung->why, "tumour"));
    set("age", 60);
    set_level("smoking_status", "current");
    set("pack_years", 40);
    v = view_in("en", 20000);
    assert_int_equal(finding_in(v->chronic_alerts, v->chronic_alert_count, id)->answer, HRA_VIEW_PRESENT);
}

/* Men are not asked whether they are pregnant; what only models read stays off the page. */
static void only_what_concerns_the_person(void **state)
{
    static const char *const not_his[] = {"menopause", "gestational_dm", "townsend"};
    a_man_with_raised_pressure();
    set("pregnant", 0);
    set("race", 4);
    const hra_person_view *v = view_in("en", 20000);
    for (int i = 0; i < v->blank_count; i++)
        for (int k = 0; k < 3; k++) assert_string_not_equal(v->blank[i].name, not_his[k]);
    assert_true(value_named(v, "pregnant")->hidden);
    assert_true(value_named(v, "race")->hidden);
    assert_false(value_named(v, "sbp")->hidden);
    set("pregnant", 1); /* cannot be: shown, so that somebody sees it */
    assert_false(value_named(view_in("en", 20000), "pregnant")->hidden);
    set("sex", 1);
    set("pregnant", 0);
    v = view_in("en", 20000);
    assert_false(value_named(v, "pregnant")->hidden);
    bool asked = false;
    for (int i = 0; i < v->blank_count; i++) asked = asked || strcmp(v->blank[i].name, "menopause") == 0;
    assert_true(asked);
    set("smoking_status", 0); /* never: no cigarettes a day are missing */
    set("cigs_per_day", NAN);
    v = view_in("en", 20000);
    for (int i = 0; i < v->blank_count; i++) assert_string_not_equal(v->blank[i].name, "cigs_per_day");
    set("dm_onset_age", NAN); /* no diabetes: no age of its diagnosis */
    assert_false(is_among(v->blank, v->blank_count, "dm_onset_age"));
    set("diabetes", 1);
    v = view_in("en", 20000);
    assert_true(is_among(v->blank, v->blank_count, "dm_onset_age"));
}

/* Adult limits say nothing in pregnancy: not "present", not "absent", and not missing either. */
static void findings_that_are_not_for_her(void **state)
{
    a_man_with_raised_pressure();
    set_level("sex", "female");
    set("age", 29);
    set("waist", 96);
    set("pregnant", 1);
    const hra_person_view *v = view_in("en", 20000);
    const hra_view_finding *obese = &v->first_alerts[0], *waist = &v->first_alerts[4];
    assert_int_equal(obese->answer, HRA_VIEW_NOT_APPLICABLE);
    assert_int_equal(waist->answer, HRA_VIEW_NOT_APPLICABLE);
    assert_string_equal(waist->answer_text, "not applicable");
    assert_non_null(strstr(waist->why, "pregnancy"));
    for (int i = 0; i < v->present_count; i++) assert_string_not_equal(v->present[i].origin.id, "r_waist_central");
    for (int i = 0; i < v->undecided_count; i++) assert_string_not_equal(v->undecided[i].origin.id, "r_waist_central");
    assert_non_null(finding_in(v->not_applicable, v->not_applicable_count, "r_waist_central"));
    const hra_view_topic *weight = topic_named(v, "topic_weight");
    assert_int_equal(weight->at_target, HRA_VIEW_NOT_APPLICABLE);
    assert_string_equal(weight->target, "set by the doctor");
    assert_int_equal(weight->rank, 0);
    assert_string_equal(weight->actions[0]->origin.id, "W08");
    assert_string_equal(value_named(v, "waist")->band, "");
    for (int i = 0; i < v->gap_count; i++) {
        assert_string_not_equal(v->gaps[i].id, "r_waist_central");
        assert_string_not_equal(v->gaps[i].id, "topic_weight");
    }
    assert_string_equal(view_in("zh", 20000)->first_alerts[4].answer_text, "不适用");
    set("pregnant", 0);
    assert_int_equal(view_in("en", 20000)->first_alerts[4].answer, HRA_VIEW_PRESENT);
}

static void an_alert_without_values_names_them(void **state)
{
    a_man_with_raised_pressure();
    set("waist", NAN);
    const hra_person_view *v = view_in("zh", 20000);
    const hra_view_finding *waist = &v->first_alerts[4];
    assert_int_equal(waist->answer, HRA_VIEW_UNKNOWN);
    assert_string_equal(waist->answer_text, "无法判定");
    assert_int_equal(waist->missing_count, 1);
    assert_string_equal(waist->missing[0].label, "腰围");
    bool told = false;
    for (int i = 0; i < v->gap_count; i++)
        told = told || (strcmp(v->gaps[i].id, "r_waist_central") == 0 && strstr(v->gaps[i].why, "腰围"));
    assert_true(told);
}

static void sixteen_topics(void **state)
{
    a_man_with_raised_pressure();
    const hra_person_view *v = view_in("en", 20000);
    assert_int_equal(v->topic_count, 16);
    const hra_view_topic *pressure = topic_named(v, "topic_blood_pressure");
    assert_int_equal(pressure->at_target, HRA_VIEW_ABSENT);
    assert_string_equal(pressure->value_text, "152");
    assert_true(pressure->high == 119 && pressure->gap == 33);
    assert_string_equal(pressure->gap_text, "−33");
    assert_string_equal(pressure->actions[0]->origin.id, "B02");
    assert_true(pressure->removable > 0 && pressure->rank >= 1 && pressure->rank <= 3);
    assert_int_equal(topic_named(v, "topic_smoking")->at_target, HRA_VIEW_PRESENT);
    assert_string_equal(topic_named(v, "topic_smoking")->value_text, "Never");
    const hra_view_topic *stress = topic_named(v, "topic_stress");
    assert_int_equal(stress->at_target, HRA_VIEW_UNKNOWN);
    assert_string_equal(stress->missing[0].name, "pss10");
    assert_int_equal(stress->action_count, 0);
    for (int i = 0; i < v->topic_count; i++) {
        const hra_view_topic *t = &v->topics[i];
        assert_true(*t->origin.title && *t->target && t->action_count <= 3);
        assert_true(t->at_target == HRA_VIEW_ABSENT ? t->rank > 0 : t->rank == 0);
    }
}

/* Which way a value should go follows from where it lies, also where a doctor sets the end of the zone. */
static void the_direction_follows_the_value(void **state)
{
    (void)state;
    a_man_with_raised_pressure();
    assert_string_equal(topic_named(view_in("en", 20000), "topic_blood_pressure")->direction, "lower");
    set("sbp", 78);
    set("dbp", 45);
    const hra_view_topic *low = topic_named(view_in("en", 20000), "topic_blood_pressure");
    assert_int_equal(low->at_target, HRA_VIEW_ABSENT);
    assert_string_equal(low->direction, "raise");
    assert_string_equal(low->gap_text, "+12");
    set("cancer", 1);
    low = topic_named(view_in("en", 20000), "topic_blood_pressure");
    assert_true(isnan(low->high));
    assert_string_equal(low->direction, "raise");
    assert_string_equal(low->direction_text, "raise");
    set("bmi", 31);
    assert_string_equal(topic_named(view_in("en", 20000), "topic_weight")->direction,
                        "keep"); /* no zone: as declared */
    set("cancer", 0);
    assert_string_equal(topic_named(view_in("en", 20000), "topic_weight")->direction, "lower");
}

static void diseases(void **state)
{
    a_man_with_raised_pressure();
    const hra_person_view *v = view_in("en", 20000);
    assert_int_equal(v->disease_count, 4);
    const hra_view_disease *stroke = disease_named(v, "stroke");
    assert_string_equal(stroke->model, "who_cvd_2019_lab");
    assert_string_equal(stroke->horizon, "10 years");
    assert_string_equal(stroke->risk_text, "4%");
    assert_string_equal(stroke->category_text, "low");
    assert_true(stroke->ideal < stroke->risk && stroke->risk_age > 47 && stroke->if_all < stroke->risk);
    assert_string_equal(stroke->what_ifs[0].origin.id, "control_blood_pressure");
    for (int i = 0; i < stroke->what_if_count; i++) {
        const hra_view_what_if *w = &stroke->what_ifs[i];
        assert_true(w->removed == stroke->risk - w->risk);
        if (i) assert_true(w->removed <= stroke->what_ifs[i - 1].removed);
    }
    assert_int_equal(stroke->status.substituted_count, 1);
    assert_string_equal(stroke->status.substituted[0].name, "who_region");
    assert_true(v->source_count >= 2 && *v->sources[0].doi);
    set("diabetes", 1);
    const hra_view_disease *diabetes = disease_named(view_in("zh", 20000), "diabetes");
    assert_true(diabetes->not_applicable && isnan(diabetes->risk));
    assert_string_equal(diabetes->risk_text, "");
    assert_string_equal(diabetes->status.text, "不适用：已患该病或相关疾病");
}

static void the_nearest_deadline_stands_first(void **state)
{
    a_man_with_raised_pressure();
    set("uacr", 350); /* a month; declared before the others */
    set("alt", 250);
    set("potassium", 6.2);
    const hra_person_view *v = view_in("en", 20000);
    assert_int_equal(v->important_count, 3);
    assert_string_equal(v->important[0].origin.id, "r_b_potassium");
    assert_string_equal(v->important[1].origin.id, "r_b_liver");
    assert_string_equal(v->important[2].origin.id, "r_b_albuminuria");
}

/* Who misses the target by the second value alone sees that value too. */
static void a_topic_shows_what_counts_beside_its_value(void **state)
{
    a_man_with_raised_pressure();
    set("bmi", 23.5);
    set("waist", 88);
    const hra_view_topic *weight = topic_named(view_in("en", 20000), "topic_weight");
    assert_int_equal(weight->at_target, HRA_VIEW_ABSENT);
    assert_true(weight->gap == 0);
    assert_non_null(weight->beside);
    assert_string_equal(weight->beside->name, "waist");
    assert_string_equal(weight->beside->text, "88.0");
    set("waist", NAN);
    assert_null(topic_named(view_in("en", 20000), "topic_weight")->beside);
    assert_null(topic_named(view_in("en", 20000), "topic_smoking")->beside);
}

static void a_topic_without_its_value_names_it_first(void **state)
{
    a_man_with_raised_pressure();
    set("sbp", NAN);
    set("hypertension", NAN);
    set("bp_treated", NAN);
    const hra_view_topic *pressure = topic_named(view_in("en", 20000), "topic_blood_pressure");
    assert_int_equal(pressure->at_target, HRA_VIEW_UNKNOWN);
    assert_int_equal(pressure->missing_count, 3); /* the target depends on the history */
    assert_string_equal(pressure->missing[0].name, "sbp");
}

static void missing_inputs_are_named(void **state)
{
    a_man_with_raised_pressure();
    set("sbp", NAN);
    const hra_view_disease *stroke = disease_named(view_in("en", 20000), "stroke");
    assert_true(isnan(stroke->risk));
    assert_non_null(strstr(stroke->status.words, "missing:"));
    assert_non_null(strstr(stroke->status.text, "Systolic pressure"));
    assert_int_equal(stroke->what_if_count, 0);
}

static void the_prescription(void **state)
{
    a_man_with_raised_pressure();
    const hra_person_view *v = view_in("zh", 20000);
    const hra_view_advice *repeat = advice_named(v, "B02");
    assert_non_null(strstr(repeat->text, "152/96"));
    assert_int_equal(repeat->step, 1);
    assert_ptr_equal(v->steps[0], repeat);
    assert_int_equal(repeat->within_days, 28);
    assert_string_equal(repeat->goal, "2024-11-01");
    assert_string_equal(repeat->intervention, "control_blood_pressure");
    assert_string_equal(repeat->domain_text, "血压");
    for (int i = 0; i + 1 < v->calendar_count; i++)
        assert_true(v->calendar[i]->within_days <= v->calendar[i + 1]->within_days);
    for (int i = 0; i < v->advice_count; i++) {
        assert_true(*v->advice[i].text && !strchr(v->advice[i].text, '{') && !strchr(v->advice[i].text, '?'));
        for (int k = i + 2; k < v->advice_count; k++) /* a domain stands together */
            if (strcmp(v->advice[i].domain, v->advice[k].domain) == 0)
                assert_string_equal(v->advice[k - 1].domain, v->advice[i].domain);
    }
    assert_true(v->doctor_count >= 1 && v->unapproved);
    assert_string_equal(advice_named(view_in("en", NAN), "B02")->goal, "");
}

static void levels_items_and_monitoring(void **state)
{
    a_man_with_raised_pressure();
    const hra_person_view *v = view_in("en", 20000);
    bool package = false, addition = false;
    for (int i = 0; i < v->tier_count; i++) {
        const hra_view_tier *t = &v->tiers[i];
        if (strcmp(t->origin.id, "chronic_class") == 0)
            assert_string_equal(t->reason, "diabetes risk score of 25 or more");
        assert_true(*t->level && *t->level_text && *t->reason);
    }
    for (int i = 0; i < v->item_count; i++) {
        package = package || *v->items[i].package;
        addition = addition || (!*v->items[i].package && *v->items[i].because);
    }
    assert_true(package && addition);
    assert_true(v->monitor_count > 0 && *v->monitors[0].first_day && *v->monitors[0].alarm);
}

/* How many tiers lack something: these and no others are told among what could not be computed. */
static int tiers_without_a_final_level(const hra_person_view *v)
{
    int found = 0;
    for (int i = 0; i < v->tier_count; i++) {
        const hra_view_tier *t = &v->tiers[i];
        const hra_view_gap *gap = NULL;
        for (int g = 0; g < v->gap_count; g++)
            if (strcmp(v->gaps[g].part, "tier") == 0 && strcmp(v->gaps[g].id, t->origin.id) == 0) gap = &v->gaps[g];
        bool final = !(t->status.bits & (HRA_STATUS_MISSING | HRA_STATUS_PROVISIONAL));
        assert_true(final ? gap == NULL : gap != NULL && *gap->why);
        assert_string_not_equal(t->status.words, "");
        assert_int_equal(strcmp(t->status.words, "ok") == 0, t->status.bits == 0);
        found += !final;
    }
    return found;
}

static void a_tier_that_is_not_final_says_why(void **state)
{
    nobody();
    chunk.mark_count = 0;
    assert_true(tiers_without_a_final_level(view_in("en", 20000)) > 0);
    a_man_with_raised_pressure();
    const hra_person_view *v = view_in("en", 20000);
    assert_true(tiers_without_a_final_level(v) < v->tier_count);
}

static void urgent_results_come_first(void **state)
{
    a_man_with_raised_pressure();
    set("sbp", 190);
    const hra_person_view *v = view_in("en", 20000);
    assert_true(v->urgent_count >= 1);
    assert_true(*v->urgent[0].action && *v->urgent[0].deadline);
    assert_string_equal(v->present[0].severity, "urgent");
}

/* Nothing of a person stays for the next one, and nobody is empty without being told so. */
static void nobody_at_all(void **state)
{
    nobody();
    chunk.mark_count = 0;
    const hra_person_view *v = view_in("zh", 20000);
    assert_int_equal(v->known_count, 0);
    assert_int_equal(v->present_count, 0);
    assert_int_equal(v->topic_count, 16);
    assert_int_equal(v->first_alerts[1].answer, HRA_VIEW_UNKNOWN);
    assert_true(v->gap_count > 20);
    hra_buffer json = {0};
    hra_person_json(v, &json);
    assert_false(json.failed);
    assert_null(strstr(json.bytes, ":nan"));
    hra_buffer_destroy(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_information_list),
        cmocka_unit_test(what_is_derived_is_not_lacking),
        cmocka_unit_test(alerts_show_value_and_cut),
        cmocka_unit_test(an_alert_knows_who_has_the_disease),
        cmocka_unit_test(a_mild_finding_is_silent_beside_the_disease),
        cmocka_unit_test(only_what_concerns_the_person),
        cmocka_unit_test(no_lung_cancer_alert_after_a_cancer),
        cmocka_unit_test(findings_that_are_not_for_her),
        cmocka_unit_test(an_alert_without_values_names_them),
        cmocka_unit_test(sixteen_topics),
        cmocka_unit_test(the_direction_follows_the_value),
        cmocka_unit_test(diseases),
        cmocka_unit_test(the_nearest_deadline_stands_first),
        cmocka_unit_test(a_topic_shows_what_counts_beside_its_value),
        cmocka_unit_test(a_topic_without_its_value_names_it_first),
        cmocka_unit_test(missing_inputs_are_named),
        cmocka_unit_test(the_prescription),
        cmocka_unit_test(levels_items_and_monitoring),
        cmocka_unit_test(a_tier_that_is_not_final_says_why),
        cmocka_unit_test(urgent_results_come_first),
        cmocka_unit_test(nobody_at_all),
    };
    return cmocka_run_group_tests(tests, set_up_plan, tear_down_plan);
}
