/* The inside of the lists. */
#ifndef HRA_SERVICE_ROSTERS_INTERNAL_H
#define HRA_SERVICE_ROSTERS_INTERNAL_H

#include "base/buffer.h"
#include "base/map.h"
#include "io/files/spill_file.h"
#include "service/enrolment/rosters.h"

enum { HRA_ROSTER_GROUP, HRA_ROSTER_DEPARTMENT, HRA_ROSTER_BRANCH, HRA_ROSTER_LABELS };
enum { HRA_ROSTER_LISTED = 1, HRA_ROSTER_INVITED = 2 };

typedef struct hra_roster_reason {
    int output;
    const char *title;
} hra_roster_reason;

typedef struct hra_roster_action {
    const hra_declaration *declaration;
    int roster; /* output */
    bool sensitive;
    int *reasons; /* places among the reasons */
    int reason_count;
} hra_roster_action;

struct hra_rosters {
    hra_sink sink;
    hra_rosters_request request;
    const hra_output *outputs;
    int output_count;
    hra_roster_action *actions;
    int action_count, action_bytes;
    hra_roster_reason *reasons;
    int reason_count, reason_bytes;
    int labels[HRA_ROSTER_LABELS], consent;
    hra_spill_file spill;
    /* chosen */
    hra_map *groups;
    uint8_t *choices; /* [group][action] */
    int64_t *counts;  /* [group][action]: people who agreed */
    int group_count, group_capacity;
};

hra_code hra_rosters_prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results,
                             void **prepared, hra_error *error);
hra_code hra_rosters_commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                            hra_error *error);
void hra_rosters_discard(hra_sink *sink, void *prepared);

#endif
