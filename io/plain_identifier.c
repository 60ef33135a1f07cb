#include "io/plain_identifier.h"

#include <string.h>

static const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);

static uint64_t load_little(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The top bits of the bytes from `low` to `high`. No byte of the word is above 0x7F. */
static uint64_t between(uint64_t word, unsigned char low, unsigned char high)
{
    return (word + (0x80U - low) * ones) & ~(word + (0x7FU - high) * ones) & tops;
}

/* Bytes before the first that is `byte`; 8: none is. */
static size_t bytes_before(uint64_t word, unsigned char byte)
{
    uint64_t other = word ^ byte * ones, zero = (other - ones) & ~other & tops;
    return zero ? (size_t)__builtin_ctzll(zero) / 8 : sizeof word;
}

bool hra_plain_identifier_read(const char *text, size_t most, char delimiter, hra_plain_identifier *out)
{
    out->length = 0;
    memset(out->words, 0, sizeof out->words);
    for (size_t i = 0; i < HRA_PLAIN_WORDS && most > 0; i++) {
        uint64_t word = load_little(text + 8 * i);
        size_t own = bytes_before(word, (unsigned char)delimiter);
        if (own > most) own = most;
        uint64_t kept = own < 8 ? (UINT64_C(1) << 8 * own) - 1 : UINT64_MAX;
        uint64_t checked = (word & kept) | ('0' * ones & ~kept);
        if ((checked & tops) || (between(checked, '0', '9') | between(checked, 'A', 'Z')) != tops) return false;
        out->words[i] = __builtin_bswap64(word & kept);
        out->length += own;
        most -= own;
        if (own < 8) return out->length > 0;
    }
    return out->length > 0 && (most == 0 || text[out->length] == delimiter);
}
