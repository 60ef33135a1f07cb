#include "io/tables/xls_text.h"

#include "base/utf8.h"

enum { WIDE = 1, PHONETIC = 4, RICH = 8 }; /* marks of a text */

static void put(hra_buffer *out, uint32_t character)
{
    char bytes[4];
    if (character < ' ' || character == 0x7F) character = ' ';
    hra_buffer_append(out, bytes, hra_utf8_put(character, bytes));
}

/* One of 16 bits; the first half of a character beyond them waits in *half for the second. */
static void put_unit(hra_buffer *out, uint32_t unit, uint32_t *half)
{
    bool second = unit >= 0xDC00 && unit < 0xE000;
    if (*half && second) {
        put(out, 0x10000 + ((*half - 0xD800) << 10 | (unit - 0xDC00)));
        *half = 0;
        return;
    }
    if (*half) put(out, 0xFFFD);
    *half = unit >= 0xD800 && unit < 0xDC00 ? unit : 0;
    if (!*half) put(out, second ? 0xFFFD : unit);
}

/* Characters may go on in another record, which then begins with whether they are wide there. */
static hra_code read_characters(hra_xls_cursor *cursor, uint32_t count, bool wide, hra_buffer *out, hra_error *error)
{
    uint32_t half = 0, marks;
    while (count > 0 && !cursor->over) {
        size_t here = (size_t)(cursor->end - cursor->at), width = wide ? 2 : 1;
        if (here == 0) {
            HRA_TRY(hra_xls_cursor_continue(cursor, error));
            if (!cursor->over) HRA_TRY(hra_xls_cursor_number(cursor, 1, &marks, error));
            if (!cursor->over) wide = marks & WIDE;
            continue;
        }
        if (here < width) {
            cursor->over = true;
            break;
        }
        size_t some = here / width < count ? here / width : count;
        for (size_t i = 0; i < some; i++, cursor->at += width)
            put_unit(out, wide ? hra_le16(cursor->at) : *cursor->at, &half);
        count -= (uint32_t)some;
    }
    if (half) put(out, 0xFFFD);
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}

static hra_code read_wide(hra_xls_cursor *cursor, hra_xls_count width, hra_buffer *out, hra_error *error)
{
    uint32_t count, marks, runs = 0, phonetic = 0;
    HRA_TRY(hra_xls_cursor_number(cursor, width, &count, error));
    if (count == 0 && cursor->at == cursor->end) return HRA_OK; /* some writers leave the marks out */
    HRA_TRY(hra_xls_cursor_number(cursor, 1, &marks, error));
    if (marks & RICH) HRA_TRY(hra_xls_cursor_number(cursor, 2, &runs, error));
    if (marks & PHONETIC) HRA_TRY(hra_xls_cursor_number(cursor, 4, &phonetic, error));
    HRA_TRY(read_characters(cursor, count, marks & WIDE, out, error));
    return hra_xls_cursor_skip(cursor, 4 * (uint64_t)runs + phonetic, error);
}

static hra_code read_narrow(hra_xls_cursor *cursor, hra_xls_count width, hra_decoder *decoder, hra_buffer *out,
                            hra_error *error)
{
    uint32_t count;
    size_t start = out->length;
    HRA_TRY(hra_xls_cursor_number(cursor, width, &count, error));
    while (count > 0 && !cursor->over) {
        size_t here = (size_t)(cursor->end - cursor->at), some = here < count ? here : count;
        HRA_TRY(hra_decoder_feed(decoder, cursor->at, some, some == count, out, error));
        cursor->at += some;
        count -= (uint32_t)some;
        if (count > 0) HRA_TRY(hra_xls_cursor_continue(cursor, error));
    }
    for (size_t i = start; i < out->length; i++)
        if ((unsigned char)out->bytes[i] < ' ' || out->bytes[i] == 0x7F) out->bytes[i] = ' ';
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}

hra_code hra_xls_text_read(hra_xls_cursor *cursor, hra_xls_count count, hra_decoder *decoder, hra_buffer *out,
                           hra_error *error)
{
    return decoder ? read_narrow(cursor, count, decoder, out, error) : read_wide(cursor, count, out, error);
}
