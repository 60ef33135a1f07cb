#include "base/fail.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/plain_text.h"

hra_code hra_fail(hra_error *error, hra_code code, const char *format, ...)
{
    if (!error) return code;
    error->code = code;
    va_list args;
    va_start(args, format);
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
    hra_plain_text(error->message); /* it may quote a file name or a header */
    return code;
}

hra_code hra_out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory"); }
