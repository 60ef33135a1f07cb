#include "report/branch/branch_people.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/map.h"
#include "io/files/row_sort.h"
#include "io/results/result_reader.h"
#include "report/person/person_key.h"
#include "service/tables/key_index.h"

enum { SORT_BYTES = 64 << 20, TEXTS = 10 };

struct hra_branch_people {
    hra_sink sink;
    hra_branch_people_request request;
    hra_row_sort *lines;
    hra_key_index *index;
    hra_map *groups, *departments; /* their order of appearance: that of the rosters */
    int group_count, department_count;
    pthread_mutex_t names; /* the key map answers one thread at a time */
};

/* What `prepare` makes of one person: texts one after the other, then the page. */
typedef struct item {
    size_t texts, page, page_length;
    bool urgent, important;
} item;

typedef struct batch {
    item *items;
    int count;
    hra_buffer bytes;
} batch;

static void batch_free(batch *b)
{
    if (!b) return;
    free(b->items);
    hra_buffer_destroy(&b->bytes);
    free(b);
}

static void discard(hra_sink *sink, void *prepared) { batch_free(prepared); }

/* ---- one person ---- */

static void put_text(hra_buffer *out, const char *text)
{
    hra_buffer_text(out, text);
    hra_buffer_char(out, '\0');
}

static void put_titles(hra_buffer *out, const hra_view_finding *findings, int count)
{
    for (int i = 0; i < count; i++) {
        if (i > 0) hra_buffer_text(out, " · ");
        hra_buffer_text(out, findings[i].origin.title);
    }
    hra_buffer_char(out, '\0');
}

static void put_risks(hra_buffer *out, const hra_person_view *v)
{
    bool first = true;
    for (int i = 0; i < v->disease_count; i++) {
        if (!*v->diseases[i].category_text) continue;
        hra_buffer_printf(out, "%s%s %s", first ? "" : " · ", v->diseases[i].title, v->diseases[i].category_text);
        first = false;
    }
    hra_buffer_char(out, '\0');
}

/* In the order of hra_branch_line; the branch comes first. */
static void put_line(hra_buffer *out, const hra_person_view *v, const char *key)
{
    put_text(out, v->branch);
    put_text(out, key);
    put_text(out, v->group);
    put_text(out, v->department);
    put_text(out, v->sex_text);
    put_text(out, v->age_text);
    put_titles(out, v->urgent, v->urgent_count);
    put_text(out, v->urgent_count ? v->urgent[0].deadline : "");
    put_titles(out, v->important, v->important_count);
    put_text(out, v->tier_count ? v->tiers[0].level_text : "");
    put_risks(out, v);
}

static hra_code put_page(hra_branch_people *p, const hra_person_view *v, const char *key, hra_buffer *out,
                         hra_error *error)
{
    const char *texts[HRA_PEOPLE_FIELDS];
    char *name = NULL;
    if (p->request.names) {
        pthread_mutex_lock(&p->names);
        hra_code code = hra_people_names_find(p->request.names, key, texts, error);
        if (!code && !(name = strdup(texts[1]))) code = hra_out_of_memory(error);
        pthread_mutex_unlock(&p->names);
        HRA_TRY(code);
    }
    hra_individual_write(p->request.pages, v, name, out);
    free(name);
    return HRA_OK;
}

static hra_code add_person(hra_branch_people *p, int thread, const hra_chunk *chunk, const hra_results *results,
                           int row, batch *b, hra_error *error)
{
    char number[HRA_ROW_NUMBER];
    const char *key = hra_person_key(chunk, row, number);
    const hra_person_view *v = hra_person_views_build(p->request.views, thread, chunk, results, row, key);
    if (!v) return hra_out_of_memory(error);
    item *i = &b->items[b->count++];
    *i = (item){.texts = b->bytes.length, .urgent = v->urgent_count > 0, .important = v->important_count > 0};
    put_line(&b->bytes, v, key);
    i->page = b->bytes.length;
    if (p->request.pages) HRA_TRY(put_page(p, v, key, &b->bytes, error));
    i->page_length = b->bytes.length - i->page;
    return b->bytes.failed ? hra_out_of_memory(error) : HRA_OK;
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    hra_branch_people *p = (hra_branch_people *)sink;
    batch *b = calloc(1, sizeof *b);
    hra_code code = HRA_OK;
    if (b) b->items = malloc(((size_t)results->rows + 1) * sizeof *b->items);
    if (!b || !b->items) code = hra_out_of_memory(error);
    for (int r = 0; !code && r < results->rows; r++) code = add_person(p, thread, chunk, results, r, b, error);
    if (code)
        batch_free(b);
    else
        *prepared = b;
    return code;
}

/* ---- in the order of the input ---- */

static hra_code rank(hra_map *map, int *count, const char *text, uint64_t *out, hra_error *error)
{
    int64_t known = hra_map_get(map, text);
    if (known < 0) {
        known = (*count)++;
        if (hra_map_set(map, text, known) != 0) return hra_out_of_memory(error);
    }
    *out = (uint64_t)known;
    return HRA_OK;
}

