/* hra models: list, show and search what the definitions say. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "cli/session.h"

int hra_cmd_models(int argc, char **argv);

static const char *text_of(const hra_declaration *d, const char *key, const char *language)
{
    const char *text = hra_declaration_text(d, key, language);
    return text ? text : "";
}

static bool is_model(const hra_declaration *d) { return d->kind == HRA_DECLARATION_MODEL; }

/* ---- list --------------------------------------------------------------------- */

static void list_plain(const hra_library *library)
{
    int count = 0;
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (!is_model(d)) continue;
        printf("%-36s %-12s %-9s %s\n", d->id, text_of(d, "disease", "en"), text_of(d, "horizon", "en"),
               text_of(d, "title", "en"));
        count++;
    }
    printf("\n%d models; 'hra models show ID' tells about one\n", count);
}

static void json_texts(hra_buffer *out, const char *key, const char *const *items, int count)
{
    hra_buffer_printf(out, ",\"%s\":[", key);
    for (int i = 0; i < count; i++) {
        if (i) hra_buffer_char(out, ',');
        hra_buffer_json(out, items[i]);
    }
    hra_buffer_char(out, ']');
}

static void json_model(hra_buffer *out, const hra_declaration *d)
{
    hra_buffer_text(out, "{\"id\":");
    hra_buffer_json(out, d->id);
    hra_buffer_text(out, ",\"file\":");
    hra_buffer_json(out, d->file);
    hra_buffer_text(out, ",\"properties\":[");
    for (int i = 0; i < d->property_count; i++) {
        const hra_property *p = &d->properties[i];
        hra_buffer_text(out, i ? ",{\"key\":" : "{\"key\":");
        hra_buffer_json(out, p->key);
        hra_buffer_text(out, ",\"language\":");
        hra_buffer_json(out, p->language);
        hra_buffer_text(out, ",\"value\":");
        hra_buffer_json(out, p->value);
        hra_buffer_char(out, '}');
    }
    hra_buffer_char(out, ']');
    json_texts(out, "inputs", d->inputs, d->input_count);
    json_texts(out, "outputs", d->outputs, d->output_count);
    hra_buffer_char(out, '}');
}

static int print_buffer(hra_buffer *out)
{
    bool failed = out->failed;
    if (!failed && out->bytes) fputs(out->bytes, stdout);
    hra_buffer_destroy(out);
    if (failed) fprintf(stderr, "hra models: out of memory\n");
    return failed ? HRA_ENOMEM : HRA_OK;
}

static int list_json(const hra_library *library)
{
    hra_buffer out = {0};
    bool first = true;
    hra_buffer_char(&out, '[');
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        if (!is_model(d)) continue;
        hra_buffer_text(&out, first ? "\n" : ",\n");
        json_model(&out, d);
        first = false;
    }
    hra_buffer_text(&out, "\n]\n");
    return print_buffer(&out);
}

/* ---- show --------------------------------------------------------------------- */

/* A paragraph after a label, broken between words at column 100. */
static void paragraph(const char *label, const char *text)
{
    int column = printf("  %-14s ", label);
    const int margin = 17;
    for (const char *word = text; *word;) {
        size_t length = strcspn(word, " \n");
        if (column + (int)length > 100 && column > margin) column = printf("\n%*s", margin, "") - 1;
        column += printf("%.*s", (int)length, word);
        word += length;
        if (*word) {
            putchar(' ');
            word++;
            column++;
        }
    }
    putchar('\n');
}

static void show_properties(const hra_declaration *d)
{
    for (int i = 0; i < d->property_count; i++) {
        const hra_property *p = &d->properties[i];
        if (strcmp(p->key, "title") == 0 || strcmp(p->key, "caution") == 0) continue;
        char label[64];
        bool english = strcmp(p->language, "en") == 0;
        snprintf(label, sizeof label, "%s%s%s", p->key, english ? "" : ".", english ? "" : p->language);
        paragraph(label, p->value);
    }
}

static void show_levels(const hra_variable *v)
{
    for (int i = 0; i < v->level_count && i < 8; i++) printf("%s%s", i ? " | " : "", v->levels[i].name);
    if (v->level_count > 8) printf(" | ... (%d levels)", v->level_count);
}

static void show_input(const hra_variable *v)
{
    printf("  %-24s ", v->name);
    if (v->type == HRA_TYPE_CATEGORY)
        show_levels(v);
    else if (v->type == HRA_TYPE_FLAG)
        printf("yes or no");
    else if (v->type == HRA_TYPE_DATE)
        printf("day");
    else if (isnan(v->plausible_min) || isnan(v->plausible_max))
        printf("%s", v->unit);
    else
        printf("%s, plausible %g to %g", v->unit, v->plausible_min, v->plausible_max);
    printf("   %s%s%s\n", v->label_en, *v->label_zh ? " / " : "", v->label_zh);
}

