/* Measures found and written: what the sections of the page share. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/models/evaluation_parts.h"
#include "report/tools/html.h"

const hra_metric *hra_evaluated_find(const hra_evaluated *e, const hra_evaluated_part *part, const char *name,
                                     double at)
{
    for (int64_t i = part->first; i < part->end; i++) {
        const hra_metric *m = hra_metrics_at(e->metrics, i);
        if ((isnan(at) ? isnan(m->at) : m->at == at) && strcmp(m->name, name) == 0) return m;
    }
    return NULL;
}

bool hra_evaluated_at_horizon(const hra_evaluated_part *part, double horizon)
{
    return isnan(horizon) ? isnan(part->of->horizon) : part->of->horizon == horizon;
}

bool hra_evaluated_whole(const hra_evaluated_part *part, double horizon)
{
    return !*part->of->group && !*part->of->other && hra_evaluated_at_horizon(part, horizon);
}

const char *hra_evaluation_title(const hra_evaluated *e, const char *measure)
{
    return hra_text_of(e->words, "evaluation.measure", measure, measure);
}

/* Differences and distances between risks are small: a digit more. */
static int decimals_of(const char *measure)
{
    static const char *const fine[] = {"delta_", "brier", "ici", "e50", "e90", "emax", "net_", "tenth_"};
    if (strcmp(measure, "rank") == 0) return 0;
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        if (strncmp(measure, fine[i], strlen(fine[i])) == 0) return 4;
    bool risk = strcmp(measure, "observed") == 0 || strcmp(measure, "expected") == 0;
    return risk ? 4 : 3;
}

const char *hra_evaluation_number(const char *measure, double value, char out[HRA_EVALUATION_TEXT])
{
    int decimals = decimals_of(measure);
    if (isnan(value)) return "–";
    if (isinf(value)) return value > 0 ? "∞" : "-∞";
    if (fabs(value) >= 1e5)
        snprintf(out, HRA_EVALUATION_TEXT, "%.3g", value);
    else
        snprintf(out, HRA_EVALUATION_TEXT, "%.*f", decimals, value);
    bool zero = strspn(out, "-0.") == strlen(out);
    return zero && *out == '-' ? out + 1 : out;
}

const char *hra_evaluation_plain(double value, char out[HRA_EVALUATION_TEXT])
{
    snprintf(out, HRA_EVALUATION_TEXT, "%.10g", value);
    return out;
}

const char *hra_evaluation_count(int64_t count, char out[HRA_EVALUATION_TEXT])
{
    char digits[HRA_EVALUATION_TEXT / 2];
    int length = snprintf(digits, sizeof digits, "%" PRId64, count), at = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

/* Of a measure without an interval of its own that of the bootstrap, if there was one. */
static bool has_own(const hra_metric *m) { return !isnan(m->is.lower) && !isnan(m->is.upper); }
static bool has_interval(const hra_metric *m)
{
    return has_own(m) || (!isnan(m->resampled.lower) && !isnan(m->resampled.upper));
}

/* "0.698 to 0.726" */
static void put_interval(const hra_evaluated *e, const hra_metric *m, const char *text, hra_buffer *out)
{
    char low[HRA_EVALUATION_TEXT], high[HRA_EVALUATION_TEXT];
    bool own = has_own(m);
    const char *ends[] = {hra_evaluation_number(m->name, own ? m->is.lower : m->resampled.lower, low),
                          hra_evaluation_number(m->name, own ? m->is.upper : m->resampled.upper, high)};
    hra_text_fill(hra_text(e->words, text), ends, 2, out);
}

void hra_evaluation_put_estimate(const hra_evaluated *e, const hra_metric *m, hra_buffer *out)
{
    char text[HRA_EVALUATION_TEXT];
    hra_buffer_text(out, m ? hra_evaluation_number(m->name, m->is.value, text) : "–");
    if (!m || isnan(m->is.value) || !has_interval(m)) return;
    hra_buffer_text(out, " (");
    put_interval(e, m, has_own(m) ? "evaluation.interval" : "evaluation.interval.bootstrap", out);
    hra_buffer_char(out, ')');
}

void hra_evaluation_put_cell(const hra_evaluated *e, const hra_metric *m, hra_buffer *out)
{
    char text[HRA_EVALUATION_TEXT];
    hra_html(out, "<td class=n>%s", m ? hra_evaluation_number(m->name, m->is.value, text) : "–");
    if (!m || isnan(m->is.value) || !has_interval(m)) return;
    hra_buffer_text(out, "<small>");
    put_interval(e, m, "evaluation.interval", out);
    hra_buffer_text(out, "</small>");
    /* in a line of its own: columns that hold it too make the table wider than the page */
    if (!has_own(m)) hra_html(out, "<small>%s</small>", hra_text(e->words, "evaluation.bootstrap"));
}

void hra_evaluation_put_heading(const hra_evaluated *e, const char *title, double horizon, hra_buffer *out)
{
    char text[HRA_EVALUATION_TEXT];
    hra_buffer at = {0};
    const char *value = hra_evaluation_plain(horizon, text);
    hra_text_fill(hra_text(e->words, "evaluation.horizon"), &value, 1, &at);
    const char *const pair[] = {title, at.bytes ? at.bytes : ""};
    hra_buffer_text(out, "<h2>");
    hra_text_fill(isnan(horizon) ? "{0}" : hra_text(e->words, "evaluation.heading"), pair, 2, out);
    hra_buffer_text(out, "</h2>\n");
    out->failed |= at.failed;
    hra_buffer_destroy(&at);
}

void hra_evaluation_put_column(const char *title, hra_buffer *out) { hra_html(out, "<th scope=col class=n>%s", title); }
