/* Loading: texts are parsed, hashed and kept; names are resolved by the check. */
#include "engine/language/library.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/language/check.h"
#include "engine/language/library_internal.h"
#include "engine/language/parser.h"

enum { LARGEST_FILE = 64 * 1024 * 1024 };

hra_library *hra_library_new(void)
{
    hra_library *library = calloc(1, sizeof *library);
    if (!library) return NULL;
    bool opened = hra_memory_open_large(&library->memory);
    library->dictionary = opened ? hra_dictionary_new(library->memory.arena) : NULL;
    if (library->dictionary && sodium_init() >= 0 &&
        crypto_generichash_init(&library->state, NULL, 0, crypto_generichash_BYTES) == 0)
        return library;
    hra_library_free(library);
    return NULL;
}

void hra_library_free(hra_library *library)
{
    if (!library) return;
    hra_dictionary_free(library->dictionary);
    hra_memory_close(&library->memory);
    free(library);
}

const hra_dictionary *hra_library_dictionary(const hra_library *library) { return library->dictionary; }

/* ---- hash --------------------------------------------------------------------------- */

/* Length before content, so that moving text between files changes the hash. */
static void hash_text(hra_library *library, const char *text, size_t length)
{
    unsigned char header[8];
    for (int i = 0; i < 8; i++) header[i] = (unsigned char)((uint64_t)length >> (8 * i));
    crypto_generichash_update(&library->state, header, sizeof header);
    crypto_generichash_update(&library->state, (const unsigned char *)text, length);
}

/* Embedded texts are hashed together when they are embedded. */
static void hash_own(hra_library *library, const hra_script *script)
{
    if (!library->builtin) hash_text(library, script->text, (size_t)script->length);
}

static void finish_hash(hra_library *library)
{
    unsigned char digest[crypto_generichash_BYTES];
    crypto_generichash_final(&library->state, digest, sizeof digest);
    sodium_bin2hex(library->hash, sizeof library->hash, digest, sizeof digest);
}

const char *hra_library_hash(const hra_library *library) { return library->hash; }

/* ---- scripts ------------------------------------------------------------------------- */

/* An embedded text stays where it is, and a NUL follows it; any other is copied. */
static hra_script *keep_script(hra_library *library, const char *name, const char *text, size_t length, bool embedded)
{
    size_t bom = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    hra_script *script = HRA_TAKE(&library->memory, hra_script);
    script->name = hra_take_text(&library->memory, name, strlen(name));
    script->text = embedded ? text + bom : hra_take_text(&library->memory, text + bom, length - bom);
    script->length = library->memory.failed ? 0 : (int)(length - bom);
    return script;
}

/* Of embedded texts a test says that they are. */
static bool check_utf8(const hra_library *library, const hra_script *script, hra_diagnostics *diagnostics)
{
    if (library->builtin) return true;
    int at = hra_utf8_fault(script->text, (size_t)script->length);
    if (at < 0) return true;
    hra_fault(diagnostics, (hra_span){script, at, 1}, "not UTF-8 (byte 0x%02X); save the file as UTF-8",
              (unsigned char)script->text[at]);
    return false;
}

static hra_code read_file(const char *path, char **text, size_t *length, hra_error *error)
{
    *text = NULL;
    FILE *file = fopen(path, "rb");
    if (!file) return hra_fail(error, HRA_EIO, "%s: cannot be opened: %s", path, strerror(errno));
    hra_buffer buffer = {0};
    char chunk[65536];
    size_t got;
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0 && buffer.length < LARGEST_FILE)
        hra_buffer_append(&buffer, chunk, got);
    bool broken = ferror(file) != 0;
    fclose(file);
    hra_code code = HRA_OK;
    if (broken) code = hra_fail(error, HRA_EIO, "%s: reading failed: %s", path, strerror(errno));
    if (buffer.length >= LARGEST_FILE)
        code = hra_fail(error, HRA_EINPUT, "%s: larger than 64 MB, no definition file", path);
    if (buffer.failed) code = hra_fail(error, HRA_ENOMEM, "out of memory reading %s", path);
    if (code != HRA_OK) {
        hra_buffer_destroy(&buffer);
        return code;
    }
    *text = buffer.bytes;
    *length = buffer.length;
    return HRA_OK;
}

/* ---- dictionary ----------------------------------------------------------------------- */

typedef struct own_dictionary {
    hra_library *library;
    const hra_embedded *file;
    hra_diagnostics *diagnostics;
} own_dictionary;

