/* What stands behind `hra models`: one function for each of its verbs. Each
 * returns the exit status and prints its own errors. */
#ifndef HRA_CLI_MODELS_H
#define HRA_CLI_MODELS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "engine/language/library.h"

typedef struct hra_models_options {
    bool json;
    bool details; /* list: outcome and names of inputs */
    bool speed;   /* list: people a second, measured now */
    const char *vectors;
} hra_models_options;

/* Models that have all words in their id, texts, sources or inputs; without words, all. */
int hra_models_list(const hra_library *library, char **words, int count, const hra_models_options *options);
int hra_models_show(const hra_library *library, const char *id, const hra_models_options *options);
/* Without ids every model; status 4 if an answer is wrong. */
int hra_models_verify(const hra_library *library, char **ids, int count, const hra_models_options *options);
/* Writes models.md and models/<disease>.md into a folder. */
int hra_models_docs(const hra_library *library, const char *folder, const hra_models_options *options);

/* Says that nothing is declared by this name, and what may be meant. */
int hra_models_unknown(const hra_library *library, const char *id);
/* Prints and frees; status of the buffer. */
int hra_models_print(hra_buffer *out);

#endif
