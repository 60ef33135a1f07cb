/* Duplicate identifiers found in bounded memory: the same rows stand and the same lines are rejected, however little
 * memory there is, for every rule and over several files. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/language/library.h"
#include "io/csv/csv_row_day.h"
#include "io/csv/csv_source.h"
#include "io/csv/repeats.h"
#include "io/files/spill_sort.h"
#include "tests/unit/file_fixture.h"

enum { RECORD = sizeof(hra_spill_record) };

static char folder[] = "/tmp/hra-repeats-XXXXXX";
static char beside[64]; /* a path in the folder; the file itself never exists */

static uint64_t random_state = 1;

static uint64_t random_below(uint64_t limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (random_state >> 33) % limit;
}

/* ---- sorting ------------------------------------------------------------------------ */

static int compare_records(const void *a, const void *b)
{
    const hra_spill_record *x = a, *y = b;
    for (int i = 0; i < 4; i++)
        if (x->word[i] != y->word[i]) return x->word[i] < y->word[i] ? -1 : 1;
    return 0;
}

/* Values of all sizes in all words, some of them alike. */
static hra_spill_record random_record(uint64_t variety)
{
    hra_spill_record record;
    for (int i = 0; i < 4; i++) record.word[i] = random_below(variety) << (8 * random_below(5));
    return record;
}

static void sort_and_compare(size_t count, size_t bytes, uint64_t variety)
{
    hra_error error = {0};
    hra_spill_sort *sort = hra_spill_sort_new(beside, bytes);
    hra_spill_record *expected = calloc(count + 1, sizeof *expected), found;
    bool any;
    assert_non_null(sort);
    assert_non_null(expected);
    for (size_t i = 0; i < count; i++) {
        expected[i] = random_record(variety);
        assert_int_equal(hra_spill_sort_add(sort, &expected[i], &error), HRA_OK);
    }
    qsort(expected, count, sizeof *expected, compare_records);
    assert_int_equal(hra_spill_sort_finish(sort, &error), HRA_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(hra_spill_sort_next(sort, &found, &any, &error), HRA_OK);
        assert_true(any);
        assert_memory_equal(&found, &expected[i], sizeof found);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(hra_spill_sort_next(sort, &found, &any, &error), HRA_OK);
        assert_false(any);
    }
    hra_spill_sort_free(sort);
    free(expected);
}

static void sorted_in_any_memory(void **state)
{
    static const size_t counts[] = {0, 1, 2, 24, 25, 300, 5000}, records[] = {0, 1, 3, 100, 299, 300, 301, 10000};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
        for (size_t r = 0; r < sizeof records / sizeof *records; r++) {
            sort_and_compare(counts[c], records[r] * RECORD, 1000);
            sort_and_compare(counts[c], records[r] * RECORD, 2);
            sort_and_compare(counts[c], records[r] * RECORD, 1); /* all alike */
        }
    sort_and_compare(200000, 20000 * RECORD, 1u << 31); /* runs longer than their share of the memory */
}

/* ---- verdicts ------------------------------------------------------------------------- */

static bool falls(hra_duplicate_rule rule, const uint64_t *ids, const uint32_t *days, int count, int row, int *first)
{
    bool earlier = false, later = false, newer = false;
    for (int i = count - 1; i >= 0; i--)
        if (ids[i] == ids[row]) {
            *first = i;
            earlier |= i < row;
            later |= i > row;
            newer |= days[i] > days[row] || (days[i] == days[row] && i > row);
        }
    if (rule == HRA_DUPLICATE_KEEP_LATEST) return newer;
    return rule == HRA_DUPLICATE_KEEP_FIRST ? earlier : rule == HRA_DUPLICATE_KEEP_LAST ? later : earlier || later;
}

