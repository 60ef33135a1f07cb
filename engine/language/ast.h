/* The syntax tree. The parser builds it; the checker fills the fields marked
 * "checked": what names mean, types, units. */
#ifndef HRA_LANGUAGE_AST_H
#define HRA_LANGUAGE_AST_H

#include "engine/data/dictionary.h"
#include "engine/language/lexer.h"
#include "engine/language/library.h"

/* ---- types of values ------------------------------------------------------- */

typedef enum hra_sort {
    HRA_SORT_FAULT, /* already reported; fits everything */
    HRA_SORT_ANY,   /* `unknown` and `outside`: take the sort of their place */
    HRA_SORT_NUMBER,
    HRA_SORT_FLAG,
    HRA_SORT_CATEGORY, /* value is the ordinal in `levels` */
    HRA_SORT_DAY,
    HRA_SORT_WORD /* a bare word that is no name: a level, if its place says of what */
} hra_sort;

typedef struct hra_levels {
    int count;
    const char *const *names;
    const double *numbers; /* the dictionary's codes, or NULL */
} hra_levels;

typedef struct hra_value_type {
    hra_sort sort;
    const char *unit;         /* numbers: NULL where units are not tracked */
    const hra_levels *levels; /* categories */
} hra_value_type;

/* ---- expressions ----------------------------------------------------------- */

typedef struct hra_expr hra_expr;
typedef struct hra_symbol hra_symbol;
typedef struct hra_decl hra_decl;
typedef struct hra_statement hra_statement;

typedef struct hra_range {
    bool has_low, has_high, low_open, high_open;
    double low, high;
} hra_range;

typedef enum hra_expr_kind {
    HRA_EXPR_NUMBER, /* number */
    HRA_EXPR_TRUTH,  /* number: 0 or 1 */
    HRA_EXPR_UNKNOWN,
    HRA_EXPR_OUTSIDE,
    HRA_EXPR_NAME,     /* word */
    HRA_EXPR_MEMBER,   /* word . member */
    HRA_EXPR_UNIT,     /* a [text] or a [text = b] */
    HRA_EXPR_NEGATE,   /* - a */
    HRA_EXPR_NOT,      /* not a */
    HRA_EXPR_BINARY,   /* a op b */
    HRA_EXPR_IN_RANGE, /* a in range */
    HRA_EXPR_IN_SET,   /* a in { args } */
    HRA_EXPR_CALL,     /* op(args) */
    HRA_EXPR_CASE,     /* case(a: arms, else -> b) */
    HRA_EXPR_BANDS,    /* points(a: arms, else -> b), bands(...): op */
    HRA_EXPR_RECAST,   /* a, a category, over more levels (made by the checker) */
    HRA_EXPR_SUM       /* sum(word in first..last: a) or sum(word in table: a) */
} hra_expr_kind;

/* Binary operators are their token (TOKEN_EQUAL, '<', '+' ...) or one of these. */
enum { HRA_BINARY_AND = 1, HRA_BINARY_OR = 2 };

typedef struct hra_arm {
    hra_span span;
    hra_range range; /* bands */
    hra_list labels; /* case: hra_expr */
    hra_expr *value;
} hra_arm;

struct hra_expr {
    hra_expr_kind kind;
    hra_span span;
    int op;
    int height; /* of the tree below, against endless nesting */
    double number;
    hra_word *word, *member;
    const char *text;
    hra_expr *a, *b;
    hra_list args; /* hra_expr */
    hra_list arms; /* hra_arm */
    hra_range range;
    /* checked */
    hra_value_type type;
    hra_symbol *symbol;
    hra_decl *declaration; /* MEMBER: the model; lookup and sum: the table */
    int column;            /* lookup, row values: column of the table; NAME of a level: ordinal */
    int depth;             /* innermost loop it depends on; 0: none */
    bool checked;
    bool quoted;   /* NAME written as a text: a level, never a value */
    bool is_level; /* NAME that is a level (ordinal in `column`) */
};

/* ---- what names mean ------------------------------------------------------- */

