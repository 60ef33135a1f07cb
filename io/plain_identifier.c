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
    uint64_t words[HRA_PLAIN_WORDS];
    size_t length = 0, whole = 0; /* characters; those of the words that were full */
    for (int i = 0; i < HRA_PLAIN_WORDS; i++) {
        words[i] = load_little(text + whole);
        if (length == whole) length += bytes_before(words[i], (unsigned char)delimiter);
        whole += sizeof words[i];
    }
    if (length == whole && most > length && text[length] != delimiter) return false;
    if (length > most) length = most;
    if (length == 0) return false;
    out->length = length;
    for (size_t i = 0; i < HRA_PLAIN_WORDS; i++) {
        size_t before = i * sizeof words[i], own = length > before ? length - before : 0;
        uint64_t kept = own == 0 ? 0 : own >= sizeof words[i] ? UINT64_MAX : (UINT64_C(1) << 8 * own) - 1;
        uint64_t checked = (words[i] & kept) | ('0' * ones & ~kept);
        if ((checked & tops) || (between(checked, '0', '9') | between(checked, 'A', 'Z')) != tops) return false;
        out->words[i] = __builtin_bswap64(words[i] & kept);
    }
    return true;
}
