#include "cli/options.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_OPTIONS = 128 }; /* of a command */

static void print_help(const hra_usage *usage)
{
    printf("Usage: hra %s %s\n\n%s\n\nOptions:\n", usage->command, usage->arguments, usage->description);
    for (const hra_option *o = usage->options; o->name; o++) {
        if (!o->help) continue;
        char left[80], letter[8] = "    ";
        if (o->letter) snprintf(letter, sizeof letter, "-%c, ", o->letter);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, o->name, o->placeholder ? " " : "",
                 o->placeholder ? o->placeholder : "");
        printf("  %-28s %s\n", left, o->help);
    }
    printf("  %-28s %s\n", "-h, --help", "show this help");
    if (usage->more) printf("\n%s\n", usage->more);
}

static int fail(const hra_usage *usage, const char *what, const char *argument)
{
    fprintf(stderr, "hra %s: %s '%s'; see 'hra %s --help'\n", usage->command, what, argument, usage->command);
    return HRA_EUSAGE;
}

static const hra_option *find(const hra_option *options, const char *name, size_t length, char letter)
{
    for (const hra_option *o = options; o->name; o++)
        if (letter ? o->letter == letter : strlen(o->name) == length && memcmp(o->name, name, length) == 0) return o;
    return NULL;
}

static bool store(const hra_option *option, const char *text)
{
    char *end = NULL;
    errno = 0;
    switch (option->type) {
    case HRA_OPTION_FLAG: *(bool *)option->value = true; return true;
    case HRA_OPTION_TEXT: *(const char **)option->value = text; return true;
    case HRA_OPTION_INT: {
        long v = strtol(text, &end, 10);
        *(int *)option->value = (int)v;
        return *text && !*end && !errno && v >= -1000000000 && v <= 1000000000;
    }
    case HRA_OPTION_LONG: *(long long *)option->value = strtoll(text, &end, 10); return *text && !*end && !errno;
    case HRA_OPTION_REAL: *(double *)option->value = strtod(text, &end); return *text && !*end;
    case HRA_OPTION_TEXTS: {
        hra_texts *list = option->value;
        if (list->count == (int)(sizeof list->items / sizeof list->items[0])) return false;
        list->items[list->count++] = text;
        return true;
    }
    }
    return false;
}

/* The second value of an option that takes one would silently be the only one. */
static bool is_repeated(const hra_usage *usage, const hra_option *option, bool seen[MOST_OPTIONS])
{
    ptrdiff_t place = 0; /* of the first with this value: an older spelling counts as the same option */
    while (usage->options[place].value != option->value) place++;
    if (option->type == HRA_OPTION_FLAG || option->type == HRA_OPTION_TEXTS || place >= MOST_OPTIONS) return false;
    bool repeated = seen[place];
    seen[place] = true;
    return repeated;
}

int hra_options_parse(const hra_usage *usage, int *argc, char **argv)
{
    bool seen[MOST_OPTIONS] = {false};
    int kept = 1;
    bool only_positional = false;
    for (int i = 1; i < *argc; i++) {
        char *a = argv[i];
        if (only_positional || a[0] != '-' || a[1] == '\0') {
            argv[kept++] = a;
            continue;
        }
        if (strcmp(a, "--") == 0) {
            only_positional = true;
            continue;
        }
        if (strcmp(a, "--help") == 0 || strcmp(a, "-h") == 0) {
            print_help(usage);
            return HRA_OK;
        }
        bool is_long = a[1] == '-';
        const char *name = is_long ? a + 2 : a + 1, *equals = is_long ? strchr(name, '=') : NULL;
        size_t length = equals ? (size_t)(equals - name) : strlen(name);
        const hra_option *option = find(usage->options, name, length, is_long ? 0 : a[1]);
        if (!option) return fail(usage, "unknown option", a);
        const char *value = equals ? equals + 1 : (!is_long && a[2]) ? a + 2 : NULL;
        if (option->type == HRA_OPTION_FLAG) {
            if (value) return fail(usage, "option takes no value:", a);
        } else if (!value) {
            if (i + 1 == *argc) return fail(usage, "option needs a value:", a);
            value = argv[++i];
        }
        if (is_repeated(usage, option, seen)) return fail(usage, "option is given twice:", a);
        if (!store(option, value)) return fail(usage, "wrong value for option:", a);
    }
    *argc = kept;
    return -1;
}

int hra_report_error(const char *command, const hra_error *error)
{
    fprintf(stderr, "hra %s: %s\n", command, error->message);
    return (int)error->code;
}

int hra_finish_stdout(int status)
{
    errno = 0;
    if (fflush(stdout) != 0 || ferror(stdout)) {
        if (status) return status; /* whoever failed has said why */
        int cause = errno;         /* none, where an earlier write failed */
        fprintf(stderr, "hra: writing to standard output failed%s%s\n", cause ? ": " : "",
                cause ? strerror(cause) : "");
        return status ? status : HRA_EIO;
    }
    return status;
}