typedef enum hra_symbol_kind {
    HRA_SYMBOL_VARIABLE,    /* of the dictionary */
    HRA_SYMBOL_DECLARATION, /* let, factor, tier, model, table, panel ... */
    HRA_SYMBOL_AS_OF,       /* the day of the run */
    HRA_SYMBOL_LOCAL,       /* let or output of a model */
    HRA_SYMBOL_JOIN,        /* a name given in every stratum */
    HRA_SYMBOL_MAP,         /* a variable seen through the model's own levels */
    HRA_SYMBOL_EMIT,        /* result of a fold */
    HRA_SYMBOL_STATE,
    HRA_SYMBOL_ROW, /* inside a fold or sum */
    HRA_SYMBOL_RISK /* the chosen risk, in the category of a panel's role */
} hra_symbol_kind;

struct hra_symbol {
    hra_symbol_kind kind;
    hra_word *word;
    hra_span span;
    hra_value_type type;
    hra_decl *declaration;    /* DECLARATION: which; local kinds: where it is defined */
    hra_statement *statement; /* JOIN, MAP, EMIT: where it comes from */
    hra_expr *value;          /* LOCAL; STATE: initial value */
    int variable;             /* VARIABLE: index in the dictionary */
    int slot;                 /* local kinds: place of its value while lowering */
    int depth;                /* as of expressions */
    int index;                /* STATE, EMIT: number; ROW: column of the table, -1: the loop variable */
    hra_list parts;           /* JOIN: hra_symbol of each stratum */
    hra_symbol *shadowed;     /* what its word meant before, while in scope */
    bool is_output;
    const char *unit; /* properties of lets and outputs */
    int decimals;     /* -1: not stated */
};

/* ---- bodies of models ------------------------------------------------------ */

typedef enum hra_statement_kind {
    HRA_STATEMENT_LET,
    HRA_STATEMENT_OUTPUT,
    HRA_STATEMENT_VALID,
    HRA_STATEMENT_EXCLUDE,
    HRA_STATEMENT_MAP,
    HRA_STATEMENT_STRATA,
    HRA_STATEMENT_RECALIBRATES,
    HRA_STATEMENT_FOLD
} hra_statement_kind;

typedef struct hra_stratum {
    hra_span span;
    hra_expr *condition;
    hra_list body;    /* hra_statement */
    hra_list symbols; /* checked: given at the top of this stratum */
} hra_stratum;

typedef struct hra_map_entry {
    hra_span span;
    hra_list levels; /* hra_expr NAME */
    hra_word *own;   /* NULL: outside */
    hra_span own_span;
} hra_map_entry;

typedef struct hra_emit {
    hra_word *word;
    hra_span span;
    hra_word *state_word;
    hra_span state_span;
    hra_expr *condition; /* NULL: the last row */
    hra_symbol *symbol;  /* checked */
    int state, row;
} hra_emit;

/* state, let and next of a fold, in file order */
typedef struct hra_fold_item {
    enum { HRA_FOLD_STATE, HRA_FOLD_LET, HRA_FOLD_NEXT } kind;
    hra_word *word;
    hra_span span;
    hra_expr *value;
    hra_symbol *symbol; /* checked; NEXT: the state */
} hra_fold_item;

/* What a fold or a sum runs over: whole numbers or the rows of a table. */
typedef struct hra_loop {
    hra_word *variable; /* NULL: `over TABLE` */
    hra_span variable_span;
    hra_word *table; /* NULL: first..last */
    hra_span table_span;
    double first, last;
    hra_decl *declaration; /* checked: the table */
    int depth;             /* checked: 1 for a loop not within another */
    hra_list symbols;      /* checked: ROW symbols */
} hra_loop;

typedef struct hra_fold_body {
    hra_loop loop;
    hra_list items; /* hra_fold_item */
    hra_list emits; /* hra_emit */
    int state_count;
    int slot; /* checked: where the lowered fold is remembered */
} hra_fold_body;

