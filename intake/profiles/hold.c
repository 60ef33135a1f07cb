#include "intake/profiles/hold.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/plain_text.h"
#include "base/shown_name.h"
#include "intake/profiles/profile_set.h"
#include "intake/profiles/scan.h"

enum { MOST_TEXTS = 1024, MOST_CODES = 12, LONGEST_CODE = 3 };

/* Files of one profile and one header share what binding finds. */
typedef struct shared_binding {
    hra_binding *binding; /* NULL: could not be bound */
    const char *why_not;
} shared_binding;

typedef struct checker {
    hra_hold *hold;
    const hra_profiles *profiles;
    const hra_dictionary *dictionary;
    hra_name_index *names;
    hra_profile_match *matches; /* per file */
    int *binding_of;            /* per file: its shared binding, -1: none */
    shared_binding *bindings;
    int binding_count;
    hra_arena **arenas; /* per file: texts of its match and its reason, while files are checked */
    hra_arena *common;  /* the hold's own */
} checker;

/* ---- holding ---------------------------------------------------------------------------------- */

static hra_code hold_file(checker *c, int file, const char *reason, hra_error *error)
{
    c->hold->files[file].held = true;
    c->hold->files[file].reason = hra_arena_text(c->arenas[file], reason);
    return c->hold->files[file].reason ? HRA_OK : hra_out_of_memory(error);
}

/* Takes the text: held if there is any. */
static hra_code hold_for_text(checker *c, int file, hra_buffer *text, hra_error *error)
{
    while (text->length > 0 && text->bytes[text->length - 1] == '\n') text->bytes[--text->length] = '\0';
    hra_code code = HRA_OK;
    if (text->failed)
        code = hra_out_of_memory(error);
    else if (text->length > 0)
        code = hold_file(c, file, text->bytes, error);
    hra_buffer_destroy(text);
    return code;
}

/* A file that cannot be read is held; only trouble of our own ends the check. */
static hra_code hold_for_error(checker *c, int file, const hra_error *why, hra_error *error)
{
    if (why->code == HRA_ENOMEM || why->code == HRA_EINTERNAL) return hra_fail(error, why->code, "%s", why->message);
    const char *said = hra_say_why_held(c->profiles->words, why->message, c->arenas[file]);
    return said ? hold_file(c, file, said, error) : hra_out_of_memory(error);
}

/* ---- finding profiles ----------------------------------------------------------------------------- */

/* ASCII alone is found to be UTF-8, whatever the profile says; the other way round the file has changed. */
static bool is_other_encoding(const hra_profile_match *match)
{
    const char *expected = match->profile->encoding, *found = hra_encoding_name(match->facts.encoding);
    return expected && !match->sheet && strcmp(expected, found) != 0 && match->facts.encoding != HRA_UTF8;
}

static hra_code check_match(checker *c, int file, hra_error *error)
{
    const hra_profile_match *match = &c->matches[file];
    hra_buffer text = {0};
    if (!match->profile) {
        hra_buffer_text(&text, match->why);
        return hold_for_text(c, file, &text, error);
    }
    if (match->profile->fault) {
        const char *said = hra_say_why_held(c->profiles->words, match->profile->fault, c->arenas[file]);
        return said ? hold_file(c, file, said, error) : hra_out_of_memory(error);
    }
    hra_profile_open_points(match->profile, &text);
    if (text.length > 0) {
        hra_buffer why = {0};
        hra_buffer_printf(&why, hra_say(c->profiles->words, "its profile %s is a draft:\n%s"), match->profile->name,
                          text.bytes);
        hra_buffer_destroy(&text);
        return hold_for_text(c, file, &why, error);
    }
    if (match->fit == HRA_FIT_PATH) {
        hra_buffer_clear(&text);
        if (!hra_profile_compare(match->profile, match->names, match->name_count, &text)) text.failed = true;
    }
    if (match->elsewhere)
        hra_buffer_printf(
            &text,
            hra_say(c->profiles->words,
                    "its header is that of profile %s, its path is not, and the same number from elsewhere is "
                    "another person: add the path to the profile, or give this sender a profile of its own\n"),
            match->profile->name);
    if (is_other_encoding(match))
        hra_buffer_printf(&text, hra_say(c->profiles->words, "the encoding is now %s, the profile says %s\n"),
                          hra_encoding_name(match->facts.encoding), match->profile->encoding);
    return hold_for_text(c, file, &text, error);
}