static void read_dictionary(void *context)
{
    const own_dictionary *own = context;
    hra_library *library = own->library;
    hra_script *script = keep_script(library, own->file->name, (const char *)own->file->bytes, own->file->length, true);
    if (check_utf8(library, script, own->diagnostics))
        hra_dictionary_read_csv(library->dictionary, &library->memory, script, own->diagnostics);
    hash_own(library, script);
}

static hra_code load_dictionary(hra_library *library, hra_diagnostics *diagnostics, hra_error *error)
{
    if (library->has_dictionary) return HRA_OK;
    library->has_dictionary = true;
    const char *name = "datasets/dictionary.csv";
    own_dictionary own = {library, hra_embedded_file(name), diagnostics};
    if (!own.file) return hra_fail(error, HRA_EINTERNAL, "this build holds no %s", name);
    int faults = hra_diagnostics_count(diagnostics);
    if (!hra_memory_work(&library->memory, read_dictionary, &own))
        return hra_fail(error, HRA_ENOMEM, "out of memory reading the dictionary");
    if (hra_diagnostics_count(diagnostics) > faults) return hra_fail(error, HRA_EDEFINITION, "%s has faults", name);
    return HRA_OK;
}

/* ---- tables beside definitions ---------------------------------------------------------- */

static const char *beside(hra_library *library, const char *file, const char *name)
{
    const char *slash = strrchr(file, '/');
    if (!slash || name[0] == '/') return name;
    return hra_take_printf(&library->memory, "%.*s/%s", (int)(slash - file), file, name);
}

static bool has_csv(const hra_decl *decl)
{
    return decl->table && decl->table->csv && decl->table->values.count > 0 && decl->table->row_count == 0;
}

static void load_table_csv(hra_library *library, hra_decl *decl, const char *file, hra_diagnostics *diagnostics)
{
    const char *path = beside(library, file, decl->table->csv);
    char *text = NULL;
    size_t length = 0;
    hra_error reason;
    if (read_file(path, &text, &length, &reason) != HRA_OK) {
        hra_fault(diagnostics, decl->table->csv_span, "%s", reason.message);
        return;
    }
    hra_script *script = keep_script(library, path, text ? text : "", length, false);
    free(text);
    if (!check_utf8(library, script, diagnostics)) return;
    hash_own(library, script);
    hra_table_read_csv(&library->memory, decl, script, diagnostics);
}

void hra_library_keep_csv(hra_library *library, hra_decl *decl, hra_diagnostics *diagnostics)
{
    if (!has_csv(decl)) return;
    const char *path = beside(library, decl->public.file, decl->table->csv);
    const hra_embedded *file = hra_embedded_file(path);
    if (file)
        decl->table->unread = keep_script(library, path, (const char *)file->bytes, file->length, true);
    else
        hra_fault(diagnostics, decl->table->csv_span, "no such file in this build");
}

/* ---- adding ------------------------------------------------------------------------------ */

typedef struct added_text {
    hra_library *library;
    const char *file, *text;
    size_t length;
    const hra_margin *margins; /* of a text of the build */
    hra_diagnostics *diagnostics;
} added_text;

static void keep_declarations(const added_text *t, hra_parser *parser, const hra_script *script)
{
    hra_library *library = t->library;
    for (int i = 0; i < parser->declarations.count; i++) {
        hra_decl *decl = parser->declarations.items[i];
        decl->public.file = script->name;
        decl->builtin = library->builtin;
        hra_list_add(&library->memory, &library->all, decl);
        if (has_csv(decl)) load_table_csv(library, decl, t->file, t->diagnostics);
    }
    for (int i = 0; i < parser->variables.count; i++)
        hra_list_add(&library->memory, &library->blocks, parser->variables.items[i]);
}

static void add_text(void *context)
{
    const added_text *t = context;
    hra_library *library = t->library;
    hra_script *script = keep_script(library, t->file, t->text, t->length, library->builtin);
    hash_own(library, script);
    if (!check_utf8(library, script, t->diagnostics)) return;
    hra_parser parser = {
        .lexer = {.script = script, .line = 1, .memory = &library->memory, .diagnostics = t->diagnostics},
        .memory = &library->memory,
        .diagnostics = t->diagnostics};
    if (t->margins)
        hra_parse_outline(&parser, t->margins);
    else
        hra_parse_script(&parser);
    keep_declarations(t, &parser, script);
}

