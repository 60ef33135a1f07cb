/* Reading profiles. */
#include "intake/profiles/profile.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "intake/profiles/profile_set.h"

static const char *const kind_names[HRA_PROFILE_KINDS] = {"checkup", "questionnaire", "roster", "diagnosis"};

const char *hra_profile_kind_name(hra_profile_kind kind) { return kind_names[kind]; }

/* ---- lines of the head ------------------------------------------------------------------ */

typedef struct head_reader {
    hra_profile *profile;
    const hra_map_head *line;
    hra_arena *arena;
    hra_error *error;
} head_reader;

static hra_code wrong(const head_reader *r, const char *what)
{
    return hra_fail(r->error, HRA_EINPUT, "%s:%d: %s: %s", r->profile->path, r->line->line, r->line->key, what);
}

static hra_code read_kind(head_reader *r)
{
    for (int i = 0; i < HRA_PROFILE_KINDS; i++) {
        if (strcmp(r->line->text, kind_names[i]) != 0) continue;
        r->profile->kind = (hra_profile_kind)i;
        return HRA_OK;
    }
    return wrong(r, "checkup, questionnaire, roster or diagnosis");
}

static hra_code read_delimiter(head_reader *r)
{
    static const char *const words[] = {"comma", "tab", "semicolon"};
    const char *text = r->line->text;
    for (int i = 0; i < 3; i++)
        if (strcmp(text, words[i]) == 0) text = &",\0\t\0;"[2 * i];
    if (!*text || text[1]) return wrong(r, "one character, or comma, tab, semicolon");
    r->profile->delimiter = *text;
    return HRA_OK;
}

static hra_code read_header_row(head_reader *r)
{
    char *end;
    long row = strtol(r->line->text, &end, 10);
    if (*end || row < 1 || row > 1000) return wrong(r, "the line of the header, 1 to 1000");
    r->profile->header_row = (int)row;
    return HRA_OK;
}

static hra_code read_encoding(head_reader *r)
{
    hra_encoding encoding;
    if (!hra_encoding_parse(r->line->text, &encoding))
        return wrong(r, "utf-8, gb18030, big5, windows-1252, utf-16le or utf-16be");
    r->profile->encoding = hra_encoding_name(encoding);
    return HRA_OK;
}

/* One more known header. */
static hra_code read_header(head_reader *r)
{
    hra_profile *p = r->profile;
    hra_profile_form form = {0}, *forms;
    HRA_TRY(hra_map_head_names(p->map, r->line, r->arena, &form.names, &form.count, r->error));
    if (form.count == 0) return wrong(r, "the names of the columns, separated by commas");
    form.keys = hra_arena_alloc(r->arena, sizeof *form.keys * (size_t)form.count);
    forms = hra_arena_alloc(r->arena, sizeof *forms * ((size_t)p->form_count + 1));
    if (!form.keys || !forms) return hra_out_of_memory(r->error);
    for (int i = 0; i < form.count; i++)
        if (!(form.keys[i] = hra_profile_key(r->arena, form.names[i]))) return hra_out_of_memory(r->error);
    if (p->form_count) memcpy(forms, p->forms, sizeof *forms * (size_t)p->form_count);
    p->forms = forms;
    forms[p->form_count++] = form;
    return HRA_OK;
}

static hra_code read_patterns(head_reader *r)
{
    hra_profile *p = r->profile;
    if (p->patterns) return wrong(r, "given twice");
    return hra_map_head_names(p->map, r->line, r->arena, &p->patterns, &p->pattern_count, r->error);
}

/* "no", or NAME YYYY-MM-DD */
static hra_code read_confirmed(head_reader *r)
{
    static const char form[] = "dddd-dd-dd";
    const char *text = r->line->text, *space = strrchr(text, ' ');
    if (strcmp(text, "no") == 0) return HRA_OK;
    const char *day = space ? space + 1 : "";
    bool good = strlen(day) == strlen(form) && space > text;
    for (size_t i = 0; good && form[i]; i++) good = form[i] == 'd' ? day[i] >= '0' && day[i] <= '9' : day[i] == form[i];
    if (!good) return wrong(r, "'no', or who confirmed it and when: NAME YYYY-MM-DD");
    r->profile->confirmed_on = day;
    r->profile->confirmed_by = hra_arena_text_n(r->arena, text, (size_t)(space - text));
    return r->profile->confirmed_by ? HRA_OK : hra_out_of_memory(r->error);
}

