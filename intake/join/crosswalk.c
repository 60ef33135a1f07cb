#include "intake/join/crosswalk.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "intake/join/join_list.h"
#include "intake/join/star_links.h"
#include "io/csv/csv_cells.h"
#include "io/csv/csv_work.h"
#include "io/files/row_sort.h"
#include "io/words/text_fold.h"

/* Right-hand identifiers of one chain beyond this are a conflict anyway. */
enum { MOST_LEADING = 64 };

struct hra_crosswalk {
    char *beside;
    size_t bytes;
    const hra_identity *identity;
    hra_crosswalk_counts counts;
    hra_star_links *links;
    hra_row_sort *nodes;       /* identifier, what is known of it */
    hra_spill_sort *people;    /* identifier, identifier of the person */
    hra_spill_sort *conflicts; /* identifiers */
    hra_spill_sort *keys;      /* key, input and row */
    hra_spill_sort *changed;   /* input and row, key of the person */
    hra_spill_record next;     /* of the changed */
    bool any;
};

/* What `nodes` says of an identifier, one record each. */
typedef enum fact { SMALLEST, RIGHT_HAND, LEFT_HAND } fact;

typedef struct node_facts {
    hra_id_hash node, smallest;
    uint64_t issuer; /* hash of its issuer, if it stands on the right */
    bool right, left;
} node_facts;

static bool same(const hra_id_hash *a, const hra_id_hash *b)
{
    return a->word[0] == b->word[0] && a->word[1] == b->word[1];
}

/* ---- reading the file ----------------------------------------------------------------------- */

static hra_id_hash hash_of(const hra_crosswalk *c, const char *issuer, const char *identifier)
{
    char text[HRA_KEY_TEXT];
    hra_id_hash hash;
    hra_identity_hash(c->identity, issuer, identifier, strlen(identifier), text);
    hra_join_key_read(text, hash.word);
    return hash;
}

static hra_code put_fact(hra_crosswalk *c, const hra_id_hash *node, fact what, uint64_t issuer,
                         const hra_id_hash *smallest, hra_error *error)
{
    hra_sort_row row = {.key = {node->word[0], node->word[1], (uint64_t)what, issuer},
                        .bytes = smallest,
                        .length = smallest ? sizeof *smallest : 0};
    return hra_row_sort_add(c->nodes, &row, error);
}

static hra_code take_link(hra_crosswalk *c, char *cells[4], hra_error *error)
{
    if (!*cells[1] || !*cells[3] || hra_identifier_is_damaged(cells[1], strlen(cells[1])) ||
        hra_identifier_is_damaged(cells[3], strlen(cells[3]))) {
        c->counts.rejected++;
        return HRA_OK;
    }
    hra_id_hash left = hash_of(c, cells[0], cells[1]), right = hash_of(c, cells[2], cells[3]);
    hra_id_hash issuer = hash_of(c, "issuer of a crosswalk", cells[2]);
    c->counts.links++;
    if (same(&left, &right)) return HRA_OK;
    HRA_TRY(hra_star_links_add(c->links, left, right, error));
    HRA_TRY(put_fact(c, &left, LEFT_HAND, 0, NULL, error));
    return put_fact(c, &right, RIGHT_HAND, issuer.word[0], NULL, error);
}

/* Four cells, cleaned, in `memory`; false: not four cells. */
static bool read_cells(const hra_batch *batch, const hra_record *record, char delimiter, hra_buffer *scratch,
                       hra_buffer *memory, char *cells[4])
{
    size_t starts[4];
    if (record->fault != HRA_RECORD_GOOD || record->cells != 4) return false;
    hra_cells at = hra_cells_begin(batch->text.bytes + record->start, record->length, delimiter, scratch);
    hra_buffer_clear(memory);
    for (int i = 0; i < 4; i++) {
        hra_cell_text cell = hra_cells_next(&at);
        if (i % 2)
            hra_clean_identifier(&cell.text, &cell.length);
        else
            hra_trim(&cell.text, &cell.length);
        starts[i] = memory->length;
        hra_buffer_append(memory, cell.text, cell.length);
        hra_buffer_append(memory, "", 1);
    }
    for (int i = 0; i < 4 && !memory->failed; i++) cells[i] = memory->bytes + starts[i];
    return !memory->failed && !scratch->failed;
}

static bool is_header(char *cells[4])
{
    static const char *const names[] = {"issuer", "identifier", "issuer", "identifier"};
    for (int i = 0; i < 4; i++)
        if (strcasecmp(cells[i], names[i]) != 0) return false;
    return true;
}

