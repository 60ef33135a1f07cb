#include "cli/forget_again.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/shell_word.h"
#include "cli/setup.h"
#include "io/people/population_store.h"
#include "io/results/result_reader.h"
#include "report/tools/json_values.h"
#include "service/forget/forget_figures.h"
#include "service/forget/forget_store.h"

/* What run.json says. */
typedef struct record {
    char *store; /* NULL: population.h5 beside it */
    bool with_register, failed;
    bool exact;           /* options with the bytes of names that are shown otherwise */
    hra_buffer options;   /* as they are typed, each with a blank before it */
    hra_buffer earlier;   /* results of earlier years that it is compared with, each with its NUL */
    bool earlier_follows; /* the next word is one of them */
    bool last_follows;    /* and that of last year, whose figures it reads */
    char *last;
} record;

static void take_store(record *r, const char *text)
{
    free(r->store);
    r->store = strdup(text);
    r->failed |= !r->store;
}

static void take_option(record *r, const char *text)
{
    hra_buffer_char(&r->options, ' ');
    hra_shell_word(&r->options, text);
    if (r->earlier_follows) hra_buffer_append(&r->earlier, text, strlen(text) + 1);
    if (r->last_follows) {
        free(r->last);
        r->failed |= !(r->last = strdup(text));
    }
    r->last_follows = strcmp(text, "--previous") == 0;
    r->earlier_follows = r->last_follows || strcmp(text, "--earlier") == 0;
}

/* The exact options stand behind those that are shown, and count in their place. */
static void take_exact_option(record *r, const char *text)
{
    if (!r->exact) {
        hra_buffer_clear(&r->options);
        hra_buffer_clear(&r->earlier);
        r->earlier_follows = r->last_follows = false;
        r->exact = true;
    }
    take_option(r, text);
}

static char *of_hex(const char *text)
{
    size_t length = strlen(text) / 2;
    char *bytes = malloc(length + 1);
    for (size_t i = 0; bytes && i < length; i++) {
        const char pair[] = {text[2 * i], text[2 * i + 1], '\0'};
        bytes[i] = (char)strtoul(pair, NULL, 16);
    }
    if (bytes) bytes[length] = '\0';
    return bytes;
}

static hra_code take_value(void *context, const char *path, const char *text, hra_error *error)
{
    static const char option[] = "again.options.", exact[] = "again.options_hex.", store[] = "again.store_hex";
    record *r = context;
    bool is_exact = strncmp(path, exact, sizeof exact - 1) == 0, is_store = strcmp(path, store) == 0;
    if (strcmp(path, "again.store") == 0 && strcmp(text, "null") != 0)
        take_store(r, text);
    else if (strcmp(path, "again.register") == 0)
        r->with_register = strcmp(text, "true") == 0;
    else if (strncmp(path, option, sizeof option - 1) == 0)
        take_option(r, text);
    if (!is_exact && !is_store) return HRA_OK;
    char *bytes = of_hex(text);
    if (!bytes) return hra_out_of_memory(error);
    is_exact ? take_exact_option(r, bytes) : take_store(r, bytes);
    free(bytes);
    return HRA_OK;
}

static hra_code read_record(const char *path, record *r, hra_error *error)
{
    HRA_TRY(hra_json_file(path, take_value, r, error));
    return r->failed ? hra_out_of_memory(error) : HRA_OK;
}

static hra_code rows_of(const char *store, const hra_texts *definitions, int64_t *rows, hra_error *error)
{
    hra_library *library = NULL;
    hra_source *source = NULL;
    HRA_TRY(hra_setup_store_library(definitions, store, &library, error));
    hra_code code = hra_store_open(store, hra_library_dictionary(library), &source, error);
    if (!code) {
        *rows = source->rows;
        source->close(source);
    }
    hra_library_free(library);
    return code;
}

/* A store that was not named may still have those who were deleted: a run from it would bring them back. */
static hra_code check_store(const char *folder, const char *store, int64_t rows, const hra_texts *definitions,
                            hra_buffer *out, hra_error *error)
{
    int64_t people = 0;
    if (access(store, F_OK) != 0) {
        hra_buffer_printf(out, "%s: the store that it was made from, %s, is gone: delete the figures\n", folder, store);
        return HRA_OK;
    }
    HRA_TRY(rows_of(store, definitions, &people, error));
    if (people != rows)
        hra_buffer_printf(out,
                          "%s: the store that it was made from, %s, has %" PRId64 " people and the results %" PRId64
                          ": delete the same people from it, too, then repeat this command\n",
                          folder, store, people, rows);
    return HRA_OK;
}