static hra_code match_file(checker *c, int file, hra_error *error)
{
    hra_hold_file *held = &c->hold->files[file];
    hra_error why = {0};
    c->arenas[file] = hra_arena_new();
    if (!c->arenas[file]) return hra_out_of_memory(error);
    if (hra_profiles_match(c->profiles, c->names, held->path, c->arenas[file], &c->matches[file], &why) != HRA_OK)
        return hold_for_error(c, file, &why, error);
    held->profile = c->matches[file].profile;
    HRA_TRY(check_match(c, file, error));
    if (!held->held) held->delivery = hra_profile_delivery(&c->matches[file]);
    return HRA_OK;
}

/* ---- binding ------------------------------------------------------------------------------------- */

static hra_code bind(checker *c, int file, shared_binding *shared, hra_error *error)
{
    const hra_hold_file *taken = &c->hold->files[file];
    hra_csv_options options = {.deliveries = &taken->delivery};
    hra_error why = {0};
    if (hra_binding_new(&taken->path, 1, c->dictionary, &options, &shared->binding, &why) == HRA_OK) return HRA_OK;
    if (why.code == HRA_ENOMEM || why.code == HRA_EINTERNAL) return hra_fail(error, why.code, "%s", why.message);
    shared->why_not = hra_say_why_held(c->profiles->words, why.message, c->common);
    return shared->why_not ? HRA_OK : hra_out_of_memory(error);
}

/* Names of the same folded form are bound alike, except where a unit's case tells; so names as written are the key. */
static hra_code binding_key(const checker *c, int file, hra_buffer *key, hra_error *error)
{
    const hra_profile_match *match = &c->matches[file];
    hra_buffer_clear(key);
    hra_buffer_printf(key, "%s\n%d\n", match->profile->path, match->delimiter);
    for (int i = 0; i < match->name_count; i++) hra_buffer_printf(key, "%s\n", match->names[i]);
    return key->failed ? hra_out_of_memory(error) : HRA_OK;
}

static hra_code bind_files(checker *c, hra_error *error)
{
    hra_map *known = hra_map_new();
    hra_buffer key = {0};
    hra_code code = known ? HRA_OK : hra_out_of_memory(error);
    for (int i = 0; i < c->hold->file_count && code == HRA_OK; i++) {
        if (c->hold->files[i].held) continue;
        code = binding_key(c, i, &key, error);
        if (code != HRA_OK) break;
        int64_t found = hra_map_get_n(known, key.bytes, key.length);
        if (found < 0) {
            found = c->binding_count++;
            code = bind(c, i, &c->bindings[found], error);
            if (code == HRA_OK && hra_map_set_n(known, key.bytes, key.length, found) != 0)
                code = hra_out_of_memory(error);
        }
        c->binding_of[i] = (int)found;
        if (code == HRA_OK && c->bindings[found].why_not) code = hold_file(c, i, c->bindings[found].why_not, error);
    }
    hra_buffer_destroy(&key);
    hra_map_free(known);
    return code;
}

/* ---- codes ------------------------------------------------------------------------------------------ */

static bool has_codes(const hra_binding *binding, const hra_source_column *source)
{
    if (source->action != HRA_READ) return false;
    hra_type type = binding->readers[source->column].variable->type;
    return type == HRA_TYPE_FLAG || type == HRA_TYPE_CATEGORY || (source->words && source->words->closed);
}

/* Up to three ASCII characters are a code and may be shown; anything longer may be a person's name in a column that has
 * shifted. The line tells where to look. */
static bool is_code(const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || (unsigned char)text[i] >= 0x7f) return false;
    return length <= LONGEST_CODE;
}

static void print_code(const hra_intake_words *words, const hra_scan_text *code, const char *header, hra_buffer *out)
{
    if (is_code(code->text))
        hra_buffer_printf(out, hra_say(words, "unknown code '%s' in '%s', "), code->text, header);
    else
        hra_buffer_printf(out, hra_say(words, "unknown text in '%s', "), header);
    hra_buffer_printf(out, hra_say(words, "%lld row%s, first in line %lld\n"), (long long)code->count,
                      code->count == 1 ? "" : "s", (long long)code->first_line);
}

static void check_column(const hra_intake_words *words, const hra_binding *binding, const hra_source_column *source,
                         const hra_scan_column *column, char delimiter, hra_buffer *out)
{
    int unknown = 0;
    for (int i = 0; i < column->list_count; i++) {
        hra_cell_text cell = {column->list[i].text, strlen(column->list[i].text), false};
        if (hra_source_column_read(binding, source, cell, delimiter).kind != HRA_CELL_REJECTED) continue;
        if (unknown++ < MOST_CODES) print_code(words, &column->list[i], column->header, out);
    }
    if (unknown > MOST_CODES)
        hra_buffer_printf(out, hra_say(words, "and %d more unknown codes in '%s'\n"), unknown - MOST_CODES,
                          column->header);
    if (column->beyond_list > 0)
        hra_buffer_printf(out, hra_say(words, "'%s' has more than %d different texts: these are not codes\n"),
                          column->header, column->list_count);
}

