#include "report/person_text.h"

#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "engine/run/judge.h"

double hra_person_value(const hra_person *person, int output)
{
    return output < 0 ? NAN : person->results->values[output][person->row];
}

unsigned hra_person_status(const hra_person *person, int output)
{
    int holder = person->catalogue->outputs[output].status_of;
    return person->results->status[holder][person->row];
}

static void write_day(double day, hra_buffer *out)
{
    char text[HRA_DAY_TEXT];
    hra_buffer_text(out, hra_day_text(day, text));
}

/* The first label in Chinese script, else the level's name. */
static const char *level_label(const hra_level *level, const char *language)
{
    for (int l = 0; strcmp(language, "zh") == 0 && l < level->label_count; l++)
        if ((unsigned char)level->labels[l][0] >= 0xE3) return level->labels[l];
    return level->name;
}

void hra_person_input_text(const hra_person *person, int column, const char *language, hra_buffer *out)
{
    const hra_column *c = &person->schema->columns[column];
    const hra_variable *v = hra_dictionary_at(person->schema->dictionary, c->variable);
    double value = person->inputs[column];
    bool chinese = strcmp(language, "zh") == 0;
    if (isnan(value))
        hra_buffer_text(out, "?");
    else if (v->type == HRA_TYPE_FLAG)
        hra_buffer_text(out, value == 1 ? (chinese ? "是" : "yes") : (chinese ? "否" : "no"));
    else if (v->type == HRA_TYPE_CATEGORY)
        hra_buffer_text(out, level_label(&v->levels[(int)value], language));
    else if (v->type == HRA_TYPE_DATE)
        write_day(value, out);
    else
        hra_buffer_printf(out, "%.*f", c->decimals, hra_scalar_round(value, c->decimals));
}

/* The column of a variable in which this person has a value (one per delivered unit), or -1. */
static int known_column(const hra_person *person, int variable)
{
    for (int c = 0; variable >= 0 && c < person->schema->column_count; c++)
        if (person->schema->columns[c].variable == variable && !isnan(person->inputs[c])) return c;
    return -1;
}

static void fill_one(const hra_person *person, const char *name, size_t length, const char *language, hra_buffer *out)
{
    char key[128];
    if (length >= sizeof key) return;
    memcpy(key, name, length);
    key[length] = '\0';
    int column = known_column(person, hra_dictionary_find(person->schema->dictionary, key));
    if (column >= 0) {
        hra_person_input_text(person, column, language, out);
        return;
    }
    int let = hra_catalogue_let(person->catalogue, key); /* a let, or a variable that others stand in for */
    double value = hra_person_value(person, let);
    if (isnan(value)) {
        hra_buffer_text(out, "?");
        return;
    }
    int decimals = person->catalogue->outputs[let].decimals;
    if (decimals >= 0)
        hra_buffer_printf(out, "%.*f", decimals, hra_scalar_round(value, decimals));
    else
        hra_buffer_printf(out, "%.4g", value);
}

void hra_person_fill(const hra_person *person, const char *text, const char *language, hra_buffer *out)
{
    for (const char *open; (open = strchr(text, '{')) != NULL;) {
        const char *close = strchr(open, '}');
        if (!close) break;
        hra_buffer_append(out, text, (size_t)(open - text));
        fill_one(person, open + 1, (size_t)(close - open - 1), language, out);
        text = close + 1;
    }
    hra_buffer_text(out, text);
}

void hra_placeholder_lets(const hra_library *library, const char *text, void (*found)(void *context, const char *name),
                          void *context)
{
    for (const char *open = text; (open = strchr(open, '{')) != NULL; open++) {
        const char *close = strchr(open, '}');
        char key[128];
        if (!close || (size_t)(close - open) > sizeof key) return;
        size_t length = (size_t)(close - open - 1);
        memcpy(key, open + 1, length);
        key[length] = '\0';
        const hra_declaration *declaration = hra_library_find(library, key);
        if (declaration && declaration->kind == HRA_DECLARATION_LET) found(context, declaration->id);
    }
}
