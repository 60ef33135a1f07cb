/* All files about groups: what the house keeps (groups.csv, groups.json, the
 * lists with reasons, what is withheld and why, all clients' editions) and what
 * each client gets in a folder of its own (the same figures under the rules for
 * small groups, invitations without reasons). */
#ifndef HRA_REPORT_GROUP_FILES_H
#define HRA_REPORT_GROUP_FILES_H

#include "engine/language/plan.h"
#include "engine/summary/group_summary.h"
#include "report/models/catalogue.h"

typedef struct hra_group_request {
    const hra_catalogue *catalogue;
    hra_group_summary *summary;
    const hra_plan *plan; /* group actions */
    const hra_schema *schema;
    const char *language; /* "zh" or "en" */
    double as_of;
    const char *folder; /* temporary files stand there */
    /* paths; NULL: none, or what is built in */
    const char *policy;        /* service/group/group_policy.h */
    const char *standard;      /* standard population; NULL: all people of the run */
    const char *last_year;     /* groups.csv of last year */
    const char *earlier;       /* groups_client.csv of the edition before */
    const char *participation; /* group,invited,examined,answered,assessed */
    const char *lecture_list;  /* lecture,specialty: what the provider can give */
    int lectures;              /* bought; 0: the policy's number */
    int threads;               /* that form texts; 0: one */
} hra_group_request;

/* Any may be NULL: not written. */
typedef struct hra_group_paths {
    const char *csv, *json, *withheld, *rosters;        /* the house's */
    const char *client_csv, *client_json, *invitations; /* of all clients: kept in the house */
    /* made, with a folder for each client that gets an edition: group.csv, group.json and, if there are lists,
     * invitations.csv (then `invitations` must be named, too) */
    const char *client_folder;
} hra_group_paths;

typedef struct hra_group_facts {
    int groups, editions; /* editions: groups the client is told of */
    int64_t entries, invitations;
    bool asked_consent; /* the data hold consent_client: without it nobody is on a list for the client */
} hra_group_facts;

typedef struct hra_group_files hra_group_files;

/* Before the run, after the summary is made; what the request names must outlive the files. */
hra_code hra_group_files_new(const hra_group_request *request, hra_group_files **out, hra_error *error);
void hra_group_files_free(hra_group_files *files);
/* Runs beside the summary's own sink. */
hra_sink *hra_group_files_sink(hra_group_files *files);
/* Columns beside the program's that the lists need. */
void hra_group_files_want(const hra_group_files *files, bool *wanted);

/* After the run. */
hra_code hra_group_files_write(hra_group_files *files, const hra_group_paths *paths, hra_group_facts *facts,
                               hra_error *error);

/* Writes a buffer as a whole file that appears at once; frees the buffer. */
hra_code hra_write_file(const char *path, hra_buffer *text, hra_error *error);

#endif
