#include "report/pdf/pdf_press.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "report/pdf/drawing_calls.h"
#include "report/pdf/pdf_fonts.h"

enum { KEPT_TEXTS = 8000, FIRST_MISFIT = 120, PREFIX = 6 };

struct hra_pdf_text {
    PangoLayout *layout;
    hra_pdf_colour colour;
    double width, height;
};

struct hra_pdf_press {
    PangoFontMap *fonts;
    PangoContext *context;
    PangoFontDescription *styles[HRA_PDF_STYLES];
    hra_map *index; /* style, width and text -> place in texts */
    hra_pdf_text *texts;
    int count;
    hra_buffer composed, key, plain;
    double line_height; /* of what the font wants */
    long misfits;
    char first_misfit[FIRST_MISFIT];
    bool failed;
};

typedef struct style_row {
    double size;
    bool bold;
    hra_pdf_colour colour;
} style_row;

static const style_row style_rows[HRA_PDF_STYLES] = {
    [HRA_PDF_TITLE] = {18, true, HRA_PDF_INK},        [HRA_PDF_ALARM] = {20, true, HRA_PDF_URGENT},
    [HRA_PDF_SECTION] = {12.5, true, HRA_PDF_ACCENT}, [HRA_PDF_HEADING] = {10.5, true, HRA_PDF_ACCENT},
    [HRA_PDF_NAME] = {9.5, true, HRA_PDF_INK},        [HRA_PDF_NAME_ACCENT] = {9, true, HRA_PDF_ACCENT},
    [HRA_PDF_BIG] = {17, true, HRA_PDF_INK},          [HRA_PDF_STRONG] = {9.5, true, HRA_PDF_INK},
    [HRA_PDF_LARGE] = {10.5, false, HRA_PDF_INK},     [HRA_PDF_BODY] = {9.5, false, HRA_PDF_INK},
    [HRA_PDF_LEAD] = {9.5, false, HRA_PDF_SOFT},      [HRA_PDF_TABLE] = {9, false, HRA_PDF_INK},
    [HRA_PDF_NOTE] = {7.8, false, HRA_PDF_SOFT},      [HRA_PDF_RUNNING] = {7.5, false, HRA_PDF_SOFT},
    [HRA_PDF_NUMBER] = {11, true, HRA_PDF_WHITE},
};

static const unsigned colours[] = {0x1b2530, 0x54606d, 0xd5dce2, 0xf3f6f7, 0x0a6a70, 0xcfe5e4,
                                   0x23734f, 0x8a5a00, 0xb03a12, 0x8d1425, 0xbcc6cd, 0xffffff};

void hra_pdf_ink(cairo_t *cr, hra_pdf_colour colour)
{
    unsigned c = colours[colour];
    cairo_set_source_rgb(cr, (c >> 16) / 255.0, (c >> 8 & 255) / 255.0, (c & 255) / 255.0);
}

/* ---- fonts -------------------------------------------------------------------------- */

/* Unhinted, so that a line breaks at the same place at every resolution. */
static bool make_context(hra_pdf_press *p, const char *language, FcConfig *config)
{
    p->fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (!p->fonts) return false;
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(p->fonts), config);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(p->fonts), 72);
    p->context = pango_font_map_create_context(p->fonts);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(p->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(p->context,
                               pango_language_from_string(strcmp(language, "zh") == 0 ? "zh-cn" : language));
    pango_context_set_round_glyph_positions(p->context, FALSE);
    return true;
}

static void make_styles(hra_pdf_press *p, const char *families)
{
    for (int i = 0; i < HRA_PDF_STYLES; i++) {
        p->styles[i] = pango_font_description_new();
        pango_font_description_set_family(p->styles[i], families);
        pango_font_description_set_size(p->styles[i], (int)(style_rows[i].size * PANGO_SCALE));
        if (style_rows[i].bold) pango_font_description_set_weight(p->styles[i], PANGO_WEIGHT_BOLD);
    }
}

hra_code hra_pdf_press_new(const char *language, hra_pdf_press **out, hra_error *error)
{
    const hra_pdf_fonts *fonts;
    HRA_TRY(hra_pdf_fonts_get(&fonts, error));
    hra_pdf_press *p = calloc(1, sizeof *p);
    bool ok = p && (p->index = hra_map_new()) && (p->texts = calloc(KEPT_TEXTS, sizeof *p->texts)) &&
              make_context(p, language, fonts->config);
    if (ok) make_styles(p, fonts->families);
    if (ok)
        p->line_height = strcmp(language, "zh") == 0 ? 0.9 : 0.85; /* Chinese fonts keep lines further apart than
                                                                     Latin letters need */
    if (ok) {
        *out = p;
        return HRA_OK;
    }
    hra_pdf_press_free(p);
    return hra_fail(error, HRA_ENOMEM, "out of memory for the fonts of a printed report");
}

