#include "report/branch/branch_prints.h"

#include <stdlib.h>
#include <string.h>

#include "report/person/person_files.h"

struct hra_branch_prints {
    hra_pdf_request request;
    hra_branch_book *book;
    hra_pdf_files *files;
};

static bool everybody(const void *context, const hra_chunk *chunk, int row) { return true; }

static hra_code place(void *context, const hra_chunk *chunk, int row, char path[4096], int *owner, hra_error *error)
{
    hra_branch_prints *p = context;
    const char *branch = hra_chunk_label(p->request.schema, chunk, row, "branch");
    HRA_TRY(hra_branch_book_find(p->book, branch, owner, error));
    return hra_branch_path(p->book, *owner, "print", "", path, 4096, error);
}

hra_code hra_branch_prints_new(const hra_pdf_request *request, hra_branch_book *book, hra_branch_prints **out,
                               hra_error *error)
{
    hra_branch_prints *p = calloc(1, sizeof *p);
    if (!p) return hra_out_of_memory(error);
    p->book = book;
    p->request = *request;
    p->request.merge = HRA_PDF_MERGE_DEPARTMENT;
    p->request.wants = everybody;
    p->request.place = place;
    p->request.place_context = p;
    hra_code code = hra_pdf_files_new(&p->request, &p->files, error);
    if (code == HRA_OK)
        *out = p;
    else
        hra_branch_prints_free(p);
    return code;
}

void hra_branch_prints_free(hra_branch_prints *p)
{
    if (!p) return;
    hra_pdf_files_free(p->files);
    free(p);
}

hra_pdf_files *hra_branch_prints_files(hra_branch_prints *p) { return p->files; }

bool hra_branch_prints_next(const hra_branch_prints *p, int branch, int *at, hra_branch_print *print)
{
    hra_pdf_roll *roll = hra_pdf_files_roll(p->files);
    size_t root = strlen(p->request.folder) + 1 + strlen(hra_branch_book_at(p->book, branch)->folder) + 1;
    while (*at < hra_pdf_roll_count(roll)) {
        const hra_pdf_volume *v = hra_pdf_roll_at(roll, (*at)++);
        if (v->owner != branch) continue;
        *print = (hra_branch_print){v->path + root, v->group, v->department, v->people};
        return true;
    }
    return false;
}