/* The first line, in memory that the caller keeps from line to line. */
static hra_code check_header(const hra_batch *batch, char delimiter, hra_buffer *scratch, hra_buffer *memory,
                             const char *path, hra_error *error)
{
    char *cells[4];
    if (batch->count > 0 && read_cells(batch, &batch->records[0], delimiter, scratch, memory, cells) &&
        is_header(cells))
        return HRA_OK;
    return hra_fail(error, HRA_EINPUT,
                    "%s: this is not a crosswalk; its first line must be issuer,identifier,issuer,identifier", path);
}

static hra_code read_batches(hra_crosswalk *c, hra_record_reader *reader, const char *path, hra_error *error)
{
    hra_batch batch = {0};
    hra_buffer scratch = {0}, memory = {0};
    hra_code code = HRA_OK;
    char delimiter = hra_record_reader_delimiter(reader);
    int first = 1; /* behind the header */
    for (;;) {
        code = hra_record_reader_next(reader, HRA_CHUNK_ROWS, 1 << 20, &batch, error);
        if (code != HRA_OK || batch.count == 0) break;
        if (first) code = check_header(&batch, delimiter, &scratch, &memory, path, error);
        for (int i = first; i < batch.count && code == HRA_OK; i++) {
            char *cells[4];
            if (read_cells(&batch, &batch.records[i], delimiter, &scratch, &memory, cells))
                code = take_link(c, cells, error);
            else
                c->counts.rejected++;
        }
        first = 0;
        if (code != HRA_OK) break;
    }
    if (code == HRA_OK && (scratch.failed || memory.failed)) code = hra_out_of_memory(error);
    hra_batch_destroy(&batch);
    hra_buffer_destroy(&scratch);
    hra_buffer_destroy(&memory);
    return code;
}

static hra_code open_reader(const char *path, hra_record_reader **reader, hra_error *error)
{
    hra_text_facts facts;
    HRA_TRY(hra_text_examine(path, NULL, &facts, error));
    return hra_record_reader_open(path, &facts, 0, reader, error);
}

static hra_code read_file(hra_crosswalk *c, const char *path, hra_error *error)
{
    hra_record_reader *reader;
    HRA_TRY(open_reader(path, &reader, error));
    hra_code code = read_batches(c, reader, path, error);
    hra_record_reader_close(reader);
    return code;
}

hra_code hra_crosswalk_try(const char *path, hra_error *error)
{
    hra_record_reader *reader;
    hra_batch batch = {0};
    hra_buffer scratch = {0}, memory = {0};
    HRA_TRY(open_reader(path, &reader, error));
    hra_code code = hra_record_reader_next(reader, 1, 1 << 20, &batch, error);
    if (code == HRA_OK)
        code = check_header(&batch, hra_record_reader_delimiter(reader), &scratch, &memory, path, error);
    hra_batch_destroy(&batch);
    hra_buffer_destroy(&scratch);
    hra_buffer_destroy(&memory);
    hra_record_reader_close(reader);
    return code;
}

/* ---- people -------------------------------------------------------------------------------------- */

/* The smallest of each chain is told to every identifier of it, itself included. */
static hra_code tell_smallest(hra_crosswalk *c, hra_error *error)
{
    for (;;) {
        hra_id_hash node, smallest;
        bool any;
        HRA_TRY(hra_star_links_next(c->links, &node, &smallest, &any, error));
        if (!any) return HRA_OK;
        HRA_TRY(put_fact(c, &node, SMALLEST, 0, &smallest, error));
        HRA_TRY(put_fact(c, &smallest, SMALLEST, 0, &smallest, error));
    }
}

/* Identifiers by chain; on the right and never on the left first, then the others on the right, then the rest. */
static hra_code put_node(hra_row_sort *chains, const node_facts *facts, hra_error *error)
{
    uint64_t rank = facts->right && !facts->left ? 0 : facts->right ? 1 : 2;
    hra_sort_row row = {.key = {facts->smallest.word[0], facts->smallest.word[1], rank, facts->issuer},
                        .bytes = &facts->node,
                        .length = sizeof facts->node};
    return hra_row_sort_add(chains, &row, error);
}

