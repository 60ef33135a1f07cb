#include "report/person/urgent_kept.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/map.h"
#include "io/csv/csv_cells.h"
#include "report/person/urgent_records.h"

struct hra_urgent_kept {
    hra_buffer list;
    hra_map *met; /* what the new list tells: person, file, line and finding */
    hra_buffer key, scratch;
};

/* Into kept->key. A delivery is listed under its path, a store knows the name of the file alone. */
static void key_of(hra_urgent_kept *kept, const char *record, size_t length)
{
    enum { PERSON, FILE_NAME = 4, LINE, FINDING };
    hra_cells cells = hra_cells_begin(record, length, ',', &kept->scratch);
    hra_buffer_clear(&kept->key);
    for (int i = 0; i <= FINDING && !cells.done; i++) {
        hra_cell_text cell = hra_cells_next(&cells);
        if (i > PERSON && i < FILE_NAME) continue;
        const char *slash = i == FILE_NAME && cell.length > 0 ? memrchr(cell.text, '/', cell.length) : NULL;
        if (slash) cell = (hra_cell_text){slash + 1, (size_t)(cell.text + cell.length - slash) - 1, false};
        hra_buffer_append(&kept->key, cell.text, cell.length);
        hra_buffer_char(&kept->key, '\n');
    }
}

hra_code hra_urgent_kept_new(const char *path, hra_urgent_kept **out, hra_error *error)
{
    hra_urgent_kept *kept = calloc(1, sizeof *kept);
    *out = kept;
    if (!kept) return hra_out_of_memory(error);
    kept->met = hra_map_new();
    if (!kept->met) return hra_out_of_memory(error);
    return access(path, F_OK) == 0 ? hra_urgent_list_read(path, &kept->list, error) : HRA_OK;
}

void hra_urgent_kept_free(hra_urgent_kept *kept)
{
    if (!kept) return;
    hra_buffer_destroy(&kept->list);
    hra_buffer_destroy(&kept->key);
    hra_buffer_destroy(&kept->scratch);
    hra_map_free(kept->met);
    free(kept);
}

hra_code hra_urgent_kept_meet(hra_urgent_kept *kept, const char *lines, size_t length, hra_error *error)
{
    const char *end = lines + length, *next = NULL;
    for (const char *at = lines; at < end && hra_urgent_record_end(at, end, &next); at = next) {
        key_of(kept, at, (size_t)(next - at) - 1);
        if (kept->key.failed || hra_map_set_n(kept->met, kept->key.bytes, kept->key.length, 1) != 0)
            return hra_out_of_memory(error);
    }
    return HRA_OK;
}

hra_code hra_urgent_kept_write(hra_urgent_kept *kept, FILE *out, hra_error *error)
{
    if (kept->list.length == 0) return HRA_OK;
    const char *end = kept->list.bytes + kept->list.length, *next = NULL, *at = kept->list.bytes;
    if (!hra_urgent_record_end(at, end, &next)) return HRA_OK;
    for (at = next; at < end && hra_urgent_record_end(at, end, &next); at = next) {
        key_of(kept, at, (size_t)(next - at) - 1);
        if (kept->key.failed) return hra_out_of_memory(error);
        if (hra_map_get_n(kept->met, kept->key.bytes, kept->key.length) < 0) fwrite(at, 1, (size_t)(next - at), out);
    }
    return HRA_OK;
}
