#include "io/tables/xlsx_book.h"

#include <stdlib.h>
#include <string.h>

#include "base/plain_text.h"
#include "io/tables/xlsx_xml.h"

enum { MOST_SHEETS = 1024, MOST_FORMS = 1 << 16, MOST_CODES = 1 << 12, MOST_RELATIONS = 1 << 14 };

bool hra_xlsx_is_book(const hra_zip *zip)
{
    return hra_zip_find(zip, "[Content_Types].xml") >= 0 && hra_zip_find(zip, "_rels/.rels") >= 0;
}

/* ---- what parts there are: relations ---------------------------------------------------- */

typedef struct relation {
    const char *id, *kind; /* the last word of its type: worksheet, styles, sharedStrings */
    int part;              /* -1: missing or outside the archive */
    const char *target;    /* full name in the archive */
} relation;

typedef struct relations {
    hra_zip *zip;
    hra_arena *arena;
    const char *folder; /* of the part that they belong to, with a slash at its end, or "" */
    relation *items;
    int count;
    hra_code fault;
    hra_error error;
} relations;

/* "worksheets/sheet1.xml" seen from "xl/", "/xl/worksheets/sheet1.xml" from anywhere, "../xl/..." one folder up. */
static const char *full_name(hra_arena *arena, const char *folder, const char *target)
{
    if (*target == '/' || *target == '\\') return hra_arena_text(arena, target + 1);
    size_t length = strlen(folder);
    while (strncmp(target, "./", 2) == 0) target += 2;
    while (strncmp(target, "../", 3) == 0 && length > 0) {
        target += 3;
        length--;
        while (length > 0 && folder[length - 1] != '/') length--;
    }
    return hra_arena_printf(arena, "%.*s%s", (int)length, folder, target);
}

static void on_relation(void *context, const char *name, const char *const *attributes)
{
    relations *r = context;
    if (strcmp(name, "Relationship") != 0) return;
    const char *id = hra_xlsx_attribute(attributes, "Id");
    const char *type = hra_xlsx_attribute(attributes, "Type");
    const char *target = hra_xlsx_attribute(attributes, "Target");
    const char *mode = hra_xlsx_attribute(attributes, "TargetMode");
    if (!id || !type || !target || (mode && strcmp(mode, "External") == 0) || r->count == MOST_RELATIONS) return;
    if ((r->count & (r->count - 1)) == 0) { /* doubled at powers of two */
        relation *grown = hra_arena_alloc(r->arena, (size_t)(2 * r->count + 1) * sizeof *grown);
        if (grown && r->count > 0) memcpy(grown, r->items, (size_t)r->count * sizeof *grown);
        r->items = grown;
    }
    const char *slash = strrchr(type, '/');
    relation made = {.id = hra_arena_text(r->arena, id),
                     .kind = hra_arena_text(r->arena, slash ? slash + 1 : type),
                     .target = full_name(r->arena, r->folder, target)};
    if (!r->items || !made.id || !made.kind || !made.target) {
        r->fault = hra_out_of_memory(&r->error);
        return;
    }
    made.part = hra_zip_find(r->zip, made.target);
    r->items[r->count++] = made;
}

static void ignore_end(void *context, const char *name)
{
    (void)context;
    (void)name;
}

static void ignore_text(void *context, const char *text, size_t length)
{
    (void)context;
    (void)text;
    (void)length;
}

/* The relations of the part `owner` ("" for the archive's own). */
static hra_code read_relations(hra_zip *zip, hra_arena *arena, const char *owner, relations *r, hra_error *error)
{
    static const hra_xlsx_handlers handlers = {on_relation, ignore_end, ignore_text};
    const char *slash = strrchr(owner, '/');
    int length = slash ? (int)(slash + 1 - owner) : 0;
    *r = (relations){.zip = zip, .arena = arena, .folder = hra_arena_printf(arena, "%.*s", length, owner)};
    const char *name = hra_arena_printf(arena, "%.*s_rels/%s.rels", length, owner, owner + length);
    if (!r->folder || !name) return hra_out_of_memory(error);
    int part = hra_zip_find(zip, name);
    if (part < 0) return HRA_OK;
    hra_code code = hra_xlsx_part_read_all(zip, part, &handlers, r, &r->fault, error);
    if (r->fault != HRA_OK && error) *error = r->error;
    return code;
}

