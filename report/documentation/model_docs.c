#include "report/documentation/model_docs.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "engine/language/csv_text.h"
#include "report/group/group_files.h"
#include "report/models/model_card.h"
#include "report/models/reference.h"

typedef struct pages {
    const hra_library *library;
    const char *folder, *vectors;
    const hra_declaration **models; /* by disease, then id */
    int count;
    hra_error *error;
} pages;

static const char made[] =
    "<!-- Made by `hra models docs docs` from the definitions under models/. Do not edit. -->\n\n";

/* Prose for Markdown: what would be markup is escaped. */
static void prose(hra_buffer *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("|<*", *text)) hra_buffer_char(out, '\\');
        hra_buffer_char(out, *text == '\n' ? ' ' : *text);
    }
}

static void item(hra_buffer *out, const char *label, const char *text)
{
    if (!*text) return;
    hra_buffer_printf(out, "- **%s**: ", label);
    prose(out, text);
    hra_buffer_char(out, '\n');
}

/* ---- one model ------------------------------------------------------------------ */

static void code_items(hra_buffer *out, const char *label, const char *const *texts, int count)
{
    if (count == 0) return;
    hra_buffer_printf(out, "- **%s**:", label);
    for (int i = 0; i < count; i++) hra_buffer_printf(out, "%s `%s`", i ? ";" : "", texts[i]);
    hra_buffer_char(out, '\n');
}

static void repeated(hra_buffer *out, const hra_declaration *d, const char *key, const char *label)
{
    for (int i = 0; i < d->property_count; i++) {
        const hra_property *p = &d->properties[i];
        if (strcmp(p->key, key) != 0 || strcmp(p->language, "en") != 0) continue;
        if (strncmp(p->value, "doi:", 4) == 0)
            hra_buffer_printf(out, "- **%s**: [%s](https://doi.org/%s)\n", label, p->value, p->value + 4);
        else
            item(out, label, p->value);
    }
}

