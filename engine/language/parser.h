/* The parser: recursive descent over one script. Faults are reported and the
 * parser goes on at the next statement, so that one pass finds them all. */
#ifndef HRA_LANGUAGE_PARSER_H
#define HRA_LANGUAGE_PARSER_H

#include "engine/language/ast.h"
#include "engine/language/library.h"

typedef struct hra_parser {
    hra_lexer lexer;
    hra_token token, last; /* present and previous */
    hra_memory *memory;
    hra_diagnostics *diagnostics;
    bool failed; /* in the present statement: fall through to recovery */
    int nesting;
    int faults_before;     /* when the present declaration began */
    int recovered_at;      /* start of the word the last recovery stopped at */
    int strata;            /* nesting of stratum blocks */
    hra_list declarations; /* hra_decl */
    hra_list variables;    /* hra_variable_block */
} hra_parser;

/* A `variable` declaration, handed to the dictionary. */
typedef struct hra_level_row {
    hra_word *word;
    hra_span span;
    double number;
    hra_list labels; /* texts */
} hra_level_row;

typedef struct hra_variable_block {
    hra_span span, name_span;
    hra_word *word;
    hra_type type;
    hra_list properties;
    double decimals, plausible_min, plausible_max, hard_min, hard_max; /* NaN: not given */
    hra_list levels;                                                   /* hra_level_row */
    hra_list aliases;                                                  /* texts */
    hra_list converts;                                                 /* hra_unit_conversion */
    const char *unit;
    hra_word *only_for, *only_for_level; /* NULL: not given */
    bool only_for_others;
    hra_span only_for_span;
    bool replaces, has_type;
} hra_variable_block;

void hra_parse_script(hra_parser *parser);
/* Of a script of the build: bodies that may not be needed are left unread. */
void hra_parse_outline(hra_parser *parser, const hra_margin *margins);
/* The body of a declaration that was left unread. `inner`: the substitutes in it, if it is a panel. */
void hra_parse_unread(hra_memory *memory, hra_diagnostics *diagnostics, hra_decl *decl, hra_list *inner);

/* ---- shared by the parser's files ------------------------------------------ */
void hra_parser_advance(hra_parser *p);
/* Reports "expected WHAT, found ..." at the present token; sets failed. */
void hra_parser_expected(hra_parser *p, const char *what);
bool hra_parser_at(const hra_parser *p, int kind);
bool hra_parser_at_word(const hra_parser *p, const char *word);
bool hra_parser_take(hra_parser *p, int kind);              /* if present */
bool hra_parser_take_word(hra_parser *p, const char *word); /* if present */
bool hra_parser_need(hra_parser *p, int kind, const char *what);
hra_word *hra_parser_name(hra_parser *p, const char *what, hra_span *span); /* a name, or NULL with a fault */
hra_token hra_parser_peek(const hra_parser *p);                             /* the token after the present one */
bool hra_parser_number(hra_parser *p, double *value);                       /* sign allowed */
const char *hra_parser_text(hra_parser *p, const char *what);
hra_span hra_parser_since(const hra_parser *p, hra_span start);
bool hra_parser_at_declaration(const hra_parser *p); /* a keyword of a declaration at the left margin */
/* After a fault: to the next statement or the end of the block. */
void hra_parser_recover(hra_parser *p);
/* Calls `item` until the closing brace, recovering after faults. */
typedef void hra_parse_item(hra_parser *p, void *context);
void hra_parser_block(hra_parser *p, hra_parse_item *item, void *context);

hra_expr *hra_parse_expr(hra_parser *p);
bool hra_parse_range(hra_parser *p, hra_range *range);
bool hra_parse_loop(hra_parser *p, hra_loop *loop);

