/* hra models list, hra models search. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/models.h"
#include "cli/options.h"
#include "report/models/model_card.h"
#include "report/models/speed.h"

/* ---- which --------------------------------------------------------------------- */

static bool contains(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (; *text; text++)
        if (strncasecmp(text, word, length) == 0) return true;
    return length == 0;
}

static bool has_word(const hra_declaration *d, const char *word)
{
    if (contains(d->id, word)) return true;
    for (int i = 0; i < d->property_count; i++)
        if (contains(d->properties[i].value, word)) return true;
    for (int i = 0; i < d->input_count; i++)
        if (strcmp(d->inputs[i], word) == 0) return true;
    return false;
}

static bool wanted(const hra_declaration *d, char **words, int count)
{
    for (int i = 0; i < count; i++)
        if (!has_word(d, words[i])) return false;
    return true;
}

/* ---- one line ------------------------------------------------------------------ */

static const char *text_of(const hra_declaration *d, const char *key)
{
    const char *text = hra_declaration_text(d, key, "en");
    return text ? text : "";
}

static void print_details(const hra_declaration *d)
{
    hra_buffer out = {0}, names = {0};
    for (int i = 0; i < d->input_count; i++) hra_buffer_printf(&names, "%s%s", i ? ", " : "", d->inputs[i]);
    hra_card_paragraph(&out, "    outcome", 12, text_of(d, "outcome"));
    hra_card_paragraph(&out, "    inputs", 12, names.bytes ? names.bytes : "");
    hra_models_print(&out);
    hra_buffer_destroy(&names);
}

static void print_line(const hra_declaration *d, double speed, const hra_models_options *options)
{
    char id[128], rate[32] = "";
    snprintf(id, sizeof id, "%s%s", d->id, hra_declaration_text(d, "caution", "en") ? " !" : "");
    if (options->speed) snprintf(rate, sizeof rate, "%9.2f M/s  ", speed / 1e6);
    printf("%-36s %-12s %-9s %-9s %6d  %s%s\n", id, text_of(d, "disease"), text_of(d, "horizon"), text_of(d, "region"),
           d->input_count, rate, text_of(d, "title"));
    if (options->details) print_details(d);
}

static void print_head(const hra_models_options *options)
{
    printf("%-36s %-12s %-9s %-9s %6s  %s%s\n", "model", "disease", "horizon", "region", "inputs",
           options->speed ? "     people/s  " : "", "title");
}

static void print_foot(int count, int cautioned, const hra_models_options *options)
{
    printf("\n%d model%s; 'hra models show ID' tells about one\n", count, count == 1 ? "" : "s");
    if (cautioned) printf("! carries a licence or trademark caution: read it before use\n");
    if (options->speed) printf("people/s: median on one thread of this machine, people in memory, every input known\n");
}

typedef struct listing {
    const hra_library *library;
    const hra_models_options *options;
    hra_buffer json;
    int found, cautioned;
} listing;

static hra_code add(listing *l, const hra_declaration *d, hra_error *error)
{
    double speed = -1;
    if (l->options->speed) HRA_TRY(hra_model_speed(l->library, d, &speed, error));
    if (l->options->json) {
        hra_buffer_text(&l->json, l->found ? ",\n" : "\n");
        hra_model_card_json(&l->json, l->library, d, speed);
    } else {
        if (l->found == 0) print_head(l->options);
        print_line(d, speed, l->options);
    }
    l->cautioned += hra_declaration_text(d, "caution", "en") != NULL;
    l->found++;
    return HRA_OK;
}

static int finish(listing *l)
{
    hra_buffer_text(&l->json, "\n]\n");
    if (l->options->json) return hra_models_print(&l->json);
    hra_buffer_destroy(&l->json);
    if (l->found == 0)
        printf("no model has all of these words in its id, texts, sources or inputs\n");
    else
        print_foot(l->found, l->cautioned, l->options);
    return HRA_OK;
}

int hra_models_list(const hra_library *library, char **words, int count, const hra_models_options *options)
{
    listing l = {.library = library, .options = options};
    hra_error error = {HRA_ENOMEM, "out of memory"};
    int models;
    const hra_declaration **all = hra_card_models(library, &models);
    hra_code code = all ? HRA_OK : HRA_ENOMEM;
    hra_buffer_char(&l.json, '[');
    for (int i = 0; code == HRA_OK && i < models; i++)
        if (wanted(all[i], words, count)) code = add(&l, all[i], &error);
    free(all);
    if (code == HRA_OK) return finish(&l);
    hra_buffer_destroy(&l.json);
    return hra_report_error("models", &error);
}
