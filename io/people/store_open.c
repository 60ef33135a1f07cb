/* Opening a population store: from its summary where it has one that fits, else through HDF5. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/files/checksum.h"
#include "io/people/store_layout.h"
#include "io/people/store_source.h"

/* ---- lists of exact values and marks ---- */

/* The whole of one dataset of a list against its checksum, if it has one. With the lock held. */
static hra_code check_list(const hra_store_source *s, const hra_packed *data, hra_error *error)
{
    const uint32_t *stated;
    int64_t count;
    uint32_t sum = 0;
    if (hra_h5_get_words(hra_packed_id(data), HRA_LIST_SUM, s->arena, &stated, &count)) return hra_out_of_memory(error);
    if (count != 1) return HRA_OK;
    uint8_t *block = malloc((size_t)HRA_CHUNK_ROWS * (unsigned)data->width);
    hra_code code = block ? HRA_OK : hra_out_of_memory(error);
    for (int64_t first = 0; first < data->rows && !code; first += HRA_CHUNK_ROWS) {
        int64_t rows = data->rows - first < HRA_CHUNK_ROWS ? data->rows - first : HRA_CHUNK_ROWS;
        code = hra_packed_read_rows_locked(data, first, rows, block, error);
        if (!code) sum = hra_checksum(sum, block, (size_t)rows * (unsigned)data->width);
    }
    free(block);
    if (!code && sum != *stated)
        code = hra_fail(error, HRA_EINPUT,
                        "%s is damaged, or was changed after it was written: its checksum does not fit (make the file "
                        "again, or take it from a copy)",
                        data->name);
    return code;
}

/* For each block, where its entries begin; rows must rise strictly and lie in the store. With the lock held. */
static hra_code index_list(const hra_store_source *s, hra_store_list *list, hra_error *error)
{
    int64_t blocks = (s->base.rows + HRA_CHUNK_ROWS - 1) / HRA_CHUNK_ROWS, last = -1, at = 0;
    const hra_packed *data = list->rows;
    HRA_TRY(check_list(s, list->rows, error));
    HRA_TRY(check_list(s, list->values, error));
    int64_t *start = calloc((size_t)blocks + 1, sizeof *start);
    int64_t *rows = malloc(HRA_CHUNK_ROWS * sizeof *rows);
    list->start = start;
    hra_code code = start && rows ? HRA_OK : hra_out_of_memory(error);
    for (int64_t first = 0; first < data->rows && !code; first += HRA_CHUNK_ROWS) {
        int64_t count = data->rows - first < HRA_CHUNK_ROWS ? data->rows - first : HRA_CHUNK_ROWS;
        code = hra_packed_read_rows_locked(data, first, count, rows, error);
        for (int64_t i = 0; i < count && !code; i++) {
            if (rows[i] <= last || rows[i] >= s->base.rows)
                code = hra_fail(error, HRA_EINPUT, "%s: row numbers are not in order or too large", data->name);
            for (last = rows[i]; at <= last / HRA_CHUNK_ROWS && !code; at++) start[at] = first + i;
        }
    }
    for (; at <= blocks && !code; at++) start[at] = data->rows;
    free(rows);
    return code;
}

static hra_code open_member(const hra_store_source *s, hid_t group, const char *folder, const char *name,
                            hra_element kind, int width, hra_packed **out, hra_error *error)
{
    hid_t dataset = hra_h5_member(group, name);
    const char *full = hra_arena_printf(s->arena, "%s: %s/%s", s->path, folder, name);
    if (dataset < 0) return hra_fail(error, HRA_EINPUT, "%s: %s/%s is missing", s->path, folder, name);
    if (!full) {
        hra_h5_release(&dataset);
        return hra_out_of_memory(error);
    }
    HRA_TRY(hra_packed_open(dataset, full, s->file, s->file_size, s->arena, out, error));
    bool fits = (*out)->element == kind && (*out)->width == width;
    return fits ? HRA_OK : hra_fail(error, HRA_EINPUT, "%s has the wrong type", full);
}

