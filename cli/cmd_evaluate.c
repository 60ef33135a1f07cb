/* hra evaluate: how well risks agree with what happened. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shell_word.h"
#include "cli/command.h"
#include "cli/evaluation.h"
#include "cli/options.h"

int hra_cmd_evaluate(int argc, char **argv);

static void type_again(int argc, char **argv, hra_buffer *line)
{
    hra_buffer_text(line, "hra");
    for (int i = 0; i < argc; i++) {
        hra_buffer_char(line, ' ');
        hra_shell_word(line, argv[i]);
    }
}

int hra_cmd_evaluate(int argc, char **argv)
{
    hra_buffer line = {0};
    type_again(argc, argv, &line);
    hra_evaluation_options o = {.language = "en", .seed = 1, .command = line.bytes};
    const hra_option options[] = {
        {"event", 'e', HRA_OPTION_TEXT, &o.event, "COLUMN",
         "what happened: 1 event, 0 none (with --time: censored), 2 competing event"},
        {"time", 0, HRA_OPTION_TEXT, &o.time, "COLUMN", "time to the event or to the end of follow-up"},
        {"horizon", 0, HRA_OPTION_TEXT, &o.horizons, "T,...",
         "times at which risks are evaluated, in the unit of --time"},
        {"risks", 'r', HRA_OPTION_TEXT, &o.risks, "COLUMN,...",
         "risks, 0 to 1; COLUMN@T belongs to one horizon (default: all columns that end in .risk)"},
        {"against", 0, HRA_OPTION_TEXT, &o.against, "COLUMN", "compare each of the other risks with this one"},
        {"rank", 0, HRA_OPTION_TEXT, &o.rank, "MEASURE",
         "the best model by this measure first, such as c_harrell or ipa"},
        {"common", 0, HRA_OPTION_FLAG, &o.common, NULL, "only people for whom every one of the risks is known"},
        {"status", 0, HRA_OPTION_TEXT, &o.status, "WORD,...",
         "only risks whose column NAME.status holds one of these words (default: all that have a value)"},
        {"weight", 'w', HRA_OPTION_TEXT, &o.weight, "COLUMN", "case weights"},
        {"by", 0, HRA_OPTION_TEXT, &o.by, "COLUMN", "evaluate each group of this column as well"},
        {"only", 0, HRA_OPTION_TEXT, &o.only, "COLUMN=VALUE,...", "only people with one of these texts in this column"},
        {"thresholds", 0, HRA_OPTION_TEXT, &o.thresholds, "P,...",
         "risks from which one would act, for net benefit and reclassification (default: 0.05,0.1,0.2; more points of "
         "net benefit for a page)"},
        {"outcomes", 0, HRA_OPTION_TEXT, &o.outcomes, "FILE",
         "table that holds what happened (and the times) by identifier"},
        {"id", 0, HRA_OPTION_TEXT, &o.id, "COLUMN[=COLUMN]",
         "identifier in TABLE and in the table of outcomes (default: person_id in both)"},
        {"key", 0, HRA_OPTION_TEXT, &o.key, "FILE", "key that hashed the identifiers of TABLE, where outcomes are not"},
        {"issuer", 0, HRA_OPTION_TEXT, &o.issuer, "NAME", "issuer of the identifiers, as at the import"},
        {"bootstrap", 0, HRA_OPTION_INT, &o.bootstrap, "N", "intervals of all measures from N samples of the people"},
        {"seed", 0, HRA_OPTION_LONG, &o.seed, "N", "number that the samples follow from (default: 1)"},
        {"threads", 't', HRA_OPTION_INT, &o.threads, "N", "threads for the samples (default: all processors)"},
        {"definitions", 'd', HRA_OPTION_TEXTS, &o.definitions, "FILE",
         "definitions of models of your own, for the times over which they predict; may be repeated"},
        {"output", 'o', HRA_OPTION_TEXT, &o.output, "FILE", "all measures as CSV"},
        {"page", 0, HRA_OPTION_TEXT, &o.page, "FILE", "a page (HTML) with tables and plots"},
        {"language", 'l', HRA_OPTION_TEXT, &o.language, "LANG", "of the page: en (default) or zh"},
        {"quiet", 'q', HRA_OPTION_FLAG, &o.quiet, NULL, "no table, no progress"},
        {0}};
    const hra_usage usage = {"evaluate", "TABLE --event COLUMN [--time COLUMN --horizon T] [options]",
                             "Measures how well the risks of one or several models agree with outcomes:\n"
                             "discrimination, calibration, overall accuracy, net benefit; each model by itself,\n"
                             "against another one, and by group. TABLE is what 'hra score --keep' writes (CSV or a\n"
                             "result store), the folder of 'hra run', or any table with a row per person.\n"
                             "docs/evaluate.md defines every measure.",
                             options,
                             "Examples:\n"
                             "  hra score cohort.csv -o risks.csv -m a,b --keep days,died --precision full\n"
                             "  hra evaluate risks.csv --time days --event died --horizon 3652 -o measures.csv\n"
                             "  hra evaluate risks.csv --event stroke --against b.risk --by sex"};
    int status = hra_options_parse(&usage, &argc, argv);
    hra_error error = {0};
    hra_code code = status >= 0   ? HRA_OK
                    : line.failed ? hra_fail(&error, HRA_ENOMEM, "not enough memory")
                    : argc == 2   ? hra_evaluation(argv[1], &o, &error)
                                  : hra_fail(&error, HRA_EUSAGE, "one table is needed; see 'hra evaluate --help'");
    hra_buffer_destroy(&line);
    if (status >= 0) return status;
    if (code) return hra_report_error("evaluate", &error);
    return hra_finish_stdout(0);
}
