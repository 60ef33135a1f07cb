#include "report/group_sums_csv.h"

#include <string.h>

#include "base/buffer.h"
#include "base/number_text.h"
#include "io/atomic_file.h"

static void put_header(hra_buffer *out)
{
    hra_buffer_text(out, "group,output,level,people,known,count,mean,ok");
    for (int bit = 0; bit < HRA_STATUS_BITS; bit++) hra_buffer_printf(out, ",%s", hra_status_word(1u << bit));
    hra_buffer_char(out, '\n');
}

static void put_count(hra_buffer *out, int64_t count)
{
    char text[HRA_NUMBER_TEXT];
    int length = hra_format_whole((double)count, text);
    hra_buffer_char(out, ',');
    hra_buffer_append(out, text, (size_t)length);
}

static void put_line(hra_buffer *out, const char *group, int64_t people, const hra_output *output,
                     const hra_group_sum *sum)
{
    hra_buffer_csv_foreign(out, group, strlen(group));
    hra_buffer_char(out, ',');
    hra_buffer_csv(out, output->id);
    hra_buffer_char(out, ',');
    if (sum->level >= 0) hra_buffer_csv(out, output->levels[sum->level]);
    put_count(out, people);
    put_count(out, sum->known);
    if (sum->count >= 0)
        put_count(out, sum->count);
    else
        hra_buffer_char(out, ',');
    hra_buffer_char(out, ',');
    hra_buffer_double(out, sum->mean);
    put_count(out, sum->ok);
    for (int bit = 0; bit < HRA_STATUS_BITS; bit++) put_count(out, sum->status[bit]);
    hra_buffer_char(out, '\n');
}

hra_code hra_group_sums_csv_write(const char *path, const hra_group_sums *sums, const hra_output *outputs,
                                  hra_error *error)
{
    hra_buffer out = {0};
    put_header(&out);
    for (int g = 0; g < hra_group_sums_count(sums); g++)
        for (int c = 0; c < hra_group_sums_columns(sums); c++) {
            hra_group_sum sum = hra_group_sums_read(sums, g, c);
            put_line(&out, hra_group_sums_name(sums, g), hra_group_sums_people(sums, g), &outputs[sum.output], &sum);
        }
    hra_code code = out.failed ? hra_fail(error, HRA_ENOMEM, "out of memory")
                               : hra_atomic_write(path, out.bytes, out.length, error);
    hra_buffer_destroy(&out);
    return code;
}
