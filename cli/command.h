/* Subcommands: one file cli/cmd_NAME.c and one row in cli/commands.h each. The
 * table drives dispatch, help and the man-page check. */
#ifndef HRA_CLI_COMMAND_H
#define HRA_CLI_COMMAND_H

typedef struct hra_command {
    const char *name, *summary;
    int (*run)(int argc, char **argv); /* argv[0] is the subcommand; returns the exit status */
} hra_command;

#endif
