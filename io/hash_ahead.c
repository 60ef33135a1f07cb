#include "io/hash_ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/identity.h"

typedef struct ahead_file {
    char *path;
    struct stat before; /* as it was when its hash was begun */
    bool done, good;
    char hash[65];
} ahead_file;

struct hra_hash_ahead {
    ahead_file *files;
    int count;
    int next; /* files are asked for in order, mostly */
    bool stop;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static pthread_mutex_t present_lock = PTHREAD_MUTEX_INITIALIZER;
static hra_hash_ahead *present; /* asked by hra_file_hash */

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool stop_asked(hra_hash_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    bool stop = ahead->stop;
    pthread_mutex_unlock(&ahead->lock);
    return stop;
}

static bool go_on(void *context) { return !stop_asked(context); }

static void *hash_all(void *context)
{
    hra_hash_ahead *ahead = context;
    for (int i = 0; i < ahead->count && !stop_asked(ahead); i++) {
        ahead_file *file = &ahead->files[i];
        struct stat after;
        bool good = stat(file->path, &file->before) == 0 &&
                    hra_file_hash_while(file->path, file->hash, go_on, ahead, NULL) == HRA_OK &&
                    stat(file->path, &after) == 0 && is_same(&file->before, &after);
        pthread_mutex_lock(&ahead->lock);
        file->good = good;
        file->done = true;
        pthread_cond_broadcast(&ahead->changed);
        pthread_mutex_unlock(&ahead->lock);
    }
    return NULL;
}

static void release(hra_hash_ahead *ahead)
{
    for (int i = 0; ahead->files && i < ahead->count; i++) free(ahead->files[i].path);
    free(ahead->files);
    pthread_mutex_destroy(&ahead->lock);
    pthread_cond_destroy(&ahead->changed);
    free(ahead);
}

hra_hash_ahead *hra_hash_ahead_start(const char *const *paths, int count)
{
    hra_hash_ahead *ahead = calloc(1, sizeof *ahead);
    if (!ahead) return NULL;
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    ahead->count = count;
    ahead->files = calloc((size_t)count + 1, sizeof *ahead->files);
    bool good = ahead->files != NULL;
    for (int i = 0; good && i < count; i++) good = (ahead->files[i].path = strdup(paths[i])) != NULL;
    if (!good || pthread_create(&ahead->thread, NULL, hash_all, ahead) != 0) {
        release(ahead);
        return NULL;
    }
    pthread_mutex_lock(&present_lock);
    present = ahead;
    pthread_mutex_unlock(&present_lock);
    return ahead;
}

void hra_hash_ahead_end(hra_hash_ahead *ahead)
{
    if (!ahead) return;
    pthread_mutex_lock(&present_lock);
    if (present == ahead) present = NULL;
    pthread_mutex_unlock(&present_lock);
    pthread_mutex_lock(&ahead->lock);
    ahead->stop = true;
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
    release(ahead);
}

static ahead_file *find_file(hra_hash_ahead *ahead, const char *path)
{
    for (int i = 0; i < ahead->count; i++) {
        int at = (ahead->next + i) % ahead->count;
        if (strcmp(ahead->files[at].path, path) != 0) continue;
        ahead->next = at + 1;
        return &ahead->files[at];
    }
    return NULL;
}

/* Waits until the file's turn is over. */
static bool find_in(hra_hash_ahead *ahead, const char *path, char out[65])
{
    struct stat now;
    pthread_mutex_lock(&ahead->lock);
    ahead_file *file = find_file(ahead, path);
    while (file && !file->done) pthread_cond_wait(&ahead->changed, &ahead->lock);
    pthread_mutex_unlock(&ahead->lock);
    if (!file || !file->good || stat(path, &now) != 0 || !is_same(&now, &file->before)) return false;
    memcpy(out, file->hash, sizeof file->hash);
    return true;
}

bool hra_hash_ahead_find(const char *path, char out[65])
{
    pthread_mutex_lock(&present_lock);
    hra_hash_ahead *ahead = present; /* it ends only after those who ask: they run between start and end */
    pthread_mutex_unlock(&present_lock);
    return ahead && find_in(ahead, path, out);
}