static void judge_and_compare(hra_duplicate_rule rule, int count, uint64_t variety, size_t bytes)
{
    hra_error error = {0};
    uint64_t ids[600];
    uint32_t days[600];
    hra_repeats *repeats = hra_repeats_new(rule, beside, bytes);
    assert_non_null(repeats);
    for (int i = 0; i < count; i++) {
        ids[i] = random_below(variety);
        hra_id_hash hash = {{ids[i] % 7, ids[i] / 7}};                    /* both words count */
        days[i] = (uint32_t)random_below(4) * ((1u << HRA_DAY_BITS) / 4); /* 0: not known */
        assert_int_equal(hra_repeats_add(repeats, hash, 10 + 3 * i, 1000 + i, days[i], &error), HRA_OK);
    }
    assert_int_equal(hra_repeats_resolve(repeats, &error), HRA_OK);
    for (int i = 0; i < count; i++) {
        if (random_below(10) == 0) continue; /* not every row is asked for */
        hra_repeat found;
        int first = 0;
        bool expected = !falls(rule, ids, days, count, i, &first);
        bool told = !expected && rule == HRA_DUPLICATE_KEEP_FIRST;
        assert_int_equal(hra_repeats_judge(repeats, 10 + 3 * i, &found, &error), HRA_OK);
        assert_int_equal(found.stands, expected);
        assert_int_equal(found.other_line, told ? 1000 + first : 0);
        assert_int_equal(found.later, told && days[first] > 0 && days[i] > days[first]);
    }
    hra_repeats_free(repeats);
}

static void verdicts_of_all_rules(void **state)
{
    static const size_t bytes[] = {1 << 20, 40 * RECORD, 2 * RECORD};
    for (int rule = HRA_DUPLICATE_KEEP_FIRST; rule <= HRA_DUPLICATE_KEEP_LATEST; rule++)
        for (size_t b = 0; b < sizeof bytes / sizeof *bytes; b++) {
            judge_and_compare((hra_duplicate_rule)rule, 0, 1, bytes[b]);
            judge_and_compare((hra_duplicate_rule)rule, 1, 1, bytes[b]);
            judge_and_compare((hra_duplicate_rule)rule, 600, 1, bytes[b]);
            judge_and_compare((hra_duplicate_rule)rule, 600, 7, bytes[b]);
            judge_and_compare((hra_duplicate_rule)rule, 600, 150, bytes[b]);
            judge_and_compare((hra_duplicate_rule)rule, 600, 100000, bytes[b]);
        }
}

/* ---- files ----------------------------------------------------------------------------- */

enum { FILES = 3, FILE_ROWS = 30000 }; /* the set is asked to grow several times, and several batches are read */

static hra_library *library;

static const char *path_of(const char *name)
{
    static char paths[8][80];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

/* Identifiers in several forms, empty ones, rows that fall for another reason, records over two lines. */
static void write_people(const char *path, int people)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("age,ID,branch,exam_date\n", file);
    for (int i = 0; i < FILE_ROWS; i++) {
        static const char *const forms[] = {"%d,P%d,x,2025-0%d-01\n", "%d, p%d ,x,\n",
                                            "%d,\"P%d\",\"x\ny\",2025/%d/1\n", "%d,Ｐ%d,,2025-0%d-01\n",
                                            "%d,P%d,x,2025-0%d-01,too wide\n"};
        int person = (int)random_below((uint64_t)people);
        if (person == 0)
            fprintf(file, "%d,,\n\n", i % 90);
        else
            fprintf(file, forms[random_below(5)], i % 90, person, (int)random_below(9) + 1);
    }
    assert_int_equal(fclose(file), 0);
}

typedef struct outcome {
    hra_buffer rows;
    char *rejects;
    int64_t duplicates[FILES], later[FILES];
} outcome;

static outcome read_people(hra_duplicate_rule rule, bool tells_later, size_t bytes)
{
    const char *paths[FILES] = {path_of("a.csv"), path_of("b.csv"), path_of("c.csv")};
    hra_csv_options options = {.duplicates = rule,
                               .tells_later = tells_later,
                               .duplicate_bytes = bytes,
                               .spill_beside = beside,
                               .reject_path = path_of("rejects.csv")};
    outcome out = {0};
    hra_error error = {0};
    hra_source *source;
    int64_t sequence;
    void *ticket;
    hra_chunk chunk;
    if (hra_csv_open(paths, FILES, hra_library_dictionary(library), &options, &source, &error) != HRA_OK)
        fail_msg("%s", error.message);
    for (;;) {
        if (source->claim(source, &sequence, &ticket, &error) != HRA_OK) fail_msg("%s", error.message);
        if (sequence < 0) break;
        if (source->fill(source, sequence, ticket, &chunk, &error) != HRA_OK) fail_msg("%s", error.message);
        for (int i = 0; i < chunk.rows; i++)
            hra_buffer_printf(&out.rows, "%s %d %lld\n", chunk.keys[i], chunk.source_files[i],
                              (long long)chunk.source_lines[i]);
        source->release(source, &chunk);
    }
    assert_int_equal(hra_csv_finish(source, &error), HRA_OK);
    for (int i = 0; i < FILES; i++) {
        out.duplicates[i] = hra_csv_file_report(source, i)->duplicates;
        out.later[i] = hra_csv_file_report(source, i)->later;
    }
    source->close(source);
    out.rejects = file_text(options.reject_path);
    return out;
}

