/* A table as a stream of UTF-8 text. A text file: plain, gzip or alone in a zip archive, in any of the encodings,
 * without byte-order mark and without a Ctrl-Z at its end. A sheet of an Excel workbook, a table in a web page or in an
 * HDF5 file: as comma-separated text. What the file is, is told by its bytes, never by its name. */
#ifndef HRA_IO_TEXT_STREAM_H
#define HRA_IO_TEXT_STREAM_H

#include "io/tables/file_kind.h"
#include "io/tables/table_choice.h"
#include "io/words/encoding.h"

typedef struct hra_text_facts {
    hra_file_kind kind;
    hra_encoding encoding;
    hra_encoding source; /* of a web page, XML or old workbook: what it is written in; the text made of it is UTF-8 */
    char delimiter;      /* of text made here from a workbook, page or HDF5 file; 0: the file's own, not known yet */
    bool gzip;
    bool checked;           /* the whole file was read and is valid in its encoding */
    bool guessed;           /* only the start was read, and is valid; a stream that meets anything else fails */
    int64_t damaged;        /* places that are not valid in the encoding */
    int64_t first_damaged;  /* byte offset (in the unpacked text), -1: none */
    int64_t file_bytes;     /* size on disk */
    int64_t changed_ns;     /* modification time, to notice a file that changes under the run */
    hra_table_choice table; /* which sheet or table is read; empty for text files */
} hra_text_facts;

/* Reads the file once and says what it is. `encoding` NULL: detect; else it is taken as given and only the start of the
 * file is looked at. Files that hold no table (documents, protected workbooks ...) are refused with the remedy. */
hra_code hra_text_examine(const char *path, const char *encoding, hra_text_facts *facts, hra_error *error);

/* The same, reading a sheet or table by its name; NULL: the first sheet that is not empty, the only table. */
hra_code hra_text_examine_table(const char *path, const char *encoding, const char *table, hra_text_facts *facts,
                                hra_error *error);

/* The same, but of a large text file only the start is read where that lets expect what the rest is. The text stream
 * reads on as long as the file bears it out; where it fails, whatever the reason, the work is done again from facts
 * that are certain. So most files are read once, and all with the same results and messages. */
hra_code hra_text_guess_table(const char *path, const char *encoding, const char *table, hra_text_facts *facts,
                              hra_error *error);

/* Text that is made here: it has no encoding and no separator of its own. */
bool hra_text_is_made(const hra_text_facts *facts);
/* Others of its sheets, or of the tables of a page, may hold people, too; `table.not_read` names them. */
bool hra_text_has_others(const hra_text_facts *facts);

typedef struct hra_text_stream hra_text_stream;

hra_code hra_text_stream_open(const char *path, const hra_text_facts *facts, hra_text_stream **out, hra_error *error);
/* What is read is read by the calling thread (hra_byte_stream_stay). */
void hra_text_stream_stay(hra_text_stream *stream);
void hra_text_stream_close(hra_text_stream *stream);
/* Appends a block of text; *end is set when that was the last of it. */
hra_code hra_text_stream_read(hra_text_stream *stream, hra_buffer *out, bool *end, hra_error *error);
int64_t hra_text_stream_bytes_done(const hra_text_stream *stream); /* of the file on disk */

#endif
