/* hra definitions review: the sheet on which a physician approves rules and texts. */
#include <math.h>
#include <stdio.h>

#include "cli/definitions.h"
#include "cli/distinct_files.h"
#include "cli/setup.h"
#include "io/files/atomic_file.h"
#include "service/signoff/signoff.h"

static hra_code write_out(const char *path, const hra_buffer *text, hra_error *error)
{
    if (path) return hra_atomic_write(path, text->bytes, text->length, error);
    if (fwrite(text->bytes, 1, text->length, stdout) != text->length)
        return hra_fail(error, HRA_EIO, "writing to standard output failed");
    return HRA_OK;
}

/* A signature that no longer counts stands in the signed sheet alone, so that stays. */
static hra_code spare_inputs(const hra_definitions_options *o, hra_error *error)
{
    const hra_output_path output = {"output", o->output};
    HRA_TRY(hra_distinct_outputs(&output, 1, o->signoffs.items, o->signoffs.count, error));
    return hra_distinct_outputs(&output, 1, o->definitions.items, o->definitions.count, error);
}

static void print_summary(const hra_signoffs *signoffs)
{
    hra_buffer text = {0};
    hra_signoffs_describe(signoffs, &text);
    if (text.bytes) fputs(text.bytes, stderr);
    hra_buffer_destroy(&text);
    int total = 0;
    for (int state = 0; state < HRA_SIGNOFF_STATES_; state++) total += hra_signoffs_count(signoffs, (hra_signoff)state);
    fprintf(stderr, "%d of %d declarations approved", hra_signoffs_count(signoffs, HRA_SIGNOFF_APPROVED), total);
    for (int state = 0; state < HRA_SIGNOFF_STATES_; state++) {
        int count = hra_signoffs_count(signoffs, (hra_signoff)state);
        if (state != HRA_SIGNOFF_APPROVED && count)
            fprintf(stderr, ", %d %s", count, hra_signoff_word((hra_signoff)state));
    }
    fputc('\n', stderr);
}

static hra_code review(const hra_definitions_options *o, const hra_library *library, hra_error *error)
{
    double as_of;
    hra_signoffs *signoffs = NULL;
    hra_buffer sheet = {0};
    if (!hra_setup_day(o->as_of, &as_of))
        return hra_fail(error, HRA_EUSAGE, "--as-of is a day like 2026-01-31, not '%s'", o->as_of);
    HRA_TRY(spare_inputs(o, error));
    HRA_TRY(hra_signoffs_new(library, as_of, &signoffs, error));
    hra_code code = HRA_OK;
    for (int i = 0; i < o->signoffs.count && code == HRA_OK; i++)
        code = hra_signoffs_read(signoffs, o->signoffs.items[i], error);
    if (code == HRA_OK) code = hra_signoffs_sheet(signoffs, &sheet, error);
    if (code == HRA_OK) code = write_out(o->output, &sheet, error);
    if (code == HRA_OK && !o->quiet) print_summary(signoffs);
    hra_buffer_destroy(&sheet);
    hra_signoffs_free(signoffs);
    return code;
}

int hra_definitions_review(const hra_definitions_options *options)
{
    hra_error error = {0};
    hra_library *library = NULL;
    hra_code code = hra_setup_library(&options->definitions, &library, &error);
    if (code == HRA_OK) code = review(options, library, &error);
    hra_library_free(library);
    return code == HRA_OK ? HRA_OK : hra_report_error("definitions", &error);
}
