#include "io/tables/xls_book.h"

#include <stdlib.h>
#include <string.h>

#include "base/plain_text.h"
#include "io/tables/file_kind.h"
#include "io/tables/xls_text.h"

enum { MOST_SHEETS = 1024, MOST_STYLES = 1 << 16, MOST_CODES = 1 << 12 };
enum { SINCE_97 = 0x0600, WHOLE_BOOK = 0x0005, WORKSHEET = 0x0010 }; /* in a first record */

const char *const hra_xls_stream_names[] = {"Workbook", "Book", NULL};

bool hra_xls_is_bare(const unsigned char *start, size_t length)
{
    if (length < 8 || hra_le16(start) != HRA_XLS_START || hra_le16(start + 2) < 4 || hra_le16(start + 2) > 16)
        return false;
    int type = hra_le16(start + 6);
    return type == WHOLE_BOOK || type == WORKSHEET;
}

hra_code hra_xls_damaged(const hra_xls_book *book, const char *what, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s: this workbook is damaged or cut off (%s): have it sent again",
                    hra_compound_path(book->file), what);
}

/* ---- encoding of texts before Excel 97 --------------------------------------------------- */

static bool encoding_of_page(int page, hra_encoding *encoding)
{
    static const struct {
        int page;
        hra_encoding encoding;
    } pages[] = {{936, HRA_GB18030}, {54936, HRA_GB18030}, {950, HRA_BIG5}, {65001, HRA_UTF8}};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        if (pages[i].page == page) {
            *encoding = pages[i].encoding;
            return true;
        }
    return false;
}

/* The text of a record that has one; NULL: it has none. */
static const unsigned char *bare_text(const hra_xls_record *record, size_t *length)
{
    bool cell = record->type == HRA_XLS_TEXT || record->type == HRA_XLS_RICH_TEXT;
    bool sheet = record->type == HRA_XLS_SHEET;
    size_t place = cell || sheet ? 6 : 0, width = sheet ? 1 : 2;
    if (!cell && !sheet && record->type != HRA_XLS_FORMULA_TEXT) return NULL;
    if (record->length < place + width) return NULL;
    const unsigned char *at = record->bytes + place;
    *length = width == 1 ? at[0] : hra_le16(at);
    if (*length > record->length - place - width) *length = record->length - place - width;
    return at + width;
}

/* Programs that write Chinese without knowing of code pages name none, or that of Western Europe: then all texts show
 * what they are in, as those of a text file do. */
static hra_code find_encoding(hra_xls_book *book, hra_xls_records *records, hra_error *error)
{
    hra_encoding_probe probe;
    hra_xls_record record;
    int64_t damaged, first;
    bool found = true;
    hra_encoding_probe_start(&probe);
    hra_encoding_probe_feed(&probe, (const unsigned char *)"\n\n\n", 3); /* no byte-order mark */
    hra_xls_records_seek(records, 0);
    for (;;) {
        HRA_TRY(hra_xls_records_next(records, &record, &found, error));
        if (!found) break;
        size_t length;
        const unsigned char *text = bare_text(&record, &length);
        if (record.type == HRA_XLS_CODE_PAGE && record.length >= 2 &&
            encoding_of_page(hra_le16(record.bytes), &book->encoding))
            return HRA_OK;
        if (!text) continue;
        hra_encoding_probe_feed(&probe, text, length);
        hra_encoding_probe_feed(&probe, (const unsigned char *)"\n", 1);
    }
    book->encoding = hra_encoding_probe_finish(&probe, &damaged, &first);
    return HRA_OK;
}

/* ---- what cells refer to -------------------------------------------------------------------- */

typedef struct globals {
    hra_xls_book *book;
    hra_xls_records *records;
    hra_xls_sheet_entry *sheets;
    hra_xlsx_custom_form *custom;
    int custom_count;
    uint16_t *styles; /* numbers of formats */
    int style_count;
    hra_buffer text;
} globals;

static hra_code read_text(globals *g, const hra_xls_record *record, size_t place, hra_xls_count count, hra_error *error)
{
    hra_xls_cursor cursor = hra_xls_cursor_in(g->records, record, place);
    hra_buffer_clear(&g->text);
    HRA_TRY(hra_xls_text_read(&cursor, count, g->book->decoder, &g->text, error));
    hra_buffer_append(&g->text, "", 0);
    if (g->text.failed) return hra_out_of_memory(error);
    return cursor.over ? hra_xls_damaged(g->book, "a text in it has no end", error) : HRA_OK;
}

