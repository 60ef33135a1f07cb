/* Files that are not written anew: does a key or identifier of somebody who goes still stand in them? */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "service/forget/forget_text.h"

/* Words shorter than this are counts and codes, and tell nobody. */
enum { BLOCK = 1 << 16, SHORTEST = 6, LONGEST = 64 };

static bool is_part(unsigned char c) { return isalnum(c) || c == '_' || c == '-'; }

typedef struct word {
    char text[LONGEST];
    size_t length; /* may be beyond LONGEST */
} word;

static bool ends(word *w, hra_forget_list *list)
{
    bool known = w->length >= SHORTEST && w->length <= LONGEST && hra_forget_list_person(list, w->text, w->length);
    w->length = 0;
    return known;
}

static bool take(word *w, const char *bytes, size_t count, hra_forget_list *list)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_part((unsigned char)bytes[i])) {
            if (ends(w, list)) return true;
        } else {
            if (w->length < LONGEST) w->text[w->length] = bytes[i];
            w->length++;
        }
    }
    return false;
}

static bool starts(const char *bytes, size_t count, const char *with, size_t length)
{
    return count >= length && memcmp(bytes, with, length) == 0;
}

static bool is_closed(const char *bytes, size_t count)
{
    return memchr(bytes, '\0', count) || starts(bytes, count, "%PDF", 4) || starts(bytes, count, "PK", 2) ||
           starts(bytes, count, "\x1F\x8B", 2) || starts(bytes, count, "\x28\xB5\x2F\xFD", 4);
}

static const char rejects[] = "file,line,column,variable,value,reason";

static hra_forget_finding look_at(FILE *file, hra_forget_list *list)
{
    char bytes[BLOCK];
    word w = {.length = 0};
    bool first = true;
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, file)) > 0; first = false) {
        if (is_closed(bytes, got)) return HRA_FORGET_CLOSED;
        if (first && starts(bytes, got, rejects, sizeof rejects - 1) && got > sizeof rejects) return HRA_FORGET_REJECTS;
        if (take(&w, bytes, got, list)) return HRA_FORGET_HOLDS;
    }
    return ends(&w, list) ? HRA_FORGET_HOLDS : HRA_FORGET_CLEAN;
}

hra_code hra_forget_look(const char *path, hra_forget_list *list, hra_forget_finding *finding, hra_error *error)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    word w = {.length = 0};
    if (take(&w, name, strlen(name), list) || ends(&w, list)) {
        *finding = HRA_FORGET_HOLDS;
        return HRA_OK;
    }
    struct stat facts;
    if (lstat(path, &facts) == 0 && S_ISLNK(facts.st_mode)) {
        *finding = HRA_FORGET_LINK;
        return HRA_OK;
    }
    FILE *file = fopen(path, "rbe");
    if (!file) return hra_fail(error, HRA_EIO, "%s: cannot open it: %s", path, strerror(errno));
    *finding = look_at(file, list);
    bool failed = ferror(file);
    fclose(file);
    return failed ? hra_fail(error, HRA_EIO, "%s: reading failed", path) : HRA_OK;
}
