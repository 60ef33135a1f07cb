/* Finding the profile of a file: by its header, else by its path. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/plain_text.h"
#include "intake/profiles/profile_set.h"
#include "io/csv/csv_binding.h"
#include "io/csv/csv_header_above.h"
#include "io/csv/csv_unit_row.h"
#include "io/words/text_fold.h"

enum { LOOK_AT = 12 }; /* records that may be the header */

/* ---- the index ----------------------------------------------------------------------------- */

static hra_code index_form(hra_profiles *set, int profile, const hra_profile_form *form, int link, hra_error *error)
{
    hra_buffer signature = {0};
    hra_profile_signature(form->keys, form->count, set->items[profile].any_order, &signature);
    int64_t first = signature.failed ? -1 : hra_map_get_n(set->forms, signature.bytes, signature.length);
    set->links[link] = (hra_form_link){profile, (int)first};
    bool good = !signature.failed && hra_map_set_n(set->forms, signature.bytes, signature.length, link) == 0;
    hra_buffer_destroy(&signature);
    return good ? HRA_OK : hra_out_of_memory(error);
}

static void add_delimiter(hra_profiles *set, char delimiter)
{
    if (!delimiter || set->delimiter_count == (int)sizeof set->delimiters) return;
    if (memchr(set->delimiters, delimiter, (size_t)set->delimiter_count)) return;
    set->delimiters[set->delimiter_count++] = delimiter;
}

hra_code hra_profiles_index(hra_profiles *set, hra_error *error)
{
    int forms = 0, link = 0;
    for (int i = 0; i < set->count; i++) forms += set->items[i].form_count;
    set->links = calloc((size_t)forms + 1, sizeof *set->links);
    if (!set->links) return hra_out_of_memory(error);
    set->most_header_row = LOOK_AT;
    for (int i = 0; i < set->count; i++) {
        const hra_profile *profile = &set->items[i];
        set->any_order |= profile->any_order;
        if (profile->header_row > set->most_header_row) set->most_header_row = profile->header_row;
        add_delimiter(set, profile->delimiter);
        for (int f = 0; f < profile->form_count; f++) HRA_TRY(index_form(set, i, &profile->forms[f], link++, error));
    }
    return HRA_OK;
}

/* ---- looking at a file ------------------------------------------------------------------------ */

typedef struct finder {
    const hra_profiles *set;
    const char *path;
    hra_arena *arena;
    const hra_name_index *names;
    bool *fits; /* per profile */
    int fit_count;
    hra_profile_match *match;
    hra_error *error;
} finder;

static hra_code cut_names(finder *f, hra_row_text row, uint32_t count, char delimiter, const char ***names,
                          const char ***keys)
{
    hra_buffer scratch = {0};
    hra_cells cells = hra_cells_begin(row.text, row.length, delimiter, &scratch);
    *names = hra_arena_alloc(f->arena, sizeof **names * ((size_t)count + 1));
    *keys = hra_arena_alloc(f->arena, sizeof **keys * ((size_t)count + 1));
    bool good = *names && *keys;
    for (uint32_t i = 0; good && i < count; i++) {
        hra_cell_text cell = cells.done ? (hra_cell_text){"", 0, false} : hra_cells_next(&cells);
        hra_trim(&cell.text, &cell.length);
        char *name = hra_arena_text_n(f->arena, cell.text, cell.length);
        good = name != NULL;
        if (!good) break;
        hra_plain_text(name);
        (*names)[i] = name;
        good = ((*keys)[i] = hra_profile_key(f->arena, name)) != NULL;
    }
    good = good && !scratch.failed;
    hra_buffer_destroy(&scratch);
    return good ? HRA_OK : hra_out_of_memory(f->error);
}

/* Marks the profiles that know this header and can mean this record. */
static hra_code mark_known(finder *f, const char *const *keys, int count, int64_t line, char delimiter)
{
    hra_buffer signature = {0};
    bool good = true;
    for (int any = 0; any <= (int)f->set->any_order && good; any++) {
        hra_profile_signature(keys, count, any == 1, &signature);
        good = !signature.failed;
        int link = good ? (int)hra_map_get_n(f->set->forms, signature.bytes, signature.length) : -1;
        for (; link >= 0; link = f->set->links[link].next) {
            int i = f->set->links[link].profile;
            const hra_profile *profile = &f->set->items[i];
            bool here =
                (!profile->delimiter || profile->delimiter == delimiter || hra_text_is_made(&f->match->facts)) &&
                (!profile->header_row || profile->header_row == line) &&
                (!profile->sheet || strcmp(profile->sheet, f->match->facts.table.name) == 0);
            if (!here || f->fits[i]) continue;
            f->fits[i] = true;
            f->fit_count++;
        }
    }
    hra_buffer_destroy(&signature);
    return good ? HRA_OK : hra_out_of_memory(f->error);
}

