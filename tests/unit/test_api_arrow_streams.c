/* Streams of tables through the public API. */
#include "tests/unit/arrow_fixture.h"

/* Two tables of one column, then the end; or a failure in place of the second. */
typedef struct supply {
    double ages[3];
    table tables[2];
    int next, releases;
    bool fails;
} supply;

static int supply_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    supply *s = stream->private_data;
    *out = s->tables[0].schema;
    return 0;
}

static int supply_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    supply *s = stream->private_data;
    if (s->fails && s->next == 1) return 5;
    if (s->next < 2)
        *out = s->tables[s->next++].array;
    else
        out->release = NULL;
    return 0;
}

static const char *supply_error(struct ArrowArrayStream *stream) { return "the source ran dry"; }

static void supply_release(struct ArrowArrayStream *stream)
{
    ((supply *)stream->private_data)->releases++;
    stream->release = NULL;
}

static struct ArrowArrayStream supply_open(supply *s, bool fails)
{
    *s = (supply){.ages = {40, 50, 60}, .fails = fails};
    for (int k = 0; k < 2; k++) {
        begin(&s->tables[k], 3 - k);
        add(&s->tables[k], "age", "g", NULL, s->ages, NULL);
    }
    return (struct ArrowArrayStream){supply_schema, supply_next, supply_error, supply_release, s};
}

static void test_stream(void **state)
{
    supply s;
    struct ArrowArrayStream in = supply_open(&s, false), out;
    struct ArrowSchema schema;
    struct ArrowArray results;
    hra_error error = {0};
    assert_int_equal(hra_stream_arrow(*state, "--models echo", &in, &out, 1, &error), HRA_OK);
    assert_null(in.release);
    assert_int_equal(out.get_schema(&out, &schema), 0);
    for (int k = 0; k < 2; k++) {
        assert_int_equal(out.get_next(&out, &results), 0);
        assert_int_equal(results.length, 3 - k);
        is(cell(&schema, &results, "echo.age_in", 1), 50);
        results.release(&results);
        assert_int_equal(s.tables[k].releases, k == 0 ? 2 : 1); /* the schema of the first as well */
    }
    memset(&results, 1, sizeof results);
    assert_int_equal(out.get_next(&out, &results), 0);
    assert_null(results.release);
    schema.release(&schema);
    out.release(&out);
    assert_null(out.release);
    assert_int_equal(s.releases, 1);
}

static void test_stream_errors(void **state)
{
    supply s;
    struct ArrowArrayStream in = supply_open(&s, true), out;
    struct ArrowArray results;
    hra_error error = {0};
    assert_int_equal(hra_stream_arrow(*state, "--models no_such", &in, &out, 1, &error), HRA_EUSAGE);
    assert_non_null(in.release); /* still the caller's */
    assert_int_equal(s.releases, 0);
    in = supply_open(&s, true);
    assert_int_equal(hra_stream_arrow(*state, "--models echo", &in, &out, 1, &error), HRA_OK);
    assert_int_equal(out.get_next(&out, &results), 0);
    results.release(&results);
    assert_int_equal(out.get_next(&out, &results), 5);
    assert_non_null(strstr(out.get_last_error(&out), "the source ran dry"));
    out.release(&out);
    assert_int_equal(s.releases, 1);

    in = supply_open(&s, false);
    s.ages[2] = INFINITY;
    assert_int_equal(hra_stream_arrow(*state, "--models echo", &in, &out, 1, &error), HRA_OK);
    assert_int_not_equal(out.get_next(&out, &results), 0);
    assert_non_null(strstr(out.get_last_error(&out), "column 'age', row 2"));
    assert_int_equal(s.tables[0].releases, 2);
    out.release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_stream), cmocka_unit_test(test_stream_errors)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