static const relation *relation_of_kind(const relations *r, const char *kind)
{
    for (int i = 0; i < r->count; i++)
        if (strcmp(r->items[i].kind, kind) == 0) return &r->items[i];
    return NULL;
}

/* ---- number formats ------------------------------------------------------------------------ */

typedef struct styles {
    const char *path;
    hra_xlsx_custom_form *custom;
    int custom_count;
    long *cells; /* format numbers by style */
    int cell_count;
    bool in_cells;
    hra_code fault;
    hra_error error;
} styles;

static long number_of(const char *text) { return text ? strtol(text, NULL, 10) : 0; }

static void on_style(void *context, const char *name, const char *const *attributes)
{
    styles *s = context;
    if (strcmp(name, "cellXfs") == 0) {
        s->in_cells = true;
    } else if (s->in_cells && strcmp(name, "xf") == 0) {
        if (s->cell_count == MOST_FORMS)
            s->fault =
                hra_fail(&s->error, HRA_EINPUT, "%s: this workbook has more than %d cell styles", s->path, MOST_FORMS);
        else
            s->cells[s->cell_count++] = number_of(hra_xlsx_attribute(attributes, "numFmtId"));
    } else if (strcmp(name, "numFmt") == 0 && !s->in_cells) {
        if (s->custom_count == MOST_CODES) {
            s->fault = hra_fail(&s->error, HRA_EINPUT, "%s: this workbook has more than %d number formats", s->path,
                                MOST_CODES);
            return;
        }
        const char *code = hra_xlsx_attribute(attributes, "formatCode");
        s->custom[s->custom_count++] = (hra_xlsx_custom_form){number_of(hra_xlsx_attribute(attributes, "numFmtId")),
                                                              hra_xlsx_form_of_code(code ? code : "")};
    }
}

static void on_style_end(void *context, const char *name)
{
    styles *s = context;
    if (strcmp(name, "cellXfs") == 0) s->in_cells = false;
}

static hra_code read_styles(hra_xlsx_book *book, int part, hra_error *error)
{
    static const hra_xlsx_handlers handlers = {on_style, on_style_end, ignore_text};
    styles s = {.path = hra_zip_path(book->zip),
                .custom = malloc(MOST_CODES * sizeof *s.custom),
                .cells = malloc(MOST_FORMS * sizeof *s.cells)};
    hra_code code = s.custom && s.cells ? HRA_OK : hra_out_of_memory(error);
    if (code == HRA_OK) code = hra_xlsx_part_read_all(book->zip, part, &handlers, &s, &s.fault, error);
    if (s.fault != HRA_OK && error) *error = s.error;
    hra_xlsx_form *forms =
        code == HRA_OK ? hra_arena_alloc(book->arena, ((size_t)s.cell_count + 1) * sizeof *forms) : NULL;
    if (code == HRA_OK && !forms) code = hra_out_of_memory(error);
    for (int i = 0; code == HRA_OK && i < s.cell_count; i++)
        forms[i] = hra_xlsx_form_by_id(s.custom, s.custom_count, s.cells[i]);
    book->forms = forms;
    book->form_count = code == HRA_OK ? s.cell_count : 0;
    free(s.custom);
    free(s.cells);
    return code;
}

/* ---- sheets ----------------------------------------------------------------------------------- */

typedef struct sheet_list {
    hra_xlsx_book *book;
    const relations *relations;
    hra_xlsx_sheet_entry *sheets;
    hra_code fault;
    hra_error error;
} sheet_list;

static bool is_true(const char *text) { return text && (strcmp(text, "1") == 0 || strcmp(text, "true") == 0); }

