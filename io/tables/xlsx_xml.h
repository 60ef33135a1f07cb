/* A part of a workbook read as XML, block by block. Parts with a document type (where entity tricks live), very deep or
 * with absurdly long marks are refused. Names are given without namespace prefix. */
#ifndef HRA_IO_XLSX_XML_H
#define HRA_IO_XLSX_XML_H

#include "io/files/zip_archive.h"

typedef struct hra_xlsx_handlers {
    void (*start)(void *context, const char *name, const char *const *attributes);
    void (*end)(void *context, const char *name);
    void (*text)(void *context, const char *text, size_t length); /* may come in pieces */
} hra_xlsx_handlers;

typedef struct hra_xlsx_part hra_xlsx_part;

hra_code hra_xlsx_part_open(hra_zip *zip, int index, const hra_xlsx_handlers *handlers, void *context,
                            hra_xlsx_part **out, hra_error *error);
void hra_xlsx_part_close(hra_xlsx_part *part);
/* Reads a block and calls the handlers. A handler that sets *fault to other than HRA_OK (its error being filled) ends
 * the reading with that code. */
hra_code hra_xlsx_part_step(hra_xlsx_part *part, const hra_code *fault, bool *end, hra_error *error);
int64_t hra_xlsx_part_progress(const hra_xlsx_part *part); /* as bytes of the archive's file */

/* A whole part at once. */
hra_code hra_xlsx_part_read_all(hra_zip *zip, int index, const hra_xlsx_handlers *handlers, void *context,
                                const hra_code *fault, hra_error *error);

/* The value of an attribute, by its name without prefix; NULL: absent. */
const char *hra_xlsx_attribute(const char *const *attributes, const char *name);

#endif
