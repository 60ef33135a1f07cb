/* "Did you mean": the candidate with the smallest edit distance. */
#include <string.h>

#include "engine/language/parser.h"

enum { LONGEST = 63 };

static int smaller(int a, int b) { return a < b ? a : b; }

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c; }
static bool equal(char a, char b) { return lower(a) == lower(b); }

/* Insertions, deletions, replacements and swaps of neighbours. A paper's SBP is the sbp of the dictionary. */
static int distance(const char *a, int la, const char *b, int lb)
{
    int rows[3][LONGEST + 1];
    int *before = rows[0], *above = rows[1], *row = rows[2];
    for (int j = 0; j <= lb; j++) above[j] = before[j] = j;
    for (int i = 1; i <= la; i++) {
        row[0] = i;
        for (int j = 1; j <= lb; j++) {
            row[j] = smaller(smaller(above[j], row[j - 1]) + 1, above[j - 1] + !equal(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && equal(a[i - 1], b[j - 2]) && equal(a[i - 2], b[j - 1]))
                row[j] = smaller(row[j], before[j - 2] + 1);
        }
        int *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[lb];
}

void hra_suggest(hra_suggestion *suggestion, const char *candidate)
{
    int la = (int)strlen(suggestion->wanted), lb = (int)strlen(candidate);
    if (la > LONGEST || lb > LONGEST || la - lb > 3 || lb - la > 3 || lb == 0) return;
    int d = distance(suggestion->wanted, la, candidate, lb);
    bool better = !suggestion->best || d < suggestion->distance ||
                  (d == suggestion->distance && lb > (int)strlen(suggestion->best)); /* a letter left out is likelier */
    if (!better) return;
    suggestion->best = candidate;
    suggestion->distance = d;
}

const char *hra_suggested(const hra_suggestion *suggestion)
{
    int length = (int)strlen(suggestion->wanted);
    int limit = length <= 3 ? 1 : length <= 6 ? 2 : 3;
    return suggestion->best && suggestion->distance <= limit ? suggestion->best : NULL;
}