/* Whether some profile knows this text as its header, which ends in `line`. */
static hra_code try_header(finder *f, hra_row_text row, uint32_t count, int64_t line, char delimiter)
{
    const char **names, **keys;
    HRA_TRY(cut_names(f, row, count, delimiter, &names, &keys));
    HRA_TRY(mark_known(f, keys, (int)count, line, delimiter));
    if (f->fit_count == 0) return HRA_OK;
    f->match->delimiter = delimiter;
    f->match->header_line = line;
    f->match->names = names;
    f->match->name_count = (int)count;
    return HRA_OK;
}

/* The same with the units of a row of units below it. */
static hra_code try_with_units(finder *f, const hra_batch *batch, int r, hra_row_text row, char delimiter)
{
    hra_buffer joined = {0};
    bool units = false;
    if (r + 1 == batch->count || batch->records[r + 1].fault != HRA_RECORD_GOOD) return HRA_OK;
    const hra_record *next = &batch->records[r + 1];
    hra_row_text below = {batch->text.bytes + next->start, next->length};
    hra_code code = hra_join_unit_row(f->names, f->arena, row, below, delimiter, &joined, &units, f->error);
    if (code == HRA_OK && units)
        code =
            try_header(f, (hra_row_text){joined.bytes, joined.length}, batch->records[r].cells, next->line, delimiter);
    hra_buffer_destroy(&joined);
    return code;
}

/* The first record that some profile knows as its header. */
static hra_code look_for_header(finder *f, char delimiter)
{
    hra_record_reader *reader;
    hra_batch batch = {0};
    HRA_TRY(hra_record_reader_open(f->path, &f->match->facts, delimiter, &reader, f->error));
    char used = hra_record_reader_delimiter(reader);
    hra_code code = hra_record_reader_next(reader, f->set->most_header_row + 1, 1 << 20, &batch, f->error);
    for (int r = 0; r < batch.count && code == HRA_OK && f->fit_count == 0; r++) {
        const hra_record *record = &batch.records[r];
        hra_row_text row;
        if (record->fault != HRA_RECORD_GOOD) continue;
        code = hra_whole_header(f->names, f->arena, &batch, r, used, &row, f->error);
        if (code == HRA_OK) code = try_header(f, row, record->cells, record->line, used);
        if (code == HRA_OK && f->fit_count == 0) code = try_with_units(f, &batch, r, row, used);
    }
    hra_batch_destroy(&batch);
    hra_record_reader_close(reader);
    return code;
}

/* The pattern fits the path, or an end of it that begins with a folder or the name. */
static bool fits_path(const hra_profile *profile, const char *path)
{
    for (int p = 0; p < profile->pattern_count; p++)
        for (const char *at = path; at; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL)
            if (fnmatch(profile->patterns[p], at, 0) == 0) return true;
    return false;
}

/* Of several that fit, one that cannot be read as it was meant is not passed over for another. */
static void prefer_faulty(finder *f)
{
    int first = -1;
    for (int i = 0; i < f->set->count && first < 0 && f->fit_count > 1; i++)
        if (f->fits[i] && f->set->items[i].fault) first = i;
    if (first < 0) return;
    for (int i = 0; i < f->set->count; i++) f->fits[i] = i == first;
    f->fit_count = 1;
}

/* Among profiles that fit so far (all, if none does) those whose path rule fits; none: as before. */
static void narrow_by_path(finder *f)
{
    int count = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < f->set->count; i++) {
            bool candidate = f->fit_count == 0 || f->fits[i];
            bool fits = candidate && fits_path(&f->set->items[i], f->path);
            if (pass == 0) count += fits;
            if (pass == 1) f->fits[i] = fits;
        }
        if (count == 0) return;
    }
    f->fit_count = count;
}

/* ---- what was found ------------------------------------------------------------------------------ */

static hra_code say(finder *f, hra_buffer *text)
{
    while (text->length > 0 && text->bytes[text->length - 1] == '\n') text->bytes[--text->length] = '\0';
    f->match->why = text->failed ? NULL : hra_arena_text(f->arena, text->bytes ? text->bytes : "");
    hra_buffer_destroy(text);
    return f->match->why ? HRA_OK : hra_out_of_memory(f->error);
}

static hra_code say_several(finder *f)
{
    hra_buffer text = {0};
    hra_buffer_text(&text, hra_say(f->set->words, "these profiles fit equally: "));
    for (int i = 0, n = 0; i < f->set->count; i++)
        if (f->fits[i]) hra_buffer_printf(&text, "%s%s", n++ ? ", " : "", f->set->items[i].name);
    hra_buffer_text(&text, hra_say(f->set->words, "; give them different headers or paths"));
    return say(f, &text);
}

