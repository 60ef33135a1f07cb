/* Packages for branches, as `hra report branches` and `hra run --branches` make them. */
#ifndef HRA_CLI_REPORT_BRANCHES_H
#define HRA_CLI_REPORT_BRANCHES_H

#include "cli/reporting.h"

typedef struct hra_branches_request {
    hra_reporting_options who; /* of the finished run; all people */
    const char *output;        /* a folder that is not there, or empty; with `renew` of packages */
    const char *people, *key;  /* key map with names and its key; NULL: no names */
    const char *transitions;   /* of the register; NULL: built in */
    const char *keys;          /* folder of public keys: archives for one reader each; NULL: not encrypted */
    const char *provider, *contact;
    bool zip, no_reports;
    bool pdf, two_sided; /* the reports merged for the printer too */
    bool renew;          /* packages of an earlier call are replaced; what is unchanged of their PDF files stays */
} hra_branches_request;

/* Appears whole or not at all. */
hra_code hra_branches_make(const hra_branches_request *request, hra_error *error);

#endif