static void add_sheet(sheet_list *list, const char *const *attributes)
{
    hra_xlsx_book *book = list->book;
    const char *name = hra_xlsx_attribute(attributes, "name");
    const char *state = hra_xlsx_attribute(attributes, "state");
    const char *id = hra_xlsx_attribute(attributes, "id");
    if (book->sheet_count == MOST_SHEETS) {
        list->fault = hra_fail(&list->error, HRA_EINPUT, "%s: this workbook has more than %d sheets",
                               hra_zip_path(book->zip), MOST_SHEETS);
        return;
    }
    hra_xlsx_sheet_entry *sheet = &list->sheets[book->sheet_count++];
    char *shown = hra_arena_text(book->arena, name ? name : "");
    if (!shown) {
        list->fault = hra_out_of_memory(&list->error);
        return;
    }
    hra_plain_text(shown);
    *sheet =
        (hra_xlsx_sheet_entry){.entry = {.name = shown, .hidden = state && strcmp(state, "visible") != 0}, .part = -1};
    for (int i = 0; id && i < list->relations->count; i++) {
        const relation *r = &list->relations->items[i];
        if (strcmp(r->id, id) != 0) continue;
        sheet->part = r->part;
        sheet->entry.table = strcmp(r->kind, "worksheet") == 0;
    }
}

static void on_book(void *context, const char *name, const char *const *attributes)
{
    sheet_list *list = context;
    if (strcmp(name, "workbookPr") == 0)
        list->book->from_1904 = is_true(hra_xlsx_attribute(attributes, "date1904"));
    else if (strcmp(name, "sheet") == 0)
        add_sheet(list, attributes);
}

static hra_code read_book(hra_xlsx_book *book, hra_error *error)
{
    static const hra_xlsx_handlers handlers = {on_book, ignore_end, ignore_text};
    const char *path = hra_zip_path(book->zip);
    relations own, parts;
    HRA_TRY(read_relations(book->zip, book->arena, "", &own, error));
    const relation *main_part = relation_of_kind(&own, "officeDocument");
    int part = main_part ? main_part->part : -1;
    if (part < 0)
        return hra_fail(error, HRA_EINPUT,
                        "%s: this workbook lacks its main part: open it in Excel or WPS and save it again as .xlsx",
                        path);
    HRA_TRY(read_relations(book->zip, book->arena, main_part->target, &parts, error));
    hra_xlsx_sheet_entry *sheets = hra_arena_alloc(book->arena, MOST_SHEETS * sizeof *sheets);
    if (!sheets) return hra_out_of_memory(error);
    sheet_list list = {.book = book, .relations = &parts, .sheets = sheets};
    hra_code code = hra_xlsx_part_read_all(book->zip, part, &handlers, &list, &list.fault, error);
    if (list.fault != HRA_OK && error) *error = list.error;
    HRA_TRY(code);
    book->sheets = sheets;
    const relation *strings = relation_of_kind(&parts, "sharedStrings");
    const relation *formats = relation_of_kind(&parts, "styles");
    book->strings_part = strings ? strings->part : -1;
    if ((strings && strings->part < 0) || (formats && formats->part < 0))
        return hra_fail(error, HRA_EINPUT,
                        "%s: this workbook lacks a part that it names (%s): open it in Excel or WPS and save it again "
                        "as .xlsx",
                        path, strings && strings->part < 0 ? "its shared texts" : "its formats");
    return formats ? read_styles(book, formats->part, error) : HRA_OK;
}

hra_code hra_xlsx_book_open(hra_zip *zip, hra_xlsx_book **out, hra_error *error)
{
    *out = NULL;
    hra_arena *arena = hra_arena_new();
    hra_xlsx_book *book = arena ? hra_arena_alloc(arena, sizeof *book) : NULL;
    if (!book) {
        hra_arena_free(arena);
        return hra_out_of_memory(error);
    }
    *book = (hra_xlsx_book){.zip = zip, .arena = arena, .strings_part = -1};
    hra_code code = read_book(book, error);
    if (code != HRA_OK) {
        hra_xlsx_book_close(book);
        return code;
    }
    *out = book;
    return HRA_OK;
}

void hra_xlsx_book_close(hra_xlsx_book *book)
{
    if (book) hra_arena_free(book->arena);
}
