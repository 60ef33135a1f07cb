/* Every model against its reference rows, tests/vectors/<model id>.csv.
 *
 * The judge and the compiled program on every instruction set must agree with
 * what somebody else's program answered, and the program with the judge bit for
 * bit (report/models/verify.h). A model without rows, or rows without a model, is a
 * failure. tests/unit/test_verify.c holds that wrong rows are found.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "report/models/verify.h"

static const char folder[] = HRA_SOURCE_DIR "/tests/vectors";

/* ---- the library ---------------------------------------------------------- */

static hra_library *library;

static int load_library(void **state)
{
    (void)state;
    hra_error error = {0};
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    library = hra_library_new();
    hra_code code = hra_library_add_builtin(library, diagnostics, &error);
    if (code == HRA_OK) code = hra_library_check(library, diagnostics, &error);
    if (code != HRA_OK) {
        hra_buffer out = {0};
        hra_diagnostics_print(diagnostics, &out);
        print_error("%s\n%s\n", error.message, out.bytes ? out.bytes : "");
        hra_buffer_destroy(&out);
    }
    hra_diagnostics_free(diagnostics);
    return code == HRA_OK ? 0 : -1;
}

static int free_library(void **state)
{
    (void)state;
    hra_library_free(library);
    return 0;
}

/* ---- the tests -------------------------------------------------------------- */

enum { SETS_MAX = 8 };

static void test_every_model_agrees_with_its_reference_rows(void **state)
{
    const hra_isa *sets[SETS_MAX];
    int models = 0, set_count = 0, failed = 0;
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) /* whatever HRA_ISA says */
        if ((*isa)->supported()) sets[set_count++] = *isa;
    assert_in_range(set_count, 1, SETS_MAX);
    for (int i = 0; i < hra_library_declaration_count(library); i++) {
        const hra_declaration *model = hra_library_declaration(library, i);
        if (model->kind != HRA_DECLARATION_MODEL) continue;
        hra_error error = {0};
        hra_reference *reference = NULL;
        hra_verification v;
        if (hra_reference_open(library, model, folder, &reference, &error) != HRA_OK ||
            hra_verify(library, reference, sets, set_count, &v, &error) != HRA_OK)
            fail_msg("%s: %s", model->id, error.message);
        assert_int_equal(v.compared, (int64_t)v.rows * v.outputs * (set_count + 1));
        if (v.wrong) print_error("%lld wrong: %s\n", (long long)v.wrong, v.first);
        print_message("%-42s %4d rows %2d outputs, largest difference %.2g\n", model->id, v.rows, v.outputs, v.largest);
        failed += v.wrong > 0;
        models++;
        hra_reference_free(reference);
    }
    print_message("%d models, %d disagree; the judge and", models, failed);
    for (int i = 0; i < set_count; i++) print_message(" %s", sets[i]->name);
    print_message("\n");
    assert_true(models > 0);
    assert_int_equal(failed, 0);
}

/* A build may leave out the models with a licence caution (HRA_CAUTIONED_MODELS). */
static bool left_out_on_purpose(const char *id)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/models/cautioned/%s.hra", HRA_SOURCE_DIR, id);
    return access(path, R_OK) == 0;
}

static void test_every_file_has_a_model(void **state)
{
    (void)state;
    DIR *rows = opendir(folder);
    assert_non_null(rows);
    int files = 0;
    for (struct dirent *entry; (entry = readdir(rows));) {
        size_t length = strlen(entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 4, ".csv") != 0) continue;
        char id[256];
        snprintf(id, sizeof id, "%.*s", (int)(length - 4), entry->d_name);
        const hra_declaration *model = hra_library_find(library, id);
        if (!model && left_out_on_purpose(id)) continue;
        if (!model || model->kind != HRA_DECLARATION_MODEL) fail_msg("%s.csv has no model", id);
        files++;
    }
    closedir(rows);
    assert_true(files > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_file_has_a_model),
        cmocka_unit_test(test_every_model_agrees_with_its_reference_rows),
    };
    return cmocka_run_group_tests_name("vectors", tests, load_library, free_library);
}
