/* Files appear whole or not at all; locks keep a second run out. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/files/atomic_file.h"

static char folder[] = "/tmp/hra-atomic-XXXXXX";
static char path[64];

static int count_files(void)
{
    int count = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) count += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(d);
    return count;
}

static void assert_holds(const char *expected)
{
    char text[64] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t got = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[got] = '\0';
    assert_string_equal(text, expected);
}

static void put(const char *text)
{
    hra_atomic_file *file;
    assert_int_equal(hra_atomic_open(path, &file, NULL), HRA_OK);
    assert_true(fputs(text, hra_atomic_stream(file)) >= 0);
    assert_int_equal(hra_atomic_commit(file, NULL), HRA_OK);
}

static void commit_and_replace(void **state)
{
    struct stat facts;
    put("first");
    assert_holds("first");
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    put("second");
    assert_holds("second");
    assert_int_equal(count_files(), 1);
}

static void abandon_leaves_the_old_file(void **state)
{
    hra_atomic_file *file;
    put("old");
    assert_int_equal(hra_atomic_open(path, &file, NULL), HRA_OK);
    assert_true(fputs("new", hra_atomic_stream(file)) >= 0);
    assert_int_equal(access(hra_atomic_temporary(file), F_OK), 0);
    assert_holds("old"); /* nothing shows before commit */
    hra_atomic_abandon(file);
    assert_holds("old");
    assert_int_equal(count_files(), 1);
    hra_atomic_abandon(NULL);
}

static void links_are_followed(void **state)
{
    char link_path[80];
    snprintf(link_path, sizeof link_path, "%s/link", folder);
    put("old");
    assert_int_equal(symlink(path, link_path), 0);
    hra_atomic_file *file;
    assert_int_equal(hra_atomic_open(link_path, &file, NULL), HRA_OK);
    assert_true(fputs("through", hra_atomic_stream(file)) >= 0);
    assert_int_equal(hra_atomic_commit(file, NULL), HRA_OK);
    assert_holds("through");
    struct stat facts;
    assert_int_equal(lstat(link_path, &facts), 0);
    assert_true(S_ISLNK(facts.st_mode));
    unlink(link_path);
}

/* What a process that is gone left: with its file's name the next one removes it, or with all others of a folder. */
static void what_killed_runs_left(void **state)
{
    char abandoned[256], mine[256];
    pid_t child = fork();
    if (child == 0) _exit(0);
    assert_true(child > 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    put("x");
    snprintf(abandoned, sizeof abandoned, "%s/.file.%ld-abcdef", folder, (long)child);
    snprintf(mine, sizeof mine, "%s/.file.%ld-abcdef", folder, (long)getpid());
    for (int round = 0; round < 3; round++) {
        fclose(fopen(abandoned, "w"));
        fclose(fopen(mine, "w"));
        assert_int_equal(count_files(), 3);
        if (round == 0) assert_int_equal(hra_atomic_write_one(path, "one", 3, NULL), HRA_OK);
        assert_int_equal(access(abandoned, F_OK), 0);
        if (round < 2)
            hra_atomic_tidy(folder);
        else
            assert_int_equal(hra_atomic_write(path, "all", 3, NULL), HRA_OK);
        assert_int_not_equal(access(abandoned, F_OK), 0);
        assert_int_equal(access(mine, F_OK), 0); /* whoever made it is still at work */
        assert_holds(round < 2 ? "one" : "all");
    }
    unlink(mine);
}

static void refusals(void **state)
{
    hra_atomic_file *file;
    hra_error error;
    assert_int_equal(hra_atomic_open("/dev/null", &file, &error), HRA_EUSAGE);
    assert_int_equal(hra_atomic_open(folder, &file, &error), HRA_EUSAGE);
    assert_int_equal(hra_atomic_open("/nonexistent/file", &file, &error), HRA_EIO);
    assert_null(file);
}

static void full_disk(void **state)
{
    if (access("/dev/full", W_OK) != 0) skip();
    hra_atomic_file *file;
    hra_error error;
    put("old");
    assert_int_equal(hra_atomic_open(path, &file, &error), HRA_OK);
    assert_non_null(freopen("/dev/full", "w", hra_atomic_stream(file)));
    assert_true(fputs("new", hra_atomic_stream(file)) >= 0);
    assert_int_equal(hra_atomic_commit(file, &error), HRA_EIO);
    assert_holds("old");
    assert_int_equal(count_files(), 1);
}

static void open_one(const char *where, const char *text, hra_atomic_file **file)
{
    assert_int_equal(hra_atomic_open(where, file, NULL), HRA_OK);
    assert_true(fputs(text, hra_atomic_stream(*file)) >= 0);
}

static void several_at_once(void **state)
{
    char other[80];
    hra_atomic_file *files[3] = {NULL};
    snprintf(other, sizeof other, "%s/other", folder);
    put("old");
    int before = count_files();
    open_one(path, "new", &files[0]);
    open_one(other, "beside", &files[2]);
    assert_holds("old");
    assert_int_equal(hra_atomic_commit_all(files, 3, NULL), HRA_OK);
    assert_holds("new");
    assert_int_equal(access(other, R_OK), 0);
    assert_int_equal(count_files(), before + 1);

    /* one that cannot be written whole: none gets its place */
    hra_error error = {HRA_OK, ""};
    open_one(path, "newer", &files[0]);
    open_one(other, "full", &files[2]);
    assert_true(freopen("/dev/full", "wb", hra_atomic_stream(files[2])) != NULL);
    assert_true(fputs("lost", hra_atomic_stream(files[2])) >= 0);
    assert_int_equal(hra_atomic_commit_all(files, 3, &error), HRA_EIO);
    assert_non_null(strstr(error.message, "other: writing failed"));
    assert_holds("new");
    assert_int_equal(count_files(), before + 1);
    unlink(other);
}

static void locks(void **state)
{
    hra_lock *lock, *second;
    hra_error error;
    char expected[32];
    assert_int_equal(hra_lock_take(path, &lock, &error), HRA_OK);
    pid_t child = fork();
    if (child == 0) _exit((int)hra_lock_take(path, &second, NULL));
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), HRA_ECONFLICT);
    assert_int_equal(hra_lock_take(path, &second, &error), HRA_ECONFLICT);
    snprintf(expected, sizeof expected, "process %ld", (long)getpid());
    assert_non_null(strstr(error.message, expected));
    hra_lock_release(lock);
    assert_int_equal(hra_lock_take(path, &second, &error), HRA_OK);
    hra_lock_release(second);
    char lock_path[80];
    snprintf(lock_path, sizeof lock_path, "%s.lock", path);
    assert_int_not_equal(access(lock_path, F_OK), 0);
    hra_lock_release(NULL);
}

static int make_folder(void **state)
{
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/file", folder);
    return 0;
}

static int remove_folder(void **state)
{
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commit_and_replace),
        cmocka_unit_test(abandon_leaves_the_old_file),
        cmocka_unit_test(what_killed_runs_left),
        cmocka_unit_test(links_are_followed),
        cmocka_unit_test(refusals),
        cmocka_unit_test(full_disk),
        cmocka_unit_test(several_at_once),
        cmocka_unit_test(locks),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