static hra_code add_sheet(globals *g, const hra_xls_record *record, hra_error *error)
{
    hra_xls_book *book = g->book;
    if (book->sheet_count == MOST_SHEETS)
        return hra_fail(error, HRA_EINPUT, "%s: this workbook has more than %d sheets", hra_compound_path(book->file),
                        MOST_SHEETS);
    if (record->length < 6) return hra_xls_damaged(book, "its list of sheets cannot be read", error);
    hra_xls_sheet_entry sheet = {.entry = {.hidden = (record->bytes[4] & 3) != 0, .table = record->bytes[5] == 0},
                                 .offset = (int64_t)hra_le32(record->bytes)};
    HRA_TRY(read_text(g, record, 6, HRA_XLS_COUNT_8, error));
    char *name = hra_arena_text(book->arena, g->text.bytes);
    if (!name) return hra_out_of_memory(error);
    hra_plain_text(name);
    sheet.entry.name = name;
    g->sheets[book->sheet_count++] = sheet;
    return HRA_OK;
}

static hra_code add_format(globals *g, const hra_xls_record *record, hra_error *error)
{
    if (g->custom_count == MOST_CODES)
        return hra_fail(error, HRA_EINPUT, "%s: this workbook has more than %d number formats",
                        hra_compound_path(g->book->file), MOST_CODES);
    if (record->length < 2) return hra_xls_damaged(g->book, "a number format cannot be read", error);
    long id = hra_le16(record->bytes);
    HRA_TRY(read_text(g, record, 2, g->book->decoder ? HRA_XLS_COUNT_8 : HRA_XLS_COUNT_16, error));
    g->custom[g->custom_count++] = (hra_xlsx_custom_form){id, hra_xlsx_form_of_code(g->text.bytes)};
    return HRA_OK;
}

static hra_code add_style(globals *g, const hra_xls_record *record, hra_error *error)
{
    if (g->style_count == MOST_STYLES)
        return hra_fail(error, HRA_EINPUT, "%s: this workbook has more than %d cell styles",
                        hra_compound_path(g->book->file), MOST_STYLES);
    if (record->length < 4) return hra_xls_damaged(g->book, "a cell style cannot be read", error);
    g->styles[g->style_count++] = hra_le16(record->bytes + 2);
    return HRA_OK;
}

static hra_code read_shared_texts(globals *g, const hra_xls_record *record, hra_error *error)
{
    hra_xls_book *book = g->book;
    hra_xls_cursor cursor = hra_xls_cursor_in(g->records, record, 4);
    uint32_t count;
    HRA_TRY(hra_xls_cursor_number(&cursor, 4, &count, error));
    for (uint32_t i = 0; i < count && !cursor.over; i++) {
        while (cursor.at == cursor.end && !cursor.over) HRA_TRY(hra_xls_cursor_continue(&cursor, error));
        if (cursor.over) return HRA_OK; /* fewer than announced; cells that name them are told of */
        hra_buffer_clear(&g->text);
        HRA_TRY(hra_xls_text_read(&cursor, HRA_XLS_COUNT_16, NULL, &g->text, error));
        hra_buffer_append(&g->text, "", 0);
        if (g->text.failed) return hra_out_of_memory(error);
        if (!cursor.over) HRA_TRY(hra_shared_texts_add(book->texts, g->text.bytes, g->text.length, error));
    }
    return cursor.over ? hra_xls_damaged(book, "a text in it has no end", error) : HRA_OK;
}

static hra_code read_global(globals *g, const hra_xls_record *record, hra_error *error)
{
    switch (record->type) {
    case HRA_XLS_LOCKED: return hra_refuse_locked(hra_compound_path(g->book->file), error);
    case HRA_XLS_1904: g->book->from_1904 = record->length >= 2 && hra_le16(record->bytes) == 1; return HRA_OK;
    case HRA_XLS_SHEET: return add_sheet(g, record, error);
    case HRA_XLS_FORMAT: return add_format(g, record, error);
    case HRA_XLS_STYLE: return add_style(g, record, error);
    case HRA_XLS_SHARED_TEXTS: return g->book->decoder ? HRA_OK : read_shared_texts(g, record, error);
    default: return HRA_OK;
    }
}