struct hra_statement {
    hra_statement_kind kind;
    hra_span span; /* of the name, for LET, OUTPUT and MAP */
    hra_word *word;
    hra_expr *value; /* LET, OUTPUT, VALID, EXCLUDE; RECALIBRATES: MEMBER */
    hra_list properties;
    hra_list outputs; /* VALID ... for: hra_expr NAME */
    hra_list entries; /* MAP: hra_map_entry */
    hra_list strata;  /* STRATA: hra_stratum */
    hra_fold_body *fold;
    /* checked */
    hra_symbol *symbol;
    hra_list joins;         /* STRATA: hra_symbol JOIN */
    const hra_levels *own;  /* MAP: the model's levels */
    const double *ordinals; /* MAP: own ordinal of each level, NaN: outside */
    int mapped_count;       /* MAP: levels of what it maps */
    hra_symbol *mapped;     /* MAP: what the name meant before */
    hra_decl *exclusion;    /* EXCLUDE: the one that says it for many, or NULL */
    const hra_decl *owner;  /* VALID, EXCLUDE: the recalibrated model that it was taken over from, or NULL */
};

/* Whether a range or an exclusion of a model is one of this output. */
static inline bool hra_statement_applies(const hra_statement *s, const hra_symbol *output)
{
    for (int i = 0; i < s->outputs.count; i++)
        if (((const hra_expr *)s->outputs.items[i])->symbol == output) return true;
    return s->outputs.count == 0;
}

/* ---- tables ---------------------------------------------------------------- */

typedef enum hra_key_kind { HRA_KEY_CATEGORY, HRA_KEY_WORDS, HRA_KEY_BANDS } hra_key_kind;

typedef struct hra_key {
    hra_key_kind kind;
    hra_word *word;
    hra_span span;
    hra_word *variable; /* CATEGORY */
    hra_span variable_span;
    /* checked */
    const hra_levels *levels; /* CATEGORY, WORDS */
    int count;                /* levels, or pieces that the bands cut the numbers into */
    double *cuts;             /* BANDS: a step function from the number to its piece, NaN where no band is */
    bool *after;
    double *pieces;
    int cut_count;
} hra_key;

typedef struct hra_cell {
    hra_span span;
    hra_word *word; /* a level; NULL: a range or a number */
    hra_range range;
    bool missing; /* an empty cell */
} hra_cell;

typedef struct hra_table {
    hra_list keys;   /* hra_key */
    hra_list values; /* hra_expr NAME */
    const char *csv; /* file name, or NULL */
    hra_span csv_span;
    const hra_script *unread; /* rows of the CSV that nobody has asked for yet */
    hra_cell *cells;          /* row_count rows of keys and values */
    int row_count, row_capacity;
    /* checked */
    int64_t size;   /* product of key counts */
    double **dense; /* per value column: `size` numbers, or the rows where there is no key */
} hra_table;

/* ---- declarations ---------------------------------------------------------- */

typedef struct hra_named_block { /* tier level, panel role */
    hra_word *word;
    hra_span span;
    hra_list whens;     /* tier level: hra_expr; none: otherwise. `when unknown` is an EXPR_UNKNOWN */
    hra_list uses;      /* role: hra_expr MEMBER or NAME */
    hra_expr *category; /* role */
    hra_list labelled;  /* role: hra_expr NAME, levels of the category that have texts */
    hra_symbol *risk;   /* checked: what `risk` means in the category */
} hra_named_block;

/* One band of a reference: the first whose condition is true applies. */
typedef struct hra_band {
    hra_span span;
    double low, high;    /* NaN: none */
    hra_expr *condition; /* NULL: everybody */
} hra_band;

enum { HRA_UNCHECKED, HRA_CHECKING, HRA_CHECKED };

