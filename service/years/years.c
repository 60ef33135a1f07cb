#include "service/years/years.h"

#include <string.h>

#include "io/files/atomic_file.h"
#include "service/years/years_internal.h"

static hra_code open_years(hra_years *y, hra_error *error)
{
    const hra_years_request *q = y->request;
    hra_previous_request now = {.results = q->now,
                                .population = q->now_population,
                                .beside = y->beside,
                                .dictionary = y->dictionary,
                                .threads = q->threads,
                                .stop = q->stop};
    HRA_TRY(hra_previous_open(&now, &y->now, error));
    const hra_result_facts *facts = hra_previous_facts(y->now);
    if (strcmp(facts->definitions_hash, hra_library_hash(q->library)) != 0)
        return hra_fail(error, HRA_ECONFLICT,
                        "%s was made with other definitions than these: give the files it was made with by "
                        "--definitions, or score it again",
                        facts->path);
    hra_previous_request before = now;
    before.results = q->previous;
    before.population = q->previous_population;
    before.key_fingerprint = hra_previous_key_fingerprint(y->now);
    HRA_TRY(hra_previous_open(&before, &y->before, error));
    const hra_result_facts *old = hra_previous_facts(y->before);
    hra_years_account *a = y->account;
    a->now = hra_previous_rows(y->now);
    a->previous = hra_previous_rows(y->before);
    a->same_definitions = strcmp(old->definitions_hash, facts->definitions_hash) == 0 &&
                          strcmp(old->engine_version, facts->engine_version) == 0 &&
                          strcmp(old->panel, facts->panel) == 0 &&
                          strcmp(old->outside_range, facts->outside_range) == 0;
    return HRA_OK;
}

static void put_year(hra_buffer *out, const char *name, const hra_previous *year)
{
    const hra_result_facts *f = hra_previous_facts(year);
    hra_buffer_printf(out, "\"%s\": {\"people\": %lld, \"standing_twice\": %lld, \"definitions_hash\": ", name,
                      (long long)f->rows, (long long)hra_previous_repeated(year));
    hra_buffer_json(out, f->definitions_hash);
    hra_buffer_text(out, ", \"engine_version\": ");
    hra_buffer_json(out, f->engine_version);
    hra_buffer_text(out, ", \"panel\": ");
    hra_buffer_json(out, f->panel);
    hra_buffer_text(out, ", \"as_of\": ");
    hra_buffer_json(out, f->as_of);
    hra_buffer_text(out, "},\n ");
}

static hra_code write_account(const hra_years *y, const char *path, hra_error *error)
{
    const hra_years_account *a = y->account;
    hra_buffer out = {0};
    hra_buffer_text(&out, "{");
    put_year(&out, "now", y->now);
    put_year(&out, "previous", y->before);
    hra_buffer_printf(
        &out, "\"linked\": %lld, \"joined\": %lld, \"left\": %lld, \"same_definitions\": %s, \"roles\": [",
        (long long)a->linked, (long long)a->joined, (long long)a->left, a->same_definitions ? "true" : "false");
    for (int r = 0; r < y->role_count; r++) {
        if (r) hra_buffer_text(&out, ", ");
        hra_buffer_json(&out, y->roles[r]);
    }
    hra_buffer_text(&out, "]}\n");
    hra_code code = out.failed ? hra_out_of_memory(error) : hra_atomic_write(path, out.bytes, out.length, error);
    hra_buffer_destroy(&out);
    return code;
}

static hra_code compare(hra_years *y, hra_error *error)
{
    const char *folder = y->request->folder;
    y->beside = hra_arena_printf(y->arena, "%s/years", folder);
    const char *changes = hra_arena_printf(y->arena, "%s/changes.csv", folder);
    const char *groups_path = hra_arena_printf(y->arena, "%s/years.csv", folder);
    const char *indicators = hra_arena_printf(y->arena, "%s/years_indicators.csv", folder);
    const char *account = hra_arena_printf(y->arena, "%s/years.json", folder);
    if (!y->beside || !changes || !groups_path || !indicators || !account) return hra_out_of_memory(error);
    HRA_TRY(hra_change_rules_load(y->request->rules, y->dictionary, y->arena, &y->rules, error));
    HRA_TRY(open_years(y, error));
    HRA_TRY(hra_years_score(y, error));
    hra_year_groups *groups = hra_year_groups_new(y);
    hra_code code = groups ? hra_years_write(y, groups, changes, error) : hra_out_of_memory(error);
    if (!code) code = hra_year_groups_write(groups, groups_path, error);
    hra_year_groups_free(groups);
    if (!code) code = hra_years_indicators(y, indicators, error);
    return code ? code : write_account(y, account, error);
}

hra_code hra_years_compare(const hra_years_request *request, hra_years_account *account, hra_error *error)
{
    *account = (hra_years_account){0};
    hra_years y = {.request = request, .account = account, .arena = hra_arena_new()};
    y.dictionary = hra_library_dictionary(request->library);
    hra_code code = y.arena ? compare(&y, error) : hra_out_of_memory(error);
    hra_previous_close(y.now);
    hra_previous_close(y.before);
    hra_scratch_close(&y.rescored);
    hra_scratch_close(&y.rescored_common);
    hra_scratch_close(&y.now_common);
    hra_arena_free(y.arena);
    return code;
}
