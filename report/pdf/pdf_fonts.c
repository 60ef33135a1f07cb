#include "report/pdf/pdf_fonts.h"

#include <iconv.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report/pdf/drawing_calls.h"

enum { FAMILIES = 300 };

/* What the copies are called, so that they come before the family that they are of. */
static const char copy_family[] = "hra print";

static struct {
    pthread_mutex_t lock;
    bool known;
    hra_pdf_fonts fonts;
    char families[FAMILIES], stamp[FAMILIES + 100];
    unsigned bytes; /* of the copies */
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- which family --------------------------------------------------------------------- */

/* The families that read well, then any that has the characters. */
static const char *const preferred[] = {"Noto Sans CJK SC",   "Noto Sans SC",        "Source Han Sans SC",
                                        "Source Han Sans CN", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei"};

static FcFontSet *fonts_with(FcConfig *config, FcPattern *pattern)
{
    FcObjectSet *wanted = FcObjectSetBuild(FC_FAMILY, (char *)NULL);
    FcFontSet *set = pattern && wanted ? FcFontList(config, pattern, wanted) : NULL;
    if (wanted) FcObjectSetDestroy(wanted);
    if (pattern) FcPatternDestroy(pattern);
    return set;
}

static bool has_family(FcConfig *config, const char *family)
{
    FcFontSet *set = fonts_with(config, FcPatternBuild(NULL, FC_FAMILY, FcTypeString, family, (char *)NULL));
    bool found = set && set->nfont > 0;
    if (set) FcFontSetDestroy(set);
    return found;
}

/* The first by name, so that the same machine always takes the same; "" none. */
static void any_chinese(FcConfig *config, char family[FAMILIES])
{
    FcFontSet *set = fonts_with(
        config, FcPatternBuild(NULL, FC_LANG, FcTypeString, "zh-cn", FC_OUTLINE, FcTypeBool, FcTrue, (char *)NULL));
    const char *best = "";
    for (int i = 0; set && i < set->nfont; i++) {
        FcChar8 *name;
        if (FcPatternGetString(set->fonts[i], FC_FAMILY, 0, &name) != FcResultMatch) continue;
        if (!*best || strcmp((const char *)name, best) < 0) best = (const char *)name;
    }
    snprintf(family, FAMILIES, "%s", best);
    if (set) FcFontSetDestroy(set);
}

static hra_code find_family(FcConfig *config, char family[FAMILIES], hra_error *error)
{
    for (size_t i = 0; i < sizeof preferred / sizeof *preferred; i++) {
        if (!has_family(config, preferred[i])) continue;
        snprintf(family, FAMILIES, "%s", preferred[i]);
        return HRA_OK;
    }
    any_chinese(config, family);
    if (*family) return HRA_OK;
    return hra_fail(
        error, HRA_EUSAGE,
        "no font with Chinese characters is installed, and a printed report needs one: on Debian and Ubuntu "
        "'apt install fonts-noto-cjk'");
}

/* ---- which characters --------------------------------------------------------------------- */

/* The Chinese characters in everyday use: those of GB 2312. */
static void add_common_chinese(hb_set_t *characters)
{
    iconv_t table = iconv_open("UTF-32LE", "GB2312");
    if (table == (iconv_t)-1) {
        hb_set_add_range(characters, 0x4e00, 0x9fff);
        return;
    }
    for (int high = 0xb0; high <= 0xf7; high++) {
        for (int low = 0xa1; low <= 0xfe; low++) {
            char from[2] = {(char)high, (char)low}, *in = from;
            unsigned char to[4];
            char *out = (char *)to;
            size_t in_left = 2, out_left = 4;
            if (iconv(table, &in, &in_left, &out, &out_left) == (size_t)-1 || out_left > 0) continue;
            hb_set_add(characters, to[0] | (hb_codepoint_t)to[1] << 8 | (hb_codepoint_t)to[2] << 16);
        }
    }
    iconv_close(table);
}

/* Horizontal text needs no more of the rules for shaping. */
static void keep_features(hb_set_t *features)
{
    static const char *const wanted[] = {"ccmp", "locl", "rlig", "liga", "calt", "clig", "kern", "mark", "mkmk"};
    hb_set_clear(features);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) hb_set_add(features, hb_tag_from_string(wanted[i], 4));
}

/* ---- the copies ------------------------------------------------------------------------------ */

/* Only the wanted characters of a face, every outline complete in itself; NULL: it cannot be done. */
static hb_blob_t *cut_down(const char *path, int index)
{
    hb_blob_t *file = hb_blob_create_from_file(path), *copy = NULL;
    hb_face_t *face = hb_face_create(file, (unsigned)index);
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (input) {
        hb_set_t *characters = hb_subset_input_unicode_set(input);
        hb_set_add_range(characters, 0x20, 0x33ff);
        hb_set_add_range(characters, 0xff00, 0xffef);
        add_common_chinese(characters);
        keep_features(hb_subset_input_set(input, HB_SUBSET_SETS_LAYOUT_FEATURE_TAG));
        hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_DESUBROUTINIZE | HB_SUBSET_FLAGS_NO_HINTING);
    }
    hb_face_t *less = input ? hb_subset_or_fail(face, input) : NULL;
    if (less) copy = hb_face_reference_blob(less);
    hb_face_destroy(less);
    hb_subset_input_destroy(input);
    hb_face_destroy(face);
    hb_blob_destroy(file);
    return copy;
}

