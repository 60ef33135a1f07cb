/* What a recalibration has changed, and what makes it doubtful. */
#include <math.h>
#include <stdio.h>

#include "cli/model_horizon.h"
#include "cli/recalibration.h"

/* Below so many events a recalibration is unreliable: Collins, Ogundimu and Altman, Statistics in Medicine 2016. */
enum { ENOUGH_EVENTS = 100 };

static void put_estimate(const char *title, const hra_finding *f)
{
    printf("  %-20s %10.4f", title, f->is.value);
    if (!isnan(f->is.lower)) printf("   (%.4f to %.4f)", f->is.lower, f->is.upper);
    printf("\n");
}

static void put_change(const char *title, const hra_finding *before, const hra_finding *after)
{
    const hra_finding *both[] = {before, after};
    printf("  %-20s", title);
    for (int i = 0; i < 2; i++) {
        char text[64] = "-";
        const hra_estimate *e = &both[i]->is;
        if (!isnan(e->value) && !isnan(e->lower) && i == 0)
            snprintf(text, sizeof text, "%.4f (%.4f to %.4f)", e->value, e->lower, e->upper);
        else if (!isnan(e->value))
            snprintf(text, sizeof text, "%.4f", e->value);
        printf(" %30s", text);
    }
    printf("\n");
}

void hra_recalibration_show(const hra_recalibration_result *r)
{
    const hra_new_calibration *c = &r->calibration;
    printf("%s becomes %s.risk: %lld people, %lld events", r->risk, r->name, (long long)r->people,
           (long long)r->before.events);
    if (c->timed) printf(" by %g", r->horizon);
    printf("\n");
    put_estimate(c->timed ? "log hazard factor" : "intercept", &c->intercept);
    if (c->free_slope)
        put_estimate("slope", &c->slope);
    else
        printf("  %-20s %10.4f\n", c->timed ? "hazard factor" : "odds factor", exp(c->intercept.is.value));
    printf("  %-20s %30s %30s\n", "", "before", "after");
    put_change("observed", &r->before.observed, &r->after.observed);
    put_change("expected", &r->before.expected, &r->after.expected);
    put_change("observed/expected", &r->before.ratio, &r->after.ratio);
    put_change("calibration slope", &r->before.slope, &r->after.slope);
}

void hra_recalibration_warn(const hra_recalibration_result *r)
{
    const hra_new_calibration *c = &r->calibration;
    if (r->before.events < ENOUGH_EVENTS)
        fprintf(stderr, "%s: %lld events are few: below %d a recalibration is unreliable\n", r->name,
                (long long)r->before.events, ENOUGH_EVENTS);
    if (c->free_slope && c->slope.is.value <= 0)
        fprintf(stderr, "%s: the slope is not above 0: higher risks went with fewer events. Do not use this model\n",
                r->name);
    if (!c->free_slope && !isnan(r->before.slope.is.lower) &&
        (r->before.slope.is.lower > 1 || r->before.slope.is.upper < 1))
        fprintf(stderr, "%s: the calibration slope differs from 1; --slope corrects it, too\n", r->name);
    if (c->extreme > 0)
        fprintf(stderr, "%s: %lld people have a risk of 0 or 1 and keep it%s\n", r->name, (long long)c->extreme,
                c->timed && !c->free_slope ? "" : "; they are left out of the regression");
    if (c->timed && !isnan(r->model_years) && !hra_fits_horizon(r->model_years, r->horizon))
        fprintf(
            stderr,
            "%s: the model predicts over %g years; the horizon %g is not that time in years, months, weeks or days\n",
            r->name, r->model_years, r->horizon);
}
