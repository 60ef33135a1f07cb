#include "cli/outputs.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_OUTPUTS = 32 };

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

hra_code hra_outputs_check(const hra_output_path *outputs, int output_count, const char *const *inputs, int input_count,
                           hra_error *error)
{
    struct stat facts[MOST_OUTPUTS], input;
    bool there[MOST_OUTPUTS], any = false;
    if (output_count > MOST_OUTPUTS) return hra_fail(error, HRA_EINTERNAL, "%d outputs to check", output_count);
    for (int i = 0; i < output_count; i++) {
        const char *path = outputs[i].path;
        there[i] = path && stat(path, &facts[i]) == 0 && S_ISREG(facts[i].st_mode);
        any = any || there[i];
        for (int j = 0; path && j < i; j++)
            if (outputs[j].path &&
                ((there[i] && there[j] && is_same(&facts[i], &facts[j])) || strcmp(path, outputs[j].path) == 0))
                return hra_fail(error, HRA_EUSAGE, "--%s and --%s are the same file, %s", outputs[j].option,
                                outputs[i].option, path);
    }
    for (int k = 0; any && k < input_count; k++) {
        if (!inputs[k] || stat(inputs[k], &input) != 0) continue; /* opening says why */
        for (int i = 0; i < output_count; i++)
            if (there[i] && is_same(&facts[i], &input))
                return hra_fail(error, HRA_EUSAGE, "%s is an input: --%s needs another name", outputs[i].path,
                                outputs[i].option);
    }
    return HRA_OK;
}