static int count_shared(const hra_profile *profile, const hra_map *columns)
{
    int most = 0;
    for (int i = 0; i < profile->form_count; i++) {
        int shared = 0;
        for (int k = 0; k < profile->forms[i].count; k++)
            shared += *profile->forms[i].keys[k] && hra_map_get(columns, profile->forms[i].keys[k]) >= 0;
        if (shared > most) most = shared;
    }
    return most;
}

/* The profile that shares most columns, if it is at least half of them. */
static const hra_profile *find_nearest(const finder *f, const hra_map *columns)
{
    const hra_profile *nearest = NULL;
    int best = f->match->name_count / 2;
    for (int i = 0; i < f->set->count; i++) {
        int shared = count_shared(&f->set->items[i], columns);
        if (shared <= best) continue;
        best = shared;
        nearest = &f->set->items[i];
    }
    return nearest;
}

static hra_code say_none(finder *f)
{
    hra_buffer text = {0};
    hra_map *columns = hra_map_new();
    bool good = columns != NULL;
    for (int i = 0; i < f->match->name_count && good; i++) {
        const char *key = hra_profile_key(f->arena, f->match->names[i]);
        good = key && hra_map_set(columns, key, i) == 0;
    }
    const hra_profile *nearest = good ? find_nearest(f, columns) : NULL;
    hra_map_free(columns);
    hra_buffer_text(&text, hra_say(f->set->words, "no profile knows this header, and no path rule fits"));
    if (nearest) {
        hra_buffer_printf(&text, hra_say(f->set->words, "; the nearest is %s:\n"), nearest->name);
        size_t before = text.length;
        good = hra_profile_compare(nearest, f->match->names, f->match->name_count, &text);
        if (text.length == before)
            hra_buffer_text(&text, hra_say(f->set->words, "its separator, its header row or its sheet is another\n"));
    } else {
        hra_buffer_text(&text, hra_say(f->set->words, "; 'hra inspect' drafts a profile"));
    }
    text.failed |= !good;
    return say(f, &text);
}

/* The header as it is found without a profile's help, or in the manner of the one that the path names. */
static hra_code read_header(finder *f, const hra_name_index *names)
{
    const hra_profile *p = f->match->profile;
    hra_file_plan plan = {0};
    if (p) plan.how = (hra_delivery){.delimiter = p->delimiter, .header_row = p->header_row, .sheet = p->sheet};
    if (hra_text_is_made(&f->match->facts))
        plan.how.delimiter = 0;
    else
        plan.how.encoding = hra_encoding_name(f->match->facts.encoding), plan.how.sheet = NULL;
    HRA_TRY(hra_header_read(names, f->arena, f->path, &plan, f->error));
    HRA_TRY(hra_header_check(&plan, f->error));
    HRA_TRY(hra_header_names(f->arena, &plan, f->error));
    if (hra_text_is_made(&plan.text)) f->match->facts = plan.text; /* of the sheet that was read */
    f->match->delimiter = plan.delimiter;
    f->match->header_line = plan.header_line;
    f->match->name_count = plan.width;
    f->match->names = hra_arena_alloc(f->arena, sizeof *f->match->names * ((size_t)plan.width + 1));
    if (!f->match->names) return hra_out_of_memory(f->error);
    for (int i = 0; i < plan.width; i++) f->match->names[i] = plan.columns[i].header;
    return HRA_OK;
}

/* In the sheets that profiles name; a workbook that has none of them is no error. */
static hra_code look_in_sheets(finder *f)
{
    for (int i = 0; i < f->set->count && f->fit_count == 0; i++) {
        const char *sheet = f->set->items[i].sheet;
        hra_text_facts facts;
        hra_error why = {0};
        if (!sheet || strcmp(sheet, f->match->facts.table.name) == 0) continue;
        hra_code code = hra_text_examine_table(f->path, NULL, sheet, &facts, &why);
        if (code == HRA_ENOMEM) return hra_out_of_memory(f->error);
        if (code != HRA_OK) continue;
        f->match->facts = facts;
        HRA_TRY(look_for_header(f, 0));
    }
    return HRA_OK;
}

/* One profile for each sheet of a workbook: only one of the sheets is read. */
static hra_code find_other_sheets(finder *f)
{
    for (int i = 0; i < f->set->count && !f->match->other_sheets; i++) {
        const char *sheet = f->set->items[i].sheet;
        hra_text_facts facts;
        hra_error why = {0};
        if (!sheet || strcmp(sheet, f->match->sheet) == 0) continue;
        hra_code code = hra_text_examine_table(f->path, NULL, sheet, &facts, &why);
        if (code == HRA_ENOMEM) return hra_out_of_memory(f->error);
        f->match->other_sheets = code == HRA_OK;
    }
    return HRA_OK;
}

