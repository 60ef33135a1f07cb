/* The sheet to sign. */
#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "service/signoff/signoff_internal.h"

const char *const hra_sheet_columns[HRA_SHEET_COLUMN_COUNT] = {
#define COLUMN(NAME, text) text,
    HRA_SHEET_COLUMNS(COLUMN)
#undef COLUMN
};

static void add_sources(const hra_declaration *d, hra_buffer *cell)
{
    for (int i = 0; i < d->property_count; i++)
        if (strcmp(d->properties[i].key, "source") == 0)
            hra_buffer_printf(cell, "%s%s", cell->length ? "; " : "", d->properties[i].value);
}

static const char *chinese(const hra_declaration *d, const char *key)
{
    for (int i = 0; i < d->property_count; i++) {
        const hra_property *p = &d->properties[i];
        if (strcmp(p->key, key) == 0 && strcmp(p->language, "zh") == 0) return p->value;
    }
    return "";
}

static const char *or_empty(const char *text) { return text ? text : ""; }

static void fill_content(const hra_signoff_entry *e, int column, hra_buffer *cell)
{
    const hra_declaration *d = e->declaration;
    switch (column) {
    case HRA_SHEET_ID: hra_buffer_text(cell, d->id); break;
    case HRA_SHEET_KIND: hra_buffer_text(cell, e->kind); break;
    case HRA_SHEET_TITLE: hra_buffer_text(cell, or_empty(hra_declaration_text(d, "title", "en"))); break;
    case HRA_SHEET_TITLE_ZH: hra_buffer_text(cell, chinese(d, "title")); break;
    case HRA_SHEET_RULE: hra_content_rule(d, cell); break;
    case HRA_SHEET_TEXTS: hra_content_texts(d, "en", cell); break;
    case HRA_SHEET_TEXTS_ZH: hra_content_texts(d, "zh", cell); break;
    case HRA_SHEET_SOURCE: add_sources(d, cell); break;
    case HRA_SHEET_REVIEW: hra_buffer_text(cell, or_empty(hra_declaration_text(d, "review", "en"))); break;
    case HRA_SHEET_FILE: hra_buffer_printf(cell, "%s:%d", d->file, d->line); break;
    case HRA_SHEET_STATE: hra_buffer_text(cell, hra_signoff_word(e->state)); break;
    case HRA_SHEET_HASH: hra_buffer_text(cell, e->hash); break;
    default: break;
    }
}

/* Decisions on what says the same today are carried over; the others must be made again. */
static void fill_decision(const hra_signoff_entry *e, int column, hra_buffer *cell)
{
    char day[HRA_DAY_TEXT];
    bool counts = e->decision != HRA_DECISION_NONE && strcmp(e->hash, e->signed_hash) == 0;
    if (!counts) return;
    switch (column) {
    case HRA_SHEET_DECISION:
        hra_buffer_text(cell, e->decision == HRA_DECISION_APPROVED ? "approved" : "rejected");
        break;
    case HRA_SHEET_REVIEWER: hra_buffer_text(cell, or_empty(e->reviewer)); break;
    case HRA_SHEET_DATE: hra_buffer_text(cell, hra_day_text(e->date, day)); break;
    case HRA_SHEET_EXPIRY: hra_buffer_text(cell, hra_day_text(e->expiry, day)); break;
    case HRA_SHEET_COMMENT: hra_buffer_text(cell, or_empty(e->comment)); break;
    default: break;
    }
}

static void write_row(const hra_signoff_entry *e, hra_buffer *cell, hra_buffer *out)
{
    for (int c = 0; c < HRA_SHEET_COLUMN_COUNT; c++) {
        hra_buffer_clear(cell);
        if (c < HRA_SHEET_DECISION)
            fill_content(e, c, cell);
        else
            fill_decision(e, c, cell);
        if (c) hra_buffer_char(out, ',');
        if (cell->length) hra_buffer_csv_foreign(out, cell->bytes, cell->length);
        if (cell->failed) out->failed = true;
    }
    hra_buffer_char(out, '\n');
}

hra_code hra_signoffs_sheet(const hra_signoffs *signoffs, hra_buffer *out, hra_error *error)
{
    hra_buffer cell = {0};
    hra_signoffs_count(signoffs, HRA_SIGNOFF_NONE); /* finds the states */
    hra_buffer_text(out, "\xEF\xBB\xBF");           /* spreadsheets read Chinese as UTF-8 only after this mark */
    for (int c = 0; c < HRA_SHEET_COLUMN_COUNT; c++) hra_buffer_printf(out, "%s%s", c ? "," : "", hra_sheet_columns[c]);
    hra_buffer_char(out, '\n');
    for (int i = 0; i < signoffs->count; i++)
        if (signoffs->entries[i].kind) write_row(&signoffs->entries[i], &cell, out);
    hra_buffer_destroy(&cell);
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}
