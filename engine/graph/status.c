#include "engine/graph/status.h"

static const char *const words[] = {
    "substituted",    "outside_range",        "clamped",       "missing",
    "not_applicable", "exclusion_unverified", "numeric_error", "provisional",
};
enum { WORD_COUNT = sizeof words / sizeof words[0] };

const char *hra_status_word(unsigned bit)
{
    for (int i = 0; i < WORD_COUNT; i++)
        if (bit == 1u << i) return words[i];
    return "";
}

void hra_status_text(unsigned status, const char *const *missing, int missing_count, hra_buffer *out)
{
    if (status == 0) {
        hra_buffer_text(out, "ok");
        return;
    }
    const char *separator = "";
    for (int i = 0; i < WORD_COUNT; i++) {
        if (!(status & 1u << i)) continue;
        hra_buffer_text(out, separator);
        hra_buffer_text(out, words[i]);
        separator = ";";
        if (1u << i != HRA_STATUS_MISSING) continue;
        for (int k = 0; k < missing_count; k++) {
            hra_buffer_char(out, k == 0 ? ':' : ',');
            hra_buffer_text(out, missing[k]);
        }
    }
}