static void show_inputs(const hra_library *library, const hra_declaration *d)
{
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    printf("\nInputs (unit of the dictionary; other units are converted)\n");
    for (int i = 0; i < d->input_count; i++) {
        int index = hra_dictionary_find(dictionary, d->inputs[i]);
        if (index >= 0) show_input(hra_dictionary_at(dictionary, index));
    }
}

static void show_outputs(const hra_declaration *d)
{
    printf("\nOutputs:");
    for (int i = 0; i < d->output_count; i++) printf(" %s.%s", d->id, d->outputs[i]);
    printf("\n");
}

static int no_such(const hra_library *library, const char *id)
{
    fprintf(stderr, "hra models: nothing is declared as '%s'; 'hra models search WORD' finds models\n", id);
    (void)library;
    return HRA_EUSAGE;
}

static int show(const hra_library *library, const char *id)
{
    const hra_declaration *d = hra_library_find(library, id);
    if (!d) return no_such(library, id);
    printf("%s\n%s\n", d->id, text_of(d, "title", "en"));
    const char *chinese = text_of(d, "title", "zh");
    if (*chinese && strcmp(chinese, text_of(d, "title", "en")) != 0) printf("%s\n", chinese);
    for (int i = 0; i < d->property_count; i++)
        if (strcmp(d->properties[i].key, "caution") == 0) printf("\nCAUTION: %s\n", d->properties[i].value);
    printf("\n");
    show_properties(d);
    if (d->input_count) show_inputs(library, d);
    if (d->output_count && is_model(d)) show_outputs(d);
    printf("\nDefinition (%s, line %d)\n\n%.*s\n", d->file, d->line, d->source_length, d->source_text);
    return HRA_OK;
}

/* ---- search ------------------------------------------------------------------- */

static bool contains(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (; *text; text++)
        if (strncasecmp(text, word, length) == 0) return true;
    return length == 0;
}

static bool matches(const hra_declaration *d, const char *word)
{
    if (contains(d->id, word)) return true;
    for (int i = 0; i < d->property_count; i++)
        if (contains(d->properties[i].value, word)) return true;
    for (int i = 0; i < d->input_count; i++)
        if (strcmp(d->inputs[i], word) == 0) return true;
    return false;
}

static int search(const hra_library *library, char **words, int count)
{
    int found = 0;
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *d = hra_library_declaration(library, i);
        bool all = is_model(d);
        for (int k = 0; k < count && all; k++) all = matches(d, words[k]);
        if (!all) continue;
        printf("%-36s %s\n", d->id, text_of(d, "title", "en"));
        found++;
    }
    if (found == 0) printf("no model has all of these words in its id, texts, sources or inputs\n");
    return HRA_OK;
}

/* ---- the command ----------------------------------------------------------------- */

static int run(const hra_library *library, int argc, char **argv, bool json)
{
    const char *what = argc > 1 ? argv[1] : "list";
    if (strcmp(what, "list") == 0 && argc <= 2) {
        if (json) return list_json(library);
        list_plain(library);
        return HRA_OK;
    }
    if (strcmp(what, "show") == 0 && argc == 3) return show(library, argv[2]);
    if (strcmp(what, "search") == 0 && argc > 2) return search(library, argv + 2, argc - 2);
    fprintf(stderr, "hra models: expected list, show ID or search WORD...; see 'hra models --help'\n");
    return HRA_EUSAGE;
}

int hra_cmd_models(int argc, char **argv)
{
    bool json = false;
    hra_texts definitions = {0};
    const hra_option options[] = {
        {"json", 0, HRA_OPTION_FLAG, &json, NULL, "list as JSON"},
        {"definitions", 0, HRA_OPTION_TEXTS, &definitions, "FILE", "definitions of your own (may be repeated)"},
        {0}};
    const hra_usage usage = {"models", "[list | show ID | search WORD...] [options]",
                             "Lists the models, shows one with its source, inputs and definition, or searches them.",
                             options,
                             "Examples:\n  hra models search stroke china\n  hra models show china_par_2016\n\n"
                             "'show' also takes the id of a risk factor, tier, prescription, table, let or panel."};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_library *library = NULL;
    hra_error error = {0};
    if (hra_session_library(&definitions, &library, &error) != HRA_OK) return hra_report_error("models", &error);
    status = run(library, argc, argv, json);
    hra_library_free(library);
    return status;
}
