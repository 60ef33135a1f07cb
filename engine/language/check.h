/* The checker: gives names their meaning and expressions their types, and
 * reports what does not fit. It writes its findings into the tree. */
#ifndef HRA_LANGUAGE_CHECK_H
#define HRA_LANGUAGE_CHECK_H

#include "engine/language/parser.h"

struct hra_library;

typedef struct hra_checker {
    struct hra_library *library;
    const hra_dictionary *dictionary;
    hra_memory *memory;
    hra_diagnostics *diagnostics;
    const hra_levels **variable_levels; /* by dictionary index, made on demand */
    hra_list path;                      /* declarations being checked, outermost first */
    hra_list scope;                     /* local symbols, oldest first */
    hra_decl *decl;                     /* the one being checked */
    int depth;                          /* of loops */
    bool any_level;                     /* in conditions of strata, ranges and exclusions every level may be compared */
    bool over_groups;                   /* condition of a group action, outside prevalence() and mean() */
    hra_list limited;                   /* words whose levels the model limits by `valid NAME in {...}` */
} hra_checker;

/* Checks one declaration, and before it those it names; reports a cycle at `from`. */
void hra_check_declaration(hra_checker *c, hra_decl *decl, const hra_span *from);
/* Before anything but kind and name of another declaration is looked at: of those of the build only the outline is
 * known until then. The check of a declaration does so itself. */
void hra_check_read(hra_checker *c, hra_decl *decl);
void hra_check_model(hra_checker *c, hra_decl *decl);
void hra_check_rules(hra_checker *c, hra_decl *decl); /* all other kinds but tables */
/* Before any declaration is checked: factors and topics learn which exclusions name them. */
void hra_check_assign_exclusions(hra_checker *c);
void hra_check_exclusion(hra_checker *c, hra_decl *decl);
bool hra_check_is_factor(const hra_checker *c, const char *name);
/* Of a factor or a topic: whom it is not for. */
void hra_check_excludes(hra_checker *c, hra_decl *decl);
void hra_check_service(hra_checker *c, hra_decl *decl); /* of them interventions, prescriptions, items ... */
void hra_check_table(hra_checker *c, hra_decl *decl);
void hra_check_texts(hra_checker *c, hra_decl *decl); /* names in braces */
/* A variable and the value read in its place: of substitutes, the ideal state, interventions. */
void hra_check_assignment(hra_checker *c, hra_decl *decl);
void hra_check_ranks(hra_checker *c, hra_decl *panel);

/* ---- expressions: the type is also left in the expression */
hra_value_type hra_check_expr(hra_checker *c, hra_expr *e);  /* may be a WORD */
hra_value_type hra_check_value(hra_checker *c, hra_expr *e); /* a WORD is an unknown name */
void hra_check_number(hra_checker *c, hra_expr *e);          /* number or flag */
void hra_check_flag(hra_checker *c, hra_expr *e);
hra_value_type hra_check_call(hra_checker *c, hra_expr *e);
hra_value_type hra_check_case(hra_checker *c, hra_expr *e);
hra_value_type hra_check_bands(hra_checker *c, hra_expr *e);
hra_value_type hra_check_sum(hra_checker *c, hra_expr *e);
hra_value_type hra_check_comparison(hra_checker *c, hra_expr *e);
hra_value_type hra_check_in_set(hra_checker *c, hra_expr *e);

/* Types with a unit must agree; a bare number takes any unit. */
const char *hra_check_units(hra_checker *c, hra_span span, const char *a, const char *b);

/* The common type of alternatives (branches, arms, strata). */
hra_value_type hra_check_join(hra_checker *c, hra_span span, hra_expr *const *values, int count);
/* Makes a category expression one over `levels`, by name. */
void hra_check_coerce(hra_checker *c, hra_expr *e, const hra_levels *levels);

/* ---- categories */
const hra_levels *hra_check_variable_levels(hra_checker *c, int variable);
int hra_level_index(const hra_levels *levels, const char *name);
bool hra_levels_equal(const hra_levels *a, const hra_levels *b);
const hra_levels *hra_levels_of_words(hra_memory *memory, hra_word *const *words, int count);
/* Turns a bare name into the level of that name, if there is one. */
bool hra_check_as_level(hra_expr *e, const hra_levels *levels);
void hra_check_no_level(hra_checker *c, const hra_expr *e, const hra_levels *levels, const char *of);

/* ---- names */
hra_symbol *hra_check_find(const hra_checker *c, const hra_word *word);
void hra_check_unknown_name(hra_checker *c, hra_span span, const hra_word *word);
hra_symbol *hra_check_define(hra_checker *c, hra_symbol_kind kind, hra_word *word, hra_span span);
void hra_check_close_scope(hra_checker *c, int mark);
/* The declaration of this kind with the name, checked; NULL with a fault. */
hra_decl *hra_check_declared(hra_checker *c, hra_word *word, hra_span span, hra_declaration_kind kind,
                             const char *what);
hra_symbol *hra_check_output(hra_checker *c, hra_decl *model, const hra_word *output, hra_span span);
/* Table or numbers of a loop; makes the row symbols visible. */
void hra_check_loop(hra_checker *c, hra_loop *loop);
/* MODEL or MODEL.OUTPUT of a panel. */
hra_symbol *hra_check_model_reference(hra_checker *c, hra_expr *e);

/* Number of rows of a loop, and a condition or number over one row: false if it
 * reads more than the row. */
int hra_loop_rows(const hra_loop *loop);
bool hra_row_value(const hra_loop *loop, int row, const hra_expr *e, double *value);
/* What the row symbol is in this row. */
double hra_row_cell(const hra_loop *loop, int row, int column);

const char *hra_sort_text(hra_value_type type); /* "a number", "a condition" ... */

#endif