static hra_code read_choice(head_reader *r, const char *no, const char *yes, bool *chosen)
{
    *chosen = strcmp(r->line->text, yes) == 0;
    if (*chosen || strcmp(r->line->text, no) == 0) return HRA_OK;
    return hra_fail(r->error, HRA_EINPUT, "%s:%d: %s is %s or %s", r->profile->path, r->line->line, r->line->key, no,
                    yes);
}

static hra_code read_text(head_reader *r, const char **place)
{
    if (*place) return wrong(r, "given twice");
    if (*r->line->text) *place = r->line->text; /* left empty in a draft: not said */
    return HRA_OK;
}

static hra_code read_head_line(head_reader *r)
{
    hra_profile *p = r->profile;
    const char *key = r->line->key;
    if (strcmp(key, "profile") == 0) return *r->line->text ? read_text(r, &p->name) : wrong(r, "a name is missing");
    if (strcmp(key, "kind") == 0) return read_kind(r);
    if (strcmp(key, "provider") == 0) return read_text(r, &p->provider);
    if (strcmp(key, "issuer") == 0) return read_text(r, &p->issuer);
    if (strcmp(key, "group") == 0) return read_text(r, &p->group);
    if (strcmp(key, "units") == 0) return read_text(r, &p->units);
    if (strcmp(key, "sheet") == 0) return read_text(r, &p->sheet);
    if (strcmp(key, "encoding") == 0) return read_encoding(r);
    if (strcmp(key, "delimiter") == 0) return read_delimiter(r);
    if (strcmp(key, "header-row") == 0) return read_header_row(r);
    if (strcmp(key, "header") == 0) return read_header(r);
    if (strcmp(key, "path") == 0) return read_patterns(r);
    if (strcmp(key, "confirmed") == 0) return read_confirmed(r);
    if (strcmp(key, "column-order") == 0) return read_choice(r, "fixed", "any", &p->any_order);
    if (strcmp(key, "unknown-codes") == 0) return read_choice(r, "hold", "reject", &p->reject_unknown);
    if (strcmp(key, "quality") == 0 || strcmp(key, "?") == 0) return HRA_OK;
    if (strcmp(key, "long") == 0 || strcmp(key, "item") == 0) return HRA_OK;
    return wrong(r,
                 "no such line in a profile; there are profile, kind, provider, issuer, group, encoding, delimiter, "
                 "sheet, header-row, header, path, units, rules, quality, column-order, unknown-codes and confirmed");
}

/* Without these lines nobody knows which files the profile is for, and of what kind they are. */
static bool recognises_files(const char *key)
{
    static const char *const keys[] = {"profile",   "kind",  "header",       "path",    "header-row",
                                       "delimiter", "sheet", "column-order", "encoding"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0) return true;
    return false;
}

/* A fault of another line holds the files of this profile, and no others. */
static hra_code read_or_note(head_reader *r)
{
    hra_error why = {0}, *error = r->error;
    r->error = &why;
    hra_code code = read_head_line(r);
    r->error = error;
    if (code == HRA_OK) return HRA_OK;
    if (code != HRA_EINPUT || recognises_files(r->line->key)) return hra_fail(error, code, "%s", why.message);
    if (!r->profile->fault) r->profile->fault = hra_arena_text(r->arena, why.message);
    return r->profile->fault ? HRA_OK : hra_out_of_memory(error);
}

static hra_code read_profile(const char *path, hra_profiles *set, hra_profile *out, hra_error *error)
{
    hra_map_file *map;
    out->path = hra_arena_text(set->arena, path);
    if (!out->path) return hra_out_of_memory(error);
    HRA_TRY(hra_map_file_read_head(path, &map, error));
    out->map = map;
    if (!map->is_profile) return hra_fail(error, HRA_EINPUT, "%s: a profile begins with a line 'profile: NAME'", path);
    head_reader r = {.profile = out, .arena = set->arena, .error = error};
    for (int i = 0; i < map->head_count; i++) {
        r.line = &map->heads[i];
        HRA_TRY(read_or_note(&r));
    }
    /* A line that is not known could be meant to say it. */
    if (out->fault && !hra_map_head_find(map, "kind", NULL)) return hra_fail(error, HRA_EINPUT, "%s", out->fault);
    if (out->form_count == 0 && out->pattern_count == 0)
        return hra_fail(error, HRA_EINPUT, "%s: neither 'header:' nor 'path:' says which files the profile is for",
                        path);
    return HRA_OK;
}

