#include "service/signoff/signoff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/map.h"
#include "service/signoff/content.h"
#include "service/signoff/signoff_internal.h"

/* ---- the declarations ---------------------------------------------------------------- */

static hra_code add_declarations(hra_signoffs *s, hra_error *error)
{
    s->count = hra_library_declaration_count(s->library);
    s->entries = calloc((size_t)s->count + 1, sizeof *s->entries);
    s->index = hra_map_new();
    if (!s->entries || !s->index) return hra_out_of_memory(error);
    for (int i = 0; i < s->count; i++) {
        hra_signoff_entry *e = &s->entries[i];
        e->declaration = hra_library_declaration(s->library, i);
        e->kind = hra_content_kind(e->declaration);
        e->expiry = e->date = NAN;
        bool kept = hra_content_hash(e->declaration, e->hash) && hra_map_set(s->index, e->declaration->id, i) == 0;
        if (!kept) return hra_out_of_memory(error);
    }
    return HRA_OK;
}

hra_code hra_signoffs_new(const hra_library *library, double as_of, hra_signoffs **out, hra_error *error)
{
    hra_signoffs *s = calloc(1, sizeof *s);
    if (!s) return hra_out_of_memory(error);
    s->library = library;
    s->as_of = as_of;
    hra_code code = add_declarations(s, error);
    if (code == HRA_OK)
        *out = s;
    else
        hra_signoffs_free(s);
    return code;
}

void hra_signoffs_free(hra_signoffs *signoffs)
{
    if (!signoffs) return;
    for (int i = 0; signoffs->entries && i < signoffs->count; i++) {
        free(signoffs->entries[i].reviewer);
        free(signoffs->entries[i].comment);
    }
    free(signoffs->entries);
    hra_map_free(signoffs->index);
    hra_buffer_destroy(&signoffs->gone);
    free(signoffs);
}

/* ---- states ----------------------------------------------------------------------------- */

const char *hra_signoff_word(hra_signoff state)
{
    static const char *const words[HRA_SIGNOFF_STATES_] = {"open",    "approved", "waits",     "rejected",
                                                           "changed", "expired",  "incomplete"};
    return state >= 0 && state < HRA_SIGNOFF_STATES_ ? words[state] : "";
}

/* Of the entry alone, whatever it names. */
static hra_signoff own_state(const hra_signoffs *s, const hra_signoff_entry *e)
{
    if (!e->kind) return HRA_SIGNOFF_APPROVED;
    if (e->decision == HRA_DECISION_NONE) return HRA_SIGNOFF_NONE;
    if (e->decision == HRA_DECISION_REJECTED) return HRA_SIGNOFF_REJECTED;
    if (strcmp(e->hash, e->signed_hash) != 0) return HRA_SIGNOFF_CHANGED;
    if (!e->reviewer || !*e->reviewer || isnan(e->date)) return HRA_SIGNOFF_INCOMPLETE;
    if (e->expiry < s->as_of) return HRA_SIGNOFF_EXPIRED;
    return HRA_SIGNOFF_APPROVED;
}

typedef struct visit {
    const hra_signoffs *s;
    bool all_approved;
} visit;

static void look_at_named(void *context, const hra_declaration *named)
{
    visit *v = context;
    int64_t i = hra_map_get(v->s->index, named->id);
    if (i >= 0 && v->s->entries[i].state != HRA_SIGNOFF_APPROVED) v->all_approved = false;
}

/* One round; false: nothing has changed. */
static bool make_wait(hra_signoffs *s)
{
    bool changed = false;
    for (int i = 0; i < s->count; i++) {
        hra_signoff_entry *e = &s->entries[i];
        visit v = {s, true};
        if (e->state != HRA_SIGNOFF_APPROVED || !e->kind) continue;
        hra_content_names(s->library, e->declaration, look_at_named, &v);
        if (v.all_approved) continue;
        e->state = HRA_SIGNOFF_WAITS;
        changed = true;
    }
    return changed;
}

/* Every entry stands for itself at first; then whoever names what is not approved waits, round by round. So it does not
 * matter in which order declarations stand, and two that name each other are approved or wait together. */
static void resolve_all(const hra_signoffs *signoffs)
{
    hra_signoffs *s = (hra_signoffs *)signoffs; /* what is remembered is no change to the caller */
    if (s->resolved) return;
    s->resolved = true;
    for (int i = 0; i < s->count; i++) s->entries[i].state = own_state(s, &s->entries[i]);
    while (make_wait(s)) continue;
}

hra_signoff hra_signoffs_state(const hra_signoffs *signoffs, const hra_declaration *declaration)
{
    int64_t i = hra_map_get(signoffs->index, declaration->id);
    if (i < 0) return HRA_SIGNOFF_NONE;
    resolve_all(signoffs);
    return signoffs->entries[i].state;
}

bool hra_signoffs_accept(void *signoffs, const hra_declaration *declaration)
{
    return hra_content_is_urgent(declaration) || hra_signoffs_state(signoffs, declaration) == HRA_SIGNOFF_APPROVED;
}

int hra_signoffs_count(const hra_signoffs *signoffs, hra_signoff state)
{
    int count = 0;
    resolve_all(signoffs);
    for (int i = 0; i < signoffs->count; i++) count += signoffs->entries[i].kind && signoffs->entries[i].state == state;
    return count;
}

/* ---- what no longer counts ------------------------------------------------------------------ */

static void describe(const hra_signoff_entry *e, hra_buffer *out)
{
    char day[HRA_DAY_TEXT];
    const char *id = e->declaration->id;
    switch (e->state) {
    case HRA_SIGNOFF_CHANGED: hra_buffer_printf(out, "%s: changed since it was signed; sign it again\n", id); break;
    case HRA_SIGNOFF_EXPIRED:
        hra_buffer_printf(out, "%s: the sign-off ended on %s\n", id, hra_day_text(e->expiry, day));
        break;
    case HRA_SIGNOFF_INCOMPLETE:
        hra_buffer_printf(out, "%s: approved without %s; it does not count\n", id,
                          e->reviewer && *e->reviewer ? "a date" : "a reviewer");
        break;
    case HRA_SIGNOFF_WAITS: hra_buffer_printf(out, "%s: approved, but it names content that is not\n", id); break;
    case HRA_SIGNOFF_REJECTED: hra_buffer_printf(out, "%s: rejected\n", id); break;
    default: break;
    }
}

void hra_signoffs_describe(const hra_signoffs *signoffs, hra_buffer *out)
{
    resolve_all(signoffs);
    for (int i = 0; i < signoffs->count; i++)
        if (signoffs->entries[i].kind) describe(&signoffs->entries[i], out);
    if (signoffs->gone.bytes) hra_buffer_text(out, signoffs->gone.bytes);
}
