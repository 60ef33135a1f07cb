/* The kinds of exports: each a command of its own, listed in cmd_export.c. */
#ifndef HRA_CLI_EXPORT_H
#define HRA_CLI_EXPORT_H

int hra_export_xlsx(int argc, char **argv);
int hra_export_fhir(int argc, char **argv);
int hra_export_research(int argc, char **argv);

#endif
