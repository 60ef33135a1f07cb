/* COMMAND(name, "summary"): the order is that of `hra help`. cli/cmd_NAME.c defines hra_cmd_NAME. */
#define HRA_COMMANDS(COMMAND)                                                                                          \
    COMMAND(import, "read checkup files into a population store")                                                      \
    COMMAND(join, "join checkups, questionnaires, rosters and diagnoses by person")                                    \
    COMMAND(inspect, "examine a file and draft a profile for reading it")                                              \
    COMMAND(quality, "check the data of each source and write a report to send back")                                  \
    COMMAND(score, "compute risks for every person of a store or CSV file")                                            \
    COMMAND(evaluate, "measure how well risks agree with outcomes")                                                    \
    COMMAND(recalibrate, "give risks a new calibration on a cohort, as a definition")                                  \
    COMMAND(run, "import, score, assess and summarise whole groups (the nightly job)")                                 \
    COMMAND(compare, "show what changed since last year, and why")                                                     \
    COMMAND(screen, "choose whom to enrol when places are limited")                                                    \
    COMMAND(register, "update the enrolment register and plan contacts")                                               \
    COMMAND(export, "write workbooks, FHIR and tables for research")                                                   \
    COMMAND(report, "write reports for people to read")                                                                \
    COMMAND(unpack, "open an encrypted package of a branch")                                                           \
    COMMAND(explain, "show how one person's results are computed, term by term")                                       \
    COMMAND(models, "list, search, show and verify the models")                                                        \
    COMMAND(generate, "make a synthetic corporate population")                                                         \
    COMMAND(key, "make the key for hashing identifiers")                                                               \
    COMMAND(forget, "delete people from stores, results and lists")                                                    \
    COMMAND(definitions, "check, review and compare definition files")                                                 \
    COMMAND(info, "show what a store or result file holds")