static void texts(hra_buffer *out, const hra_declaration *d)
{
    static const struct {
        const char *key, *label;
    } rows[] = {{"caution", "Caution"},       {"outcome", "Outcome"}, {"horizon", "Horizon"},
                {"region", "Region"},         {"kind", "Kind"},       {"population", "Population"},
                {"derivation", "Derivation"}, {"licence", "Licence"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        item(out, rows[i].label, hra_card_text(d, rows[i].key, "en"));
    repeated(out, d, "source", "Source");
    code_items(out, "Valid range", d->valids, d->valid_count);
    code_items(out, "Not applicable if", d->excludes, d->exclude_count);
    code_items(out, "Categories", d->categories, d->category_count);
    code_items(out, "Outputs", d->outputs, d->output_count);
}

static void input_row(hra_buffer *out, const hra_variable *v)
{
    hra_buffer values = {0};
    hra_card_values(&values, v);
    hra_buffer_printf(out, "| `%s` | ", v->name);
    prose(out, values.bytes ? values.bytes : "");
    hra_buffer_text(out, " | ");
    prose(out, v->label_en);
    hra_buffer_printf(out, " | %s |\n", v->label_zh);
    out->failed |= values.failed;
    hra_buffer_destroy(&values);
}

static void inputs(hra_buffer *out, const hra_library *library, const hra_declaration *d)
{
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    if (d->input_count == 0) return;
    hra_buffer_text(out, "\n| input | unit or values | meaning | 含义 |\n|---|---|---|---|\n");
    for (int i = 0; i < d->input_count; i++) {
        int index = hra_dictionary_find(dictionary, d->inputs[i]);
        if (index >= 0) input_row(out, hra_dictionary_at(dictionary, index));
    }
    hra_buffer_char(out, '\n');
}

static void relatives(hra_buffer *out, const hra_library *library, const hra_declaration *d)
{
    int at = 0, count = 0;
    for (const hra_declaration *other; (other = hra_card_relative(library, d, &at));)
        hra_buffer_printf(out, "%s `%s`", count++ ? "," : "- **Same source**:", other->id);
    if (count) hra_buffer_char(out, '\n');
}

/* "ID, 200 rows, made by ...": what follows the id. */
static hra_code reference_item(const pages *p, hra_buffer *out, const hra_declaration *d)
{
    hra_reference *reference = NULL;
    HRA_TRY(hra_reference_open(p->library, d, p->vectors, &reference, p->error));
    size_t length = strlen(d->id);
    bool named = strncmp(reference->origin, d->id, length) == 0 && strncmp(reference->origin + length, ", ", 2) == 0;
    item(out, "Reference", reference->origin + (named ? length + 2 : 0));
    hra_reference_free(reference);
    return HRA_OK;
}

static hra_code model(const pages *p, hra_buffer *out, const hra_declaration *d)
{
    hra_buffer_printf(out, "## %s\n\n", d->id);
    prose(out, hra_card_text(d, "title", "en"));
    hra_buffer_text(out, "  \n");
    prose(out, hra_card_text(d, "title", "zh"));
    hra_buffer_text(out, "\n\n");
    texts(out, d);
    relatives(out, p->library, d);
    HRA_TRY(reference_item(p, out, d));
    hra_buffer_printf(out, "- **Definition**: [%s](../../%s)\n", d->file, d->file);
    inputs(out, p->library, d);
    repeated(out, d, "note", "Note");
    hra_buffer_char(out, '\n');
    return HRA_OK;
}

/* ---- pages ---------------------------------------------------------------------- */

static const char *disease(const hra_declaration *d) { return hra_card_text(d, "disease", "en"); }

static void spaced(hra_buffer *out, const char *word)
{
    for (; *word; word++) hra_buffer_char(out, *word == '_' ? ' ' : *word);
}

static hra_code write_page(const pages *p, const char *name, hra_buffer *out)
{
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", p->folder, name) >= sizeof path) {
        hra_buffer_destroy(out);
        return hra_fail(p->error, HRA_EUSAGE, "the path %s is too long", p->folder);
    }
    while (out->length > 1 && out->bytes[out->length - 1] == '\n' && out->bytes[out->length - 2] == '\n')
        out->bytes[--out->length] = '\0';
    return hra_write_file(path, out, p->error);
}

/* The models from `first` on that have its disease; returns the next one's place through `first`. */
static hra_code disease_page(const pages *p, int *first)
{
    hra_buffer out = {0};
    const char *subject = disease(p->models[*first]);
    char name[256];
    snprintf(name, sizeof name, "models/%s.md", subject);
    hra_buffer_text(&out, made);
    hra_buffer_text(&out, "# Models: ");
    spaced(&out, subject);
    hra_buffer_text(&out,
                    "\n\nAll models are listed in [models.md](../models.md). Ranges and conditions are written in the"
                    " [definition language](../language.md).\n\n");
    for (; *first < p->count && strcmp(disease(p->models[*first]), subject) == 0; ++*first) {
        hra_code code = model(p, &out, p->models[*first]);
        if (code == HRA_OK) continue;
        hra_buffer_destroy(&out);
        return code;
    }
    return write_page(p, name, &out);
}

static void index_row(hra_buffer *out, const hra_declaration *d)
{
    bool caution = hra_declaration_text(d, "caution", "en") != NULL;
    hra_buffer_printf(out, "| [%s](models/%s.md#%s)%s | ", d->id, disease(d), d->id, caution ? " !" : "");
    prose(out, hra_card_text(d, "title", "en"));
    hra_buffer_printf(out, " | %s | %s | %d |\n", hra_card_text(d, "horizon", "en"), hra_card_text(d, "region", "en"),
                      d->input_count);
}

static void index_models(const pages *p, hra_buffer *out)
{
    for (int i = 0; i < p->count; i++) {
        if (i == 0 || strcmp(disease(p->models[i]), disease(p->models[i - 1])) != 0) {
            hra_buffer_text(out, "\n## ");
            spaced(out, disease(p->models[i]));
            hra_buffer_text(out, "\n\n| model | title | horizon | region | inputs |\n|---|---|---|---|---|\n");
        }
        index_row(out, p->models[i]);
    }
}

static void index_panels(const pages *p, hra_buffer *out)
{
    hra_buffer_text(out,
                    "\n## Panels\n\nA panel chooses models for diseases; `hra models show PANEL` gives its reasons.\n\n"
                    "| panel | title | roles | defined in |\n|---|---|---|---|\n");
    for (int i = 0; i < hra_library_declaration_count(p->library); i++) {
        const hra_declaration *d = hra_library_declaration(p->library, i);
        if (d->kind != HRA_DECLARATION_PANEL) continue;
        hra_buffer_printf(out, "| `%s` | ", d->id);
        prose(out, hra_card_text(d, "title", "en"));
        hra_buffer_text(out, " | ");
        for (int k = 0; k < d->output_count; k++) hra_buffer_printf(out, "%s%s", k ? ", " : "", d->outputs[k]);
        hra_buffer_printf(out, " | [%s](../%s) |\n", d->file, d->file);
    }
}

/* models/left_out.csv: id, title, reason. */
static void index_left_out(hra_buffer *out)
{
    const hra_embedded *file = hra_embedded_file("models/left_out.csv");
    if (!file) return;
    hra_script script = {.name = file->name, .text = (const char *)file->bytes, .length = (int)file->length};
    hra_csv_text csv = hra_csv_text_open(&script);
    hra_csv_cell cell;
    bool header = true, row_start = true;
    hra_buffer_text(out, "\n## Left out\n\n| model | title | reason |\n|---|---|---|\n");
    while (hra_csv_text_next(&csv, row_start, &cell)) {
        if (!header) {
            hra_buffer_text(out, row_start ? "| `" : "| ");
            prose(out, cell.text);
            hra_buffer_text(out, cell.last_of_row ? " |\n" : row_start ? "` " : " ");
        }
        row_start = cell.last_of_row;
        header = header && !row_start;
    }
    hra_csv_text_close(&csv);
}

static hra_code index_page(const pages *p)
{
    hra_buffer out = {0};
    hra_buffer_text(&out, made);
    hra_buffer_printf(&out,
                      "# Models\n\n%d models, each compared with its reference rows by `hra models verify`. "
                      "`hra models show ID` prints one with its formula, `hra models search WORD` finds them. "
                      "How to add one: [models/README.md](../models/README.md).\n\n",
                      p->count);
    hra_buffer_text(&out,
                    "`!` marks a licence or trademark caution: such a model is in no default panel, its caution stands"
                    " in `hra models show` and in every run report, and a build with `-DHRA_CAUTIONED_MODELS=OFF`"
                    " leaves it out. What is not validated in Chinese people: [content.md](content.md).\n");
    index_models(p, &out);
    index_panels(p, &out);
    index_left_out(&out);
    return write_page(p, "models.md", &out);
}

/* ---- all ------------------------------------------------------------------------ */

static hra_code write_pages(pages *p)
{
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/models", p->folder) >= sizeof path)
        return hra_fail(p->error, HRA_EUSAGE, "the path %s is too long", p->folder);
    if (mkdir(path, 0777) != 0 && errno != EEXIST) return hra_fail(p->error, HRA_EIO, "%s: %s", path, strerror(errno));
    for (int first = 0; first < p->count;) HRA_TRY(disease_page(p, &first));
    return index_page(p);
}

hra_code hra_model_docs(const hra_library *library, const char *folder, const char *vectors, hra_error *error)
{
    pages p = {.library = library, .folder = folder, .vectors = vectors, .error = error};
    p.models = hra_card_models(library, &p.count);
    if (!p.models) return hra_fail(error, HRA_ENOMEM, "out of memory writing pages");
    hra_code code = write_pages(&p);
    free(p.models);
    return code;
}
