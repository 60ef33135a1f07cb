#include "io/tables/xlsx_strings.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "io/tables/shared_texts.h"
#include "io/tables/xlsx_xml.h"

/* ---- one text ---------------------------------------------------------------------- */

void hra_xlsx_text_start(hra_xlsx_text *text, const char *name)
{
    if (strcmp(name, "rPh") == 0)
        text->phonetic++;
    else if (strcmp(name, "t") == 0 && text->phonetic == 0)
        text->inside = true;
}

void hra_xlsx_text_end(hra_xlsx_text *text, const char *name)
{
    if (strcmp(name, "rPh") == 0)
        text->phonetic--;
    else if (strcmp(name, "t") == 0)
        text->inside = false;
}

void hra_xlsx_text_piece(hra_xlsx_text *text, const char *bytes, size_t length)
{
    if (text->inside && text->text.length <= HRA_XLSX_LONGEST_TEXT) hra_buffer_append(&text->text, bytes, length);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "_x000D_" at `at`: a character that XML cannot hold, or an underscore that would look like one (_x005F_). */
static bool read_escape(const char *at, const char *end, unsigned *unit)
{
    if (end - at < 7 || at[1] != 'x' || at[6] != '_') return false;
    *unit = 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0) return false;
        *unit = 16 * *unit + (unsigned)digit;
    }
    return true;
}

static char *put_character(char *to, unsigned c)
{
    if (c < ' ' || c == 0x7F) c = ' ';
    return to + hra_utf8_put(c, to);
}

/* The character of one or, for those beyond 16 bits, two escapes; *used is how long they are. */
static bool read_escaped(const char *at, const char *end, unsigned *c, size_t *used)
{
    unsigned low;
    if (!read_escape(at, end, c)) return false;
    *used = 7;
    if (*c >= 0xD800 && *c < 0xDC00 && read_escape(at + 7, end, &low) && low >= 0xDC00 && low < 0xE000) {
        *c = 0x10000 + ((*c - 0xD800) << 10 | (low - 0xDC00));
        *used = 14;
    } else if (*c >= 0xD800 && *c < 0xE000) {
        *c = 0xFFFD;
    }
    return true;
}

void hra_xlsx_plain(hra_buffer *text)
{
    if (!text->bytes) return;
    const char *at = text->bytes, *end = at + text->length;
    char *to = text->bytes;
    while (at < end) {
        unsigned c;
        size_t used;
        if (*at == '_' && read_escaped(at, end, &c, &used)) {
            to = put_character(to, c);
            at += used;
        } else {
            *to++ = (unsigned char)*at < ' ' || *at == 0x7F ? ' ' : *at;
            at++;
        }
    }
    text->length = (size_t)(to - text->bytes);
    *to = '\0';
}

/* ---- the table ------------------------------------------------------------------------ */

struct hra_xlsx_strings {
    hra_zip *zip;
    hra_xlsx_part *part; /* NULL: read to its end */
    hra_xlsx_text current;
    bool inside; /* of an <si> */
    hra_shared_texts *texts;
    hra_code fault;
    hra_error error;
};

static hra_code add_string(hra_xlsx_strings *s)
{
    hra_buffer *text = &s->current.text;
    if (text->length > HRA_XLSX_LONGEST_TEXT)
        return hra_fail(&s->error, HRA_EINPUT, "%s: text %lld of this workbook's shared texts is longer than %d KiB",
                        hra_zip_path(s->zip), (long long)hra_shared_texts_count(s->texts), HRA_XLSX_LONGEST_TEXT >> 10);
    hra_xlsx_plain(text);
    hra_buffer_append(text, "", 0);
    if (text->failed) return hra_out_of_memory(&s->error);
    return hra_shared_texts_add(s->texts, text->bytes, text->length, &s->error);
}

static void on_start(void *context, const char *name, const char *const *attributes)
{
    hra_xlsx_strings *s = context;
    (void)attributes;
    if (strcmp(name, "si") == 0) {
        s->inside = true;
        hra_buffer_clear(&s->current.text);
        s->current.phonetic = 0;
    } else if (s->inside) {
        hra_xlsx_text_start(&s->current, name);
    }
}

static void on_end(void *context, const char *name)
{
    hra_xlsx_strings *s = context;
    if (s->inside && strcmp(name, "si") == 0) {
        s->inside = false;
        s->fault = add_string(s);
    } else if (s->inside) {
        hra_xlsx_text_end(&s->current, name);
    }
}

static void on_text(void *context, const char *text, size_t length)
{
    hra_xlsx_strings *s = context;
    if (s->inside) hra_xlsx_text_piece(&s->current, text, length);
}

static const hra_xlsx_handlers handlers = {on_start, on_end, on_text};

hra_code hra_xlsx_strings_open(hra_zip *zip, int index, hra_xlsx_strings **out, hra_error *error)
{
    *out = NULL;
    hra_xlsx_strings *s = calloc(1, sizeof *s);
    if (!s) return hra_out_of_memory(error);
    s->zip = zip;
    s->texts = hra_shared_texts_new();
    hra_code code = s->texts ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK && index >= 0) code = hra_xlsx_part_open(zip, index, &handlers, s, &s->part, error);
    if (code != HRA_OK) {
        hra_xlsx_strings_close(s);
        return code;
    }
    *out = s;
    return HRA_OK;
}

void hra_xlsx_strings_close(hra_xlsx_strings *strings)
{
    if (!strings) return;
    hra_xlsx_part_close(strings->part);
    hra_buffer_destroy(&strings->current.text);
    hra_shared_texts_free(strings->texts);
    free(strings);
}

static hra_code read_up_to(hra_xlsx_strings *s, int64_t index, hra_error *error)
{
    bool end = false;
    while (s->part && hra_shared_texts_count(s->texts) <= index) {
        hra_code code = hra_xlsx_part_step(s->part, &s->fault, &end, error);
        if (s->fault != HRA_OK && error) *error = s->error;
        if (code != HRA_OK) return code;
        if (!end) continue;
        hra_xlsx_part_close(s->part);
        s->part = NULL;
    }
    return HRA_OK;
}

hra_code hra_xlsx_strings_get(hra_xlsx_strings *s, int64_t index, const char **text, size_t *length, hra_error *error)
{
    *text = NULL;
    *length = 0;
    HRA_TRY(read_up_to(s, index, error));
    return hra_shared_texts_get(s->texts, index, text, length, error);
}
