/* What a declaration says of itself: a card for the terminal, and JSON. */
#ifndef HRA_REPORT_MODEL_CARD_H
#define HRA_REPORT_MODEL_CARD_H

#include "base/buffer.h"
#include "engine/language/library.h"

/* For reading: texts, ranges, inputs, outputs and the definition itself. */
void hra_model_card(hra_buffer *out, const hra_library *library, const hra_declaration *d);

/* The same for programs. speed: people a second, below 0 if not measured. */
void hra_model_card_json(hra_buffer *out, const hra_library *library, const hra_declaration *d, double speed);

/* A text of the declaration, "" where it has none. */
const char *hra_card_text(const hra_declaration *d, const char *key, const char *language);

/* A paragraph after a label, broken between words at column 110; `margin` is where its text begins. */
void hra_card_paragraph(hra_buffer *out, const char *label, int margin, const char *text);

/* "mmol/L", "male | female", "yes or no": what values an input takes. */
void hra_card_values(hra_buffer *out, const hra_variable *variable);

/* The models by disease, then id; the caller frees the array. NULL without memory. */
const hra_declaration **hra_card_models(const hra_library *library, int *count);

/* The next model (after position *at) that shares a source with `d`, or NULL. Start with *at = 0. */
const hra_declaration *hra_card_relative(const hra_library *library, const hra_declaration *d, int *at);

#endif
