/* The library's inside, for the files of this folder. */
#ifndef HRA_LANGUAGE_LIBRARY_INTERNAL_H
#define HRA_LANGUAGE_LIBRARY_INTERNAL_H

#include <sodium.h>

#include "engine/language/ast.h"
#include "engine/language/dictionary_build.h"

struct hra_library {
    hra_memory memory;
    hra_dictionary *dictionary;
    bool has_dictionary;
    bool builtin;          /* while embedded files are added */
    hra_list all;          /* hra_decl, in file order, replaced ones too */
    hra_list blocks;       /* hra_variable_block */
    hra_list declarations; /* hra_decl in force; filled by the check */
    hra_list *substitutes; /* by dictionary variable: hra_decl */
    const hra_decl *ideal; /* the ideal state, or NULL; filled by the check */
    int block_count_done;
    bool checked;
    bool narrow;                        /* of the built-in declarations only the wanted ones */
    hra_list wanted;                    /* hra_word */
    const hra_levels **variable_levels; /* by dictionary variable, categories only */
    crypto_generichash_state state;
    char hash[2 * crypto_generichash_BYTES + 1];
};

/* Before the check of its declarations: whether this one is checked without being named by another. */
bool hra_library_wants(const struct hra_library *library, const hra_decl *decl);
/* Panels that are wanted, by what is known of it, are read, and their substitutes stand before them. False: none was.
 */
bool hra_library_read_panels(struct hra_library *library, hra_diagnostics *diagnostics);
/* Whether wanting few declarations can be followed; names are known. */
bool hra_library_can_be_narrow(const struct hra_library *library);
/* After the check: what was not needed is no longer there. */
void hra_library_drop_unchecked(struct hra_library *library);

/* After the check: what the public declarations say. */
void hra_catalogue_fill(struct hra_library *library);

/* risk, met, value or points, else the first output; NULL if there is none */
hra_symbol *hra_model_main_output(const hra_decl *model);

static inline const hra_decl *hra_decl_of(const hra_declaration *declaration) { return (const hra_decl *)declaration; }

/* Where a table of the build has a CSV: its text, for whoever reads the rows. */
void hra_library_keep_csv(struct hra_library *library, hra_decl *decl, hra_diagnostics *diagnostics);
/* Reads the CSV of a table into cells; faults name the CSV file. */
void hra_table_read_csv(hra_memory *memory, hra_decl *decl, const hra_script *script, hra_diagnostics *diagnostics);

#endif
