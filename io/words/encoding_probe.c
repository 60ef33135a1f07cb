#include <string.h>
#include <strings.h>

#include "io/words/encoding.h"
#include "io/words/text_fold.h"

static const struct {
    const char *name;
    hra_encoding encoding;
} names[] = {{"UTF-8", HRA_UTF8},
             {"utf8", HRA_UTF8},
             {"GB18030", HRA_GB18030},
             {"gbk", HRA_GB18030},
             {"gb2312", HRA_GB18030},
             {"cp936", HRA_GB18030},
             {"UTF-16LE", HRA_UTF16LE},
             {"utf-16", HRA_UTF16LE},
             {"UTF-16BE", HRA_UTF16BE},
             {"Big5", HRA_BIG5},
             {"big5-hkscs", HRA_BIG5},
             {"cp950", HRA_BIG5},
             {"windows-1252", HRA_WINDOWS_1252},
             {"cp1252", HRA_WINDOWS_1252},
             {"latin1", HRA_WINDOWS_1252},
             {"iso-8859-1", HRA_WINDOWS_1252}};
enum { NAME_COUNT = sizeof names / sizeof names[0] };

const char *hra_encoding_name(hra_encoding encoding)
{
    for (int i = 0; i < NAME_COUNT; i++)
        if (names[i].encoding == encoding) return names[i].name;
    return "unknown";
}

bool hra_encoding_parse(const char *name, hra_encoding *out)
{
    for (int i = 0; i < NAME_COUNT; i++) {
        if (strcasecmp(names[i].name, name) != 0) continue;
        *out = names[i].encoding;
        return true;
    }
    return false;
}

bool hra_encoding_is_hidden(hra_encoding encoding) { return encoding == HRA_BIG5 || encoding == HRA_WINDOWS_1252; }

void hra_encoding_probe_start(hra_encoding_probe *probe)
{
    *probe = (hra_encoding_probe){.utf8_first_error = -1, .gb_first_error = -1};
}

void hra_encoding_probe_watch(hra_encoding_probe *probe, hra_encoding encoding)
{
    hra_encoding_probe_start(probe);
    probe->watches = true;
    probe->watched = encoding;
}

static void utf8_error(hra_encoding_probe *probe, int64_t at)
{
    if (probe->utf8_errors++ == 0) probe->utf8_first_error = at;
    probe->utf8_state = 0;
}

/* The table of well-formed sequences: the second byte of some leads is narrower. */
static void utf8_lead(hra_encoding_probe *probe, unsigned char c, int64_t at)
{
    if (c < 0x80) return;
    if (c < 0xC2 || c > 0xF4) {
        utf8_error(probe, at);
        return;
    }
    probe->utf8_state = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
    probe->utf8_low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    probe->utf8_high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
}

static void utf8_byte(hra_encoding_probe *probe, unsigned char c, int64_t at)
{
    if (probe->utf8_state == 0) {
        utf8_lead(probe, c, at);
    } else if (c < probe->utf8_low || c > probe->utf8_high) {
        utf8_error(probe, at);
        utf8_lead(probe, c, at);
    } else {
        probe->utf8_state--;
        probe->utf8_low = 0x80;
        probe->utf8_high = 0xBF;
    }
}

static void gb_error(hra_encoding_probe *probe, int64_t at)
{
    if (probe->gb_errors++ == 0) probe->gb_first_error = at;
    probe->gb_state = 0;
}

static void gb_byte(hra_encoding_probe *probe, unsigned char c, int64_t at)
{
    bool lead = c >= 0x81 && c <= 0xFE, digit = c >= '0' && c <= '9';
    switch (probe->gb_state) {
    case 0:
        if (lead)
            probe->gb_state = 1;
        else if (c >= 0x80)
            gb_error(probe, at);
        break;
    case 1:
        if (digit)
            probe->gb_state = 2;
        else if (c >= 0x40 && c != 0x7F && c != 0xFF)
            probe->gb_state = 0;
        else
            gb_error(probe, at);
        break;
    case 2:
        if (lead)
            probe->gb_state = 3;
        else
            gb_error(probe, at);
        break;
    default:
        if (digit)
            probe->gb_state = 0;
        else
            gb_error(probe, at);
    }
}

static void find_mark(hra_encoding_probe *probe)
{
    const unsigned char *s = probe->start;
    probe->marked = true;
    if (s[0] == 0xEF && s[1] == 0xBB && s[2] == 0xBF)
        probe->mark = HRA_UTF8;
    else if (s[0] == 0xFF && s[1] == 0xFE)
        probe->mark = HRA_UTF16LE;
    else if (s[0] == 0xFE && s[1] == 0xFF)
        probe->mark = HRA_UTF16BE;
    else
        probe->marked = false;
}