/* Properties: true if the present token starts one that `kind` knows. */
typedef enum hra_property_place {
    HRA_PLACE_LET = 1,
    HRA_PLACE_SUBSTITUTE = 2,
    HRA_PLACE_TABLE = 4,
    HRA_PLACE_MODEL = 8,
    HRA_PLACE_FACTOR = 16,
    HRA_PLACE_TIER = 32,
    HRA_PLACE_PRESCRIPTION = 64,
    HRA_PLACE_ACTION = 128,
    HRA_PLACE_PANEL = 256,
    HRA_PLACE_LEVEL = 512, /* of a tier */
    HRA_PLACE_ROLE = 1024,
    HRA_PLACE_USE = 2048,
    HRA_PLACE_VARIABLE = 4096,
    HRA_PLACE_IDEAL = 8192,
    HRA_PLACE_INTERVENTION = 16384,
    HRA_PLACE_ITEM = 32768,
    HRA_PLACE_MONITOR = 65536,
    HRA_PLACE_TOPIC = 131072,
    HRA_PLACE_REFERENCE = 262144,
    HRA_PLACE_EXCLUSION = 524288
} hra_property_place;
void hra_parse_property(hra_parser *p, hra_property_place place, const char *prefix, hra_list *properties);
void hra_parse_properties(hra_parser *p, hra_property_place place, hra_list *properties); /* { ... } */
const char *hra_property_value(const hra_list *properties, const char *key, const char *language);

/* One property more, made by the parser itself. */
void hra_add_property(hra_parser *p, hra_list *properties, const char *key, const char *value);

/* ---- bodies of declarations */
void hra_parse_model(hra_parser *p, hra_decl *decl);
void hra_parse_tier(hra_parser *p, hra_decl *decl);
void hra_parse_ideal(hra_parser *p, hra_decl *decl);
void hra_parse_intervention(hra_parser *p, hra_decl *decl);
void hra_parse_prescription(hra_parser *p, hra_decl *decl);
void hra_parse_checkup_item(hra_parser *p, hra_decl *decl);
void hra_parse_monitor(hra_parser *p, hra_decl *decl);
void hra_parse_topic(hra_parser *p, hra_decl *decl);
void hra_parse_reference(hra_parser *p, hra_decl *decl);
void hra_parse_exclusion(hra_parser *p, hra_decl *decl);

/* ---- shared by them */
hra_decl *hra_parser_new_decl(hra_parser *p, hra_declaration_kind kind, bool replaces);
/* One declaration, from its first word on. */
void hra_parse_declaration(hra_parser *p);
/* From its name on; false: it has none. */
bool hra_parse_rest(hra_parser *p, hra_decl *decl);
bool hra_parser_name_decl(hra_parser *p, hra_decl *decl, const char *what);
/* A level or role of a declaration: named once. */
hra_named_block *hra_parser_new_block(hra_parser *p, hra_decl *decl, const char *what);
/* After `when`: the one condition of a declaration. */
void hra_parse_condition(hra_parser *p, hra_decl *decl);
/* exclude CONDITION; of a factor or topic it may say why: because "..." because.zh "..." */
void hra_parse_exclude(hra_parser *p, hra_list *statements);
void hra_parse_exclude_why(hra_parser *p, hra_decl *decl);
/* At the end of a body: a fault unless it is there, or something else was already told. */
void hra_parser_must_have(hra_parser *p, const hra_decl *decl, bool there, const char *what);
void hra_parse_table(hra_parser *p, hra_decl *decl);
void hra_parse_variable(hra_parser *p, bool replaces);
bool hra_parse_cell(hra_parser *p, hra_cell *cell);
/* `expected`: rows that room is made for at once when there is none yet. */
hra_cell *hra_table_new_row(hra_memory *memory, hra_table *table, int expected);

/* "did you mean" : nearest of the candidates, or NULL */
typedef struct hra_suggestion {
    const char *wanted, *best;
    int distance;
} hra_suggestion;
void hra_suggest(hra_suggestion *suggestion, const char *candidate);
const char *hra_suggested(const hra_suggestion *suggestion);

#endif
