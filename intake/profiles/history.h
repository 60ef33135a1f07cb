/* What a provider's deliveries looked like: a folder per provider, in it one small file per day of delivery. A file
 * holds aggregate figures alone (counts, deciles of columns with enough values, shares of levels), no person's data.
 *
 *     hra delivery history,1
 *     provider,East Hospital
 *     rows,1200
 *     column,VARIABLE,UNIT,ROWS,KNOWN,Q25,MEDIAN,Q75,CUT=SHARE CUT=SHARE ...
 *
 * A share is that of the values up to its cut and above the cut before; of categories and flags that of the level. The
 * last cut is "inf". */
#ifndef HRA_INTAKE_HISTORY_H
#define HRA_INTAKE_HISTORY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "engine/data/dictionary.h"
#include "intake/profiles/tally.h"

enum { HRA_HISTORY_CUTS = 128 };

typedef struct hra_history_column {
    const char *variable, *unit;
    int64_t rows, known;
    double q25, median, q75; /* NaN: not kept */
    int cut_count;           /* 0: no shares are kept */
    double *cuts, *shares;   /* ascending; the last cut is infinite, except of levels */
    bool levels;             /* shares of single values */
} hra_history_column;

typedef struct hra_history_day {
    const char *day; /* "2026-11-22" */
    int64_t rows;
    hra_history_column *columns;
    int count;
} hra_history_day;

/* The last delivery before `day`; *out NULL: there is none. Everything belongs to the arena. */
hra_code hra_history_last(const char *folder, const char *provider, const char *day, hra_arena *arena,
                          hra_history_day **out, hra_error *error);
typedef struct hra_history_rhythm {
    int deliveries;
    double last;    /* day of the last one */
    double longest; /* days between two of them, at most; 0: there are no two */
} hra_history_rhythm;

/* How a provider has delivered before `day`. */
hra_code hra_history_rhythm_of(const char *folder, const char *provider, const char *day, hra_arena *arena,
                               hra_history_rhythm *out, hra_error *error);
/* The folder of a provider; its file of a day is FOLDER/DAY.csv. NULL: out of memory. */
const char *hra_history_folder(const char *history, const char *provider, hra_arena *arena);
void hra_history_text(const char *provider, const hra_history_day *delivery, hra_buffer *out);

/* What is kept of finished values; fewer than `least` leave counts alone. Levels with fewer than `rare` values are
 * left out. False: out of memory. */
bool hra_history_summarise(const hra_tally *values, bool levels, int64_t least, int64_t rare, hra_arena *arena,
                           hra_history_column *out);
/* Population stability index of the values against the column's shares: the sum over its bins of (now - then) *
 * ln(now / then), shares below 0.0005 counted as that. NaN: no shares are kept. */
double hra_history_stability(const hra_history_column *then, const hra_tally *now);

#endif