static hra_code check_codes(checker *c, int file, hra_error *error)
{
    const hra_binding *binding = c->bindings[c->binding_of[file]].binding;
    hra_file_plan plan = binding->files[0]; /* that of a file with the same header */
    if (plan.long_form) return HRA_OK;      /* its cells are judged when they are read */
    const hra_profile_match *match = &c->matches[file];
    plan.path = c->hold->files[file].path;
    plan.text = match->facts;
    plan.delimiter = match->delimiter;
    plan.header_line = match->header_line;
    bool *wanted = calloc((size_t)plan.width + 1, sizeof *wanted), any = false;
    if (!wanted) return hra_out_of_memory(error);
    for (int i = 0; i < plan.width; i++) any |= wanted[i] = has_codes(binding, &plan.columns[i]);
    hra_scan_options options = {.wanted = wanted, .texts_only = true, .most_texts = MOST_TEXTS};
    hra_scan *scan = NULL;
    hra_error why = {0};
    hra_buffer text = {0};
    hra_code code = HRA_OK;
    if (any && hra_scan_file(&plan, &options, &scan, &why) != HRA_OK) code = hold_for_error(c, file, &why, error);
    for (int i = 0; scan && i < plan.width; i++)
        if (wanted[i])
            check_column(c->profiles->words, binding, &plan.columns[i], &scan->columns[i], plan.delimiter, &text);
    if (scan) code = hold_for_text(c, file, &text, error);
    hra_scan_free(scan);
    free(wanted);
    return code;
}

static hra_code check_file(checker *c, int file, hra_error *error)
{
    const hra_hold_file *taken = &c->hold->files[file];
    return taken->held || taken->profile->reject_unknown ? HRA_OK : check_codes(c, file, error);
}

/* ---- all files ---------------------------------------------------------------------------------------- */

/* Runs a step for every file, in parallel; the error of the first file that has one. */
static hra_code for_all(checker *c, hra_code (*step)(checker *, int, hra_error *), int threads, hra_error *error)
{
    int n = c->hold->file_count;
    hra_error first = {0};
    int first_file = n;
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (int i = 0; i < n; i++) {
        hra_error own = {0};
        if (step(c, i, &own) == HRA_OK) continue;
#pragma omp critical(hra_hold_error)
        if (i < first_file) {
            first_file = i;
            first = own;
        }
    }
    if (first_file == n) return HRA_OK;
    return hra_fail(error, first.code, "%s", first.message);
}

/* Of what was found about a file these texts outlive the check. The rest, a block of an arena for each file, would
 * otherwise be there through the whole run. */
static hra_code keep_texts(checker *c, hra_error *error)
{
    for (int i = 0; i < c->hold->file_count; i++) {
        hra_hold_file *file = &c->hold->files[i];
        const char **const kept[] = {&file->reason, &file->delivery.sheet};
        for (size_t k = 0; k < sizeof kept / sizeof kept[0]; k++)
            if (*kept[k] && !(*kept[k] = hra_arena_text(c->common, *kept[k]))) return hra_out_of_memory(error);
    }
    return HRA_OK;
}

static hra_code check_all(checker *c, const char *const *paths, int threads, hra_error *error)
{
    for (int i = 0; i < c->hold->file_count; i++) {
        c->binding_of[i] = -1;
        c->hold->files[i].path = hra_arena_text(c->common, paths[i]);
        if (!c->hold->files[i].path) return hra_out_of_memory(error);
    }
    HRA_TRY(for_all(c, match_file, threads, error));
    HRA_TRY(bind_files(c, error));
    HRA_TRY(for_all(c, check_file, threads, error));
    for (int i = 0; i < c->hold->file_count; i++) c->hold->held_count += c->hold->files[i].held;
    return keep_texts(c, error);
}

static hra_code open_checker(checker *c, int count, hra_error *error)
{
    size_t n = (size_t)count + 1;
    c->hold = calloc(1, sizeof *c->hold);
    if (!c->hold) return hra_out_of_memory(error);
    c->hold->words = c->profiles->words;
    c->hold->file_count = count;
    c->hold->files = calloc(n, sizeof *c->hold->files);
    c->hold->memory = c->common = hra_arena_new();
    c->arenas = calloc(n, sizeof *c->arenas);
    c->names = hra_name_index_new(c->dictionary);
    c->matches = calloc(n, sizeof *c->matches);
    c->binding_of = calloc(n, sizeof *c->binding_of);
    c->bindings = calloc(n, sizeof *c->bindings);
    bool good = c->hold->files && c->arenas && c->common && c->names && c->matches && c->binding_of && c->bindings;
    return good ? HRA_OK : hra_out_of_memory(error);
}