/* /exceptions/NAME or /marks/NAME; nothing if there is none. */
static hra_code open_list(hra_store_source *s, hid_t root, const char *parent, const char *name, bool marks,
                          hra_store_list *list, hra_error *error)
{
    hra_h5_id group = hra_h5_member(root, parent);
    if (group < 0) return HRA_OK;
    hra_h5_id own = hra_h5_member(group, name);
    if (own < 0) return HRA_OK;
    const char *folder = hra_arena_printf(s->arena, "/%s/%s", parent, name);
    if (!folder) return hra_out_of_memory(error);
    HRA_TRY(open_member(s, own, folder, "row", HRA_ELEMENT_SIGNED, 8, &list->rows, error));
    if (marks)
        HRA_TRY(open_member(s, own, folder, "mark", HRA_ELEMENT_UNSIGNED, 1, &list->values, error));
    else
        HRA_TRY(open_member(s, own, folder, "value", HRA_ELEMENT_DOUBLE, 8, &list->values, error));
    if (list->rows->rows == list->values->rows) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s: %s has unequal numbers of rows and values", s->path, folder);
}

/* Marks are looked up only for those who ask. With the lock held; `root` is opened when it is needed. */
static hra_code index_marks_of(hra_store_source *s, int column, hid_t *root, hra_error *error)
{
    hra_store_list *marks = &s->columns[column].marks;
    if (!s->columns[column].has_marks || marks->start) return HRA_OK;
    if (!marks->rows && *root < 0) HRA_TRY(hra_h5_open(s->path, root, error));
    if (!marks->rows) HRA_TRY(open_list(s, *root, "marks", s->column_names[column], true, marks, error));
    return marks->rows ? index_list(s, marks, error) : HRA_OK;
}

hra_code hra_store_source_marks(hra_store_source *s, hra_error *error)
{
    hra_code code = HRA_OK;
    hid_t root = -1;
    hra_h5_lock_asleep();
    for (int i = 0; i < s->schema.column_count && !code; i++) code = index_marks_of(s, i, &root, error);
    hra_h5_release(&root);
    hra_h5_unlock();
    return code;
}

/* ---- the parts of a store ---- */

static hra_code check_rows(hra_store_source *s, const hra_packed *data, hra_error *error)
{
    if (s->base.rows < 0) s->base.rows = data->rows;
    if (data->rows == s->base.rows) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s has %lld rows where the store has %lld", data->name, (long long)data->rows,
                    (long long)s->base.rows);
}

static hra_code open_rows(const hra_store_source *s, const hra_store_folder *folder, const char *name, hra_element kind,
                          hra_packed **out, hra_error *error)
{
    hra_store_object dataset;
    const char *full = hra_arena_printf(s->arena, "%s: %s/%s", s->path, folder->path, name);
    if (!full) return hra_out_of_memory(error);
    if (!hra_object_open(folder, name, &dataset))
        return hra_fail(error, HRA_EINPUT, "%s: %s/%s is missing", s->path, folder->path, name);
    HRA_TRY(hra_object_rows(&dataset, full, s->file, s->file_size, s->arena, out, error));
    return (*out)->element == kind ? HRA_OK : hra_fail(error, HRA_EINPUT, "%s has the wrong type", full);
}

/* Which columns have a list in this folder. */
static hra_code find_lists(const hra_store_source *s, hid_t root, const char *path, bool *has, hra_error *error)
{
    hra_store_folder folder;
    const char *const *names;
    int count = 0;
    if (!hra_folder_open(root, s->summary, path, &folder)) return HRA_OK;
    hra_code code = hra_folder_members(&folder, s->arena, &names, &count, error);
    for (int i = 0; i < count && !code; i++)
        for (int c = 0; c < s->schema.column_count; c++) has[c] |= strcmp(names[i], s->column_names[c]) == 0;
    hra_folder_close(&folder);
    return code;
}

