/* Hospitals that used to deliver and of which no file has come: nothing else of a night would name them. They are told
 * when they have been away as long as ever before, and no longer when that is weeks ago: nobody reads what is always
 * there. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/plain_text.h"
#include "cli/run.h"
#include "intake/profiles/history.h"

enum { LEAST_DELIVERIES = 4, MOST_DAYS_LATE = 30 };

static const char *provider_of(const hra_profile *profile)
{
    return profile->provider ? profile->provider : profile->name;
}

/* A file that is held has come, too. */
static bool has_come(const hra_run_state *s, const char *provider)
{
    const hra_hold *hold = s->checked.hold;
    for (int i = 0; i < hold->file_count; i++)
        if (hold->files[i].profile && strcmp(provider_of(hold->files[i].profile), provider) == 0) return true;
    return false;
}

static bool is_told(const hra_run_state *s, int before, const char *provider)
{
    for (int i = 0; i < before; i++)
        if (strcmp(provider_of(hra_profiles_at(s->checked.profiles, i)), provider) == 0) return true;
    return false;
}

static hra_code look(hra_run_state *s, const hra_intake_words *words, const char *provider, const char **text,
                     hra_error *error)
{
    hra_history_rhythm r;
    char last[HRA_DAY_TEXT];
    *text = NULL;
    HRA_TRY(hra_history_rhythm_of(s->options->history, provider, s->options->as_of, s->arena, &r, error));
    double away = s->request.as_of - r.last;
    bool late = r.deliveries >= LEAST_DELIVERIES && away >= r.longest && away < r.longest + MOST_DAYS_LATE;
    if (!late) return HRA_OK;
    *text = hra_arena_printf(s->arena,
                             hra_say(words, "%s: the last delivery was read on %s, at most %g days apart until then"),
                             provider, hra_day_text(r.last, last), r.longest);
    return *text ? HRA_OK : hra_out_of_memory(error);
}

static void tell(const hra_run_state *s, const hra_intake_words *words)
{
    for (int i = 0; i < s->report.absent_source_count; i++) {
        hra_buffer line = {0};
        hra_buffer_printf(&line, hra_say(words, "no file tonight: %s"), s->report.absent_sources[i]);
        if (line.bytes) hra_plain_text(line.bytes);
        fprintf(stderr, "%s\n", line.bytes ? line.bytes : "");
        hra_buffer_destroy(&line);
    }
}

hra_code hra_run_find_absent_sources(hra_run_state *s, hra_error *error)
{
    const hra_intake_words *words;
    const hra_profiles *profiles = s->checked.profiles;
    if (!s->options->history || !profiles || !s->checked.hold) return HRA_OK;
    int count = hra_profiles_count(profiles), found = 0;
    const char **texts = hra_arena_alloc(s->arena, ((size_t)count + 1) * sizeof *texts);
    if (!texts) return hra_out_of_memory(error);
    HRA_TRY(hra_intake_words_new(s->options->language, s->arena, &words, error));
    for (int i = 0; i < count; i++) {
        const char *provider = provider_of(hra_profiles_at(profiles, i));
        if (has_come(s, provider) || is_told(s, i, provider)) continue;
        HRA_TRY(look(s, words, provider, &texts[found], error));
        found += texts[found] != NULL;
    }
    s->report.absent_sources = found > 0 ? texts : NULL;
    s->report.absent_source_count = found;
    tell(s, words);
    return HRA_OK;
}
