#include "base/safe_name.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

enum { LONGEST = 100 };

/* FNV-1a. */
static uint32_t hash_of(const char *text)
{
    uint32_t hash = 2166136261u;
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash;
}

/* What Windows keeps for devices, whatever follows a dot. */
static bool is_device(const char *name)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul", "com", "lpt"};
    size_t length = strcspn(name, ".");
    for (int i = 0; i < 6; i++) {
        size_t digits = i < 4 ? 0 : 1;
        if (length == 3 + digits && strncasecmp(name, devices[i], 3) == 0) return true;
    }
    return false;
}

static bool is_unsafe(unsigned char c) { return c < ' ' || c == 127 || strchr("/\\:*?\"<>|", c) != NULL; }

/* Bytes of the character of UTF-8 that begins here; 0: none does, or one that is not seen (controls, marks that turn
 * the direction of text). */
static size_t character_length(const unsigned char *at)
{
    uint32_t code;
    size_t length = hra_utf8_character(at, &code);
    bool unseen = (code >= 0x80 && code < 0xa0) || (code >= 0x2000 && code <= 0x206f) || code == 0xfeff;
    return unseen ? 0 : length;
}

const char *hra_safe_name(const char *name, char out[HRA_SAFE_NAME])
{
    size_t length = strlen(name);
    bool changed = length > LONGEST || length == 0;
    if (length > LONGEST) {
        length = LONGEST;
        while (length > 0 && ((unsigned char)name[length] & 0xC0) == 0x80) length--;
    }
    for (size_t i = 0; i < length; i++) {
        bool edge = (i == 0 && (name[i] == '.' || name[i] == '-' || name[i] == ' ')) ||
                    (i + 1 == length && (name[i] == '.' || name[i] == ' '));
        size_t character = character_length((const unsigned char *)name + i);
        bool bad = edge || character == 0 || is_unsafe((unsigned char)name[i]);
        changed = changed || bad;
        if (bad) {
            out[i] = '_';
            continue;
        }
        memcpy(out + i, name + i, character); /* cut between characters: it ends within the length */
        i += character - 1;
    }
    out[length] = 0;
    if (length == 0) return strcpy(out, "_");
    if (changed || is_device(name)) snprintf(out + length, HRA_SAFE_NAME - length, "-%08x", hash_of(name));
    return out;
}