/* Exact values are needed to read a block at all; marks stay where they are, but through HDF5 they are looked at. */
static hra_code open_lists(hra_store_source *s, hid_t root, const bool *exact, const bool *marked, hra_error *error)
{
    hra_h5_id own_root = -1; /* a summary does not tell what stands in a list */
    for (int i = 0; i < s->schema.column_count; i++) {
        hra_store_column *c = &s->columns[i];
        c->has_marks = marked[i];
        if (exact[i] && s->summary && own_root < 0) HRA_TRY(hra_h5_open(s->path, &own_root, error));
        hid_t from = s->summary ? own_root : root;
        if (exact[i]) HRA_TRY(open_list(s, from, "exceptions", s->column_names[i], false, &c->exceptions, error));
        if (marked[i] && !s->summary) HRA_TRY(open_list(s, root, "marks", s->column_names[i], true, &c->marks, error));
        if (c->exceptions.rows) HRA_TRY(index_list(s, &c->exceptions, error));
    }
    return HRA_OK;
}

static hra_code find_and_open_lists(hra_store_source *s, hid_t root, hra_error *error)
{
    size_t room = (size_t)s->schema.column_count + 1;
    bool *exact = hra_arena_alloc(s->arena, 2 * room * sizeof *exact);
    if (!exact) return hra_out_of_memory(error);
    memset(exact, 0, 2 * room * sizeof *exact);
    HRA_TRY(find_lists(s, root, "/exceptions", exact, error));
    HRA_TRY(find_lists(s, root, "/marks", exact + room, error));
    return open_lists(s, root, exact, exact + room, error);
}

/* Whether the dictionary has a variable of this name that may enter the engine as the wanted kind. */
static int find_variable(const hra_dictionary *dictionary, const char *name, size_t length, bool label)
{
    char text[512];
    if (length >= sizeof text) return -1;
    memcpy(text, name, length);
    text[length] = '\0';
    int index = hra_dictionary_find(dictionary, text);
    if (index < 0) return -1;
    hra_type type = hra_dictionary_at(dictionary, index)->type;
    if (type == HRA_TYPE_TEXT || type == HRA_TYPE_ID) return -1;
    return (type == HRA_TYPE_LABEL) == label ? index : -1;
}

/* A column of the store for each dataset that the dictionary knows. */
static hra_code open_columns(hra_store_source *s, const hra_store_folder *folder, const char *const *names, int count,
                             hra_error *error)
{
    const hra_dictionary *dictionary = s->schema.dictionary;
    for (int i = 0; i < count; i++) {
        if (find_variable(dictionary, names[i], strcspn(names[i], "@"), false) < 0) {
            s->unmatched[s->unmatched_count++] = names[i];
            continue;
        }
        int at = s->schema.column_count;
        hra_store_object dataset;
        if (!hra_object_open(folder, names[i], &dataset))
            return hra_h5_fail(error, HRA_EINPUT, "%s: %s cannot be opened", s->path, names[i]);
        HRA_TRY(hra_store_column_open(&dataset, s->path, names[i], s->file, s->file_size, dictionary, s->arena,
                                      &s->columns[at], error));
        s->schema.columns[at] = s->columns[at].column;
        s->column_names[at] = names[i];
        s->schema.column_count++; /* from here on store_close looks after it */
        HRA_TRY(check_rows(s, s->columns[at].data, error));
        const hra_column *column = &s->columns[at].column;
        for (int j = 0; j < at; j++)
            if (s->schema.columns[j].variable == column->variable &&
                strcmp(s->schema.columns[j].unit, column->unit) == 0)
                return hra_fail(error, HRA_EINPUT, "%s: %s and another dataset hold the same variable in the same unit",
                                s->path, names[i]);
    }
    return HRA_OK;
}

static hra_code open_variables(hra_store_source *s, hid_t root, hra_error *error)
{
    hra_store_folder folder;
    const char *const *names;
    int count = 0;
    if (!hra_folder_open(root, s->summary, "/variables", &folder) ||
        (!s->summary && H5Iget_type(folder.id) != H5I_GROUP)) {
        hra_folder_close(&folder);
        return hra_fail(error, HRA_EINPUT, "%s is HDF5, but not a population store: it has no group /variables",
                        s->path);
    }
    hra_code code = hra_folder_members(&folder, s->arena, &names, &count, error);
    s->columns = hra_arena_alloc(s->arena, (size_t)count * sizeof *s->columns + 1);
    s->schema.columns = hra_arena_alloc(s->arena, (size_t)count * sizeof *s->schema.columns + 1);
    s->column_names = hra_arena_alloc(s->arena, (size_t)count * sizeof *s->column_names + 1);
    s->unmatched = hra_arena_alloc(s->arena, (size_t)count * sizeof *s->unmatched + 1);
    if (!code && (!s->columns || !s->schema.columns || !s->column_names || !s->unmatched))
        code = hra_out_of_memory(error);
    if (!code) code = open_columns(s, &folder, names, count, error);
    hra_folder_close(&folder);
    return code ? code : find_and_open_lists(s, root, error);
}

