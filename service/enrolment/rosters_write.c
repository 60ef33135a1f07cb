/* The lists, out of the people who were kept. */
#include <stdlib.h>
#include <string.h>

#include "io/files/atomic_file.h"
#include "service/enrolment/rosters_internal.h"

enum { READ_BYTES = 1 << 20 };

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory writing lists"); }

/* One person of the temporary file. */
typedef struct person {
    bool agrees;
    const unsigned char *actions, *reasons;
    const char *key, *labels[HRA_ROSTER_LABELS];
    int64_t group; /* -1: its group has no list */
} person;

typedef struct reader {
    const hra_rosters *rosters;
    char *bytes;
    size_t length, at;
    int64_t offset; /* in the file, of what was read last */
} reader;

static bool bit(const unsigned char *bits, int i) { return bits[i / 8] >> (i % 8) & 1; }

/* Makes sure that `want` bytes stand at `at`, or all there are. */
static hra_code fill(reader *r, size_t want, hra_error *error)
{
    size_t left = r->length - r->at;
    if (left >= want) return HRA_OK;
    memmove(r->bytes, r->bytes + r->at, left);
    r->at = 0;
    r->length = left;
    int64_t rest = r->rosters->spill.written - r->offset;
    size_t room = READ_BYTES - left, take = rest < (int64_t)room ? (size_t)rest : room;
    if (take > 0) HRA_TRY(hra_spill_read(&r->rosters->spill, r->offset, r->bytes + left, take, error));
    r->offset += (int64_t)take;
    r->length += take;
    return HRA_OK;
}

/* *any is false at the end. */
static hra_code next_person(reader *r, person *p, bool *any, hra_error *error)
{
    const hra_rosters *l = r->rosters;
    uint32_t length;
    HRA_TRY(fill(r, sizeof length, error));
    *any = r->length - r->at >= sizeof length;
    if (!*any) return HRA_OK;
    memcpy(&length, r->bytes + r->at, sizeof length);
    if (length > READ_BYTES) return hra_fail(error, HRA_EINTERNAL, "a person's labels are too long for a list");
    HRA_TRY(fill(r, length, error));
    const char *at = r->bytes + r->at + sizeof length;
    p->agrees = *at++ == 1;
    p->actions = (const unsigned char *)at;
    p->reasons = p->actions + l->action_bytes;
    p->key = (const char *)(p->reasons + l->reason_bytes);
    at = p->key + strlen(p->key) + 1;
    for (int i = 0; i < HRA_ROSTER_LABELS; i++) {
        p->labels[i] = at;
        at += strlen(at) + 1;
    }
    p->group = hra_map_get(l->groups, p->labels[HRA_ROSTER_GROUP]);
    r->at += length;
    return HRA_OK;
}

/* ---- lines --------------------------------------------------------------------------- */

static void put_foreign(hra_buffer *out, const char *text) { hra_buffer_csv_foreign(out, text, strlen(text)); }

static const char *text_of(const hra_rosters *r, const hra_roster_action *a, const char *key)
{
    const char *text = hra_declaration_text(a->declaration, key, r->request.language);
    return text ? text : "";
}

/* The findings of the person that the list asks for, in words; without one the action's own title. */
static void put_reason(const hra_rosters *r, const hra_roster_action *a, const person *p, hra_buffer *scratch,
                       hra_buffer *out)
{
    hra_buffer_clear(scratch);
    for (int i = 0; i < a->reason_count; i++) {
        if (!bit(p->reasons, a->reasons[i])) continue;
        if (scratch->length) hra_buffer_text(scratch, "; ");
        hra_buffer_text(scratch, r->reasons[a->reasons[i]].title);
    }
    if (scratch->length == 0) hra_buffer_text(scratch, text_of(r, a, "title"));
    if (scratch->failed)
        out->failed = true;
    else
        hra_buffer_csv(out, scratch->bytes);
}

static void put_internal(const hra_rosters *r, int action, const person *p, hra_buffer *scratch, hra_buffer *out)
{
    const hra_roster_action *a = &r->actions[action];
    put_foreign(out, p->labels[HRA_ROSTER_GROUP]);
    hra_buffer_char(out, ',');
    hra_buffer_text(out, a->declaration->id);
    hra_buffer_char(out, ',');
    hra_buffer_csv(out, text_of(r, a, "lecture"));
    hra_buffer_char(out, ',');
    put_foreign(out, p->key);
    hra_buffer_char(out, ',');
    put_foreign(out, p->labels[HRA_ROSTER_DEPARTMENT]);
    hra_buffer_char(out, ',');
    put_foreign(out, p->labels[HRA_ROSTER_BRANCH]);
    hra_buffer_char(out, ',');
    put_reason(r, a, p, scratch, out);
    hra_buffer_text(out, p->agrees ? ",1\n" : ",0\n");
}

