#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"

#define COMMAND(name, summary) int hra_cmd_##name(int argc, char **argv);
HRA_COMMANDS(COMMAND)
#undef COMMAND

static const hra_command commands[] = {
#define COMMAND(name, summary) {#name, summary, hra_cmd_##name},
    HRA_COMMANDS(COMMAND)
#undef COMMAND
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_usage(FILE *out)
{
    fprintf(out, "hra " HRA_VERSION ": batch health-risk assessment\n\nUsage: hra COMMAND [arguments]\n\nCommands:\n");
    for (int i = 0; i < COMMAND_COUNT; i++) fprintf(out, "  %-14s %s\n", commands[i].name, commands[i].summary);
    fprintf(out, "\n'hra COMMAND --help' explains one command. hra supports a physician and does not replace one.\n");
}

/* A file that hra opens would get the number of a standard stream that is closed, and messages would be written into
 * it. What stands in for the stream cannot be used: writing to it fails as before. */
static void keep_standard_streams(void)
{
    for (int stream = 0; stream <= 2; stream++)
        if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY) < 0) return;
}

int main(int argc, char **argv)
{
    keep_standard_streams();
    signal(SIGXFSZ, SIG_IGN); /* a file that grows beyond a limit is a write error with a message */
    if (argc < 2) {
        print_usage(stderr);
        return HRA_EUSAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "help") == 0 && argc > 2) {
        static char help[] = "--help";
        char *arguments[] = {argv[2], help, NULL};
        for (int i = 0; i < COMMAND_COUNT; i++)
            if (strcmp(commands[i].name, argv[2]) == 0) return hra_finish_stdout(commands[i].run(2, arguments));
        name = argv[2];
    }
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        print_usage(stdout);
        return hra_finish_stdout(HRA_OK);
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0) {
        printf("hra " HRA_VERSION "\n");
        return hra_finish_stdout(HRA_OK);
    }
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0) return hra_finish_stdout(commands[i].run(argc - 1, argv + 1));
    fprintf(stderr, "hra: unknown command '%s'; 'hra help' lists the commands\n", name);
    return HRA_EUSAGE;
}