static hra_code open_label(hra_store_source *s, const hra_store_folder *folder, const char *name, int variable,
                           hra_error *error)
{
    int at = s->schema.label_count;
    const char *text_name = hra_arena_printf(s->arena, "%s_text", name);
    if (!text_name) return hra_out_of_memory(error);
    hra_label_texts *texts = &s->label_texts[at];
    HRA_TRY(hra_folder_texts(folder, text_name, s->file, s->arena, &texts->texts, &texts->count, error));
    HRA_TRY(open_rows(s, folder, name, HRA_ELEMENT_SIGNED, &s->labels[at], error));
    s->schema.labels[at] = variable;
    s->schema.label_count++;
    return check_rows(s, s->labels[at], error);
}

static hra_code open_labels(hra_store_source *s, hid_t root, hra_error *error)
{
    hra_store_folder folder;
    const char *const *names;
    int count = 0;
    if (!hra_folder_open(root, s->summary, "/labels", &folder)) return HRA_OK;
    hra_code code = hra_folder_members(&folder, s->arena, &names, &count, error);
    s->labels = hra_arena_alloc(s->arena, (size_t)count * sizeof *s->labels + 1);
    s->label_texts = hra_arena_alloc(s->arena, (size_t)count * sizeof *s->label_texts + 1);
    s->schema.labels = hra_arena_alloc(s->arena, (size_t)count * sizeof *s->schema.labels + 1);
    if (!code && (!s->labels || !s->label_texts || !s->schema.labels)) code = hra_out_of_memory(error);
    s->schema.label_texts = s->label_texts;
    for (int i = 0; i < count && !code; i++) {
        int variable = find_variable(s->schema.dictionary, names[i], strlen(names[i]), true);
        if (variable >= 0) code = open_label(s, &folder, names[i], variable, error); /* else texts of another label */
    }
    hra_folder_close(&folder);
    return code;
}

/* Nothing if there is none. */
static hra_code open_person(hra_store_source *s, const hra_store_folder *folder, const char *name, hra_element kind,
                            hra_packed **out, hra_error *error)
{
    if (folder->summary ? !hra_summary_find(folder->summary, folder->path, name)
                        : H5Lexists(folder->id, name, H5P_DEFAULT) <= 0)
        return HRA_OK;
    HRA_TRY(open_rows(s, folder, name, kind, out, error));
    return check_rows(s, *out, error);
}

static hra_code open_people(hra_store_source *s, hid_t root, hra_error *error)
{
    hra_store_folder folder;
    if (!hra_folder_open(root, s->summary, "/person", &folder)) return HRA_OK;
    hra_code code = open_person(s, &folder, "key", HRA_ELEMENT_TEXT, &s->keys, error);
    if (!code) code = open_person(s, &folder, "source_line", HRA_ELEMENT_SIGNED, &s->lines, error);
    if (!code) code = open_person(s, &folder, "source_file", HRA_ELEMENT_SIGNED, &s->files, error);
    hra_folder_close(&folder);
    return code;
}

static const char *text_or_empty(const hra_store_object *root, const char *name, hra_arena *arena)
{
    const char *text = hra_object_text(root, name, arena);
    return text ? text : "";
}

static hra_code open_sources(hra_store_source *s, hid_t root, hra_error *error)
{
    hra_store_about *about = &s->about;
    hra_store_folder folder;
    hra_store_object given;
    int hashes = 0;
    if (!hra_folder_open(root, s->summary, "/source", &folder)) return HRA_OK;
    hra_code code = hra_folder_texts(&folder, "files", s->file, s->arena, &about->files, &about->file_count, error);
    if (!code && hra_object_open(&folder, "hashes", &given)) {
        hra_object_close(&given);
        code = hra_folder_texts(&folder, "hashes", s->file, s->arena, &about->file_hashes, &hashes, error);
    }
    if (hashes != about->file_count) about->file_hashes = NULL;
    hra_folder_close(&folder);
    return code;
}

