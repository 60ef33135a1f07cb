#include "io/csv/csv_cells.h"

#include <string.h>

/* Quoted text that is not simply what stands between two quotes: doubled quotes, or text after the closing one. */
static hra_cell_text rewrite(hra_cells *cells, const char *start)
{
    hra_buffer *out = cells->scratch;
    hra_buffer_clear(out);
    const char *at = start;
    for (;;) {
        const char *quote = memchr(at, '"', (size_t)(cells->end - at));
        const char *stop = quote ? quote : cells->end;
        hra_buffer_append(out, at, (size_t)(stop - at));
        at = quote ? quote + 1 : stop;
        if (at >= cells->end || *at != '"') break;
        hra_buffer_char(out, '"');
        at++;
    }
    const char *stop = memchr(at, cells->delimiter, (size_t)(cells->end - at));
    if (!stop) stop = cells->end;
    hra_buffer_append(out, at, (size_t)(stop - at));
    cells->done = stop == cells->end;
    cells->at = stop + 1;
    return (hra_cell_text){out->bytes ? out->bytes : "", out->length, true};
}

hra_cell_text hra_cells_next(hra_cells *cells)
{
    if (cells->at >= cells->end || *cells->at != '"') return hra_cells_next_plain(cells);
    const char *start = cells->at + 1;
    const char *quote = memchr(start, '"', (size_t)(cells->end - start));
    if (!quote || (quote + 1 < cells->end && quote[1] != cells->delimiter)) return rewrite(cells, start);
    cells->done = quote + 1 == cells->end;
    cells->at = quote + 2;
    return (hra_cell_text){start, (size_t)(quote - start), true};
}