hra_code hra_hold_check(const char *const *paths, int path_count, const hra_profiles *profiles,
                        const hra_dictionary *dictionary, int threads, hra_hold **out, hra_error *error)
{
    *out = NULL;
    checker c = {.profiles = profiles, .dictionary = dictionary};
    hra_code code = open_checker(&c, path_count, error);
    if (code == HRA_OK) code = check_all(&c, paths, threads > 0 ? threads : omp_get_num_procs(), error);
    for (int i = 0; i < c.binding_count; i++) hra_binding_free(c.bindings[i].binding);
    for (int i = 0; c.arenas && i < path_count; i++) hra_arena_free(c.arenas[i]);
    free(c.arenas);
    free(c.bindings);
    free(c.binding_of);
    free(c.matches);
    hra_name_index_free(c.names);
    if (code == HRA_OK)
        *out = c.hold;
    else
        hra_hold_free(c.hold);
    return code;
}

hra_code hra_hold_none(const char *const *paths, int path_count, hra_hold **out, hra_error *error)
{
    size_t n = (size_t)path_count + 1;
    hra_hold *hold = calloc(1, sizeof *hold);
    *out = hold;
    if (hold) hold->memory = hra_arena_new();
    if (hold) hold->files = calloc(n, sizeof *hold->files);
    bool good = hold && hold->memory && hold->files;
    for (int i = 0; i < path_count && good; i++) {
        hold->file_count++;
        good = (hold->files[i].path = hra_arena_text(hold->memory, paths[i])) != NULL;
    }
    if (good) return HRA_OK;
    hra_hold_free(hold);
    *out = NULL;
    return hra_out_of_memory(error);
}

hra_code hra_hold_add(hra_hold *hold, int file, const char *reason, hra_error *error)
{
    hold->files[file].reason = hra_arena_text(hold->memory, reason);
    if (!hold->files[file].reason) return hra_out_of_memory(error);
    hold->held_count += !hold->files[file].held;
    hold->files[file].held = true;
    return HRA_OK;
}

void hra_hold_take(hra_hold *hold, int file)
{
    hra_hold_file *f = &hold->files[file];
    if (!f->held) return;
    *f = (hra_hold_file){.path = f->path};
    hold->held_count--;
}

void hra_hold_free(hra_hold *hold)
{
    if (!hold) return;
    hra_arena_free(hold->memory);
    free(hold->files);
    free(hold);
}

/* ---- telling ------------------------------------------------------------------------------------------- */

static void csv_cell(const char *text, hra_buffer *out)
{
    hra_buffer_csv_foreign(out, text ? text : "", text ? strlen(text) : 0);
}

void hra_hold_csv(const hra_hold *hold, hra_buffer *out)
{
    hra_buffer_text(out, "file,profile,provider,reason\n");
    for (int i = 0; i < hold->file_count; i++) {
        const hra_hold_file *file = &hold->files[i];
        if (!file->held) continue;
        hra_buffer reason = {0};
        for (const char *at = file->reason; *at; at++)
            if (*at == '\n')
                hra_buffer_text(&reason, "; ");
            else
                hra_buffer_char(&reason, *at);
        hra_buffer_csv_path(out, file->path);
        hra_buffer_char(out, ',');
        csv_cell(file->profile ? file->profile->name : NULL, out);
        hra_buffer_char(out, ',');
        csv_cell(file->profile ? file->profile->provider : NULL, out);
        hra_buffer_char(out, ',');
        csv_cell(reason.bytes, out);
        hra_buffer_char(out, '\n');
        out->failed |= reason.failed;
        hra_buffer_destroy(&reason);
    }
}

static void print_path(const char *format, const char *path, hra_buffer *out)
{
    hra_buffer shown = {0};
    hra_buffer_path(&shown, path);
    hra_buffer_printf(out, format, shown.bytes ? shown.bytes : "");
    out->failed |= shown.failed;
    hra_buffer_destroy(&shown);
}

void hra_hold_print(const hra_hold *hold, hra_buffer *out)
{
    size_t start = out->length;
    for (int i = 0; i < hold->file_count; i++) {
        const hra_hold_file *file = &hold->files[i];
        if (!file->held) continue;
        print_path(hra_say(hold->words, "held: %s"), file->path, out);
        if (file->profile) hra_buffer_printf(out, hra_say(hold->words, " (profile %s)"), file->profile->name);
        hra_buffer_text(out, "\n  ");
        for (const char *at = file->reason; *at; at++) {
            hra_buffer_char(out, *at);
            if (*at == '\n') hra_buffer_text(out, "  ");
        }
        hra_buffer_char(out, '\n');
    }
    if (!out->failed && out->length > start) hra_plain_lines(out->bytes + start);
}