static void same_outcome_in_any_memory(void **state)
{
    static const size_t little[] = {1, 100 * RECORD, 1 << 20, 3 << 20}; /* the last is exceeded by the third file */
    write_people(path_of("a.csv"), 50000);
    write_people(path_of("b.csv"), 20000);
    write_people(path_of("c.csv"), 500);
    for (int rule = HRA_DUPLICATE_KEEP_FIRST; rule <= HRA_DUPLICATE_KEEP_LATEST; rule++) {
        outcome expected = read_people((hra_duplicate_rule)rule, false, 0);
        assert_true(expected.duplicates[0] > 0 && expected.duplicates[2] > 20000);
        for (size_t i = 0; i < sizeof little / sizeof *little; i++) {
            outcome found = read_people((hra_duplicate_rule)rule, false, little[i]);
            assert_true(strcmp(found.rows.bytes, expected.rows.bytes) == 0);
            assert_true(strcmp(found.rejects, expected.rejects) == 0);
            assert_memory_equal(found.duplicates, expected.duplicates, sizeof found.duplicates);
            hra_buffer_destroy(&found.rows);
            free(found.rejects);
        }
        hra_buffer_destroy(&expected.rows);
        free(expected.rejects);
    }
}

/* Takes the words out of a text: how often they stood there. */
static int64_t take_out(char *text, const char *words)
{
    int64_t found = 0;
    char *to = text;
    for (const char *at = text; *at; found++) {
        const char *next = strstr(at, words), *end = next ? next : at + strlen(at);
        memmove(to, at, (size_t)(end - at));
        to += end - at;
        at = end;
        if (!next) break;
        at += strlen(words);
    }
    *to = '\0';
    return found;
}

/* The same rows fall where it is told which are of a later visit. */
static void later_visits_are_told(void **state)
{
    static const char words[] = "; its visit is the earlier one (--duplicates latest keeps the latest)";
    static const size_t memory[] = {0, 1, 1 << 20};
    write_people(path_of("a.csv"), 50000);
    write_people(path_of("b.csv"), 20000);
    write_people(path_of("c.csv"), 500);
    outcome expected = read_people(HRA_DUPLICATE_KEEP_FIRST, false, 0);
    assert_int_equal(take_out(expected.rejects, words), 0);
    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++) {
        outcome found = read_people(HRA_DUPLICATE_KEEP_FIRST, true, memory[i]);
        assert_true(found.later[0] > 100 && found.later[2] > 1000);
        assert_int_equal(take_out(found.rejects, words), found.later[0] + found.later[1] + found.later[2]);
        assert_true(strcmp(found.rows.bytes, expected.rows.bytes) == 0);
        assert_true(strcmp(found.rejects, expected.rejects) == 0);
        assert_memory_equal(found.duplicates, expected.duplicates, sizeof found.duplicates);
        hra_buffer_destroy(&found.rows);
        free(found.rejects);
    }
    hra_buffer_destroy(&expected.rows);
    free(expected.rejects);
}

/* Every second number from `first` on, but for one row: -1: none. */
static void write_ordered(const char *path, int first, int odd_row, const char *odd_line)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("age,ID,branch\n", file);
    for (int i = 0; i < FILE_ROWS; i++) {
        if (i == odd_row)
            fputs(odd_line, file);
        else
            fprintf(file, "%d,P%d,x\n", i % 90, first + 2 * i);
    }
    assert_int_equal(fclose(file), 0);
}

/* Identifiers in their order, which is left in the third file: with enough memory by the notes of those before, with
 * little by another reading. What falls is known, and the line that stands. */
