#include "report/tools/svg_marks.h"

#include "report/tools/html.h"

enum { ROW = 10, STEP = 12 }; /* people in a row, and the room of one */

static const char *const symbols =
    "<svg width=0 height=0 style=\"position:absolute\" aria-hidden=true focusable=false><defs>"
    "<symbol id=l0 viewBox=\"0 0 20 20\"><circle cx=10 cy=10 r=8 class=g0 /><path d=\"M6 10.3l2.8 2.8L14.2 7.4\" "
    "class=g0 "
    "/></symbol>"
    "<symbol id=l1 viewBox=\"0 0 20 20\"><path d=\"M10 2.6L18.4 17H1.6z\" class=g1 /></symbol>"
    "<symbol id=l2 viewBox=\"0 0 20 20\"><rect x=2 y=2 width=16 height=16 rx=2.5 class=g2 /><path d=\"M10 5.5v5.5M10 "
    "14v.6\" class=gx /></symbol>"
    "<symbol id=l3 viewBox=\"0 0 20 20\"><path d=\"M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z\" class=g3 /><path "
    "d=\"M10 4.8v6.4M10 14.2v.6\" class=gx /></symbol>"
    "<symbol id=l4 viewBox=\"0 0 20 20\"><circle cx=10 cy=10 r=8 class=g4 /><path d=\"M7.7 8a2.3 2.3 0 1 1 3.4 2q-1.1 "
    ".6-1.1 1.7M10 14.2v.4\" class=g5 /></symbol>"
    /* a person: head and body; everybody (e), who falls ill (f), who is spared (h) */
    "<g id=i><circle cx=6 cy=2.6 r=2 /><path d=\"M2.8 11V7.6a2.4 2.4 0 0 1 2.4-2.4h1.6a2.4 2.4 0 0 1 2.4 "
    "2.4V11z\"/></g>"
    "<g id=h><use href=#i class=ph /><path d=\"M1.6 11L10.4 1\" class=px /></g>";

static void put_row(hra_buffer *out, const char *id, const char *of)
{
    hra_html(out, "<g id=%s>", id);
    for (int i = 0; i < ROW; i++) hra_html(out, "<use href=#%s x=%d />", of, i * STEP);
    hra_buffer_text(out, "</g>");
}

void hra_svg_definitions(hra_buffer *out)
{
    hra_buffer_text(out, symbols);
    put_row(out, "r", "i");
    hra_buffer_text(out, "<g id=e class=pe>");
    for (int i = 0; i < ROW; i++) hra_html(out, "<use href=#r y=%d />", i * STEP);
    hra_buffer_text(out, "</g></defs></svg>\n");
}

void hra_svg_level(hra_buffer *out, hra_level_mark mark)
{
    hra_html(out, "<svg class=m aria-hidden=true><use href=#l%d /></svg>", (int)mark);
}

/* People `from` to `to`, whole rows at once where there are such. */
static void put_people(hra_buffer *out, int from, int to, const char *one, const char *row)
{
    for (int i = from; i < to;) {
        bool whole = row && i % ROW == 0 && i + ROW <= to;
        hra_html(out, "<use href=#%s", whole ? row : one);
        if (i % ROW) hra_html(out, " x=%d", i % ROW * STEP);
        if (i / ROW) hra_html(out, " y=%d", i / ROW * STEP);
        hra_buffer_text(out, " />");
        i += whole ? ROW : 1;
    }
}

void hra_svg_people(hra_buffer *out, int affected, int spared, const char *title)
{
    hra_html(out, "<svg class=people viewBox=\"0 0 120 120\" role=img><title>%s</title><use href=#e /><g class=pf>",
             title);
    put_people(out, 0, affected - spared, "i", "r");
    hra_buffer_text(out, "</g>");
    put_people(out, affected - spared, affected, "h", NULL);
    hra_buffer_text(out, "</svg>");
}