/* Hashed keys as they are; row numbers, where there are no keys, beside them. */
static bool key_words(const char *key, uint64_t out[2])
{
    if (hra_person_key_read(key, out)) return true;
    char *end;
    errno = 0;
    out[0] = UINT64_MAX;
    out[1] = strtoull(key, &end, 10);
    return *key >= '0' && *key <= '9' && !*end && errno == 0;
}

static hra_code write_page(hra_branch_people *p, int branch, const char *key, const char *page, size_t length,
                           hra_error *error)
{
    char name[64], path[4096];
    snprintf(name, sizeof name, "%.40s.html", key);
    HRA_TRY(hra_branch_path(p->request.book, branch, "reports", name, path, sizeof path, error));
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST)
        return hra_fail(error, HRA_EINPUT,
                        "the results hold a person twice: packages need one row for each person (--duplicates)");
    if (file < 0) return hra_fail(error, HRA_EIO, "cannot write %s: %m", path);
    for (size_t done = 0; done < length;) {
        ssize_t got = write(file, page + done, length - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            hra_code code = hra_fail(error, HRA_EIO, "cannot write %s: %m", path);
            close(file);
            return code;
        }
        done += (size_t)got;
    }
    return close(file) == 0 ? HRA_OK : hra_fail(error, HRA_EIO, "cannot write %s: %m", path);
}

static hra_code keep_person(hra_branch_people *p, const item *i, const char *bytes, int64_t row, hra_error *error)
{
    const char *name = bytes + i->texts, *key = name + strlen(name) + 1, *group = key + strlen(key) + 1,
               *department = group + strlen(group) + 1;
    uint64_t g = 0, d = 0, words[2];
    int branch;
    HRA_TRY(hra_branch_book_find(p->request.book, name, &branch, error));
    HRA_TRY(rank(p->groups, &p->group_count, group, &g, error));
    HRA_TRY(rank(p->departments, &p->department_count, department, &d, error));
    hra_branch *b = hra_branch_book_at(p->request.book, branch);
    b->people++;
    b->urgent += i->urgent;
    b->important += i->important;
    if (key_words(key, words)) HRA_TRY(hra_key_index_add(p->index, words, branch, error));
    const hra_sort_row line = {
        {(uint64_t)branch, i->urgent ? 0 : 1, g << 32 | d, (uint64_t)row}, key, (size_t)(bytes + i->page - key)};
    HRA_TRY(hra_row_sort_add(p->lines, &line, error));
    if (i->page_length == 0) return HRA_OK;
    return write_page(p, branch, key, bytes + i->page, i->page_length, error);
}

static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    hra_branch_people *p = (hra_branch_people *)sink;
    batch *b = prepared;
    hra_code code = HRA_OK;
    for (int i = 0; b && !code && i < b->count; i++)
        code = keep_person(p, &b->items[i], b->bytes.bytes, chunk->first_row + i, error);
    batch_free(b);
    return code;
}

/* ---- the whole ---- */

hra_code hra_branch_people_new(const hra_branch_people_request *request, hra_branch_people **out, hra_error *error)
{
    hra_branch_people *p = calloc(1, sizeof *p);
    if (!p) return hra_out_of_memory(error);
    p->sink = (hra_sink){.prepare = prepare, .commit = commit, .discard = discard};
    p->request = *request;
    pthread_mutex_init(&p->names, NULL);
    p->groups = hra_map_new();
    p->departments = hra_map_new();
    p->lines = hra_row_sort_new(request->beside, SORT_BYTES);
    hra_code code = p->groups && p->departments && p->lines ? HRA_OK : hra_out_of_memory(error);
    if (!code) code = hra_key_index_new(request->beside, request->rows, &p->index, error);
    if (code)
        hra_branch_people_free(p);
    else
        *out = p;
    return code;
}

void hra_branch_people_free(hra_branch_people *p)
{
    if (!p) return;
    if (p->lines) hra_row_sort_free(p->lines);
    if (p->index) hra_key_index_free(p->index);
    hra_map_free(p->groups);
    hra_map_free(p->departments);
    pthread_mutex_destroy(&p->names);
    free(p);
}

hra_sink *hra_branch_people_sink(hra_branch_people *p) { return &p->sink; }

hra_code hra_branch_people_finish(hra_branch_people *p, hra_error *error)
{
    HRA_TRY(hra_key_index_finish(p->index, error));
    return hra_row_sort_finish(p->lines, error);
}

int hra_branch_people_find(const hra_branch_people *p, const char *key)
{
    uint64_t words[2];
    int64_t branch;
    if (!key_words(key, words) || !hra_key_index_find(p->index, words, &branch)) return -1;
    return (int)branch;
}

hra_code hra_branch_people_next(hra_branch_people *p, hra_branch_line *line, bool *any, hra_error *error)
{
    hra_sort_row row;
    const char *texts[TEXTS];
    HRA_TRY(hra_row_sort_next(p->lines, &row, any, error));
    if (!*any) return HRA_OK;
    const char *at = row.bytes;
    for (int i = 0; i < TEXTS; i++) {
        texts[i] = at;
        at += strlen(at) + 1;
    }
    *line = (hra_branch_line){(int)row.key[0], texts[0], texts[1], texts[2], texts[3], texts[4],
                              texts[5],        texts[6], texts[7], texts[8], texts[9]};
    return HRA_OK;
}