static void order_that_ends(void **state)
{
    static const struct {
        const char *line; /* the last but one of the third file */
        int duplicates;
        const char *reason;
    } ends[] = {{"1,P100001,x\n", 0, NULL},
                {"1,P100002,x\n", 1, "; line 3 of"},
                {"1, p100000 ,x\n", 1, "; line 2 of"},
                {"1,Ｐ160000,x\n", 1, "; line 2 of"},
                {"1,P279994,x\n", 1, "; line 29999 stands"},
                {"1,\"P279994\",x\n", 1, "; line 29999 stands"},
                {"1,,x\n", 0, NULL}};
    write_ordered(path_of("a.csv"), 100000, -1, NULL);
    write_ordered(path_of("b.csv"), 160000, -1, NULL);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        for (size_t bytes = 0; bytes < 2; bytes++) {
            write_ordered(path_of("c.csv"), 220000, FILE_ROWS - 2, ends[i].line);
            outcome found = read_people(HRA_DUPLICATE_KEEP_FIRST, false, bytes);
            assert_int_equal(found.duplicates[0] + found.duplicates[1], 0);
            assert_int_equal(found.duplicates[2], ends[i].duplicates);
            if (ends[i].reason) assert_non_null(strstr(found.rejects, ends[i].reason));
            hra_buffer_destroy(&found.rows);
            free(found.rejects);
        }
}

/* ---- faults ------------------------------------------------------------------------------ */

static hra_code fill_up(hra_spill_sort *sort, hra_error *error)
{
    hra_code code = HRA_OK;
    for (int i = 0; i < 10000 && code == HRA_OK; i++) {
        hra_spill_record record = random_record(1000);
        code = hra_spill_sort_add(sort, &record, error);
    }
    return code;
}

static void no_folder(void **state)
{
    hra_error error = {0};
    hra_spill_sort *sort = hra_spill_sort_new("/nonexistent/people.h5", 4096);
    assert_int_equal(fill_up(sort, &error), HRA_EIO);
    assert_non_null(strstr(error.message, "/nonexistent/people.h5: cannot create a temporary file"));
    hra_spill_sort_free(sort);
}

/* That the memory is kept to shows where what exceeds it has no place to go. */
static void no_folder_for_people(void **state)
{
    const char *path = path_of("a.csv");
    hra_csv_options options = {.duplicates = HRA_DUPLICATE_KEEP_LAST, .spill_beside = "/nonexistent/people.h5"};
    hra_error error = {0};
    hra_source *source;
    int64_t sequence;
    void *ticket;
    hra_chunk chunk;
    write_people(path, 50000);
    options.duplicate_bytes = 100 * RECORD;
    assert_int_equal(hra_csv_open(&path, 1, hra_library_dictionary(library), &options, &source, &error), HRA_EIO);
    options.duplicates = HRA_DUPLICATE_KEEP_FIRST;
    assert_int_equal(hra_csv_open(&path, 1, hra_library_dictionary(library), &options, &source, &error), HRA_OK);
    assert_int_equal(source->claim(source, &sequence, &ticket, &error), HRA_OK);
    assert_int_equal(source->fill(source, sequence, ticket, &chunk, &error), HRA_EIO);
    assert_non_null(strstr(error.message, "/nonexistent/people.h5: cannot create a temporary file"));
    source->close(source);
}

/* A limit on the size of files stands for a full disk. */
static void full_disk(void **state)
{
    struct rlimit before, small;
    hra_error error = {0};
    hra_spill_sort *sort = hra_spill_sort_new(beside, 4096);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 100000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    hra_code code = fill_up(sort, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(code, HRA_EIO);
    assert_non_null(strstr(error.message, "people.h5: writing a temporary file"));
    hra_spill_sort_free(sort);
}

/* ---- */

static int set_up(void **state)
{
    hra_diagnostics *faults = hra_diagnostics_new();
    library = hra_library_new();
    hra_code code = library && faults ? hra_library_check(library, faults, NULL) : HRA_ENOMEM; /* the dictionary */
    hra_diagnostics_free(faults);
    if (code != HRA_OK || !mkdtemp(folder)) return -1;
    snprintf(beside, sizeof beside, "%s/people.h5", folder);
    return 0;
}

/* An empty folder can be removed: no temporary file was left over. */
static int tear_down(void **state)
{
    static const char *const names[] = {"a.csv", "b.csv", "c.csv", "rejects.csv"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) unlink(path_of(names[i]));
    hra_library_free(library);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorted_in_any_memory),
        cmocka_unit_test(verdicts_of_all_rules),
        cmocka_unit_test(same_outcome_in_any_memory),
        cmocka_unit_test(later_visits_are_told),
        cmocka_unit_test(order_that_ends),
        cmocka_unit_test(no_folder),
        cmocka_unit_test(no_folder_for_people),
        cmocka_unit_test(full_disk),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