static hra_code gather_chains(hra_crosswalk *c, hra_row_sort *chains, hra_error *error)
{
    node_facts facts = {0};
    bool any, some = false;
    for (;; some = true) {
        hra_sort_row row;
        HRA_TRY(hra_row_sort_next(c->nodes, &row, &any, error));
        bool same_node = any && some && row.key[0] == facts.node.word[0] && row.key[1] == facts.node.word[1];
        if (some && !same_node) HRA_TRY(put_node(chains, &facts, error));
        if (!any) return HRA_OK;
        if (!same_node) facts = (node_facts){.node = {{row.key[0], row.key[1]}}};
        if (row.key[2] == SMALLEST) memcpy(&facts.smallest, row.bytes, sizeof facts.smallest);
        if (row.key[2] == LEFT_HAND) facts.left = true;
        if (row.key[2] == RIGHT_HAND) {
            facts.right = true;
            facts.issuer = row.key[3];
        }
    }
}

/* One chain: its right-hand identifiers come first and decide. */
typedef struct chain {
    uint64_t smallest[2];
    hra_id_hash leading[MOST_LEADING];
    uint64_t issuers[MOST_LEADING];
    int count;
    bool conflict, decided, open;
} chain;

static hra_code put_member(hra_crosswalk *c, const chain *now, const hra_id_hash *node, hra_error *error)
{
    hra_spill_record record = {{node->word[0], node->word[1], now->leading[0].word[0], now->leading[0].word[1]}};
    if (now->conflict) return hra_spill_sort_add(c->conflicts, &record, error);
    return same(node, &now->leading[0]) ? HRA_OK : hra_spill_sort_add(c->people, &record, error);
}

/* All right-hand identifiers are known: do two of one issuer differ? */
static hra_code decide(hra_crosswalk *c, chain *now, hra_error *error)
{
    for (int i = 0; i < now->count; i++)
        for (int j = 0; j < i; j++)
            if (now->issuers[i] == now->issuers[j] && !same(&now->leading[i], &now->leading[j])) now->conflict = true;
    now->decided = true;
    c->counts.conflicts += now->conflict;
    for (int i = 0; i < now->count; i++) HRA_TRY(put_member(c, now, &now->leading[i], error));
    return HRA_OK;
}

static hra_code take_member(hra_crosswalk *c, chain *now, const hra_sort_row *row, hra_error *error)
{
    hra_id_hash node;
    memcpy(&node, row->bytes, sizeof node);
    if (row->key[2] < 2 && now->count < MOST_LEADING) {
        now->issuers[now->count] = row->key[3];
        now->leading[now->count++] = node;
        return HRA_OK;
    }
    if (row->key[2] < 2) now->conflict = true;
    if (!now->decided) HRA_TRY(decide(c, now, error));
    return put_member(c, now, &node, error);
}

static hra_code find_people(hra_crosswalk *c, hra_row_sort *chains, hra_error *error)
{
    chain now = {0};
    for (;;) {
        hra_sort_row row;
        bool any;
        HRA_TRY(hra_row_sort_next(chains, &row, &any, error));
        bool goes_on = any && now.open && row.key[0] == now.smallest[0] && row.key[1] == now.smallest[1];
        if (now.open && !goes_on && !now.decided) HRA_TRY(decide(c, &now, error));
        if (!any) return HRA_OK;
        if (!goes_on) now = (chain){.open = true, .smallest = {row.key[0], row.key[1]}};
        HRA_TRY(take_member(c, &now, &row, error));
    }
}

static hra_code resolve_links(hra_crosswalk *c, hra_error *error)
{
    HRA_TRY(hra_star_links_resolve(c->links, error));
    HRA_TRY(tell_smallest(c, error));
    hra_star_links_free(c->links);
    c->links = NULL;
    HRA_TRY(hra_row_sort_finish(c->nodes, error));
    hra_row_sort *chains = hra_row_sort_new(c->beside, c->bytes / 4);
    hra_code code = chains ? gather_chains(c, chains, error) : hra_out_of_memory(error);
    if (code == HRA_OK) code = hra_row_sort_finish(chains, error);
    if (code == HRA_OK) code = find_people(c, chains, error);
    hra_row_sort_free(chains);
    hra_row_sort_free(c->nodes);
    c->nodes = NULL;
    if (code == HRA_OK) code = hra_spill_sort_finish(c->people, error);
    return code == HRA_OK ? hra_spill_sort_finish(c->conflicts, error) : code;
}

/* ---- life ------------------------------------------------------------------------------------------ */

