/* Text encodings: which one a file is in, and its text as UTF-8.
 *
 * A prefix proves nothing: a file may be plain ASCII up to row 90,001. The
 * probe reads the whole stream; valid UTF-8 is UTF-8, else GB18030 (which
 * contains GBK and GB2312), unless the file breaks the rules of GB18030 more
 * often than those of UTF-8. A byte-order mark decides at once. Where no two
 * bytes beyond ASCII ever stand together there is no Chinese: such a text
 * (50 µg, José) is Windows-1252. Big5 is not to be told from GB18030, it has
 * to be named.
 */
#ifndef HRA_IO_ENCODING_H
#define HRA_IO_ENCODING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/fail.h"

typedef enum hra_encoding { HRA_UTF8, HRA_GB18030, HRA_UTF16LE, HRA_UTF16BE, HRA_BIG5, HRA_WINDOWS_1252 } hra_encoding;

const char *hra_encoding_name(hra_encoding encoding);
/* "utf-8", "gb18030", "gbk", "big5", "windows-1252", "utf-16le" and the like in any case; false: none of them. */
bool hra_encoding_parse(const char *name, hra_encoding *out);
/* Whether its text may pass for GB18030, so that it has to be named. */
bool hra_encoding_is_hidden(hra_encoding encoding);

typedef struct hra_encoding_probe {
    int64_t offset; /* bytes seen */
    bool watches;   /* only whether the text is in one encoding */
    hra_encoding watched;
    bool marked; /* a byte-order mark decided */
    hra_encoding mark;
    unsigned char start[3];
    int utf8_state;                    /* continuation bytes still expected */
    unsigned char utf8_low, utf8_high; /* limits of the next one */
    int gb_state;                      /* 0: at a character, 1: after a lead byte, 2, 3: inside four bytes */
    bool last_high;                    /* the byte before was beyond ASCII */
    bool together;                     /* two such stood together, or one that Windows-1252 does not have */
    int64_t utf8_errors, gb_errors;
    int64_t utf8_first_error, gb_first_error; /* byte offsets */
} hra_encoding_probe;

void hra_encoding_probe_start(hra_encoding_probe *probe);
/* Starts a probe that only tells whether the text is in this encoding: what is wrong in others is not counted. */
void hra_encoding_probe_watch(hra_encoding_probe *probe, hra_encoding encoding);
void hra_encoding_probe_feed(hra_encoding_probe *probe, const unsigned char *bytes, size_t length);
/* *errors counts the damaged places under the chosen encoding, *first_error is the offset of the first. */
hra_encoding hra_encoding_probe_finish(hra_encoding_probe *probe, int64_t *errors, int64_t *first_error);

/* What the rest of the text probably is, from a start without damage; false: not to be told. Byte-order marks decide.
 */
bool hra_encoding_probe_guess(const hra_encoding_probe *probe, hra_encoding *encoding);
/* True as long as nothing seen is damaged in this encoding. */
bool hra_encoding_probe_bears(const hra_encoding_probe *probe, hra_encoding encoding);

/* A decoder turns bytes into valid UTF-8; damaged bytes become U+FFFD. */
typedef struct hra_decoder hra_decoder;

/* `checked`: the input is known to be valid UTF-8 and is passed on as it is. */
hra_code hra_decoder_new(hra_encoding encoding, bool checked, hra_decoder **out, hra_error *error);
/* Its text is what it is fed, byte for byte. */
bool hra_decoder_is_idle(const hra_decoder *decoder);
void hra_decoder_free(hra_decoder *decoder);
/* Appends the text of the bytes; a character cut at the end is kept for the next call. */
hra_code hra_decoder_feed(hra_decoder *decoder, const unsigned char *bytes, size_t length, bool last, hra_buffer *out,
                          hra_error *error);

#endif
