/* A library: the dictionary and all declarations of the loaded definition
 * files, checked. Immutable after hra_library_check; shared by threads.
 *
 * Built-in definitions and dictionary come embedded in the binary
 * (hra_embedded_file); files given by the user have the same rights, and a
 * declaration in a later file with `replace` before it takes the place of an
 * earlier one (house rules).
 */
#ifndef HRA_LANGUAGE_LIBRARY_H
#define HRA_LANGUAGE_LIBRARY_H

#include <stdbool.h>

#include "engine/language/diagnostics.h"
#include "engine/data/dictionary.h"

typedef struct hra_library hra_library;

hra_library *hra_library_new(void);
void hra_library_free(hra_library *library);

/* Parse; faults go to diagnostics, and HRA_EDEFINITION is returned if any. A
 * table's CSV is looked for beside the definition file. */
hra_code hra_library_add_text(hra_library *library, const char *file, const char *text, size_t length,
                              hra_diagnostics *diagnostics, hra_error *error);
hra_code hra_library_add_file(hra_library *library, const char *path, hra_diagnostics *diagnostics, hra_error *error);
hra_code hra_library_add_builtin(hra_library *library, hra_diagnostics *diagnostics, hra_error *error);
/* Of the build the dictionary alone, for who computes nothing. The hash is that of all of the build. */
hra_code hra_library_add_dictionary(hra_library *library, hra_diagnostics *diagnostics, hra_error *error);

/* Before the check: of the built-in definitions only these models and panels, by name, are wanted; of the others what
 * they need is read, and the rest is as if it were not there. Definitions that touch built-in ones, and names that are
 * none, make it read everything after all. */
void hra_library_want(hra_library *library, const char *const *names, int count);
/* Of a checked library: whether all its definitions were read. Who goes through them must not do with fewer. */
bool hra_library_is_whole(const hra_library *library);

/* Resolves names, checks types, units, levels, cycles of every declaration.
 * Called once, after the last file. */
hra_code hra_library_check(hra_library *library, hra_diagnostics *diagnostics, hra_error *error);

/* Of a checked library: factors of severity urgent whose values the dictionary's
 * hard limits reject, or cut off close beyond the threshold. Number of faults. */
int hra_library_check_urgent(const hra_library *library, hra_diagnostics *diagnostics);

const hra_dictionary *hra_library_dictionary(const hra_library *library);

/* Of a checked library: hash of dictionary and all definition texts, hex (BLAKE2b-256). */
const char *hra_library_hash(const hra_library *library);

/* ---- what the declarations say (for catalogues, reports, checks) ---------- */

typedef enum hra_declaration_kind {
    HRA_DECLARATION_LET,
    HRA_DECLARATION_SUBSTITUTE,
    HRA_DECLARATION_TABLE,
    HRA_DECLARATION_MODEL,
    HRA_DECLARATION_FACTOR,
    HRA_DECLARATION_TIER,
    HRA_DECLARATION_PRESCRIPTION,
    HRA_DECLARATION_GROUP_ACTION,
    HRA_DECLARATION_PANEL,
    HRA_DECLARATION_IDEAL,
    HRA_DECLARATION_INTERVENTION,
    HRA_DECLARATION_ITEM,
    HRA_DECLARATION_MONITOR,
    HRA_DECLARATION_TOPIC,
    HRA_DECLARATION_REFERENCE, /* its name is that of the variable */
    HRA_DECLARATION_EXCLUSION
} hra_declaration_kind;

/* The word that begins such a declaration: "model". */
const char *hra_declaration_kind_name(hra_declaration_kind kind);

/* A text property in one language: key "title", language "en" or "zh". A DOI
 * is a `source` "doi:10...". Texts inside a block carry its name: tier levels
 * "comprehensive.title", "comprehensive.1.because" (its first `when`; a level of
 * the tier's reason is the key without "because"); panel roles "chd.title",
 * "chd.use1" and "chd.use1.because" (the model of the role's first `use`, and why), "chd.low.title" (a level of
 * its category); references "band1.low", "band1.high". Lengths of time are
 * "28 days"; hra_declaration_days reads them. */
typedef struct hra_property {
    const char *key, *language, *value;
} hra_property;

typedef struct hra_declaration {
    hra_declaration_kind kind;
    const char *id;
    const char *file; /* where it stands */
    int line;
    const hra_property *properties; /* in file order; a key may repeat (source, note) */
    int property_count;
    const char *source_text; /* the declaration as written */
    int source_length;
    const char *const *inputs; /* dictionary names read, through lets and other rules; models, lets, rules */
    int input_count;
    const char *const *outputs; /* models: names in file order; tiers: level names; panels: role names */
    int output_count;
    /* as written but on one line; of factors and topics the excludes alone */
    const char *const *valids;     /* "age in 30..59 for risk_30y" */
    const char *const *excludes;   /* "prior_mi or prior_stroke", "not adult_limits (exclusion NAME)" */
    const char *const *categories; /* outputs that are levels: "category = bands(risk: <0.05 -> low, ...)" */
    int valid_count, exclude_count, category_count;
} hra_declaration;

int hra_library_declaration_count(const hra_library *library);
const hra_declaration *hra_library_declaration(const hra_library *library, int index);
const hra_declaration *hra_library_find(const hra_library *library, const char *id);
const char *hra_library_suggest(const hra_library *library,
                                const char *id); /* a declaration named nearly so, or NULL */

/* First value of a property in `language`, else in English, else NULL. */
const char *hra_declaration_text(const hra_declaration *declaration, const char *key, const char *language);

/* Days of a property like `within 4 weeks` (a month is 30 days, a year 365); -1: there is none. */
int hra_declaration_days(const hra_declaration *declaration, const char *key);

/* The reference of a variable of the dictionary, or NULL. */
const hra_declaration *hra_library_reference(const hra_library *library, const char *variable);

/* Files embedded at build time: name relative to the source tree
 * ("models/cvd/china_par_2016.hra", "datasets/dictionary.csv"). */
typedef struct hra_margin {
    int at, line;
} hra_margin;
typedef struct hra_embedded {
    const char *name;
    const unsigned char *bytes;
    size_t length;
    const hra_margin *margins; /* of a script: where words stand at the margin, then the end with line 0; or NULL */
} hra_embedded;
extern const hra_embedded hra_embedded_files[];
extern const int hra_embedded_count;
enum { HRA_EMBEDDED_HASH = 32 };
extern const unsigned char hra_embedded_hash[HRA_EMBEDDED_HASH]; /* of dictionary and definitions among them */
const hra_embedded *hra_embedded_file(const char *name);         /* NULL: none */

#endif