/* A file that is nowhere but in memory, open as long as the process runs: fontconfig knows fonts by their paths. */
static bool put_in_memory(hb_blob_t *font, char path[40])
{
    unsigned length;
    const char *bytes = hb_blob_get_data(font, &length);
    int fd = memfd_create("hra-font", MFD_CLOEXEC);
    if (fd < 0) return false;
    for (unsigned done = 0; done < length;) {
        ssize_t n = write(fd, bytes + done, length - done);
        if (n <= 0) {
            close(fd);
            return false;
        }
        done += (unsigned)n;
    }
    snprintf(path, 40, "/proc/self/fd/%d", fd);
    shared.bytes += length;
    return true;
}

static bool rename_font(FcConfig *config, const char *path)
{
    FcFontSet *set = FcConfigGetFonts(config, FcSetApplication);
    for (int i = 0; set && i < set->nfont; i++) {
        FcChar8 *file;
        if (FcPatternGetString(set->fonts[i], FC_FILE, 0, &file) != FcResultMatch) continue;
        if (strcmp((const char *)file, path) != 0) continue;
        FcPatternDel(set->fonts[i], FC_FAMILY);
        return FcPatternAddString(set->fonts[i], FC_FAMILY, (const FcChar8 *)copy_family);
    }
    return false;
}

/* Fonts that vary by weight are left as they are: a copy would be one of many. */
static bool is_plain(const FcPattern *font, const char *family)
{
    FcChar8 *name;
    FcBool varies = FcFalse;
    int index = 0;
    FcPatternGetBool(font, FC_VARIABLE, 0, &varies);
    FcPatternGetInteger(font, FC_INDEX, 0, &index);
    for (int i = 0; FcPatternGetString(font, FC_FAMILY, i, &name) == FcResultMatch; i++)
        if (strcmp((const char *)name, family) == 0) return !varies && index >> 16 == 0;
    return false;
}

static bool copy_font(FcConfig *config, const FcPattern *font, const char *family)
{
    FcChar8 *file;
    char path[40];
    int index = 0;
    if (!is_plain(font, family) || FcPatternGetString(font, FC_FILE, 0, &file) != FcResultMatch) return false;
    FcPatternGetInteger(font, FC_INDEX, 0, &index);
    hb_blob_t *less = cut_down((const char *)file, index);
    bool ok = less && put_in_memory(less, path);
    hb_blob_destroy(less);
    return ok && FcConfigAppFontAddFile(config, (const FcChar8 *)path) && rename_font(config, path);
}

static bool copy_weight(FcConfig *config, const char *family, int weight)
{
    FcResult result;
    FcPattern *wanted =
        FcPatternBuild(NULL, FC_FAMILY, FcTypeString, family, FC_WEIGHT, FcTypeInteger, weight, (char *)NULL);
    if (!wanted) return false;
    FcConfigSubstitute(config, wanted, FcMatchPattern);
    FcDefaultSubstitute(wanted);
    FcPattern *font = FcFontMatch(config, wanted, &result);
    bool ok = font && copy_font(config, font, family);
    if (font) FcPatternDestroy(font);
    FcPatternDestroy(wanted);
    return ok;
}

/* ---- once for all -------------------------------------------------------------------------------- */

static hra_code find_fonts(hra_error *error)
{
    char family[FAMILIES] = "";
    HRA_TRY(hra_drawing_load(error));
    FcConfig *config = FcInitLoadConfigAndFonts();
    if (!config) return hra_fail(error, HRA_ENOMEM, "out of memory for the fonts of a printed report");
    hra_code code = find_family(config, family, error);
    if (code != HRA_OK) {
        FcConfigDestroy(config);
        return code;
    }
    bool copied = copy_weight(config, family, FC_WEIGHT_REGULAR) && copy_weight(config, family, FC_WEIGHT_BOLD);
    snprintf(shared.families, sizeof shared.families, "%s%s%s", copied ? copy_family : "", copied ? "," : "", family);
    snprintf(shared.stamp, sizeof shared.stamp, "%s %u cairo %s pango %s", shared.families, shared.bytes,
             cairo_version_string(), pango_version_string());
    shared.fonts = (hra_pdf_fonts){.config = config, .families = shared.families, .stamp = shared.stamp};
    shared.known = true;
    return HRA_OK;
}

hra_code hra_pdf_fonts_get(const hra_pdf_fonts **out, hra_error *error)
{
    pthread_mutex_lock(&shared.lock);
    hra_code code = shared.known ? HRA_OK : find_fonts(error);
    pthread_mutex_unlock(&shared.lock);
    *out = &shared.fonts;
    return code;
}
