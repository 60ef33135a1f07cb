#include "io/tables/xlsx_xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 16, MOST_DEPTH = 64, LONGEST_MARK = 4 << 20 };

struct hra_xlsx_part {
    hra_zip *zip;
    int index;
    hra_zip_part *packed;
    XML_Parser parser;
    const hra_xlsx_handlers *handlers;
    void *context;
    const hra_code *fault;
    const char *refused; /* why reading was stopped here */
    int64_t fed;
    int depth;
    char block[BLOCK];
};

static const char *local_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static void stop(hra_xlsx_part *part, const char *why)
{
    if (!part->refused) part->refused = why;
    XML_StopParser(part->parser, XML_FALSE);
}

static bool stopped(hra_xlsx_part *part)
{
    if (*part->fault == HRA_OK) return false;
    XML_StopParser(part->parser, XML_FALSE);
    return true;
}

static void XMLCALL on_start(void *data, const char *name, const char **attributes)
{
    hra_xlsx_part *part = data;
    if (++part->depth > MOST_DEPTH)
        stop(part, "its marks are nested too deep");
    else if (!stopped(part))
        part->handlers->start(part->context, local_name(name), (const char *const *)attributes);
}

static void XMLCALL on_end(void *data, const char *name)
{
    hra_xlsx_part *part = data;
    part->depth--;
    if (!stopped(part)) part->handlers->end(part->context, local_name(name));
}

static void XMLCALL on_text(void *data, const char *text, int length)
{
    hra_xlsx_part *part = data;
    if (!stopped(part)) part->handlers->text(part->context, text, (size_t)length);
}

static void XMLCALL on_doctype(void *data, const char *name, const char *system, const char *public, int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    stop(data, "it declares a document type, which no workbook does");
}

hra_code hra_xlsx_part_open(hra_zip *zip, int index, const hra_xlsx_handlers *handlers, void *context,
                            hra_xlsx_part **out, hra_error *error)
{
    *out = NULL;
    hra_xlsx_part *part = malloc(sizeof *part);
    if (!part) return hra_out_of_memory(error);
    *part = (hra_xlsx_part){.zip = zip, .index = index, .handlers = handlers, .context = context};
    part->parser = XML_ParserCreate(NULL);
    hra_code code = part->parser ? hra_zip_part_open(zip, index, &part->packed, error) : hra_out_of_memory(error);
    if (code != HRA_OK) {
        hra_xlsx_part_close(part);
        return code;
    }
    XML_SetUserData(part->parser, part);
    XML_SetElementHandler(part->parser, on_start, on_end);
    XML_SetCharacterDataHandler(part->parser, on_text);
    XML_SetStartDoctypeDeclHandler(part->parser, on_doctype);
    *out = part;
    return HRA_OK;
}

void hra_xlsx_part_close(hra_xlsx_part *part)
{
    if (!part) return;
    if (part->parser) XML_ParserFree(part->parser);
    hra_zip_part_close(part->packed);
    free(part);
}

static hra_code damaged(const hra_xlsx_part *part, const char *why, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT,
                    "%s: '%s' in this workbook is damaged (%s): open it in Excel or WPS and save it again as .xlsx",
                    hra_zip_path(part->zip), hra_zip_name(part->zip, part->index), why);
}

hra_code hra_xlsx_part_step(hra_xlsx_part *part, const hra_code *fault, bool *end, hra_error *error)
{
    size_t got;
    part->fault = fault;
    HRA_TRY(hra_zip_part_read(part->packed, part->block, BLOCK, &got, error));
    *end = got == 0;
    enum XML_Status status = XML_Parse(part->parser, part->block, (int)got, *end);
    if (*fault != HRA_OK) return *fault;
    if (part->refused) return damaged(part, part->refused, error);
    if (status != XML_STATUS_OK) {
        enum XML_Error cause = XML_GetErrorCode(part->parser);
        if (cause == XML_ERROR_NO_MEMORY) return hra_out_of_memory(error);
        return damaged(part, XML_ErrorString(cause), error);
    }
    part->fed += (int64_t)got;
    int64_t understood = XML_GetCurrentByteIndex(part->parser);
    if (!*end && part->fed - (understood > 0 ? understood : 0) > LONGEST_MARK)
        return damaged(part, "a mark in it does not end", error);
    return HRA_OK;
}

int64_t hra_xlsx_part_progress(const hra_xlsx_part *part) { return hra_zip_part_progress(part->packed); }

hra_code hra_xlsx_part_read_all(hra_zip *zip, int index, const hra_xlsx_handlers *handlers, void *context,
                                const hra_code *fault, hra_error *error)
{
    hra_xlsx_part *part;
    HRA_TRY(hra_xlsx_part_open(zip, index, handlers, context, &part, error));
    bool end = false;
    hra_code code = HRA_OK;
    while (code == HRA_OK && !end) code = hra_xlsx_part_step(part, fault, &end, error);
    hra_xlsx_part_close(part);
    return code;
}

const char *hra_xlsx_attribute(const char *const *attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(local_name(attributes[0]), name) == 0) return attributes[1];
    return NULL;
}
