/* Shared by the files that read expressions. After a fault they return NULL or false, and p->failed is set. */
#ifndef HRA_LANGUAGE_PARSE_EXPRESSION_H
#define HRA_LANGUAGE_PARSE_EXPRESSION_H

#include "engine/language/parser.h"

hra_expr *hra_expr_new(hra_parser *p, hra_expr_kind kind, hra_span span);
/* `e` contains `child`, which may be NULL. What is nested too high is a fault. */
void hra_expr_grow(hra_parser *p, hra_expr *e, const hra_expr *child);

/* One expression more among e->args. */
bool hra_parse_argument(hra_parser *p, hra_expr *e);
/* A level whose name is also the name of something else may be quoted. */
hra_expr *hra_parse_quoted_level(hra_parser *p);
/* name(...); the present token is the parenthesis. */
hra_expr *hra_parse_call(hra_parser *p, hra_token name);

#endif
