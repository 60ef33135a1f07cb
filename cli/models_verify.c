/* hra models verify: reference rows against this machine's arithmetic. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/models.h"
#include "cli/options.h"
#include "report/models/model_card.h"
#include "report/models/verify.h"

enum { SETS_MAX = 8 };

typedef struct verify_job {
    const hra_library *library;
    const char *folder;
    const hra_isa *sets[SETS_MAX];
    int set_count;
    bool json;
    int models, failed;
    int64_t compared;
    double largest;
    const char *largest_model;
    hra_buffer out;
} verify_job;

static void json_line(verify_job *s, const hra_declaration *model, const hra_verification *v)
{
    hra_buffer_printf(&s->out, "%s\n {\"model\":\"%s\",\"rows\":%d,\"outputs\":%d,\"outputs_of_model\":%d",
                      s->models ? "," : "", model->id, v->rows, v->outputs, model->output_count);
    hra_buffer_printf(&s->out, ",\"largest_difference\":%.3g,\"wrong\":%lld", v->largest, (long long)v->wrong);
    if (v->wrong) {
        hra_buffer_text(&s->out, ",\"first_wrong\":");
        hra_buffer_json(&s->out, v->first);
    }
    hra_buffer_char(&s->out, '}');
}

static void text_line(const hra_declaration *model, const hra_verification *v)
{
    printf("%-36s %5d %5d of %-2d  %10.2g  %s\n", model->id, v->rows, v->outputs, model->output_count, v->largest,
           v->wrong ? "WRONG" : "ok");
    if (v->wrong) printf("    %lld wrong: %s\n", (long long)v->wrong, v->first);
}

static hra_code verify_model(verify_job *s, const hra_declaration *model, hra_error *error)
{
    hra_reference *reference = NULL;
    hra_verification v;
    HRA_TRY(hra_reference_open(s->library, model, s->folder, &reference, error));
    hra_code code = hra_verify(s->library, reference, s->sets, s->set_count, &v, error);
    hra_reference_free(reference);
    HRA_TRY(code);
    if (s->json)
        json_line(s, model, &v);
    else
        text_line(model, &v);
    s->models++;
    s->failed += v.wrong > 0;
    s->compared += v.compared;
    if (v.largest >= s->largest) {
        s->largest = v.largest;
        s->largest_model = model->id;
    }
    return HRA_OK;
}

/* A model whose rows cannot be used counts as failed; the others are verified all the same. */
static int verify_or_report(verify_job *s, const hra_declaration *model)
{
    hra_error error = {0};
    hra_code code = verify_model(s, model, &error);
    if (code == HRA_OK) return HRA_OK;
    hra_report_error("models", &error);
    if (code != HRA_EINPUT) return code;
    s->failed++;
    return HRA_OK;
}

static int verify_all(verify_job *s)
{
    int count, status = HRA_OK;
    const hra_declaration **models = hra_card_models(s->library, &count);
    if (!models) {
        fprintf(stderr, "hra models: out of memory\n");
        return HRA_ENOMEM;
    }
    for (int i = 0; status == HRA_OK && i < count; i++) status = verify_or_report(s, models[i]);
    free(models);
    return status;
}

static int verify_named(verify_job *s, char **ids, int count)
{
    for (int i = 0; i < count; i++) {
        const hra_declaration *d = hra_library_find(s->library, ids[i]);
        if (!d || d->kind != HRA_DECLARATION_MODEL) return hra_models_unknown(s->library, ids[i]);
        int status = verify_or_report(s, d);
        if (status != HRA_OK) return status;
    }
    return HRA_OK;
}

static void text_verdict(const verify_job *s)
{
    printf("\n%d model%s, %lld answers compared with the reference, by the judge and on", s->models,
           s->models == 1 ? "" : "s", (long long)s->compared);
    for (int i = 0; i < s->set_count; i++) printf(" %s", s->sets[i]->name);
    printf("; rows from %s\n", s->folder);
    if (s->models) printf("largest difference %.2g (%s)\n", s->largest, s->largest_model);
    if (s->failed)
        printf("FAILED: %d model%s\n", s->failed, s->failed == 1 ? "" : "s");
    else
        printf("all models agree\n");
}

static int verdict(verify_job *s)
{
    int status = s->failed || s->models == 0 ? HRA_EINPUT : HRA_OK;
    if (!s->json) {
        text_verdict(s);
        return status;
    }
    hra_buffer_printf(
        &s->out, "],\n\"models_verified\":%d,\"failed\":%d,\"compared\":%lld,\"largest_difference\":%.3g,\"sets\":[",
        s->models, s->failed, (long long)s->compared, s->largest);
    for (int i = 0; i < s->set_count; i++) hra_buffer_printf(&s->out, "%s\"%s\"", i ? "," : "", s->sets[i]->name);
    hra_buffer_text(&s->out, "]}\n");
    int printed = hra_models_print(&s->out);
    return printed != HRA_OK ? printed : status;
}

int hra_models_verify(const hra_library *library, char **ids, int count, const hra_models_options *options)
{
    char folder[4096];
    hra_error error = {0};
    verify_job s = {.library = library, .folder = options->vectors, .json = options->json};
    if (!s.folder) {
        if (hra_reference_folder(folder, sizeof folder, &error) != HRA_OK) return hra_report_error("models", &error);
        s.folder = folder;
    }
    if (hra_verify_sets(s.sets, SETS_MAX, &s.set_count, &error) != HRA_OK) return hra_report_error("models", &error);
    if (s.json)
        hra_buffer_text(&s.out, "{\"models\":[");
    else
        printf("%-36s %5s %11s  %10s\n", "model", "rows", "outputs", "largest");
    int status = count ? verify_named(&s, ids, count) : verify_all(&s);
    if (status == HRA_OK) return verdict(&s);
    hra_buffer_destroy(&s.out);
    return status;
}
