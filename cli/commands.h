/* COMMAND(name, "summary"): the order is that of `hra help`. cli/cmd_NAME.c defines hra_cmd_NAME. */
#define HRA_COMMANDS(COMMAND)                                                                                          \
    COMMAND(import, "read checkup files into a population store")                                                      \
    COMMAND(join, "join checkups, questionnaires, rosters and diagnoses by person")                                    \
    COMMAND(inspect, "say what a file is and draft a profile to read it by")                                           \
    COMMAND(quality, "judge what each source sends, with a report to send back")                                       \
    COMMAND(score, "compute risks for every person of a store or CSV file")                                            \
    COMMAND(run, "import, score, assess and summarise whole groups (the nightly job)")                                 \
    COMMAND(compare, "what changed since last year, and why")                                                          \
    COMMAND(screen, "who is enrolled if there are only so many places")                                                \
    COMMAND(register, "keep the enrolment register from night to night")                                               \
    COMMAND(export, "lists as workbooks, results for other programs and research")                                     \
    COMMAND(report, "write reports for people to read")                                                                \
    COMMAND(unpack, "open the package of a branch")                                                                    \
    COMMAND(explain, "show one person's evaluation term by term")                                                      \
    COMMAND(models, "list, search, show and verify the models")                                                        \
    COMMAND(generate, "make a realistic corporate population")                                                         \
    COMMAND(key, "make the key that identifiers are hashed with")                                                      \
    COMMAND(forget, "take people out of stores, results and lists")                                                    \
    COMMAND(definitions, "check definition files")                                                                     \
    COMMAND(info, "show what a store or result file holds")