static bool passes_for_gb18030(const hra_text_facts *facts)
{
    bool text = facts->kind == HRA_FILE_TEXT || facts->kind == HRA_FILE_ZIPPED_TEXT;
    return text && (facts->encoding == HRA_GB18030 || facts->encoding == HRA_WINDOWS_1252 || facts->damaged > 0);
}

/* Reads the file in the encoding of a profile, where only the profile can tell it. */
static hra_code take_encoding(finder *f, const hra_profile *profile, bool *taken)
{
    hra_encoding named;
    const hra_text_facts *facts = &f->match->facts;
    *taken = profile->encoding && hra_encoding_parse(profile->encoding, &named) && hra_encoding_is_hidden(named) &&
             named != facts->encoding && passes_for_gb18030(facts);
    return *taken ? hra_text_examine(f->path, profile->encoding, &f->match->facts, f->error) : HRA_OK;
}

/* In the encodings that profiles name: a header in Big5 is not known before it is read as such. */
static hra_code look_in_encodings(finder *f)
{
    const hra_text_facts found = f->match->facts;
    for (int i = 0; i < f->set->count && f->fit_count == 0; i++) {
        bool taken;
        HRA_TRY(take_encoding(f, &f->set->items[i], &taken));
        if (taken) HRA_TRY(look_for_header(f, f->set->items[i].delimiter));
        if (f->fit_count == 0) f->match->facts = found;
    }
    return HRA_OK;
}

static hra_code find(finder *f, const hra_name_index *names)
{
    hra_profile_match *match = f->match;
    HRA_TRY(hra_text_examine(f->path, NULL, &match->facts, f->error));
    HRA_TRY(look_for_header(f, 0));
    if (hra_text_is_made(&match->facts)) HRA_TRY(look_in_sheets(f));
    for (int d = 0; d < f->set->delimiter_count && f->fit_count == 0 && !hra_text_is_made(&match->facts); d++)
        HRA_TRY(look_for_header(f, f->set->delimiters[d]));
    if (f->fit_count == 0) HRA_TRY(look_in_encodings(f));
    bool by_header = f->fit_count > 0;
    prefer_faulty(f);
    if (f->fit_count != 1) narrow_by_path(f);
    prefer_faulty(f);
    if (f->fit_count > 1) {
        match->fit = HRA_FIT_SEVERAL;
        return say_several(f);
    }
    for (int i = 0; i < f->set->count && f->fit_count == 1; i++)
        if (f->fits[i]) match->profile = &f->set->items[i];
    const hra_profile *p = by_header ? match->profile : NULL;
    match->elsewhere = p && p->issuer && p->pattern_count > 0 && !fits_path(p, f->path);
    match->fit = by_header ? HRA_FIT_HEADER : match->profile ? HRA_FIT_PATH : HRA_FIT_NONE;
    bool taken;
    if (match->profile) HRA_TRY(take_encoding(f, match->profile, &taken)); /* a header in ASCII is known in any */
    if (!by_header) HRA_TRY(read_header(f, names));
    if (hra_text_is_made(&match->facts)) {
        match->sheet = hra_arena_text(f->arena, match->facts.table.name);
        if (!match->sheet) return hra_out_of_memory(f->error);
        if (match->profile) HRA_TRY(find_other_sheets(f));
    }
    return match->profile ? HRA_OK : say_none(f);
}

hra_code hra_profiles_match(const hra_profiles *profiles, const hra_name_index *names, const char *path,
                            hra_arena *arena, hra_profile_match *out, hra_error *error)
{
    *out = (hra_profile_match){.fit = HRA_FIT_NONE};
    finder f = {.set = profiles, .path = path, .arena = arena, .names = names, .match = out, .error = error};
    f.fits = calloc((size_t)profiles->count + 1, sizeof *f.fits);
    hra_code code = f.fits ? find(&f, names) : hra_out_of_memory(error);
    free(f.fits);
    return code;
}

hra_delivery hra_profile_delivery(const hra_profile_match *match)
{
    const hra_profile *p = match->profile;
    bool made = hra_text_is_made(&match->facts);
    /* What was found stands: it is read as it was looked at. A damaged file is examined again, to count the damage. */
    return (hra_delivery){.encoding = made || match->facts.damaged ? NULL : hra_encoding_name(match->facts.encoding),
                          .delimiter = made ? 0 : match->delimiter,
                          .header_row = (int)match->header_line,
                          .sheet = made ? match->sheet : NULL,
                          .sheet_is_all = p->sheet && !match->other_sheets,
                          .map_file = p->path,
                          .units = p->units,
                          .issuer = p->issuer,
                          .provider = p->provider,
                          .group = p->group};
}