/* The earlier year would tell of them as people who have left. */
static hra_code check_year(const char *folder, const char *year, hra_forget_list *list, hra_buffer *out,
                           hra_error *error)
{
    hra_result_reader *reader = NULL;
    int64_t people = 0;
    HRA_TRY(hra_result_reader_open(year, &reader, error));
    hra_code code = hra_forget_in_results(hra_result_reader_facts(reader)->path, list, true, &people, error);
    hra_result_reader_close(reader);
    if (!code && people > 0)
        hra_buffer_printf(out,
                          "%s: the earlier year that it is compared with, %s, still has %" PRId64
                          " of these people: delete them from it, too, then repeat this command\n",
                          folder, year, people);
    return code;
}

static hra_code check_years(const record *r, const char *folder, hra_forget_list *list, hra_buffer *out,
                            hra_error *error)
{
    const char *end = r->earlier.bytes + r->earlier.length;
    for (const char *year = r->earlier.bytes; r->earlier.length > 0 && year < end; year += strlen(year) + 1)
        HRA_TRY(check_year(folder, year, list, out, error));
    return HRA_OK;
}

/* Results of last year beside which figures count people who are not among them any more; NULL: there are none. */
static hra_code stale_year(const record *r, char **out, hra_error *error)
{
    hra_result_reader *reader = NULL;
    hra_buffer names = {0};
    int64_t figures = 0;
    *out = NULL;
    if (!r->last) return HRA_OK;
    HRA_TRY(hra_result_reader_open(r->last, &reader, error));
    const hra_result_facts *facts = hra_result_reader_facts(reader);
    hra_code code = hra_forget_figures(facts->path, facts->rows, &names, &figures, error);
    if (!code && figures > 0 && !(*out = strdup(facts->path))) code = hra_out_of_memory(error);
    hra_buffer_destroy(&names);
    hra_result_reader_close(reader);
    return code;
}

static void put_path(hra_buffer *out, const char *folder, const char *name)
{
    hra_buffer path = {0};
    hra_buffer_printf(&path, "%s/%s", folder, name);
    out->failed |= path.failed;
    if (!path.failed) hra_shell_word(out, path.bytes);
    hra_buffer_destroy(&path);
}

static void put_command(const record *r, const char *folder, hra_buffer *out)
{
    hra_buffer_text(out, "hra run ");
    if (r->store)
        hra_shell_word(out, r->store);
    else
        put_path(out, folder, "population.h5");
    hra_buffer_text(out, " -o ");
    hra_shell_word(out, folder);
    if (r->options.length == 0) { /* the run of an older hra */
        hra_buffer_text(out, " ... (with the options of that run)\n");
        return;
    }
    hra_buffer_text(out, r->options.bytes);
    if (r->with_register) {
        hra_buffer_text(out, " --register ");
        put_path(out, folder, "register.csv");
    }
    hra_buffer_char(out, '\n');
}

/* Into `out` what is to be done before, or the command; *is_command: which. */
static hra_code tell(const hra_counted *counted, const char *folder, record *r, const hra_texts *definitions,
                     hra_forget_list *list, hra_buffer *out, bool *is_command, hra_error *error)
{
    hra_buffer path = {0};
    *is_command = false;
    if (counted->rows == 0) {
        hra_buffer_printf(out, "%s: nobody is left: delete the folder\n", folder);
        return HRA_OK;
    }
    hra_buffer_printf(&path, "%s/run.json", folder);
    hra_code code = path.failed ? hra_out_of_memory(error) : read_record(path.bytes, r, error);
    hra_buffer_destroy(&path);
    if (!code && r->store) code = check_store(folder, r->store, counted->rows, definitions, out, error);
    if (!code) code = check_years(r, folder, list, out, error);
    if (code || out->length > 0) return code;
    *is_command = true;
    put_command(r, folder, out);
    return HRA_OK;
}

hra_code hra_forget_again(const hra_counted *counted, const hra_texts *definitions, hra_forget_list *list,
                          hra_forget_order *order, hra_error *error)
{
    const char *slash = strrchr(counted->results, '/');
    char *folder = slash ? strndup(counted->results, (size_t)(slash - counted->results)) : strdup(".");
    char *year = NULL;
    record r = {0};
    hra_buffer text = {0};
    bool is_command;
    if (!folder) return hra_out_of_memory(error);
    hra_code code = tell(counted, folder, &r, definitions, list, &text, &is_command, error);
    if (!code && is_command) code = stale_year(&r, &year, error);
    if (!code && (text.failed || r.options.failed || r.earlier.failed)) code = hra_out_of_memory(error);
    if (!code) code = hra_forget_order_add(order, counted->results, text.bytes, is_command, year, error);
    free(folder);
    free(year);
    free(r.store);
    free(r.last);
    hra_buffer_destroy(&r.options);
    hra_buffer_destroy(&r.earlier);
    hra_buffer_destroy(&text);
    return code;
}
