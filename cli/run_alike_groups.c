/* Groups that may be one employer written in two ways; where systems do not tell capitals apart, their files would
 * overwrite each other. */
#include "cli/run.h"
#include "service/tables/alike_names.h"

hra_code hra_run_find_alike_groups(hra_run_state *s, hra_error *error)
{
    int count = hra_group_summary_count(s->summary);
    const char **names = hra_arena_alloc(s->arena, ((size_t)count + 1) * sizeof *names);
    const char **alike = hra_arena_alloc(s->arena, ((size_t)count + 1) * sizeof *alike);
    if (!names || !alike) return hra_out_of_memory(error);
    for (int i = 0; i < count; i++) names[i] = hra_group_name(hra_group_summary_at(s->summary, i));
    s->report.alike_groups = alike;
    s->report.alike_group_count = hra_alike_names(s->arena, names, count, alike);
    return s->report.alike_group_count < 0 ? hra_out_of_memory(error) : HRA_OK;
}