struct hra_decl {
    hra_declaration public; /* first: a hra_declaration points to its hra_decl */
    hra_word *word;
    hra_span span, name_span;
    hra_symbol *symbol;
    hra_decl *panel;       /* substitute inside a panel */
    hra_list properties;   /* hra_property */
    hra_expr *value;       /* let, substitute, topic */
    hra_expr *condition;   /* factor, prescription, group action, intervention, item, monitor; topic: at_target */
    hra_expr *roster;      /* group action */
    hra_list body;         /* model: hra_statement */
    hra_list blocks;       /* tier, panel: hra_named_block */
    hra_list also;         /* panel: hra_expr NAME of models; topic: of prescriptions of other domains */
    hra_list ideals;       /* ideal, intervention: hra_decl, like substitutes: a variable and its value */
    hra_list ranks;        /* panel: hra_expr NAME of roles whose risks add up to what an intervention removes */
    hra_list unless;       /* prescription: hra_expr, held back where one is true */
    hra_list instead_of;   /* prescription: hra_expr NAME of those it stands in for */
    hra_expr *serves;      /* prescription: NAME of its intervention, or NULL */
    hra_word *one_of;      /* prescription: what it shares with others, of which one is given; or NULL */
    hra_list bands;        /* reference: hra_band */
    hra_list from;         /* exclusion: hra_expr NAME of the factors and topics it holds for */
    hra_expr *over;        /* ideal: NAME of the variable that is searched */
    hra_list placeholders; /* hra_expr NAME: what stands in braces in its texts */
    hra_table *table;
    const char *unit; /* let; reference: of its bands, NULL: canonical */
    int decimals;     /* let, -1: not stated */
    bool replaces, replaced, faulty;
    bool builtin;
    bool unread;       /* nothing but its kind and name is known; its text is `span` */
    bool also_all;     /* panel: `also all` */
    bool first_always; /* prescription: before all that are ranked */
    bool has_reasons;  /* tier: some level says why */
    /* checked */
    int state;
    int number; /* among the declarations in force */
    int slot_count;
    hra_list outputs;          /* model: hra_symbol */
    hra_list valids;           /* model: hra_statement */
    hra_list excludes;         /* model, factor, topic: hra_statement */
    hra_list aggregates;       /* group action: hra_expr CALL */
    const hra_levels *levels;  /* tier */
    uint64_t *reads;           /* dictionary variables, one bit each */
    const hra_levels *reasons; /* tier: one per `when` and `otherwise`, in order */
    double priority, order;    /* infinite where it is not given */
    int substitutes;           /* substitute, reference: the variable */
    hra_list exclusions;       /* factor, topic: hra_decl of those that name it */
};

static inline hra_expr *hra_expr_at(const hra_list *list, int i) { return (hra_expr *)list->items[i]; }

/* ---- functions: name, least and most arguments (-1: any) -------------------- */
#define HRA_FUNCTIONS(F)                                                                                               \
    F(IF, "if", 3, 3)                                                                                                  \
    F(FIRST_KNOWN, "first_known", 1, -1)                                                                               \
    F(KNOWN, "known", 1, 1)                                                                                            \
    F(PRESENT, "present", 1, 1)                                                                                        \
    F(LOOKUP, "lookup", 1, -1)                                                                                         \
    F(COUNT, "count", 1, -1)                                                                                           \
    F(LN, "ln", 1, 1)                                                                                                  \
    F(EXP, "exp", 1, 1)                                                                                                \
    F(SQRT, "sqrt", 1, 1)                                                                                              \
    F(ABS, "abs", 1, 1)                                                                                                \
    F(MIN, "min", 2, -1)                                                                                               \
    F(MAX, "max", 2, -1)                                                                                               \
    F(CLAMP, "clamp", 3, 3)                                                                                            \
    F(FLOOR, "floor", 1, 1)                                                                                            \
    F(CEIL, "ceil", 1, 1)                                                                                              \
    F(TRUNC, "trunc", 1, 1)                                                                                            \
    F(ROUND, "round", 1, 2)                                                                                            \
    F(REPORTED, "reported", 1, 1)                                                                                      \
    F(NUMBER, "number", 1, 1)                                                                                          \
    F(YEARS_BETWEEN, "years_between", 2, 2)                                                                            \
    F(LINEAR_PLUS, "linear_plus", 2, 2)                                                                                \
    F(CUBIC_PLUS, "cubic_plus", 2, 2)                                                                                  \
    F(RCS, "rcs", 5, -1)                                                                                               \
    F(NORMAL_CDF, "normal_cdf", 1, 1)                                                                                  \
    F(PREVALENCE, "prevalence", 1, 1)                                                                                  \
    F(MEAN, "mean", 1, 1)

typedef enum hra_function {
#define F(NAME, text, least, most) HRA_FUNCTION_##NAME,
    HRA_FUNCTIONS(F)
#undef F
        HRA_FUNCTION_COUNT_
} hra_function;

typedef struct hra_function_row {
    const char *name;
    int least, most;
} hra_function_row;
const hra_function_row *hra_function_at(int function);

/* Value of an expression made of numbers alone; false if it is not. */
bool hra_expr_constant(const hra_expr *expr, double *value);

#endif