static void put_invitation(const hra_rosters *r, int action, const person *p, hra_buffer *out)
{
    put_foreign(out, p->labels[HRA_ROSTER_GROUP]);
    hra_buffer_char(out, ',');
    hra_buffer_csv(out, text_of(r, &r->actions[action], "lecture"));
    hra_buffer_char(out, ',');
    put_foreign(out, p->key);
    hra_buffer_char(out, ',');
    put_foreign(out, p->labels[HRA_ROSTER_DEPARTMENT]);
    hra_buffer_char(out, '\n');
}

/* ---- passes ----------------------------------------------------------------------------- */

typedef struct lists {
    hra_rosters *rosters;
    hra_atomic_file *internal, *client;
    int fewest;
    bool counting; /* the first pass */
    hra_buffer lines, invitations, scratch;
    hra_rosters_facts *facts;
} lists;

static bool invited(const lists *l, const person *p, int action)
{
    size_t place = (size_t)p->group * (size_t)l->rosters->action_count + (size_t)action;
    return p->agrees && (l->rosters->choices[place] & HRA_ROSTER_INVITED) && l->rosters->counts[place] >= l->fewest;
}

static void take_person(lists *l, const person *p)
{
    hra_rosters *r = l->rosters;
    for (int a = 0; a < r->action_count; a++) {
        if (!bit(p->actions, a)) continue;
        size_t place = (size_t)p->group * (size_t)r->action_count + (size_t)a;
        if (!(r->choices[place] & HRA_ROSTER_LISTED)) continue;
        if (l->counting) {
            r->counts[place] += p->agrees;
            continue;
        }
        put_internal(r, a, p, &l->scratch, &l->lines);
        l->facts->entries++;
        if (!invited(l, p, a)) continue;
        put_invitation(r, a, p, &l->invitations);
        l->facts->invitations++;
    }
}

static hra_code flush(hra_buffer *text, hra_atomic_file *file, hra_error *error)
{
    if (text->failed) return out_of_memory(error);
    bool ok = !file || fwrite(text->bytes, 1, text->length, hra_atomic_stream(file)) == text->length;
    hra_buffer_clear(text);
    return ok ? HRA_OK : hra_fail(error, HRA_EIO, "writing a list failed: %m");
}

static hra_code pass(lists *l, bool counting, hra_error *error)
{
    reader r = {.rosters = l->rosters, .bytes = malloc(READ_BYTES)};
    hra_code code = r.bytes ? HRA_OK : out_of_memory(error);
    l->counting = counting;
    for (bool any = true; code == HRA_OK && any;) {
        person p = {.group = -1};
        code = next_person(&r, &p, &any, error);
        if (code != HRA_OK || !any) break;
        if (p.group >= 0) take_person(l, &p);
        if (l->lines.length > READ_BYTES) code = flush(&l->lines, l->internal, error);
        if (code == HRA_OK && l->invitations.length > READ_BYTES) code = flush(&l->invitations, l->client, error);
    }
    if (code == HRA_OK && !counting) code = flush(&l->lines, l->internal, error);
    if (code == HRA_OK && !counting) code = flush(&l->invitations, l->client, error);
    free(r.bytes);
    return code;
}

static hra_code write_lists(lists *l, const char *internal, const char *client, hra_error *error)
{
    hra_rosters *r = l->rosters;
    r->counts = calloc((size_t)r->group_count * (size_t)r->action_count + 1, sizeof *r->counts);
    if (!r->counts) return out_of_memory(error);
    if (internal) HRA_TRY(hra_atomic_open(internal, &l->internal, error));
    if (client) HRA_TRY(hra_atomic_open(client, &l->client, error));
    hra_buffer_text(&l->lines, "group_id,action,lecture,person_id,department,branch,reason,consent_client\n");
    hra_buffer_text(&l->invitations, "group_id,lecture,person_id,department\n");
    HRA_TRY(pass(l, true, error));
    return pass(l, false, error);
}

hra_code hra_rosters_write(hra_rosters *rosters, const char *internal, const char *client, int fewest,
                           hra_rosters_facts *facts, hra_error *error)
{
    lists l = {.rosters = rosters, .fewest = fewest, .facts = facts};
    *facts = (hra_rosters_facts){.asked = rosters->consent >= 0};
    hra_code code = write_lists(&l, internal, client, error);
    hra_buffer_destroy(&l.lines);
    hra_buffer_destroy(&l.invitations);
    hra_buffer_destroy(&l.scratch);
    free(rosters->counts);
    rosters->counts = NULL;
    if (code == HRA_OK && l.internal) {
        code = hra_atomic_commit(l.internal, error);
        l.internal = NULL;
    }
    if (code == HRA_OK && l.client) {
        code = hra_atomic_commit(l.client, error);
        l.client = NULL;
    }
    hra_atomic_abandon(l.internal);
    hra_atomic_abandon(l.client);
    return code;
}
