/* From text to tokens. The lexer is a small value: copying it is looking ahead. */
#ifndef HRA_LANGUAGE_LEXER_H
#define HRA_LANGUAGE_LEXER_H

#include "engine/language/diagnostics.h"
#include "engine/language/memory.h"

/* A definition file; lives as long as the library. */
typedef struct hra_script {
    const char *name;
    const char *text; /* NUL-terminated */
    int length;
} hra_script;

/* A piece of a script, by bytes. */
typedef struct hra_span {
    const hra_script *script;
    int start, length;
} hra_span;

/* Two-character signs have their own numbers; the others are their character. */
typedef enum hra_token_kind {
    TOKEN_END = 0,
    TOKEN_NAME = 256,
    TOKEN_NUMBER,
    TOKEN_TEXT,
    TOKEN_EQUAL,          /* == */
    TOKEN_NOT_EQUAL,      /* != */
    TOKEN_LESS_EQUAL,     /* <= */
    TOKEN_GREATER_EQUAL,  /* >= */
    TOKEN_ARROW,          /* -> */
    TOKEN_DOTS,           /* ..   both ends belong to the range */
    TOKEN_DOTS_OPEN,      /* ..<  without the upper end */
    TOKEN_OPEN_DOTS,      /* <..  without the lower end */
    TOKEN_OPEN_DOTS_OPEN, /* <..< without both */
    TOKEN_FAULT           /* already reported */
} hra_token_kind;

typedef struct hra_token {
    int kind;
    hra_span span;
    int line;
    bool first_on_line; /* nothing but blanks before it */
    hra_word *word;     /* NAME */
    double number;      /* NUMBER */
    const char *text;   /* TEXT, escapes resolved, adjacent texts joined */
} hra_token;

typedef struct hra_lexer {
    const hra_script *script;
    int position, line;
    hra_memory *memory;
    hra_diagnostics *diagnostics;
} hra_lexer;

hra_token hra_lexer_next(hra_lexer *lexer);

/* Raw text from the present position up to ']' or '=' (a unit), trimmed. */
hra_span hra_lexer_unit(hra_lexer *lexer);

/* Reports a fault at a span: finds line, column and width in characters. */
void hra_fault(hra_diagnostics *diagnostics, hra_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int hra_span_line(hra_span span);
/* From the start of `first` to the end of `last`. */
hra_span hra_span_join(hra_span first, hra_span last);

/* Byte offset of the first byte that is not UTF-8 (or is NUL), or -1. */
int hra_utf8_fault(const char *text, size_t length);

#endif