static hra_code add(added_text *t, hra_error *error)
{
    HRA_TRY(load_dictionary(t->library, t->diagnostics, error));
    if (t->length >= LARGEST_FILE)
        return hra_fail(error, HRA_EINPUT, "%s: larger than 64 MB, no definition file", t->file);
    int faults = hra_diagnostics_count(t->diagnostics);
    if (!hra_memory_work(&t->library->memory, add_text, t))
        return hra_fail(error, HRA_ENOMEM, "out of memory reading %s", t->file);
    int found = hra_diagnostics_count(t->diagnostics) - faults;
    if (found == 0) return HRA_OK;
    return hra_fail(error, HRA_EDEFINITION, "%s: %d fault%s", t->file, found, found == 1 ? "" : "s");
}

hra_code hra_library_add_text(hra_library *library, const char *file, const char *text, size_t length,
                              hra_diagnostics *diagnostics, hra_error *error)
{
    added_text added = {library, file, text, length, NULL, diagnostics};
    return add(&added, error);
}

hra_code hra_library_add_file(hra_library *library, const char *path, hra_diagnostics *diagnostics, hra_error *error)
{
    char *text = NULL;
    size_t length = 0;
    HRA_TRY(read_file(path, &text, &length, error));
    hra_code code = hra_library_add_text(library, path, text ? text : "", length, diagnostics, error);
    free(text);
    return code;
}

static void begin_builtin(hra_library *library)
{
    library->builtin = true;
    hash_text(library, (const char *)hra_embedded_hash, sizeof hra_embedded_hash);
}

hra_code hra_library_add_dictionary(hra_library *library, hra_diagnostics *diagnostics, hra_error *error)
{
    begin_builtin(library);
    hra_code code = load_dictionary(library, diagnostics, error);
    library->builtin = false;
    return code;
}

hra_code hra_library_add_builtin(hra_library *library, hra_diagnostics *diagnostics, hra_error *error)
{
    hra_code result = HRA_OK;
    begin_builtin(library);
    for (int i = 0; i < hra_embedded_count; i++) {
        const hra_embedded *file = &hra_embedded_files[i];
        if (!file->margins) continue;
        added_text added = {library, file->name, (const char *)file->bytes, file->length, file->margins, diagnostics};
        hra_code code = add(&added, result == HRA_OK ? error : NULL);
        if (code != HRA_OK && result == HRA_OK) result = code;
        if (code == HRA_ENOMEM) break;
    }
    if (result == HRA_OK) result = load_dictionary(library, diagnostics, error);
    library->builtin = false;
    return result;
}

/* ---- names --------------------------------------------------------------------------------- */

static hra_symbol *new_global(hra_library *library, hra_symbol_kind kind, const char *name)
{
    hra_word *word = hra_word_of(&library->memory, name, strlen(name));
    hra_symbol *symbol = HRA_TAKE(&library->memory, hra_symbol);
    symbol->kind = kind;
    symbol->word = word;
    symbol->decimals = -1;
    word->global = symbol;
    return symbol;
}

static void name_variables(hra_library *library, hra_diagnostics *diagnostics)
{
    hra_dictionary *dictionary = library->dictionary;
    for (int i = library->block_count_done; i < library->blocks.count; i++)
        hra_dictionary_add_block(dictionary, &library->memory, library->blocks.items[i], diagnostics);
    library->block_count_done = library->blocks.count;
    if (!hra_dictionary_index_aliases(dictionary)) library->memory.failed = true;
    int count = hra_dictionary_count(dictionary);
    for (int i = 0; i < count; i++) {
        const hra_variable *v = hra_dictionary_at(dictionary, i);
        for (int k = -1; k < v->alias_count; k++) {
            const char *name = k < 0 ? v->name : v->aliases[k];
            if (hra_dictionary_find(dictionary, name) == i)
                new_global(library, HRA_SYMBOL_VARIABLE, name)->variable = i;
        }
    }
    new_global(library, HRA_SYMBOL_AS_OF, "as_of");
    library->variable_levels = hra_take_array(&library->memory, (size_t)count, sizeof *library->variable_levels);
    library->substitutes = hra_take_array(&library->memory, (size_t)count, sizeof *library->substitutes);
}

static void retire(hra_library *library, const hra_decl *newer)
{
    for (int i = 0; i < library->all.count; i++) {
        hra_decl *decl = library->all.items[i];
        if (decl == newer) return;
        if (decl->public.kind == newer->public.kind && decl->word == newer->word && decl->panel == newer->panel)
            decl->replaced = true;
    }
}

