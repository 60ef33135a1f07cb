/* The codes of a block: stored numbers as codes of the column, by the quickest way that fits them. */
#include <string.h>

#include "io/files/vector_level.h"
#include "io/people/store_column.h"
#include "io/people/store_layout.h"

/* ---- the fast path: differences straight to codes ---- */

typedef struct fast_path {
    uint32_t lowest;  /* code of difference 0 */
    uint32_t highest; /* largest code a difference can give */
} fast_path;

/* Whether this chunk's differences become codes by one addition, all ones meaning missing. */
static bool fast_path_fits(const hra_store_column *c, const hra_packed_block *block, fast_path *fast)
{
    const hra_packed *data = c->data;
    unsigned bits = block->packed.bits;
    bool wide = hra_column_wide(&c->column);
    uint64_t limit = wide ? UINT32_MAX : UINT16_MAX;
    if (block->plain || c->meaning != HRA_MEANS_GRID || bits < 1 || bits > (wide ? 32u : 16u)) return false;
    if (!c->has_missing || !data->filter.has_fill || data->filter.fill != c->missing) return false;
    if (block->packed.minimum < c->column.first) return false;
    uint64_t all_ones = (UINT64_C(1) << bits) - 1;
    uint64_t lowest = (uint64_t)block->packed.minimum - (uint64_t)c->column.first;
    if (lowest > limit || lowest + all_ones > limit) return false;
    fast->lowest = (uint32_t)lowest;
    fast->highest = (uint32_t)(lowest + all_ones - 1);
    /* else missing values are unpacked as the largest integer first, which must be none of the codes */
    return fast->highest < c->column.levels || hra_column_escape(&c->column) < limit;
}

/* Loops over codes are compiled twice; the processor decides at run time. */

/* Where differences reach, or could reach, past the ordinary codes, missing values were unpacked as the largest
 * integer; this gives them their code. Returns the number of escape codes, -1 if a code is none of the column's. */
#define DEFINE_SETTLE_FOR(name, type, largest, target)                                                                 \
    target static int64_t name(type *codes, int rows, const hra_column *column)                                        \
    {                                                                                                                  \
        type levels = (type)column->levels, escape = (type)(levels + 1), bad = 0;                                      \
        int escapes = 0;                                                                                               \
        for (int i = 0; i < rows; i++) {                                                                               \
            type code = codes[i];                                                                                      \
            bad |= (type)((code >= levels) & (code != escape) & (code != largest));                                    \
            escapes += code == escape;                                                                                 \
            codes[i] = code == largest ? levels : code;                                                                \
        }                                                                                                              \
        return bad ? -1 : escapes;                                                                                     \
    }
