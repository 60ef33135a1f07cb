/* A stream of tables in, a stream of results out. */
#include <errno.h>
#include <stdlib.h>

#include "api/scorer_internal.h"
#include "hra/arrow.h"

typedef struct scoring {
    struct ArrowArrayStream in;
    hra_scorer *scorer;
    int threads;
    hra_error error;
} scoring;

static int error_number(hra_code code)
{
    if (code == HRA_OK) return 0;
    return code == HRA_ENOMEM ? ENOMEM : EINVAL;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    scoring *s = stream->private_data;
    return error_number(hra_scorer_arrow_schema(s->scorer, out, &s->error));
}

static int input_failed(struct ArrowArrayStream *in, int number, hra_error *error)
{
    const char *why = in->get_last_error(in);
    hra_fail(error, HRA_EINPUT, "the stream of tables failed: %s", why ? why : "it does not say why");
    return number;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    scoring *s = stream->private_data;
    struct ArrowArray table;
    int number = s->in.get_next(&s->in, &table);
    if (number != 0) return input_failed(&s->in, number, &s->error);
    if (!table.release) { /* the end */
        out->release = NULL;
        return 0;
    }
    hra_code code = hra_scorer_run_arrow(s->scorer, &table, out, s->threads, &s->error);
    table.release(&table);
    return error_number(code);
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    scoring *s = stream->private_data;
    return s->error.message[0] ? s->error.message : NULL;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    scoring *s = stream->private_data;
    s->in.release(&s->in);
    hra_scorer_free(s->scorer);
    free(s);
    stream->release = NULL;
}

static hra_code open_scorer(const hra_engine *engine, const char *request, struct ArrowArrayStream *in,
                            hra_scorer **out, hra_error *error)
{
    struct ArrowSchema table;
    if (!in->release) return hra_fail(error, HRA_EUSAGE, "the stream of tables was released");
    if (in->get_schema(in, &table) != 0) {
        input_failed(in, 0, error);
        return HRA_EINPUT;
    }
    hra_code code = hra_scorer_open_arrow(engine, request, &table, out, error);
    if (table.release) table.release(&table);
    return code;
}

hra_code hra_stream_arrow(const hra_engine *engine, const char *request, struct ArrowArrayStream *in,
                          struct ArrowArrayStream *out, int threads, hra_error *error)
{
    scoring *s = calloc(1, sizeof *s);
    hra_code code = s ? open_scorer(engine, request, in, &s->scorer, error) : hra_out_of_memory(error);
    if (code != HRA_OK) {
        free(s);
        return code;
    }
    s->in = *in;
    s->threads = threads;
    in->release = NULL;
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release_stream,
                                     .private_data = s};
    return HRA_OK;
}
