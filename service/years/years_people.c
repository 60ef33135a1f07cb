/* changes.csv: one line per person of either year. */
#include <math.h>
#include <string.h>

#include "engine/data/column.h"
#include "io/files/atomic_file.h"
#include "service/years/years_internal.h"

/* Written from the whole number, so that printed parts add up. */
void hra_years_put_steps(hra_buffer *out, int64_t steps, int decimals)
{
    hra_buffer_char(out, ',');
    if (steps == HRA_RISK_UNKNOWN) return;
    char digits[32], *at = digits + sizeof digits;
    uint64_t size = steps < 0 ? -(uint64_t)steps : (uint64_t)steps;
    for (int place = 0; size > 0 || place <= decimals; place++) {
        if (place == decimals && decimals > 0) *--at = '.';
        *--at = (char)('0' + size % 10);
        size /= 10;
    }
    if (steps < 0) *--at = '-';
    hra_buffer_append(out, at, (size_t)(digits + sizeof digits - at));
}

static void put_header(const hra_years *y, hra_buffer *out)
{
    static const char *const parts[] = {"previous", "rescored", "now", "change", "model", "data", "person", "trend"};
    hra_buffer_text(out, "person,group,link,known_only_now,known_only_previous");
    for (int r = 0; r < y->role_count; r++)
        for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
            hra_buffer_printf(out, ",%s.%s", y->roles[r], parts[p]);
    for (int r = 0; r < y->rules.count; r++) {
        const char *name = hra_dictionary_at(y->dictionary, y->rules.rules[r].variable)->name;
        hra_buffer_printf(out, ",%s.previous,%s.now,%s.change,%s.trend", name, name, name, name);
    }
    hra_buffer_char(out, '\n');
}

static void put_role(const hra_years *y, int64_t before_row, int64_t now_row, int role, hra_buffer *out)
{
    hra_risk_parts p = hra_years_parts(y, before_row, now_row, role);
    int64_t cells[] = {p.before, p.rescored, p.now, p.change, p.model, p.data, p.person};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) hra_years_put_steps(out, cells[i], HRA_RISK_DECIMALS);
    hra_buffer_char(out, ',');
    if (p.person == HRA_RISK_UNKNOWN)
        hra_buffer_text(out, before_row >= 0 && now_row >= 0 ? "not_comparable" : "");
    else
        hra_buffer_text(
            out, hra_trend_word(hra_change_risk_trend(&y->rules, (double)p.person / hra_pow10(HRA_RISK_DECIMALS))));
}

static void put_value(const hra_years *y, int64_t before_row, int64_t now_row, int rule, hra_buffer *out)
{
    int variable = y->rules.rules[rule].variable, decimals = hra_dictionary_at(y->dictionary, variable)->decimals;
    int32_t before, now;
    bool had = before_row >= 0 && hra_previous_steps(y->before, before_row, variable, &before);
    bool has = now_row >= 0 && hra_previous_steps(y->now, now_row, variable, &now);
    hra_years_put_steps(out, had ? before : HRA_RISK_UNKNOWN, decimals);
    hra_years_put_steps(out, has ? now : HRA_RISK_UNKNOWN, decimals);
    hra_years_put_steps(out, had && has ? (int64_t)now - before : HRA_RISK_UNKNOWN, decimals);
    hra_trend trend = hra_change_trend(&y->rules, rule, y->dictionary, y->before, before_row, y->now, now_row);
    bool both = before_row >= 0 && now_row >= 0;
    hra_buffer_printf(out, ",%s", trend == HRA_TREND_UNKNOWN && both ? "not_comparable" : hra_trend_word(trend));
}

