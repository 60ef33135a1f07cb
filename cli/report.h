/* The kinds of reports: each a command of its own, listed in cmd_report.c. */
#ifndef HRA_CLI_REPORT_H
#define HRA_CLI_REPORT_H

int hra_report_individual(int argc, char **argv);
int hra_report_pdf(int argc, char **argv);
int hra_report_branches(int argc, char **argv);
int hra_report_group(int argc, char **argv);
int hra_report_overview(int argc, char **argv);

#endif