static hra_code read_globals(globals *g, hra_error *error)
{
    hra_xls_record record;
    bool found = true;
    hra_xls_records_seek(g->records, 0);
    do {
        HRA_TRY(hra_xls_records_next(g->records, &record, &found, error));
        if (!found) return hra_xls_damaged(g->book, "it ends before its contents do", error);
        HRA_TRY(read_global(g, &record, error));
    } while (record.type != HRA_XLS_END);
    hra_xlsx_form *forms = hra_arena_alloc(g->book->arena, ((size_t)g->style_count + 1) * sizeof *forms);
    if (!forms) return hra_out_of_memory(error);
    for (int i = 0; i < g->style_count; i++) forms[i] = hra_xlsx_form_by_id(g->custom, g->custom_count, g->styles[i]);
    g->book->forms = forms;
    g->book->form_count = g->style_count;
    return HRA_OK;
}

/* ---- opening ----------------------------------------------------------------------------------- */

static hra_code open_stream(hra_xls_book *book, hra_error *error)
{
    const char *name = NULL;
    for (int i = 0; hra_compound_is_container(book->file) && !name && hra_xls_stream_names[i]; i++)
        if (hra_compound_has(book->file, hra_xls_stream_names[i])) name = hra_xls_stream_names[i];
    if (hra_compound_is_container(book->file) && !name) return hra_xls_damaged(book, "its sheets are missing", error);
    return hra_compound_stream_open(book->file, name, &book->stream, error);
}

/* *type: whether a workbook or a single sheet begins here. */
static hra_code read_start(hra_xls_book *book, hra_xls_records *records, const hra_encoding *given, int *type,
                           hra_error *error)
{
    hra_xls_record record;
    bool found;
    HRA_TRY(hra_xls_records_next(records, &record, &found, error));
    if (found && record.type != HRA_XLS_START && (record.type & 0xF0FF) == 0x0009)
        return hra_refuse_before_5(hra_compound_path(book->file), error);
    if (!found || record.type != HRA_XLS_START || record.length < 4)
        return hra_xls_damaged(book, "its first record cannot be read", error);
    *type = hra_le16(record.bytes + 2);
    if (hra_le16(record.bytes) == SINCE_97) return HRA_OK;
    if (given)
        book->encoding = *given;
    else
        HRA_TRY(find_encoding(book, records, error));
    return hra_decoder_new(book->encoding, false, &book->decoder, error);
}

static hra_code read_book(hra_xls_book *book, const hra_encoding *given, globals *g, hra_error *error)
{
    int type = 0;
    HRA_TRY(open_stream(book, error));
    g->records = hra_xls_records_new(book->stream);
    g->sheets = hra_arena_alloc(book->arena, MOST_SHEETS * sizeof *g->sheets);
    g->custom = malloc(MOST_CODES * sizeof *g->custom);
    g->styles = malloc(MOST_STYLES * sizeof *g->styles);
    if (!g->records || !g->sheets || !g->custom || !g->styles) return hra_out_of_memory(error);
    book->sheets = g->sheets;
    HRA_TRY(read_start(book, g->records, given, &type, error));
    if (type == WORKSHEET) {
        g->sheets[0] = (hra_xls_sheet_entry){.entry = {.name = "Sheet1", .table = true}};
        book->sheet_count = 1;
    }
    return read_globals(g, error);
}

hra_code hra_xls_book_open(const char *path, const hra_encoding *given, hra_xls_book **out, hra_error *error)
{
    *out = NULL;
    hra_arena *arena = hra_arena_new();
    hra_xls_book *book = arena ? hra_arena_alloc(arena, sizeof *book) : NULL;
    if (!book) {
        hra_arena_free(arena);
        return hra_out_of_memory(error);
    }
    *book = (hra_xls_book){.arena = arena, .texts = hra_shared_texts_new()};
    globals g = {.book = book};
    hra_code code = book->texts ? hra_compound_open(path, &book->file, error) : hra_out_of_memory(error);
    if (code == HRA_OK) code = read_book(book, given, &g, error);
    hra_xls_records_free(g.records);
    free(g.custom);
    free(g.styles);
    hra_buffer_destroy(&g.text);
    if (code != HRA_OK) {
        hra_xls_book_close(book);
        return code;
    }
    *out = book;
    return HRA_OK;
}

void hra_xls_book_close(hra_xls_book *book)
{
    if (!book) return;
    hra_compound_stream_close(book->stream);
    hra_compound_close(book->file);
    hra_shared_texts_free(book->texts);
    hra_decoder_free(book->decoder);
    hra_arena_free(book->arena);
}