static void forget_texts(hra_pdf_press *p)
{
    for (int i = 0; i < p->count; i++) g_object_unref(p->texts[i].layout);
    p->count = 0;
    hra_map_free(p->index);
    p->index = NULL;
}

void hra_pdf_press_free(hra_pdf_press *press)
{
    if (!press) return;
    forget_texts(press);
    for (int i = 0; i < HRA_PDF_STYLES; i++)
        if (press->styles[i]) pango_font_description_free(press->styles[i]);
    if (press->context) g_object_unref(press->context);
    if (press->fonts) g_object_unref(press->fonts);
    hra_buffer_destroy(&press->composed);
    hra_buffer_destroy(&press->key);
    hra_buffer_destroy(&press->plain);
    free(press->texts);
    free(press);
}

void hra_pdf_press_refresh(hra_pdf_press *press)
{
    if (press->count < KEPT_TEXTS / 2) return;
    forget_texts(press);
    press->index = hra_map_new();
    if (!press->index) press->failed = true;
}

hra_buffer *hra_pdf_press_compose(hra_pdf_press *press)
{
    hra_buffer_clear(&press->composed);
    return &press->composed;
}

/* ---- shaping -------------------------------------------------------------------------- */

static PangoAttribute *coloured(hra_pdf_colour colour)
{
    unsigned c = colours[colour];
    return pango_attr_foreground_new((guint16)((c >> 16) * 257), (guint16)((c >> 8 & 255) * 257),
                                     (guint16)((c & 255) * 257));
}

static void add_attribute(PangoAttrList *list, PangoAttribute *attribute, size_t from, size_t to)
{
    attribute->start_index = (guint)from;
    attribute->end_index = (guint)to;
    pango_attr_list_insert(list, attribute);
}

static void add_look(PangoAttrList *list, char look, size_t from, size_t to)
{
    if (from == to) return;
    if (look == *HRA_PDF_BOLD || look == *HRA_PDF_DUE)
        add_attribute(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, to);
    if (look == *HRA_PDF_QUIET) add_attribute(list, pango_attr_scale_new(0.86), from, to);
    if (look == *HRA_PDF_QUIET || look == *HRA_PDF_SOFTER || look == *HRA_PDF_KEPT)
        add_attribute(list, coloured(HRA_PDF_SOFT), from, to);
    if (look == *HRA_PDF_WHOLE || look == *HRA_PDF_KEPT)
        add_attribute(list, pango_attr_allow_breaks_new(FALSE), from, to);
    if (look == *HRA_PDF_DUE) add_attribute(list, coloured(HRA_PDF_ACT), from, to);
}

/* The character that begins here, a space if it cannot be shown; its bytes. */
static size_t put_shown(hra_buffer *out, const char *at)
{
    uint32_t code;
    size_t bytes = hra_utf8_character((const unsigned char *)at, &code);
    if (bytes > 0 && *at != '\n' && hra_is_unprintable(code))
        hra_buffer_char(out, ' ');
    else
        hra_buffer_append(out, at, bytes ? bytes : 1);
    return bytes ? bytes : 1;
}

/* Takes the looks out of the text; what cannot be shown becomes a space. */
static void set_text(hra_pdf_press *p, PangoLayout *layout, const char *text)
{
    PangoAttrList *list = pango_attr_list_new();
    char look = *HRA_PDF_PLAIN;
    size_t from = 0, bytes = 1;
    hra_buffer_clear(&p->plain);
    for (const char *at = text; *at; at += bytes) {
        bytes = 1;
        if (*at >= *HRA_PDF_BOLD && *at <= *HRA_PDF_PLAIN) {
            add_look(list, look, from, p->plain.length);
            look = *at;
            from = p->plain.length;
        } else {
            bytes = put_shown(&p->plain, at);
        }
    }
    add_look(list, look, from, p->plain.length);
    add_attribute(list, pango_attr_line_height_new(p->line_height), 0, p->plain.length);
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    char *valid = p->plain.bytes && !g_utf8_validate(p->plain.bytes, (gssize)p->plain.length, NULL)
                      ? g_utf8_make_valid(p->plain.bytes, (gssize)p->plain.length)
                      : NULL;
    pango_layout_set_text(layout, valid ? valid : p->plain.bytes ? p->plain.bytes : "", -1);
    g_free(valid);
    p->failed = p->failed || p->plain.failed;
}