/* Of valid text whole characters at once, as nearly all of nearly every file is. */
static void feed_utf8(hra_encoding_probe *probe, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (probe->utf8_state == 0) i += hra_utf8_whole((const char *)bytes + i, length - i);
        if (i < length) utf8_byte(probe, bytes[i], probe->offset + (int64_t)i);
    }
}

/* How many bytes from the start are ASCII or characters of two bytes. */
static size_t gb_whole(const unsigned char *bytes, size_t length)
{
    size_t i = 0;
    for (uint64_t word; i < length;) {
        if (i + 8 <= length && (memcpy(&word, bytes + i, sizeof word), (word & 0x8080808080808080u) == 0)) {
            i += 8;
        } else if (bytes[i] < 0x80) {
            i++;
        } else if (i + 1 < length && bytes[i] >= 0x81 && bytes[i] <= 0xFE && bytes[i + 1] >= 0x40 &&
                   bytes[i + 1] != 0x7F && bytes[i + 1] != 0xFF) {
            i += 2;
        } else {
            break;
        }
    }
    return i;
}

static void feed_gb(hra_encoding_probe *probe, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (probe->gb_state == 0) i += gb_whole(bytes + i, length - i);
        if (i < length) gb_byte(probe, bytes[i], probe->offset + (int64_t)i);
    }
}

static void find_together(hra_encoding_probe *probe, const unsigned char *bytes, size_t length)
{
    uint64_t word;
    for (size_t i = 0; i < length && !probe->together; i++) {
        for (; i + 8 <= length && (memcpy(&word, bytes + i, sizeof word), (word & 0x8080808080808080u) == 0); i += 8)
            probe->last_high = false;
        if (i == length) return;
        bool high = bytes[i] >= 0x80;
        probe->together = high && (probe->last_high || memchr("\x81\x8D\x8F\x90\x9D", bytes[i], 5));
        probe->last_high = high;
    }
}

void hra_encoding_probe_feed(hra_encoding_probe *probe, const unsigned char *bytes, size_t length)
{
    for (int64_t at = probe->offset; at < 3 && at - probe->offset < (int64_t)length; at++) {
        probe->start[at] = bytes[at - probe->offset];
        if (at == 2) find_mark(probe);
    }
    if (!probe->watches || probe->watched == HRA_UTF8) feed_utf8(probe, bytes, length);
    if (!probe->watches || probe->watched == HRA_GB18030) feed_gb(probe, bytes, length);
    if (!probe->watches && !probe->together) find_together(probe, bytes, length);
    probe->offset += (int64_t)length;
}

bool hra_encoding_probe_bears(const hra_encoding_probe *probe, hra_encoding encoding)
{
    if (encoding == HRA_UTF8) return probe->utf8_errors == 0;
    return encoding != HRA_GB18030 || probe->gb_errors == 0;
}

bool hra_encoding_probe_guess(const hra_encoding_probe *probe, hra_encoding *encoding)
{
    *encoding = probe->marked ? probe->mark : probe->utf8_errors == 0 ? HRA_UTF8 : HRA_GB18030;
    if (*encoding == HRA_GB18030 && !probe->together) return false;
    return hra_encoding_probe_bears(probe, *encoding);
}

hra_encoding hra_encoding_probe_finish(hra_encoding_probe *probe, int64_t *errors, int64_t *first_error)
{
    if (probe->utf8_state != 0) utf8_error(probe, probe->offset);
    if (probe->gb_state != 0) gb_error(probe, probe->offset);
    if (probe->offset == 2) find_mark(probe);
    hra_encoding encoding = HRA_UTF8;
    if (probe->marked)
        encoding = probe->mark;
    else if (probe->watches)
        encoding = probe->watched;
    else if (probe->utf8_errors > 0 && !probe->together)
        encoding = HRA_WINDOWS_1252;
    else if (probe->utf8_errors > 0 && probe->gb_errors <= probe->utf8_errors)
        encoding = HRA_GB18030;
    *errors = encoding == HRA_UTF8 ? probe->utf8_errors : encoding == HRA_GB18030 ? probe->gb_errors : 0;
    *first_error = *errors == 0 ? -1 : encoding == HRA_UTF8 ? probe->utf8_first_error : probe->gb_first_error;
    return encoding;
}
