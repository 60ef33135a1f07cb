/* What a run tells on the terminal of what it has done, in the language of its reports. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/run.h"
#include "report/tools/texts.h"

typedef struct telling {
    hra_run_state *s;
    const hra_words *words;
} telling;

static void print(const char *text, const char *const *values, int count)
{
    hra_buffer line = {0};
    hra_text_fill(text, values, count, &line);
    if (line.bytes) fprintf(stderr, "%s\n", line.bytes);
    hra_buffer_destroy(&line);
}

static const char *number(const telling *t, int decimals, double value)
{
    const char *text = hra_arena_printf(t->s->arena, "%.*f", decimals, value);
    return text ? text : "?";
}

static const char *path(const telling *t, const char *name)
{
    const char *text = hra_run_path(t->s, name);
    return text ? text : name;
}

static void tell_assessed(const telling *t)
{
    const hra_run_facts *f = &t->s->scoring.facts;
    double people = (double)f->rows_scored, seconds = f->seconds_wall;
    const char *const values[] = {number(t, 0, people),
                                  number(t, 0, hra_group_summary_count(t->s->summary)),
                                  number(t, 0, (double)t->s->report.rows_rejected),
                                  number(t, 2, seconds),
                                  number(t, 0, seconds > 0 ? people / seconds : 0),
                                  number(t, 0, (double)hra_setup_peak_kib() / 1024)};
    print(hra_text(t->words, "told.assessed"), values, 6);
}

/* Where the night went. */
static void tell_stages(const telling *t)
{
    const hra_run_report *r = &t->s->report;
    hra_buffer list = {0};
    for (int i = 0; i < r->stage_count; i++) {
        const char *const values[] = {hra_run_stage_title(t->words, r->stages[i].name),
                                      number(t, 1, r->stages[i].seconds)};
        if (i > 0) hra_buffer_text(&list, hra_list_separator(t->words, false));
        hra_text_fill(hra_text(t->words, "told.stage"), values, 2, &list);
    }
    const char *const all[] = {list.bytes};
    if (list.bytes) print(hra_text(t->words, "told.stages"), all, 1);
    hra_buffer_destroy(&list);
}

static void tell_files(const telling *t)
{
    const hra_run_report *r = &t->s->report;
    print(hra_text(t->words, "told.results"), &t->s->options->folder, 1);
    for (int i = 0; i < t->s->output_count; i++) fprintf(stderr, "  %s\n", t->s->outputs[i]);
    fprintf(stderr, "  %s\n", path(t, "run.json"));
    if (r->leftover_count > 0) print(hra_text(t->words, "told.leftovers"), NULL, 0);
    for (int i = 0; i < r->leftover_count; i++) fprintf(stderr, "  %s\n", r->leftovers[i]);
}

static void tell_count(const telling *t, const char *text, int64_t count, const char *file)
{
    const char *const values[] = {number(t, 0, (double)count), file};
    if (count > 0) print(text, values, 2);
}

hra_code hra_run_tell_quality(hra_run_state *s, int warnings, int sources, hra_error *error)
{
    hra_words *words;
    if (s->options->quiet) return HRA_OK;
    HRA_TRY(hra_words_new(s->options->language, &words, error));
    const telling t = {s, words};
    const char *const values[] = {number(&t, 0, warnings), number(&t, 0, sources), path(&t, "quality")};
    print(hra_text(words, "told.quality"), values, 3);
    hra_words_free(words);
    return HRA_OK;
}

hra_code hra_run_tell(hra_run_state *s, hra_error *error)
{
    const hra_run_report *r = &s->report;
    hra_words *words;
    if (s->options->quiet) return HRA_OK;
    HRA_TRY(hra_words_new(s->options->language, &words, error));
    const telling t = {s, words};
    tell_assessed(&t);
    tell_stages(&t);
    tell_files(&t);
    const char *declined = path(&t, "declined.csv"), *account = path(&t, "run.json");
    tell_count(&t, hra_text(words, "told.declined"), r->consent.declined, declined);
    tell_count(&t, hra_text(words, "told.not_asked"), r->consent.not_asked, declined);
    tell_count(&t, hra_text(words, "told.alike_groups"), r->alike_group_count, account);
    tell_count(&t, hra_text(words, "told.absent_groups"), r->absent_group_count, account);
    hra_words_free(words);
    return HRA_OK;
}
