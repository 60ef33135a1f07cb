#include "cli/distinct_files.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_OUTPUTS = 32 };

/* A file as the system knows it, whatever it is called. */
typedef struct identity {
    dev_t device;
    ino_t inode;
    int place; /* among the inputs */
} identity;

/* Of regular files alone: devices may serve several outputs. */
static bool identify(const char *path, int place, identity *out)
{
    struct stat facts;
    if (!path || stat(path, &facts) != 0 || !S_ISREG(facts.st_mode)) return false; /* opening says why */
    *out = (identity){facts.st_dev, facts.st_ino, place};
    return true;
}

static bool is_same(const identity *a, const identity *b) { return a->device == b->device && a->inode == b->inode; }

static int by_identity(const void *a, const void *b)
{
    const identity *x = a, *y = b;
    if (x->device != y->device) return x->device < y->device ? -1 : 1;
    if (x->inode != y->inode) return x->inode < y->inode ? -1 : 1;
    return x->place - y->place;
}

/* The part of a path behind its folder. */
static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool identify_folder(const char *path, identity *out)
{
    char folder[4096];
    struct stat facts;
    int length = snprintf(folder, sizeof folder, "%.*s.", (int)(name_of(path) - path), path);
    if (length >= (int)sizeof folder || stat(folder, &facts) != 0) return false;
    *out = (identity){facts.st_dev, facts.st_ino, 0};
    return true;
}

/* Files that are not there yet are one if they have one name in one folder. */
static bool will_be_same(const char *a, const char *b)
{
    identity x, y;
    if (strcmp(name_of(a), name_of(b)) != 0 || access(a, F_OK) == 0 || access(b, F_OK) == 0) return false;
    return strcmp(a, b) == 0 || (identify_folder(a, &x) && identify_folder(b, &y) && is_same(&x, &y));
}

hra_code hra_distinct_inputs(const char *const *inputs, int count, hra_error *error)
{
    identity *files = calloc((size_t)count + 1, sizeof *files);
    if (!files) return hra_out_of_memory(error);
    int known = 0;
    hra_code code = HRA_OK;
    for (int i = 0; i < count; i++) known += identify(inputs[i], i, &files[known]);
    qsort(files, (size_t)known, sizeof *files, by_identity);
    for (int i = 1; i < known && code == HRA_OK; i++)
        if (is_same(&files[i - 1], &files[i]))
            code = hra_fail(error, HRA_EUSAGE, "%s and %s are the same file", inputs[files[i - 1].place],
                            inputs[files[i].place]);
    free(files);
    return code;
}

hra_code hra_distinct_outputs(const hra_output_path *outputs, int output_count, const char *const *inputs,
                              int input_count, hra_error *error)
{
    identity there[MOST_OUTPUTS], input;
    int known = 0;
    if (output_count > MOST_OUTPUTS) return hra_fail(error, HRA_EINTERNAL, "%d outputs to check", output_count);
    for (int i = 0; i < output_count; i++) {
        bool exists = identify(outputs[i].path, i, &there[known]);
        for (int j = 0; outputs[i].path && j < i; j++)
            if (outputs[j].path && will_be_same(outputs[i].path, outputs[j].path))
                return hra_fail(error, HRA_EUSAGE, "--%s and --%s are the same file, %s", outputs[j].option,
                                outputs[i].option, outputs[i].path);
        for (int j = 0; exists && j < known; j++)
            if (is_same(&there[j], &there[known]))
                return hra_fail(error, HRA_EUSAGE, "--%s and --%s are the same file, %s",
                                outputs[there[j].place].option, outputs[i].option, outputs[i].path);
        known += exists;
    }
    for (int k = 0; known > 0 && k < input_count; k++) {
        if (!identify(inputs[k], k, &input)) continue;
        for (int i = 0; i < known; i++)
            if (is_same(&there[i], &input))
                return hra_fail(error, HRA_EUSAGE, "%s is an input: --%s needs another name",
                                outputs[there[i].place].path, outputs[there[i].place].option);
    }
    return HRA_OK;
}
