#include "api/words.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "engine/graph/status.h"

struct hra_words {
    atomic_int holders;
    int count;
    char *text;
    int32_t offsets[]; /* and behind them the text */
};

hra_words *hra_words_new(const char *const *texts, int count)
{
    size_t length = 0, places = (size_t)count + 1;
    for (int i = 0; i < count; i++) length += strlen(texts[i]);
    hra_words *words = malloc(sizeof *words + places * sizeof *words->offsets + length + 1);
    if (!words) return NULL;
    atomic_init(&words->holders, 1);
    words->count = count;
    words->text = (char *)(words->offsets + places);
    int32_t at = 0;
    for (int i = 0; i < count; i++) {
        size_t here = strlen(texts[i]);
        words->offsets[i] = at;
        memcpy(words->text + at, texts[i], here);
        at += (int32_t)here;
    }
    words->offsets[count] = at;
    return words;
}

hra_words *hra_words_of_statuses(void)
{
    enum { STATUSES = 1 << HRA_STATUS_BITS };
    hra_buffer all = {0};
    size_t starts[STATUSES];
    const char *texts[STATUSES];
    for (unsigned status = 0; status < STATUSES; status++) {
        starts[status] = all.length;
        hra_status_text(status, NULL, 0, &all);
        hra_buffer_append(&all, "", 1);
    }
    for (int i = 0; !all.failed && i < STATUSES; i++) texts[i] = all.bytes + starts[i];
    hra_words *words = all.failed ? NULL : hra_words_new(texts, STATUSES);
    hra_buffer_destroy(&all);
    return words;
}

hra_words *hra_words_hold(hra_words *words)
{
    atomic_fetch_add(&words->holders, 1);
    return words;
}

void hra_words_drop(hra_words *words)
{
    if (words && atomic_fetch_sub(&words->holders, 1) == 1) free(words);
}

int hra_words_count(const hra_words *words) { return words->count; }
const int32_t *hra_words_offsets(const hra_words *words) { return words->offsets; }
const char *hra_words_text(const hra_words *words) { return words->text; }
