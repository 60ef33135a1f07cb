#include "base/buffer.h"
#include "io/files/atomic_file.h"
#include "service/enrolment/care_indicators.h"
#include "service/enrolment/follow_up.h"
#include "service/enrolment/monitoring.h"

static hra_code write_people(hra_care *care, hra_monitoring *monitoring, hra_follow_up *follow_up,
                             hra_care_indicators *indicators, hra_care_account *account, hra_error *error)
{
    for (;;) {
        hra_care_person person;
        bool any;
        HRA_TRY(hra_care_next(care, &person, &any, error));
        if (!any) break;
        HRA_TRY(hra_monitoring_add(monitoring, &person, account, error));
        HRA_TRY(hra_follow_up_add(follow_up, &person, account, error));
        HRA_TRY(hra_care_indicators_add(indicators, &person, error));
    }
    HRA_TRY(hra_monitoring_finish(monitoring, error));
    HRA_TRY(hra_follow_up_finish(follow_up, account, error));
    return hra_care_indicators_finish(indicators, error);
}

static hra_code write_account(const hra_care_request *request, const hra_care_account *a, hra_error *error)
{
    hra_buffer path = {0}, out = {0};
    hra_buffer_printf(&path, "%s/care.json", request->folder);
    hra_buffer_printf(&out,
                      "{\"people\": %lld, \"in_plan\": %lld, \"in_plan_not_seen\": %lld, \"monitored\": %lld, "
                      "\"reminders\": %lld, \"follow_up\": %lld, \"overdue\": %lld, \"satisfaction_sample\": %lld, "
                      "\"contacts\": %lld, \"contacts_reached\": %lld}\n",
                      (long long)a->people, (long long)a->in_plan, (long long)a->not_seen, (long long)a->monitored,
                      (long long)a->reminders, (long long)a->follow_up, (long long)a->overdue, (long long)a->sampled,
                      (long long)a->contacts, (long long)a->reached);
    hra_code code = path.failed || out.failed ? hra_out_of_memory(error)
                                              : hra_atomic_write(path.bytes, out.bytes, out.length, error);
    hra_buffer_destroy(&path);
    hra_buffer_destroy(&out);
    return code;
}

hra_code hra_care_plan(const hra_care_request *request, hra_care_account *account, hra_error *error)
{
    hra_care *care = NULL;
    hra_monitoring *monitoring = NULL;
    hra_follow_up *follow_up = NULL;
    hra_care_indicators *indicators = NULL;
    int state_count = 0;
    *account = (hra_care_account){0};
    hra_code code = hra_follow_up_new(request, &follow_up, error);
    const char *const *states = code ? NULL : hra_follow_up_states(follow_up, &state_count);
    if (!code) code = hra_care_open(request, states, state_count, account, &care, error);
    if (!code) code = hra_follow_up_start(follow_up, care, error);
    if (!code) code = hra_monitoring_new(request, care, &monitoring, error);
    if (!code) code = hra_care_indicators_new(request, care, account, &indicators, error);
    if (!code) code = write_people(care, monitoring, follow_up, indicators, account, error);
    if (!code) code = write_account(request, account, error);
    hra_care_indicators_free(indicators);
    hra_monitoring_free(monitoring);
    hra_follow_up_free(follow_up);
    hra_care_close(care);
    return code;
}