/* ---- sets of profiles ----------------------------------------------------------------------- */

static hra_code new_set(int most, hra_profiles **out, hra_error *error)
{
    hra_profiles *set = calloc(1, sizeof *set);
    if (!set) return hra_out_of_memory(error);
    set->arena = hra_arena_new();
    set->forms = hra_map_new();
    set->items = calloc((size_t)most + 1, sizeof *set->items);
    *out = set;
    return set->arena && set->forms && set->items ? HRA_OK : hra_out_of_memory(error);
}

static hra_code add_profile(hra_profiles *set, const char *path, hra_error *error)
{
    hra_profile *profile = &set->items[set->count++];
    HRA_TRY(read_profile(path, set, profile, error));
    for (int i = 0; i < set->count - 1; i++)
        if (strcmp(set->items[i].name, profile->name) == 0)
            return hra_fail(error, HRA_EINPUT, "%s and %s are both named '%s'", set->items[i].path, path,
                            profile->name);
    return HRA_OK;
}

static int is_profile(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && dot != entry->d_name && strcmp(dot, ".profile") == 0;
}

static hra_code load_folder(const char *folder, struct dirent **entries, int count, hra_profiles **out,
                            hra_error *error)
{
    HRA_TRY(new_set(count, out, error));
    for (int i = 0; i < count; i++) {
        const char *path = hra_arena_printf((*out)->arena, "%s/%s", folder, entries[i]->d_name);
        if (!path) return hra_out_of_memory(error);
        HRA_TRY(add_profile(*out, path, error));
    }
    return hra_profiles_index(*out, error);
}

hra_code hra_profiles_load(const char *folder, hra_profiles **out, hra_error *error)
{
    struct dirent **entries;
    *out = NULL;
    int count = scandir(folder, &entries, is_profile, alphasort);
    if (count < 0) return hra_fail(error, HRA_EINPUT, "%s: the folder of profiles cannot be read", folder);
    hra_code code = count > 0 ? load_folder(folder, entries, count, out, error)
                              : hra_fail(error, HRA_EINPUT, "%s: there is no *.profile in this folder", folder);
    for (int i = 0; i < count; i++) free(entries[i]);
    free(entries);
    if (code == HRA_OK) return HRA_OK;
    hra_profiles_free(*out);
    *out = NULL;
    return code;
}

hra_code hra_profiles_speak(hra_profiles *set, const char *language, hra_error *error)
{
    HRA_TRY(hra_intake_words_new(language, set->arena, &set->words, error));
    for (int i = 0; i < set->count; i++) set->items[i].words = set->words;
    return HRA_OK;
}

int hra_profiles_count(const hra_profiles *profiles) { return profiles->count; }

const hra_profile *hra_profiles_at(const hra_profiles *profiles, int index) { return &profiles->items[index]; }

void hra_profiles_free(hra_profiles *set)
{
    if (!set) return;
    for (int i = 0; set->items && i < set->count; i++) hra_map_file_free((hra_map_file *)set->items[i].map);
    free(set->items);
    free(set->links);
    hra_map_free(set->forms);
    hra_arena_free(set->arena);
    free(set);
}

void hra_profile_open_points(const hra_profile *profile, hra_buffer *out)
{
    for (const hra_map_head *open = NULL; (open = hra_map_head_find(profile->map, "?", open));)
        hra_buffer_printf(out, hra_say(profile->words, "line %d: %s\n"), open->line, open->text);
    if (!profile->confirmed_by)
        hra_buffer_text(
            out,
            hra_say(profile->words,
                    "nobody has confirmed it: write 'confirmed: NAME YYYY-MM-DD' once every question is answered\n"));
}
