/* The public C API of hra: score columns held in memory.
 *
 *     hra_engine *engine = NULL;
 *     hra_scorer *scorer = NULL;
 *     hra_error error;
 *     const char *models[] = {"china_par_2016"};
 *     const char *columns[] = {"sex", "age", "sbp", "tc[mg/dL]"};
 *     if (hra_engine_new(NULL, 0, &engine, &error) == HRA_OK &&
 *         hra_scorer_new(engine, models, 1, columns, 4, HRA_OUTSIDE_COMPUTE, &scorer, &error) == HRA_OK)
 *         hra_scorer_run(scorer, rows, inputs, results, status, 0, &error);
 *
 * Shapes: columns in, columns out. An input column is `rows` doubles: numbers in
 * the dictionary's canonical unit (or the unit in brackets), flags 0 or 1,
 * categories the dictionary's code, dates days since 1970-01-01; NaN is
 * unknown. A result column is `rows` doubles (flags 0/1, categories the level's
 * position) and `rows` status bytes; NaN is unknown and the status says why.
 * Risks are probabilities (0..1) over the model's horizon, see the model's
 * definition for outcome, horizon and source (DOI). Tables of columns that are
 * no doubles, with texts for levels: hra/arrow.h.
 *
 * Ownership: what a _new function gives is freed with the matching _free (NULL
 * allowed); inputs and results belong to the caller; texts returned belong to
 * the object they came from. An engine is immutable: threads may share it and
 * open scorers at the same time. A scorer may be shared too, every run works on
 * its own memory; runs at the same time do best with threads 1 each.
 * Errors: see hra/error.h.
 *
 * hra supports, and does not replace, a physician.
 */
#ifndef HRA_HRA_H
#define HRA_HRA_H

#include <stddef.h>
#include <stdint.h>

#include "hra/error.h"

#if defined(__GNUC__)
#define HRA_API __attribute__((visibility("default")))
#else
#define HRA_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hra_engine hra_engine;
typedef struct hra_scorer hra_scorer;

HRA_API const char *hra_version(void);

/* An engine with the built-in definitions and those of the given files. The
 * faults of a definition file stand in the error's message, each with file,
 * line and column (as many as fit). *out is set where HRA_OK is returned. */
HRA_API hra_code hra_engine_new(const char *const *definition_files, int file_count, hra_engine **out,
                                hra_error *error);
HRA_API void hra_engine_free(hra_engine *engine);

/* Ids of the definitions of a kind: "model", "panel", "factor", "tier", "prescription", "intervention", "item",
 * "monitor", "topic" ...; index from 0 on, NULL behind the last one. */
HRA_API const char *hra_engine_definition(const hra_engine *engine, const char *kind, int index);

/* Ids of all models, and a property ("title", "outcome", "source", "caution" ...)
 * of one in a language ("en", "zh"); NULL if it has none. Any definition may stand for the model. */
HRA_API int hra_engine_model_count(const hra_engine *engine);
HRA_API const char *hra_engine_model(const hra_engine *engine, int index);
HRA_API const char *hra_engine_model_text(const hra_engine *engine, const char *model, const char *property,
                                          const char *language);
/* Names of the variables that a model or rule can read, index from 0 on; NULL behind the last one. */
HRA_API const char *hra_engine_model_input(const hra_engine *engine, const char *model, int index);

/* What becomes of rows outside a model's published range. */
typedef enum hra_outside { HRA_OUTSIDE_COMPUTE, HRA_OUTSIDE_BLANK, HRA_OUTSIDE_CLAMP } hra_outside;

/* Compiles models for the given input columns: dictionary names, each once, with
 * a unit in brackets where it is not the canonical one. Variables that have no
 * column are unknown. The engine must outlive it. */
HRA_API hra_code hra_scorer_new(const hra_engine *engine, const char *const *models, int model_count,
                                const char *const *columns, int column_count, hra_outside outside, hra_scorer **out,
                                hra_error *error);
HRA_API void hra_scorer_free(hra_scorer *scorer);

/* The same for all that `hra score` computes. The request is those of its options that say what: --models or --panel
 * (without either, and for NULL, the panel china_corporate), --factors, --tiers, --prescriptions, --items, --monitors,
 * --topics, --references, --what-if, --ideal, --risk-age, --outside-range, --as-of; for example
 * "--panel china_corporate --factors --tiers --as-of 2026-01-31". The results are the program's, bit for bit. */
HRA_API hra_code hra_scorer_open(const hra_engine *engine, const char *request, const char *const *columns,
                                 int column_count, hra_scorer **out, hra_error *error);

/* Result columns: "china_par_2016.risk", ... For an index that is none the texts are NULL. */
HRA_API int hra_scorer_output_count(const hra_scorer *scorer);
HRA_API const char *hra_scorer_output(const hra_scorer *scorer, int index);

/* "number", "flag" or "category". */
HRA_API const char *hra_scorer_output_kind(const hra_scorer *scorer, int index);
/* "mmol/L"; "1" for risks, points and all else that has none. */
HRA_API const char *hra_scorer_output_unit(const hra_scorer *scorer, int index);
/* The id of the definition it comes from: "china_par_2016". */
HRA_API const char *hra_scorer_output_definition(const hra_scorer *scorer, int index);
/* The name of its status, "china_par_2016.status"; results that share one have the same. */
HRA_API const char *hra_scorer_output_status(const hra_scorer *scorer, int index);
/* Names of a category output's levels; *count 0 for numbers, flags and an index that is none. */
HRA_API const char *const *hra_scorer_output_levels(const hra_scorer *scorer, int index, int *count);

/* inputs[column][row] in; results[output][row] and status[output][row] out.
 * status may be NULL. threads 0: all processors. */
HRA_API hra_code hra_scorer_run(const hra_scorer *scorer, size_t rows, const double *const *inputs,
                                double *const *results, uint8_t *const *status, int threads, hra_error *error);

/* Words of a status byte: "ok", "outside_range;missing"; a text of the caller's. */
HRA_API void hra_status_words(uint8_t status, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