#define DEFINE_SETTLE(name, type, largest)                                                                             \
    DEFINE_SETTLE_FOR(name##_plain, type, largest, )                                                                   \
    DEFINE_SETTLE_FOR(name##_avx2, type, largest, HRA_AVX2)                                                            \
    static int64_t name(type *codes, int rows, const hra_column *column)                                               \
    {                                                                                                                  \
        return HRA_HAS_AVX2 ? name##_avx2(codes, rows, column) : name##_plain(codes, rows, column);                    \
    }
DEFINE_SETTLE(settle16, uint16_t, UINT16_MAX)
DEFINE_SETTLE(settle32, uint32_t, UINT32_MAX)

/* Hardly a chunk holds all that its bits could say: differences that reach past the ordinary codes are unpacked again,
 * and looked at. */
static int64_t unpack16(const hra_so_chunk *packed, int rows, const fast_path *fast, uint16_t *codes,
                        const hra_column *column)
{
    uint16_t lowest = (uint16_t)fast->lowest, levels = (uint16_t)column->levels;
    uint32_t highest =
        hra_so_unpack16(packed->payload, packed->payload_size, (size_t)rows, packed->bits, lowest, levels, codes);
    if (lowest + highest < column->levels) return 0;
    hra_so_unpack16(packed->payload, packed->payload_size, (size_t)rows, packed->bits, lowest, UINT16_MAX, codes);
    return settle16(codes, rows, column);
}

/* False if a value is outside the column's codes: the block then goes the general way. */
static bool unpack_fast(const hra_store_column *c, const hra_packed_block *block, int rows, const fast_path *fast,
                        const hra_store_target *target, int64_t *escapes)
{
    const hra_so_chunk *packed = &block->packed;
    if (target->u16) {
        *escapes = unpack16(packed, rows, fast, target->u16, &c->column);
    } else {
        bool clean = fast->highest < c->column.levels;
        uint32_t ones = clean ? c->column.levels : UINT32_MAX;
        hra_so_unpack32(packed->payload, packed->payload_size, (size_t)rows, packed->bits, fast->lowest, ones,
                        target->u32);
        *escapes = clean ? 0 : settle32(target->u32, rows, &c->column);
    }
    return *escapes == 0 || (*escapes > 0 && c->has_escape);
}

/* ---- the general path: every stored number looked at ---- */

static hra_code bad_value(const hra_store_column *c, int64_t row, const char *what, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s: row %lld holds %s", c->data->name, (long long)row, what);
}

/* Sets a code; values outside the grid become exceptions where the type can have them. */
static hra_code put_value(const hra_store_column *c, int64_t row, int at, uint32_t code, double value,
                          const hra_store_target *target, hra_error *error)
{
    if (code == hra_column_escape(&c->column)) {
        if (c->type == HRA_TYPE_FLAG) return bad_value(c, row, "neither 0 nor 1", error);
        if (c->type == HRA_TYPE_CATEGORY) return bad_value(c, row, "a number without a flag_meaning", error);
        if (!isfinite(value)) return bad_value(c, row, "an infinite value", error);
        HRA_TRY(hra_exception_add(target->exceptions, at, target->index, value, error));
    }
    if (target->u16)
        target->u16[at] = (uint16_t)code;
    else
        target->u32[at] = code;
    return HRA_OK;
}

static hra_code put_stored(const hra_store_column *c, int64_t row, int at, int64_t stored,
                           const hra_store_target *target, int64_t *escapes, hra_error *error)
{
    const hra_column *column = &c->column;
    uint32_t missing = hra_column_missing(column), escape = hra_column_escape(column);
    if (c->has_missing && stored == c->missing) return put_value(c, row, at, missing, NAN, target, error);
    if (c->meaning == HRA_MEANS_LEVEL) {
        int64_t place = stored - c->level_low;
        if (place < 0 || place >= c->level_count) return put_value(c, row, at, escape, NAN, target, error);
        if (c->levels[place] < 0) return bad_value(c, row, "a level that the dictionary does not know", error);
        return put_value(c, row, at, (uint32_t)c->levels[place], NAN, target, error);
    }
    if (c->meaning == HRA_MEANS_NUMBER) {
        double value = c->divisor > 0 ? (double)stored / c->divisor : (double)stored * c->scale + c->offset;
        return put_value(c, row, at, hra_column_code(column, value), value, target, error);
    }
    if (c->has_escape && stored == hra_store_escape(column)) {
        ++*escapes;
        if (target->u16)
            target->u16[at] = (uint16_t)escape;
        else
            target->u32[at] = escape;
        return HRA_OK;
    }
    bool inside = stored >= column->first && stored - column->first < (int64_t)column->levels;
    return put_value(c, row, at, inside ? (uint32_t)(stored - column->first) : escape,
                     (double)stored / hra_pow10(column->decimals), target, error);
}

static hra_code translate_integers(const hra_store_column *c, int64_t first_row, int rows,
                                   const hra_packed_block *block, const hra_store_target *target, int64_t *escapes,
                                   hra_error *error)
{
    if (!block->plain) hra_so_expand(&c->data->filter, &block->packed, target->wide);
    for (int i = 0; i < rows; i++) {
        int64_t stored = block->plain ? hra_packed_integer(c->data, block->plain, (size_t)i) : target->wide[i];
        HRA_TRY(put_stored(c, first_row + i, i, stored, target, escapes, error));
    }
    return HRA_OK;
}

static hra_code translate_doubles(const hra_store_column *c, int64_t first_row, int rows, const uint8_t *bytes,
                                  const hra_store_target *target, hra_error *error)
{
    for (int i = 0; i < rows; i++) {
        double stored, value;
        memcpy(&stored, bytes + (size_t)i * sizeof stored, sizeof stored);
        if (c->divisor == 1)
            value = stored;
        else
            value = c->divisor > 0 ? stored / c->divisor : stored * c->scale + c->offset;
        if (c->has_missing && stored == c->missing_real) value = NAN;
        uint32_t code = isinf(value) ? hra_column_escape(&c->column) : hra_column_code(&c->column, value);
        HRA_TRY(put_value(c, first_row + i, i, code, value, target, error));
    }
    return HRA_OK;
}

/* Plain integers of a grid, all of them ordinary or missing: a loop the compiler can vectorise, over numbers of `work`
 * bits. False if any value needs a closer look; nothing is lost then, the block is translated again. */
#define DEFINE_GRID_FOR(name, stored_type, code_type, work, target)                                                    \
    target static bool name(const uint8_t *bytes, int rows, int32_t first, uint32_t levels, int32_t missing,           \
                            code_type *restrict out)                                                                   \
    {                                                                                                                  \
        work low = (work)first, end = (work)levels, none = (work)missing, bad = 0;                                     \
        for (int i = 0; i < rows; i++) {                                                                               \
            stored_type stored;                                                                                        \
            memcpy(&stored, bytes + (size_t)i * sizeof stored, sizeof stored);                                         \
            work value = (work)stored, code = (work)(value - low);                                                     \
            bad |= (work)((value != none) & (code >= end));                                                            \
            out[i] = (code_type)(value == none ? end : code);                                                          \
        }                                                                                                              \
        return bad == 0;                                                                                               \
    }
#define DEFINE_GRID(name, stored_type, code_type, work)                                                                \
    DEFINE_GRID_FOR(name##_plain, stored_type, code_type, work, )                                                      \
    DEFINE_GRID_FOR(name##_avx2, stored_type, code_type, work, HRA_AVX2)                                               \
    static bool name(const uint8_t *bytes, int rows, int32_t first, uint32_t levels, int32_t missing, code_type *out)  \
    {                                                                                                                  \
        return HRA_HAS_AVX2 ? name##_avx2(bytes, rows, first, levels, missing, out)                                    \
                            : name##_plain(bytes, rows, first, levels, missing, out);                                  \
    }
DEFINE_GRID(small_8_16, int8_t, uint16_t, uint16_t)
DEFINE_GRID(small_16_16, int16_t, uint16_t, uint16_t)
DEFINE_GRID(grid_8_16, int8_t, uint16_t, uint32_t)
DEFINE_GRID(grid_16_16, int16_t, uint16_t, uint32_t)
DEFINE_GRID(grid_32_16, int32_t, uint16_t, uint32_t)
DEFINE_GRID(grid_32_32, int32_t, uint32_t, uint32_t)

static bool translate_grid(const hra_store_column *c, const hra_packed_block *block, int rows,
                           const hra_store_target *target)
{
    const int32_t limit = 1 << 28; /* within it differences of 32-bit integers cannot wrap round into the codes */
    int64_t first = c->column.first;
    uint32_t levels = c->column.levels;
    if (!block->plain || c->meaning != HRA_MEANS_GRID || c->data->element != HRA_ELEMENT_SIGNED) return false;
    if (!c->has_missing || c->missing < INT32_MIN || c->missing > INT32_MAX) return false;
    if (first < -limit || first > limit || levels > (uint32_t)limit) return false;
    int32_t low = (int32_t)first, missing = (int32_t)c->missing;
    /* and those of 16-bit integers, where all ordinary values are such */
    bool small = first >= INT16_MIN && first + (int64_t)levels <= INT16_MAX + 1 && missing == (int16_t)missing;
    int width = c->data->width;
    if (width == 1 && target->u16)
        return (small ? small_8_16 : grid_8_16)(block->plain, rows, low, levels, missing, target->u16);
    if (width == 2 && target->u16)
        return (small ? small_16_16 : grid_16_16)(block->plain, rows, low, levels, missing, target->u16);
    if (width == 4 && target->u16) return grid_32_16(block->plain, rows, low, levels, missing, target->u16);
    if (width == 4 && target->u32) return grid_32_32(block->plain, rows, low, levels, missing, target->u32);
    return false;
}

/* ---- the codes of a block ---- */

/* A chunk in which every value is missing: frequent where a file lacks a column that others have. */
static bool all_missing(const hra_store_column *c, const hra_packed_block *block, int rows)
{
    const hra_so_chunk *packed = &block->packed;
    const hra_so_filter *filter = &c->data->filter;
    if (block->plain || packed->bits > 1) return false;
    if (!c->has_missing || !filter->has_fill || filter->fill != c->missing) return false;
    for (int i = 0; i < rows && packed->bits == 1; i += 8) {
        uint8_t expected = rows - i >= 8 ? 0xFF : (uint8_t)(0xFF00 >> (rows - i));
        if ((packed->payload[i / 8] & expected) != expected) return false;
    }
    return true;
}

bool hra_store_column_packs(const hra_store_column *column, int64_t block, int rows, const hra_packed_block *data,
                            hra_packed_codes *packed)
{
    fast_path fast;
    uint32_t levels = column->column.levels;
    const int64_t *start = column->exceptions.start;
    if (start && start[block + 1] > start[block]) return false;
    if (!fast_path_fits(column, data, &fast) || all_missing(column, data, rows)) return false;
    hra_packed_codes found = {.chunk = data->packed,
                              .lowest = fast.lowest,
                              .missing = levels,
                              .wide = hra_column_wide(&column->column),
                              .level = hra_vector_level_choose()};
    if (fast.highest >= levels && (found.wide || hra_packed_codes_highest(&found, rows) >= levels)) return false;
    *packed = found;
    return true;
}

hra_code hra_store_column_codes(const hra_store_column *column, int64_t block, int rows, const hra_packed_block *data,
                                const hra_store_target *target, hra_codes *codes, hra_error *error)
{
    fast_path fast;
    int64_t escapes = 0;
    *codes = (hra_codes){.constant = hra_column_missing(&column->column)};
    if (all_missing(column, data, rows)) return hra_store_column_exceptions(column, block, rows, 0, target, error);
    bool done = fast_path_fits(column, data, &fast) ? unpack_fast(column, data, rows, &fast, target, &escapes)
                                                    : translate_grid(column, data, rows, target);
    if (!done) {
        escapes = 0;
        int64_t first_row = block * HRA_CHUNK_ROWS;
        if (column->data->element == HRA_ELEMENT_DOUBLE)
            HRA_TRY(translate_doubles(column, first_row, rows, data->plain, target, error));
        else
            HRA_TRY(translate_integers(column, first_row, rows, data, target, &escapes, error));
    }
    if (target->u16)
        codes->u16 = target->u16;
    else
        codes->u32 = target->u32;
    return hra_store_column_exceptions(column, block, rows, escapes, target, error);
}
