#include "intake/quality/quality_progress.h"

#include <sys/stat.h>

#include "base/stopwatch.h"

static int64_t size_of(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 ? facts.st_size : 0;
}

hra_quality_progress hra_quality_progress_new(const hra_quality_request *request)
{
    hra_quality_progress p = {
        .show = request->progress, .context = request->progress_context, .started = hra_seconds()};
    for (int i = 0; p.show && i < request->input_count; i++)
        if (!request->inputs[i].held) p.bytes += size_of(request->inputs[i].path);
    return p;
}

static void show(const hra_quality_progress *p, int64_t bytes, int64_t rows)
{
    const hra_progress all = {.rows_done = p->rows_done + rows,
                              .rows_total = -1,
                              .bytes_done = p->bytes_done + bytes,
                              .bytes_total = p->bytes,
                              .seconds = hra_seconds() - p->started};
    p->show(p->context, &all);
}

void hra_quality_progress_within(void *progress, const hra_progress *file)
{
    const hra_quality_progress *p = progress;
    if (p->show) show(p, file->bytes_done, file->rows_done);
}

void hra_quality_progress_file(hra_quality_progress *progress, const char *path, int64_t rows)
{
    if (!progress->show) return;
#pragma omp critical(hra_quality_progress)
    {
        progress->bytes_done += size_of(path);
        progress->rows_done += rows;
        show(progress, 0, 0);
    }
}
