/* hra recalibrate: a new calibration of risks, as a definition. */
#include <stddef.h>

#include "cli/command.h"
#include "cli/recalibration.h"

int hra_cmd_recalibrate(int argc, char **argv);

int hra_cmd_recalibrate(int argc, char **argv)
{
    hra_recalibration_options o = {.table.language = "en"};
    const hra_option options[] = {
        {"event", 'e', HRA_OPTION_TEXT, &o.table.event, "COLUMN",
         "what happened: 1 event, 0 none (with --time: censored), 2 competing event"},
        {"time", 0, HRA_OPTION_TEXT, &o.table.time, "COLUMN", "time to the event or to the end of follow-up"},
        {"horizon", 0, HRA_OPTION_TEXT, &o.table.horizons, "T", "time over which the risks are, in the unit of --time"},
        {"risks", 'r', HRA_OPTION_TEXT, &o.table.risks, "COLUMN,...",
         "risks to recalibrate, called MODEL.OUTPUT (default: all columns that end in .risk)"},
        {"slope", 0, HRA_OPTION_FLAG, &o.slope, NULL, "renew the slope, too, not only the intercept"},
        {"status", 0, HRA_OPTION_TEXT, &o.table.status, "WORD,...",
         "only risks whose column NAME.status holds one of these words (default: all that have a value)"},
        {"weight", 'w', HRA_OPTION_TEXT, &o.table.weight, "COLUMN", "case weights"},
        {"only", 0, HRA_OPTION_TEXT, &o.table.only, "COLUMN=VALUE,...",
         "only people with one of these texts in this column"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE", "definitions of the models; may be repeated"},
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "FILE", "the new definition (.hra)"},
        {"name", 0, HRA_OPTION_TEXT, &o.name, "NAME", "of the new model (default: MODEL_recalibrated)"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.table.quiet, NULL, "no table"},
        {0}};
    const hra_usage usage = {"recalibrate", "TABLE --event COLUMN [--time COLUMN --horizon T] -o FILE [options]",
                             "Gives risks that rank people well but are too high or too low for a cohort a new\n"
                             "calibration, and writes it as the definition of a new model. Everything else of the\n"
                             "model stays. TABLE is what 'hra score --keep' writes, or any table with a row per\n"
                             "person. docs/recalibrate.md says how it is estimated.",
                             options,
                             "Examples:\n"
                             "  hra score cohort.csv -o risks.csv -m china_par_2016 --keep days,died --precision full\n"
                             "  hra recalibrate risks.csv --time days --event died --horizon 3652 -o recalibrated.hra\n"
                             "  hra score others.csv -o new.csv -d recalibrated.hra -m china_par_2016_recalibrated"};
    int status = hra_options_parse(&usage, &argc, argv);
    if (status >= 0) return status;
    hra_error error = {0};
    hra_code code = argc == 2 ? hra_recalibration_run(argv[1], &o, &error)
                              : hra_fail(&error, HRA_EUSAGE, "one table is needed; see 'hra recalibrate --help'");
    if (code) return hra_report_error("recalibrate", &error);
    return hra_finish_stdout(0);
}
