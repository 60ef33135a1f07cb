/* Who is to be invited to what. People pass by once, before their group's figures
 * are known: who could be on a list is kept in a temporary file, and the lists are
 * written when it is known which groups have which action. Memory does not grow
 * with people.
 *
 * The internal list says why. The client's says only who is invited to which
 * lecture, and only of people who agreed (consent_client); nothing sensitive is
 * on it, and no list of so few people that it would tell who has the finding. */
#ifndef HRA_SERVICE_ROSTERS_H
#define HRA_SERVICE_ROSTERS_H

#include "engine/language/plan.h"
#include "engine/run/runner.h"

typedef struct hra_rosters hra_rosters;

typedef struct hra_rosters_request {
    const hra_library *library; /* titles of findings */
    const hra_plan *plan;
    const hra_schema *schema;
    const char *language;
    const char *beside; /* the temporary file stands in the folder of this path */
} hra_rosters_request;

hra_code hra_rosters_new(const hra_rosters_request *request, hra_rosters **out, hra_error *error);
void hra_rosters_free(hra_rosters *rosters);
/* Before the run: the source must read what the lists need beside the program's columns. */
void hra_rosters_want(const hra_rosters *rosters, bool *wanted);
hra_sink *hra_rosters_sink(hra_rosters *rosters);

/* ---- after the run --------------------------------------------------------------- */

/* The group has this action (by the plan's order): its people come on the internal list; `invite`: on the client's,
 * too. False: out of memory. */
bool hra_rosters_choose(hra_rosters *rosters, const char *group, int action, bool invite);

typedef struct hra_rosters_facts {
    int64_t entries, invitations; /* lines of the two lists */
    bool asked;                   /* the data hold consent_client at all */
} hra_rosters_facts;

/* Either path may be NULL. Lists for the client of fewer than `fewest` people are left out. */
hra_code hra_rosters_write(hra_rosters *rosters, const char *internal, const char *client, int fewest,
                           hra_rosters_facts *facts, hra_error *error);

#endif
