#include "report/group/group_pages.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "io/files/atomic_file.h"
#include "report/group/client_folders.h"

typedef struct press {
    const hra_group_pages_request *request;
    hra_group_pages_facts *facts;
    hra_figure_book *book;
    hra_group_courses *courses;
    hra_group_report *report;
    hra_buffer page;
} press;

static hra_code write_house(press *s, const char *group, hra_error *error)
{
    char path[HRA_CLIENT_PATH];
    HRA_TRY(hra_client_path(s->request->folder, group, "", path, error));
    if (strlen(path) + sizeof ".html" > sizeof path)
        return hra_fail(error, HRA_EUSAGE, "the name of the folder is too long");
    strcat(path, ".html");
    if (s->page.failed) return hra_fail(error, HRA_ENOMEM, "out of memory while writing %s", path);
    return hra_atomic_write_one(path, s->page.bytes, s->page.length, error);
}

static hra_code write_page(press *s, hra_error *error)
{
    const hra_group_pages_request *q = s->request;
    const char *group = hra_figure_book_group(s->book);
    hra_buffer_clear(&s->page);
    if (s->courses) HRA_TRY(hra_group_courses_read(s->courses, group, error));
    hra_group_report_write(s->report, s->book, &s->page);
    s->facts->bytes += s->page.length;
    s->facts->made++;
    if (q->report.client) return hra_client_write(q->folder, group, "report.html", &s->page, error);
    return write_house(s, group, error);
}

static hra_code write_all(press *s, hra_error *error)
{
    for (;;) {
        bool found;
        if (s->request->stop && *s->request->stop)
            return hra_fail(error, HRA_EINTERRUPTED, "stopped by a signal; the reports made so far are whole");
        HRA_TRY(hra_figure_book_next(s->book, &found, error));
        if (!found) return HRA_OK;
        if (hra_group_report_possible(s->report, s->book))
            HRA_TRY(write_page(s, error));
        else
            s->facts->left_out++;
    }
}

static hra_code write_one(press *s, hra_error *error)
{
    const hra_group_pages_request *q = s->request;
    bool found;
    HRA_TRY(hra_figure_book_find(s->book, q->group, &found, error));
    if (!found)
        return hra_fail(error, HRA_EINPUT, "%s has no such group; the names stand in its first column", q->table);
    if (hra_group_report_possible(s->report, s->book)) return write_page(s, error);
    s->facts->left_out++;
    return hra_fail(error, HRA_EINPUT,
                    "this group gets no edition for the employer: it is too small, or too near to an earlier one");
}

hra_code hra_group_pages_write(const hra_group_pages_request *request, hra_group_pages_facts *facts, hra_error *error)
{
    press s = {.request = request, .facts = facts};
    bool client = request->report.client;
    *facts = (hra_group_pages_facts){0};
    hra_code code = hra_figure_book_open(request->table, client, client ? NULL : hra_figure_of_page, &s.book, error);
    if (code == HRA_OK && request->courses) code = hra_group_courses_open(request->courses, client, &s.courses, error);
    hra_group_report_options options = request->report;
    options.courses = s.courses;
    if (code == HRA_OK) code = hra_group_report_new(&options, &s.report, error);
    if (code == HRA_OK && !client) hra_atomic_tidy(request->folder);
    if (code == HRA_OK) code = request->group ? write_one(&s, error) : write_all(&s, error);
    if (code == HRA_OK) code = hra_atomic_settle(request->folder, error);
    hra_group_report_free(s.report);
    hra_figure_book_close(s.book);
    hra_group_courses_close(s.courses);
    hra_buffer_destroy(&s.page);
    return code;
}

void hra_group_pages_clear(const char *folder)
{
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        size_t length = strlen(entry->d_name);
        if (length > 5 && strcmp(entry->d_name + length - 5, ".html") == 0) unlinkat(dirfd(entries), entry->d_name, 0);
    }
    if (entries) closedir(entries);
}
