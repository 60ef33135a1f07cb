#include "io/files/hash_memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct kept_hash {
    char *path;
    struct stat facts; /* of the file when it was read */
    bool known;
    char hash[HRA_FILE_HASH_TEXT];
} kept_hash;

struct hra_hash_memory {
    kept_hash *files;
    int count;
    int next; /* files are asked for in order, mostly */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of the present memory and what it holds */
static hra_hash_memory *present;

static void release(hra_hash_memory *memory)
{
    for (int i = 0; memory->files && i < memory->count; i++) free(memory->files[i].path);
    free(memory->files);
    free(memory);
}

hra_hash_memory *hra_hash_memory_start(const char *const *paths, int count)
{
    hra_hash_memory *memory = calloc(1, sizeof *memory);
    if (!memory) return NULL;
    memory->count = count;
    memory->files = calloc((size_t)count + 1, sizeof *memory->files);
    bool good = memory->files != NULL;
    for (int i = 0; good && i < count; i++) good = (memory->files[i].path = strdup(paths[i])) != NULL;
    if (!good) {
        release(memory);
        return NULL;
    }
    pthread_mutex_lock(&lock);
    present = memory;
    pthread_mutex_unlock(&lock);
    return memory;
}

void hra_hash_memory_end(hra_hash_memory *memory)
{
    if (!memory) return;
    pthread_mutex_lock(&lock);
    if (present == memory) present = NULL;
    pthread_mutex_unlock(&lock);
    release(memory);
}

/* Under the lock. NULL: nobody wants its hash. */
static kept_hash *find_file(const char *path)
{
    for (int i = 0; present && i < present->count; i++) {
        int at = (present->next + i) % present->count;
        if (strcmp(present->files[at].path, path) != 0) continue;
        present->next = at;
        return &present->files[at];
    }
    return NULL;
}

bool hra_hash_memory_wants(const char *path)
{
    pthread_mutex_lock(&lock);
    const kept_hash *file = find_file(path);
    bool wanted = file && !file->known;
    pthread_mutex_unlock(&lock);
    return wanted;
}

void hra_hash_memory_put(const char *path, const struct stat *facts, const char hash[HRA_FILE_HASH_TEXT])
{
    pthread_mutex_lock(&lock);
    kept_hash *file = find_file(path);
    if (file) {
        file->facts = *facts;
        file->known = true;
        memcpy(file->hash, hash, sizeof file->hash);
    }
    pthread_mutex_unlock(&lock);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

hra_hash_state hra_hash_memory_find(const char *path, char out[HRA_FILE_HASH_TEXT])
{
    struct stat now;
    hra_hash_state state = HRA_HASH_UNKNOWN;
    bool there = stat(path, &now) == 0;
    pthread_mutex_lock(&lock);
    const kept_hash *file = find_file(path);
    if (file && file->known) state = there && is_same(&now, &file->facts) ? HRA_HASH_KNOWN : HRA_HASH_CHANGED;
    if (state == HRA_HASH_KNOWN) memcpy(out, file->hash, sizeof file->hash);
    pthread_mutex_unlock(&lock);
    return state;
}
