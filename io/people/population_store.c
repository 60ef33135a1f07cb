#include "io/people/population_store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "io/hdf5/hdf5_util.h"
#include "io/hdf5/store_summary.h"
#include "io/identity/identity.h"
#include "io/people/store_layout.h"

_Static_assert((int)HRA_STORE_KEY_LENGTH == (int)HRA_KEY_TEXT - 1, "a stored key is a hashed identifier");

/* *cause: why the file cannot be looked into, 0: it can. */
static bool begins_as_hdf5(const char *path, int *cause)
{
    static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
    unsigned char start[sizeof signature];
    struct stat facts;
    *cause = 0;
    if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode)) return false; /* opening a pipe waits for its writer */
    FILE *file = fopen(path, "rb");
    if (!file) {
        *cause = errno;
        return false;
    }
    size_t got = fread(start, 1, sizeof start, file);
    if (ferror(file)) *cause = errno;
    fclose(file);
    return got == sizeof start && memcmp(start, signature, sizeof start) == 0;
}

bool hra_is_hdf5(const char *path)
{
    int cause;
    return begins_as_hdf5(path, &cause);
}

/* Nobody can tell what it is, and its name is that of a store: whoever opens it as one tells why that fails. As a table
 * it would be refused for being a store, should it open by then. */
static bool is_named_as_store(const char *path, int cause)
{
    const char *dot = strrchr(path, '.');
    bool ours = cause == EMFILE || cause == ENFILE || cause == EACCES || cause == EPERM || cause == EIO;
    return ours && dot && strcmp(dot, ".h5") == 0;
}

bool hra_is_store(const char *path)
{
    int cause;
    if (!begins_as_hdf5(path, &cause)) return is_named_as_store(path, cause);
    if (hra_summary_is_there(path)) return true;
    hra_arena *arena = hra_arena_new();
    bool found = false;
    hra_h5_lock();
    hid_t file = -1;
    errno = 0;
    if (arena && hra_h5_open(path, &file, NULL) == HRA_OK) {
        const char *format = hra_h5_get_text(file, "format", arena);
        hra_h5_id variables = hra_h5_member(file, "variables");
        found = format ? strncmp(format, "hra-", 4) == 0 : variables > 0;
    } else {
        found = is_named_as_store(path, errno);
    }
    hra_h5_release(&file);
    hra_h5_unlock();
    hra_arena_free(arena);
    return found;
}

int64_t hra_store_fill(int width) { return INT64_MIN >> (64 - 8 * width); }

int64_t hra_store_escape(const hra_column *column) { return column->first + (int64_t)hra_column_escape(column); }

int hra_store_width(const hra_column *column)
{
    for (int width = 1; width < 8; width *= 2)
        if (column->first > hra_store_fill(width) && hra_store_escape(column) < -hra_store_fill(width)) return width;
    return 8;
}

bool hra_column_unit_is_canonical(const hra_column *column, const hra_variable *variable)
{
    if (!column->unit || !variable->unit || !*column->unit) return true;
    return strcmp(column->unit, variable->unit) == 0;
}

const char *hra_store_dataset_name(hra_arena *arena, const hra_column *column, const hra_variable *variable)
{
    if (hra_column_unit_is_canonical(column, variable)) return hra_arena_text(arena, variable->name);
    /* '/' separates the parts of an HDF5 path */
    size_t slashes = 0;
    for (const char *c = column->unit; *c; c++) slashes += *c == '/';
    size_t name_length = strlen(variable->name);
    char *name = hra_arena_alloc(arena, name_length + 1 + strlen(column->unit) + 4 * slashes + 1);
    if (!name) return NULL;
    memcpy(name, variable->name, name_length);
    char *out = name + name_length;
    *out++ = '@';
    for (const char *c = column->unit; *c; c++) {
        if (*c != '/') {
            *out++ = *c;
        } else {
            memcpy(out, "_per_", 5);
            out += 5;
        }
    }
    return name;
}

typedef uint8_t sixteen __attribute__((vector_size(16)));

bool hra_is_hashed_key(const char *text)
{
    sixteen halves[HRA_STORE_KEY_LENGTH / sizeof(sixteen)], digits = {0};
    uint64_t words[2];
    if (strnlen(text, HRA_STORE_KEY_LENGTH + 1) != HRA_STORE_KEY_LENGTH) return false;
    memcpy(halves, text, sizeof halves);
    digits = ~digits;
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++)
        digits &= (sixteen)(halves[i] - '0' < 10) | (sixteen)(halves[i] - 'a' < 6);
    memcpy(words, &digits, sizeof words);
    return (words[0] & words[1]) == UINT64_MAX;
}
