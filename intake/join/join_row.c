#include "intake/join/join_row.h"

#include <stdlib.h>
#include <string.h>

bool hra_join_row_init(hra_join_row *row, const hra_join_schema *schema)
{
    size_t columns = (size_t)schema->schema.column_count + 1, labels = (size_t)schema->schema.label_count + 1;
    row->codes = calloc(columns, sizeof *row->codes);
    row->values = calloc(columns, sizeof *row->values);
    row->marks = calloc(columns, sizeof *row->marks);
    row->labels = calloc(labels, sizeof *row->labels);
    if (row->codes && row->values && row->marks && row->labels) {
        hra_join_row_clear(row, schema);
        return true;
    }
    hra_join_row_destroy(row);
    return false;
}

void hra_join_row_destroy(hra_join_row *row)
{
    free(row->codes);
    free(row->values);
    free(row->marks);
    free(row->labels);
    *row = (hra_join_row){0};
}

void hra_join_row_clear(hra_join_row *row, const hra_join_schema *schema)
{
    row->line = -1;
    row->file = -1;
    memcpy(row->codes, schema->missing, (size_t)schema->schema.column_count * sizeof *row->codes);
    memset(row->marks, 0, (size_t)schema->schema.column_count);
    for (int i = 0; i < schema->schema.label_count; i++) row->labels[i] = -1;
}

/* ---- packing: line, file, labels, one bit a column, then code, value and mark of the columns that have one */

static size_t bitmap_bytes(const hra_join_schema *schema) { return ((size_t)schema->schema.column_count + 7) / 8; }

/* Marks are few: a column that has one sets this bit of its code. */
#define HAS_MARK 0x80000000u

void hra_join_row_pack(const hra_join_row *row, const hra_join_schema *schema, hra_buffer *out)
{
    const hra_schema *s = &schema->schema;
    hra_buffer_append(out, &row->line, sizeof row->line);
    hra_buffer_append(out, &row->file, sizeof row->file);
    hra_buffer_append(out, row->labels, (size_t)s->label_count * sizeof *row->labels);
    size_t bitmap = out->length, room = bitmap_bytes(schema) + (size_t)s->column_count * (4 + 8 + 1);
    char *at = hra_buffer_reserve(out, room);
    if (!at) return;
    memset(at, 0, bitmap_bytes(schema));
    at += bitmap_bytes(schema);
    for (int i = 0; i < s->column_count; i++) {
        uint32_t code = row->codes[i];
        uint8_t mark = row->marks[i];
        if (code == schema->missing[i] && !mark) continue;
        out->bytes[bitmap + (size_t)i / 8] |= (char)(1 << i % 8);
        uint32_t packed = mark ? code | HAS_MARK : code;
        memcpy(at, &packed, sizeof packed);
        at += sizeof packed;
        if (mark) *at++ = (char)mark;
        if (code != hra_column_escape(&s->columns[i])) continue;
        memcpy(at, &row->values[i], sizeof row->values[i]);
        at += sizeof row->values[i];
    }
    out->length = (size_t)(at - out->bytes);
    *at = '\0';
}

void hra_join_row_unpack(hra_join_row *row, const hra_join_schema *schema, const void *bytes)
{
    const hra_schema *s = &schema->schema;
    const char *at = bytes;
    hra_join_row_clear(row, schema);
    memcpy(&row->line, at, sizeof row->line);
    at += sizeof row->line;
    memcpy(&row->file, at, sizeof row->file);
    at += sizeof row->file;
    memcpy(row->labels, at, (size_t)s->label_count * sizeof *row->labels);
    at += (size_t)s->label_count * sizeof *row->labels;
    const unsigned char *bitmap = (const unsigned char *)at;
    at += bitmap_bytes(schema);
    for (int byte = 0; byte < (int)bitmap_bytes(schema); byte++)
        for (unsigned bits = bitmap[byte]; bits; bits &= bits - 1) {
            int i = 8 * byte + __builtin_ctz(bits);
            uint32_t packed;
            memcpy(&packed, at, sizeof packed);
            at += sizeof packed;
            if (packed & HAS_MARK) row->marks[i] = (uint8_t)*at++;
            row->codes[i] = packed & ~HAS_MARK;
            if (row->codes[i] != hra_column_escape(&s->columns[i])) continue;
            memcpy(&row->values[i], at, sizeof row->values[i]);
            at += sizeof row->values[i];
        }
}

/* ---- reading ---------------------------------------------------------------------------- */

double hra_join_row_value(const hra_join_row *row, const hra_join_schema *schema, int column)
{
    const hra_column *c = &schema->schema.columns[column];
    return row->codes[column] == hra_column_escape(c) ? row->values[column] : hra_column_value(c, row->codes[column]);
}

bool hra_join_row_equals(const hra_join_row *a, const hra_join_row *b, const hra_join_schema *schema)
{
    const hra_schema *s = &schema->schema;
    size_t columns = (size_t)s->column_count;
    if (memcmp(a->codes, b->codes, columns * sizeof *a->codes) != 0 || memcmp(a->marks, b->marks, columns) != 0 ||
        memcmp(a->labels, b->labels, (size_t)s->label_count * sizeof *a->labels) != 0)
        return false;
    for (size_t i = 0; i < columns; i++)
        if (a->codes[i] == hra_column_escape(&s->columns[i]) && a->values[i] != b->values[i]) return false;
    return true;
}
