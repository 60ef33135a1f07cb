/* Journal of a result file being written (PATH.journal): which chunks are
 * finished, so that a killed run can go on. Text, one record a line:
 *
 *     hra-result-journal 3 <identity of the run>
 *     boot <id>                          which start of the machine the records below are of
 *     people <keys> <lines> <files>      what names a person, 0 or 1 each
 *     label <number> <text>              a new label text; the order gives its index
 *     chunk <sequence> <rows>            chunks in order
 *     synced                             everything above is on disk
 *
 * What a killed process has written the system still has; what was not yet on
 * disk when the machine stopped is lost. So after another start of the machine
 * only the records above the last `synced` count. A last line that is cut short
 * does not count. The open journal is locked: two runs cannot write the same
 * result.
 */
#ifndef HRA_IO_RESULT_JOURNAL_H
#define HRA_IO_RESULT_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct hra_journal hra_journal;

/* What a journal of an earlier run says. */
typedef struct hra_journal_state {
    bool begun; /* the records below are there */
    bool keys, lines, files;
    int64_t next_sequence, rows;
    const char *const *const *labels; /* texts by label number */
    const int *label_counts;
} hra_journal_state;

/* Opens and locks the journal. With `resume` an earlier run's records are read; if they belong to a run of another
 * identity: HRA_ECONFLICT. Otherwise it starts empty. */
hra_code hra_journal_open(const char *path, const char *identity, int label_count, bool resume, hra_journal **out,
                          hra_error *error);
const hra_journal_state *hra_journal_state_of(const hra_journal *journal);

/* Records wait until hra_journal_write or hra_journal_sync; the caller has written, or synced, the data first. */
hra_code hra_journal_begin(hra_journal *journal, bool keys, bool lines, bool files, hra_error *error);
hra_code hra_journal_label(hra_journal *journal, int label, const char *text, hra_error *error);
hra_code hra_journal_chunk(hra_journal *journal, int64_t sequence, int64_t rows, hra_error *error);
hra_code hra_journal_write(hra_journal *journal, hra_error *error);
hra_code hra_journal_sync(hra_journal *journal, hra_error *error);

/* Closes; with `remove` the file goes too. NULL allowed. */
void hra_journal_close(hra_journal *journal, bool remove);

#endif