static hra_code open_about(hra_store_source *s, hid_t file, hra_error *error)
{
    hra_store_about *about = &s->about;
    hra_store_object root = {.id = file, .said = s->summary ? hra_summary_find(s->summary, "/", "") : NULL};
    if (s->summary && !root.said) return hra_fail(error, HRA_EINPUT, "%s: its summary makes no sense", s->path);
    const char *format = hra_object_text(&root, "format", s->arena);
    int64_t version = HRA_STORE_VERSION;
    if (format && strcmp(format, HRA_STORE_FORMAT) != 0)
        return hra_fail(error, HRA_EINPUT, "%s is of the format '%s', not a population store", s->path, format);
    hra_object_int(&root, "format_version", &version);
    if (version < 1 || version > HRA_STORE_VERSION)
        return hra_fail(error, HRA_EINPUT, "%s has store version %lld; this program knows version %d", s->path,
                        (long long)version, HRA_STORE_VERSION);
    about->engine_version = text_or_empty(&root, "engine_version", s->arena);
    about->definitions_hash = text_or_empty(&root, "definitions_hash", s->arena);
    about->command = text_or_empty(&root, "command", s->arena);
    about->key_fingerprint = text_or_empty(&root, "key_fingerprint", s->arena);
    HRA_TRY(open_sources(s, file, error));
    about->rows_rejected = -1;
    hra_object_int(&root, "rows_rejected", &about->rows_rejected);
    int64_t rows;
    if (hra_object_int(&root, "rows", &rows)) s->base.rows = rows;
    if (s->summary)
        snprintf(s->content_hash, sizeof s->content_hash, "%s", text_or_empty(&root, HRA_CONTENT_HASH, s->arena));
    return HRA_OK;
}

static hra_code open_descriptor(hra_store_source *s, hra_error *error)
{
    struct stat facts;
    errno = 0;
    s->file = open(s->path, O_RDONLY | O_CLOEXEC);
    if (s->file < 0 || fstat(s->file, &facts) != 0)
        return hra_fail(error, HRA_EINPUT, "%s cannot be opened: %s", s->path, strerror(errno));
    s->file_size = (uint64_t)facts.st_size;
    return HRA_OK;
}

/* Addresses count from the end of the user block: where there is one, they are left to HDF5. */
static void mind_user_block(hra_store_source *s, hid_t root)
{
    hra_h5_id creation = H5Fget_create_plist(root);
    hsize_t user_block = 0;
    if (creation >= 0 && H5Pget_userblock(creation, &user_block) >= 0 && user_block == 0) return;
    close(s->file);
    s->file = -1;
}

static hra_code open_parts(hra_store_source *s, hid_t root, hra_error *error)
{
    HRA_TRY(open_about(s, root, error));
    if (!s->summary) HRA_TRY(hra_h5_hash_check(root, s->path, s->content_hash, error));
    HRA_TRY(open_variables(s, root, error));
    HRA_TRY(open_labels(s, root, error));
    HRA_TRY(open_people(s, root, error));
    if (s->base.rows < 0) s->base.rows = 0;
    if (s->base.rows > 0 && s->schema.column_count == 0 && s->schema.label_count == 0 && !s->keys)
        return hra_fail(error, HRA_EINPUT, "%s holds no variable that the dictionary knows", s->path);
    return HRA_OK;
}

hra_code hra_store_source_open(hra_store_source *s, hra_error *error)
{
    hra_h5_id root = -1;
    if (!s->summary) {
        HRA_TRY(open_descriptor(s, error));
        HRA_TRY(hra_summary_read(s->file, s->file_size, s->path, s->arena, &s->summary, error));
    }
    if (!s->summary) {
        HRA_TRY(hra_h5_open(s->path, &root, error));
        mind_user_block(s, root);
    }
    return open_parts(s, root, error);
}