static void name_declaration(hra_library *library, hra_decl *decl, hra_diagnostics *diagnostics)
{
    if (decl->public.kind == HRA_DECLARATION_SUBSTITUTE || decl->public.kind == HRA_DECLARATION_REFERENCE) {
        if (decl->replaces) retire(library, decl);
        return; /* its name is that of the variable */
    }
    hra_symbol *known = decl->word->global;
    const hra_decl *other = known && known->kind == HRA_SYMBOL_DECLARATION ? known->declaration : NULL;
    if (decl->replaces && other && other->public.kind == decl->public.kind) {
        retire(library, decl);
    } else if (decl->replaces) {
        hra_fault(diagnostics, decl->name_span, "nothing of this kind and name to replace: '%s'", decl->word->text);
    } else if (known) {
        if (other)
            hra_fault(diagnostics, decl->name_span,
                      "'%s' is already declared in %s, line %d; write 'replace' before this one to take its place",
                      decl->word->text, other->public.file, other->public.line);
        else
            hra_fault(diagnostics, decl->name_span, "'%s' is already the name of a variable", decl->word->text);
        decl->replaced = true;
        return;
    }
    decl->symbol = new_global(library, HRA_SYMBOL_DECLARATION, decl->word->text);
    decl->symbol->declaration = decl;
    decl->symbol->span = decl->name_span;
}

static void name_declarations(hra_library *library, hra_diagnostics *diagnostics)
{
    for (int i = 0; i < library->all.count; i++) {
        hra_decl *decl = library->all.items[i];
        decl->state = HRA_UNCHECKED;
        name_declaration(library, decl, diagnostics);
    }
}

static void number_declarations(hra_library *library)
{
    library->declarations = (hra_list){0};
    for (int i = 0; i < library->all.count; i++) {
        hra_decl *decl = library->all.items[i];
        decl->number = library->declarations.count;
        if (!decl->replaced) hra_list_add(&library->memory, &library->declarations, decl);
    }
}

/* ---- check ----------------------------------------------------------------------------------- */

typedef struct whole_check {
    hra_library *library;
    hra_diagnostics *diagnostics;
} whole_check;

static void check_all(void *context)
{
    const whole_check *w = context;
    hra_library *library = w->library;
    int faults = hra_diagnostics_count(w->diagnostics);
    hra_library_read_panels(library, w->diagnostics);
    name_variables(library, w->diagnostics);
    name_declarations(library, w->diagnostics);
    number_declarations(library);
    library->narrow = hra_diagnostics_count(w->diagnostics) == faults && hra_library_can_be_narrow(library);
    if (hra_library_read_panels(library, w->diagnostics)) number_declarations(library);
    hra_checker checker = {.library = library,
                           .dictionary = library->dictionary,
                           .memory = &library->memory,
                           .diagnostics = w->diagnostics,
                           .variable_levels = library->variable_levels};
    hra_check_assign_exclusions(&checker);
    for (int i = 0; i < library->declarations.count && !library->memory.failed; i++) {
        hra_decl *decl = library->declarations.items[i];
        if (!hra_library_wants(library, decl)) continue;
        hra_check_declaration(&checker, decl, NULL);
        if (decl->public.kind == HRA_DECLARATION_SUBSTITUTE && !decl->faulty)
            hra_list_add(&library->memory, &library->substitutes[decl->substitutes], decl);
    }
    if (library->narrow) hra_library_drop_unchecked(library);
    if (!library->memory.failed) hra_catalogue_fill(library);
}

hra_code hra_library_check(hra_library *library, hra_diagnostics *diagnostics, hra_error *error)
{
    if (library->checked) return hra_fail(error, HRA_EINTERNAL, "a library is checked once, after its last file");
    library->checked = true;
    HRA_TRY(load_dictionary(library, diagnostics, error));
    finish_hash(library);
    int faults = hra_diagnostics_count(diagnostics);
    whole_check whole = {library, diagnostics};
    if (!hra_memory_work(&library->memory, check_all, &whole))
        return hra_fail(error, HRA_ENOMEM, "out of memory checking the definitions");
    int found = hra_diagnostics_count(diagnostics) - faults;
    if (found == 0) return HRA_OK;
    return hra_fail(error, HRA_EDEFINITION, "%d fault%s in the definitions", found, found == 1 ? "" : "s");
}
