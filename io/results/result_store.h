/* Result store: what a run computed, one HDF5 file (docs/formats.md): per model
 * output a risk and a status dataset, factors and prescriptions as bit sets
 * with a catalogue, tiers and categories as small integers with their names,
 * person keys, group, provenance as attributes.
 */
#ifndef HRA_IO_RESULT_STORE_H
#define HRA_IO_RESULT_STORE_H

#include "engine/run/runner.h"

/* Also what tells runs apart when one is resumed: `input_hash` must change with the input's content (without it nothing
 * is resumed), `command` must state every setting that changes results (range policy, as-of day). */
typedef struct hra_result_provenance {
    const char *definitions_hash, *engine_version, *input_hash, *panel, *command;
    /* what next year needs to compare with; may be NULL or "" */
    const char *key_fingerprint;       /* of the key the person keys were hashed with */
    const char *as_of, *outside_range; /* as given on the command line */
} hra_result_provenance;

typedef struct hra_result_options {
    bool f64;     /* risks as float64 instead of float32 */
    bool resume;  /* continue a killed run from its journal, if its provenance is the same */
    bool drops;   /* nothing will continue it: an unfinished file goes */
    int64_t rows; /* total if known, else -1 */
} hra_result_options;

/* Sets wanted[i] where the file keeps the status of output i: not of flags that are packed into sets. */
void hra_result_kept_statuses(const hra_output *outputs, int output_count, bool *wanted);

typedef struct hra_result_writer hra_result_writer;

/* The writer is a sink; the file appears whole at finish. */
hra_code hra_result_writer_new(const char *path, const hra_output *outputs, int output_count, const hra_schema *schema,
                               const hra_result_provenance *provenance, const hra_result_options *options,
                               hra_result_writer **out, hra_error *error);
hra_sink *hra_result_writer_sink(hra_result_writer *writer);
int64_t hra_result_writer_resume_at(const hra_result_writer *writer); /* first chunk still to do */
hra_code hra_result_writer_finish(hra_result_writer *writer, hra_error *error);
void hra_result_writer_free(hra_result_writer *writer);

#endif
