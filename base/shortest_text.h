/* Numbers as text that read back as the same double, for output files. */
#ifndef HRA_BASE_SHORTEST_TEXT_H
#define HRA_BASE_SHORTEST_TEXT_H

enum { HRA_SHORTEST_TEXT = 40 };

/* The first of printf's %.15g, %.16g and %.17g that reads back as the same value, which is finite; a NUL follows.
 * Several times as fast for what stands in tables: 0 and magnitudes from 0.0001 up to a thousand million. */
int hra_format_shortest(double value, char out[HRA_SHORTEST_TEXT]);

#endif
