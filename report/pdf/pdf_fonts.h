/* The fonts of printed reports. Files should not carry more of a font than they show; cairo cannot take single
 * characters out of the large Chinese fonts without much of the rest, because their outlines share parts. So the
 * regular and the bold face of the family found are copied once per process, in memory, with the common characters
 * alone and each outline complete. Other characters still come from the family itself. */
#ifndef HRA_REPORT_PDF_FONTS_H
#define HRA_REPORT_PDF_FONTS_H

#include <fontconfig/fontconfig.h>

#include "base/fail.h"

typedef struct hra_pdf_fonts {
    FcConfig *config;
    const char *families; /* for a font description, the first choice first */
    const char *stamp;    /* changes where other fonts or libraries would draw otherwise */
} hra_pdf_fonts;

/* Any thread; the same for all, and never freed. Without a font that has Chinese characters: HRA_EUSAGE with what to
 * install. */
hra_code hra_pdf_fonts_get(const hra_pdf_fonts **out, hra_error *error);

#endif