/* Names of what the panel reads and only one of the years knows. */
static void put_only(const hra_years *y, const hra_previous *one, int64_t row, const hra_previous *other,
                     int64_t other_row, hra_buffer *out)
{
    bool first = true;
    hra_buffer_char(out, ',');
    for (int v = 0; v < hra_dictionary_count(y->dictionary) && row >= 0 && other_row >= 0; v++) {
        if (!y->read[v] || !hra_previous_known(one, row, v) || hra_previous_known(other, other_row, v)) continue;
        hra_buffer_printf(out, "%s%s", first ? "" : ";", hra_dictionary_at(y->dictionary, v)->name);
        first = false;
    }
}

static void put_person(const hra_years *y, int64_t before_row, int64_t now_row, hra_buffer *out)
{
    const hra_previous *year = now_row >= 0 ? y->now : y->before;
    int64_t row = now_row >= 0 ? now_row : before_row;
    const char *group = hra_previous_group(year, row);
    char key[HRA_RESULT_KEY_SIZE];
    hra_previous_key(year, row, key);
    hra_buffer_printf(out, "%s,", key);
    hra_buffer_csv_foreign(out, group, strlen(group));
    hra_buffer_printf(out, ",%s", before_row < 0 ? "joined" : now_row < 0 ? "left" : "kept");
    put_only(y, y->now, now_row, y->before, before_row, out);
    put_only(y, y->before, before_row, y->now, now_row, out);
    for (int r = 0; r < y->role_count; r++) put_role(y, before_row, now_row, r, out);
    for (int r = 0; r < y->rules.count; r++) put_value(y, before_row, now_row, r, out);
    hra_buffer_char(out, '\n');
}

int64_t hra_years_partner(const hra_previous *own, int64_t row, const hra_previous *other)
{
    char key[HRA_RESULT_KEY_SIZE];
    int64_t own_row, other_row;
    hra_previous_key(own, row, key);
    return hra_previous_find(own, key, &own_row) && hra_previous_find(other, key, &other_row) ? other_row : -1;
}

static hra_code write_person(const hra_years *y, hra_year_groups *groups, int64_t before_row, int64_t now_row,
                             hra_buffer *out, FILE *file, const char *path, hra_error *error)
{
    HRA_TRY(hra_year_groups_add(groups, before_row, now_row, error));
    put_person(y, before_row, now_row, out);
    if (out->failed) return hra_out_of_memory(error);
    if (out->length < 1 << 18) return HRA_OK;
    bool written = fwrite(out->bytes, 1, out->length, file) == out->length;
    hra_buffer_clear(out);
    return written ? HRA_OK : hra_fail(error, HRA_EIO, "%s: writing failed: %m", path);
}

static hra_code write_everybody(const hra_years *y, hra_year_groups *groups, hra_buffer *out, FILE *file,
                                const char *path, hra_error *error)
{
    hra_years_account *a = y->account;
    put_header(y, out);
    for (int64_t row = 0; row < a->now; row++) {
        int64_t before = hra_years_partner(y->now, row, y->before);
        HRA_TRY(write_person(y, groups, before, row, out, file, path, error));
        a->linked += before >= 0;
        a->joined += before < 0;
    }
    for (int64_t row = 0; row < a->previous; row++) {
        if (hra_years_partner(y->before, row, y->now) >= 0) continue;
        HRA_TRY(write_person(y, groups, row, -1, out, file, path, error));
        a->left++;
    }
    if (fwrite(out->bytes, 1, out->length, file) == out->length) return HRA_OK;
    return hra_fail(error, HRA_EIO, "%s: writing failed: %m", path);
}

hra_code hra_years_write(const hra_years *y, hra_year_groups *groups, const char *path, hra_error *error)
{
    hra_atomic_file *file = NULL;
    hra_buffer out = {0};
    HRA_TRY(hra_atomic_open(path, &file, error));
    hra_code code = write_everybody(y, groups, &out, hra_atomic_stream(file), path, error);
    hra_buffer_destroy(&out);
    if (!code) return hra_atomic_commit(file, error);
    hra_atomic_abandon(file);
    return code;
}
