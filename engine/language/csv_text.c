#include "engine/language/csv_text.h"

#include <string.h>

hra_csv_text hra_csv_text_open(const hra_script *script)
{
    hra_csv_text csv = {.script = script};
    if (script->length >= 3 && memcmp(script->text, "\xEF\xBB\xBF", 3) == 0) csv.position = 3;
    return csv;
}

void hra_csv_text_close(hra_csv_text *csv) { hra_buffer_destroy(&csv->cell); }

static void skip_empty_rows(hra_csv_text *csv)
{
    const char *text = csv->script->text;
    for (;;) {
        char c = text[csv->position];
        if (c == '#')
            while (text[csv->position] && text[csv->position] != '\n') csv->position++;
        else if (c == '\n' || c == '\r')
            csv->position++;
        else
            return;
    }
}

static void read_quoted(hra_csv_text *csv)
{
    const char *text = csv->script->text;
    csv->position++;
    for (;;) {
        size_t left = (size_t)(csv->script->length - csv->position);
        const char *quote = memchr(text + csv->position, '"', left);
        size_t plain = quote ? (size_t)(quote - text) - (size_t)csv->position : left;
        hra_buffer_append(&csv->cell, text + csv->position, plain);
        csv->position += (int)plain + (quote != NULL);
        if (!quote || text[csv->position] != '"') return;
        hra_buffer_char(&csv->cell, '"');
        csv->position++;
    }
}

static void read_plain(hra_csv_text *csv)
{
    const char *text = csv->script->text + csv->position;
    if (*text == ',') return; /* many are empty */
    size_t length = strcspn(text, ",\r\n");
    csv->position += (int)length;
    while (length > 0 && text[length - 1] == ' ') length--;
    hra_buffer_append(&csv->cell, text, length);
}

bool hra_csv_text_next(hra_csv_text *csv, bool row_start, hra_csv_cell *cell)
{
    const char *text = csv->script->text;
    if (row_start) skip_empty_rows(csv);
    if (row_start && csv->position >= csv->script->length) return false;
    hra_buffer_clear(&csv->cell);
    while (text[csv->position] == ' ') csv->position++;
    cell->span = (hra_span){csv->script, csv->position, 0};
    if (text[csv->position] == '"')
        read_quoted(csv);
    else
        read_plain(csv);
    cell->span.length = csv->position - cell->span.start;
    while (text[csv->position] == ' ') csv->position++;
    cell->text = csv->cell.bytes ? csv->cell.bytes : "";
    cell->last_of_row = text[csv->position] != ',';
    if (!cell->last_of_row) {
        csv->position++;
        return true;
    }
    /* nothing, unless text follows a closing quote */
    if (text[csv->position] != '\n') csv->position += (int)strcspn(text + csv->position, "\n");
    if (text[csv->position] == '\n') csv->position++;
    return true;
}
