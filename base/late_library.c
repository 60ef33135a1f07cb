#include "base/late_library.h"

#include <dlfcn.h>
#include <string.h>

enum { MOST_FILES = 32 };

static hra_code absent(const hra_late_library *library, hra_error *error)
{
    const char *why = dlerror();
    return hra_fail(error, HRA_EUSAGE,
                    "%s need a library of the system that is not there or does not fit (%s): on Debian and Ubuntu "
                    "'apt install %s'",
                    library->purpose, why ? why : "no reason is known", library->packages);
}

static void *find(void *const *handles, int count, const char *name)
{
    void *call = NULL;
    for (int i = 0; i < count && !call; i++) call = dlsym(handles[i], name);
    return call;
}

static hra_code fill_table(hra_late_library *library, void *const *handles, int count, hra_error *error)
{
    for (size_t i = 0; i < library->count; i++) {
        void *call = find(handles, count, library->names[i]);
        if (!call) return absent(library, error);
        memcpy((char *)library->calls + i * sizeof call, &call, sizeof call);
    }
    library->loaded = true;
    return HRA_OK;
}

/* What was loaded stays so after a failure too: these libraries cannot all be unloaded. */
static hra_code load(hra_late_library *library, hra_error *error)
{
    void *handles[MOST_FILES];
    int count = 0;
    for (; library->files[count]; count++) {
        if (count == MOST_FILES) return hra_fail(error, HRA_EINTERNAL, "%s: too many libraries", library->purpose);
        handles[count] = dlopen(library->files[count], RTLD_NOW | RTLD_LOCAL);
        if (!handles[count]) return absent(library, error);
    }
    return fill_table(library, handles, count, error);
}

hra_code hra_late_load(hra_late_library *library, hra_error *error)
{
    pthread_mutex_lock(&library->lock);
    hra_code code = library->loaded ? HRA_OK : load(library, error);
    pthread_mutex_unlock(&library->lock);
    return code;
}