hra_code hra_crosswalk_open(const char *path, const hra_identity *identity, const char *beside, size_t bytes,
                            hra_crosswalk **out, hra_error *error)
{
    hra_crosswalk *c = calloc(1, sizeof *c);
    if (!c) return hra_out_of_memory(error);
    c->identity = identity;
    c->bytes = bytes;
    c->beside = strdup(beside);
    if (c->beside) {
        c->links = hra_star_links_new(beside, bytes / 4);
        c->nodes = hra_row_sort_new(beside, bytes / 4);
        c->people = hra_spill_sort_new(beside, bytes / 8);
        c->conflicts = hra_spill_sort_new(beside, 1 << 16);
        c->keys = hra_spill_sort_new(beside, bytes / 4);
        c->changed = hra_spill_sort_new(beside, bytes / 8);
    }
    bool ready = c->links && c->nodes && c->people && c->conflicts && c->keys && c->changed;
    hra_code code = ready ? read_file(c, path, error) : hra_out_of_memory(error);
    if (code == HRA_OK) code = resolve_links(c, error);
    if (code != HRA_OK) {
        hra_crosswalk_free(c);
        return code;
    }
    *out = c;
    return HRA_OK;
}

void hra_crosswalk_free(hra_crosswalk *c)
{
    if (!c) return;
    hra_star_links_free(c->links);
    hra_row_sort_free(c->nodes);
    hra_spill_sort_free(c->people);
    hra_spill_sort_free(c->conflicts);
    hra_spill_sort_free(c->keys);
    hra_spill_sort_free(c->changed);
    free(c->beside);
    free(c);
}

const hra_crosswalk_counts *hra_crosswalk_count(const hra_crosswalk *crosswalk) { return &crosswalk->counts; }

hra_code hra_crosswalk_listen(hra_crosswalk *c, hra_crosswalk_listener *listener, void *context, hra_error *error)
{
    for (;;) {
        hra_spill_record record;
        bool any;
        HRA_TRY(hra_spill_sort_next(c->conflicts, &record, &any, error));
        if (!any) return HRA_OK;
        listener(context, record.word);
    }
}

/* ---- keys of rows -------------------------------------------------------------------------------------- */

static uint64_t place_of(int input, int64_t row) { return (uint64_t)input << 48 | (uint64_t)row; }

hra_code hra_crosswalk_add(hra_crosswalk *c, int input, int64_t row, const uint64_t key[2], hra_error *error)
{
    hra_spill_record record = {{key[0], key[1], place_of(input, row), 0}};
    return hra_spill_sort_add(c->keys, &record, error);
}

static int compare(const uint64_t a[2], const uint64_t b[2])
{
    if (a[0] != b[0]) return a[0] < b[0] ? -1 : 1;
    return (a[1] > b[1]) - (a[1] < b[1]);
}

/* Both are sorted by identifier. */
static hra_code match_keys(hra_crosswalk *c, hra_error *error)
{
    hra_spill_record key, link;
    bool any_key, any_link;
    HRA_TRY(hra_spill_sort_next(c->people, &link, &any_link, error));
    for (;;) {
        HRA_TRY(hra_spill_sort_next(c->keys, &key, &any_key, error));
        if (!any_key) return HRA_OK;
        while (any_link && compare(link.word, key.word) < 0)
            HRA_TRY(hra_spill_sort_next(c->people, &link, &any_link, error));
        if (!any_link || compare(link.word, key.word) != 0) continue;
        hra_spill_record changed = {{key.word[2], link.word[2], link.word[3], 0}};
        HRA_TRY(hra_spill_sort_add(c->changed, &changed, error));
    }
}

hra_code hra_crosswalk_resolve(hra_crosswalk *c, hra_error *error)
{
    HRA_TRY(hra_spill_sort_finish(c->keys, error));
    HRA_TRY(match_keys(c, error));
    HRA_TRY(hra_spill_sort_finish(c->changed, error));
    return hra_spill_sort_next(c->changed, &c->next, &c->any, error);
}

hra_code hra_crosswalk_key(hra_crosswalk *c, int input, int64_t row, uint64_t key[2], hra_error *error)
{
    uint64_t place = place_of(input, row);
    while (c->any && c->next.word[0] < place) HRA_TRY(hra_spill_sort_next(c->changed, &c->next, &c->any, error));
    if (!c->any || c->next.word[0] != place) return HRA_OK;
    key[0] = c->next.word[1];
    key[1] = c->next.word[2];
    c->counts.used++;
    return HRA_OK;
}
