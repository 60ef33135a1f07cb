/* Scripts of the build are read in outline: of most declarations only kind and name, until somebody needs them. Each
 * begins with its word at the margin, and nothing else stands there but comments and closing braces; where that is was
 * noted when they were embedded. */
#include "engine/language/parser.h"

/* Kinds that are wanted without being named concern a variable or other declarations. */
static bool may_wait(hra_declaration_kind kind)
{
    return kind != HRA_DECLARATION_SUBSTITUTE && kind != HRA_DECLARATION_EXCLUSION;
}

/* The kind that the word at the margin says, -1: none (`variable`, `replace`). */
static int kind_at(const hra_parser *p)
{
    for (int kind = HRA_DECLARATION_LET; kind <= HRA_DECLARATION_EXCLUSION; kind++)
        if (hra_parser_at_word(p, hra_declaration_kind_name((hra_declaration_kind)kind))) return kind;
    return -1;
}

static void start_at(hra_parser *p, int at, int line)
{
    p->lexer.position = at;
    p->lexer.line = line;
    p->recovered_at = -1;
    p->failed = false;
    p->nesting = p->strata = 0;
    hra_parser_advance(p);
}

static void leave_unread(hra_parser *p, hra_declaration_kind kind, int end)
{
    hra_parser_advance(p);
    hra_decl *decl = hra_parser_new_decl(p, kind, false);
    if (!hra_parser_name_decl(p, decl, "a name")) return;
    decl->public.line = p->last.line;
    decl->span.length = end - decl->span.start;
    decl->unread = true;
    hra_list_add(p->memory, &p->declarations, decl);
}

void hra_parse_outline(hra_parser *p, const hra_margin *margins)
{
    for (const hra_margin *m = margins; m->line > 0; m++) {
        start_at(p, m->at, m->line);
        int kind = kind_at(p);
        if (kind >= 0 && may_wait((hra_declaration_kind)kind))
            leave_unread(p, (hra_declaration_kind)kind, m[1].at);
        else
            hra_parse_declaration(p);
    }
}

static int line_of_start(const hra_decl *decl)
{
    int line = decl->public.line;
    for (int i = decl->span.start; i < decl->name_span.start; i++) line -= decl->span.script->text[i] == '\n';
    return line;
}

void hra_parse_unread(hra_memory *memory, hra_diagnostics *diagnostics, hra_decl *decl, hra_list *inner)
{
    hra_parser p = {.lexer = {.script = decl->span.script, .memory = memory, .diagnostics = diagnostics},
                    .memory = memory,
                    .diagnostics = diagnostics};
    int end = decl->span.start + decl->span.length;
    decl->unread = false;
    start_at(&p, decl->span.start, line_of_start(decl));
    hra_parser_advance(&p);
    decl->span = p.last.span;
    hra_parse_rest(&p, decl);
    if (p.token.span.start != end && !p.failed)
        hra_fault(diagnostics, decl->name_span, "in definitions of the build only declarations begin at the margin");
    *inner = p.declarations;
}