void hra_pdf_press_misfit(hra_pdf_press *press, const char *text)
{
    if (press->misfits++ > 0) return;
    strncpy(press->first_misfit, text, FIRST_MISFIT - 1);
}

static void measure(hra_pdf_press *p, hra_pdf_text *t, double width, bool one_line, const char *text)
{
    PangoRectangle logical;
    pango_layout_get_extents(t->layout, NULL, &logical);
    t->width = (double)logical.width / PANGO_SCALE;
    t->height = (double)logical.height / PANGO_SCALE;
    bool fits = width <= 0 || (one_line ? !pango_layout_is_ellipsized(t->layout) : t->width <= width + 0.5);
    if (!fits || pango_layout_get_unknown_glyphs_count(t->layout) > 0) hra_pdf_press_misfit(p, text);
}

static bool make_text(hra_pdf_press *p, hra_pdf_style style, double width, bool one_line, const char *text,
                      hra_pdf_text *out)
{
    PangoLayout *layout = pango_layout_new(p->context);
    if (!layout) return false;
    pango_layout_set_font_description(layout, p->styles[style]);
    if (width > 0) pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    if (one_line) {
        pango_layout_set_single_paragraph_mode(layout, TRUE);
        if (width > 0) pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    } else {
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    }
    set_text(p, layout, text);
    *out = (hra_pdf_text){.layout = layout, .colour = style_rows[style].colour};
    measure(p, out, width, one_line, text);
    return true;
}

/* Style, kind and width as characters that are never 0, then the text. */
static const char *key_of(hra_pdf_press *p, hra_pdf_style style, double width, bool one_line, const char *text)
{
    unsigned tenths = (unsigned)(width * 10);
    char prefix[PREFIX + 1] = {(char)('A' + style),
                               one_line ? '1' : 'n',
                               (char)('0' + (tenths & 63)),
                               (char)('0' + (tenths >> 6 & 63)),
                               (char)('0' + (tenths >> 12 & 63)),
                               '|'};
    hra_buffer_clear(&p->key);
    hra_buffer_append(&p->key, prefix, PREFIX);
    hra_buffer_text(&p->key, text);
    return p->key.failed ? NULL : p->key.bytes;
}

static const hra_pdf_text *shape(hra_pdf_press *p, hra_pdf_style style, double width, bool one_line, const char *text)
{
    const char *key = p->failed ? NULL : key_of(p, style, width, one_line, text);
    int64_t known = key ? hra_map_get(p->index, key) : -1;
    if (known >= 0) return &p->texts[known];
    if (key && p->count < KEPT_TEXTS && make_text(p, style, width, one_line, text, &p->texts[p->count])) {
        if (hra_map_set(p->index, p->key.bytes, p->count) == 0) return &p->texts[p->count++];
        g_object_unref(p->texts[p->count].layout);
    }
    p->failed = true;
    return NULL;
}

const hra_pdf_text *hra_pdf_shape(hra_pdf_press *press, hra_pdf_style style, double width, const char *text)
{
    return shape(press, style, width, false, text);
}

const hra_pdf_text *hra_pdf_shape_line(hra_pdf_press *press, hra_pdf_style style, double width, const char *text)
{
    return shape(press, style, width, true, text);
}

double hra_pdf_text_width(const hra_pdf_text *text) { return text ? text->width : 0; }

double hra_pdf_text_height(const hra_pdf_text *text) { return text ? text->height : 0; }

void hra_pdf_text_draw(const hra_pdf_text *text, cairo_t *cr, double x, double y)
{
    if (text) hra_pdf_text_draw_in(text, cr, x, y, text->colour);
}

void hra_pdf_text_draw_in(const hra_pdf_text *text, cairo_t *cr, double x, double y, hra_pdf_colour colour)
{
    if (!text) return;
    hra_pdf_ink(cr, colour);
    cairo_move_to(cr, x, y);
    pango_cairo_show_layout(cr, text->layout);
}

long hra_pdf_press_misfits(const hra_pdf_press *press) { return press->misfits; }

const char *hra_pdf_press_first_misfit(const hra_pdf_press *press) { return press->first_misfit; }

bool hra_pdf_press_failed(const hra_pdf_press *press) { return press->failed || press->composed.failed; }
