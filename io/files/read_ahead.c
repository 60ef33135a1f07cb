#include "io/files/read_ahead.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/thread_start.h"

typedef struct made_block {
    unsigned char *bytes;
    size_t length;
    int64_t done;
    hra_code code;
    hra_error error;
} made_block;

struct hra_read_ahead {
    hra_read_ahead_make make;
    void *context;
    size_t capacity; /* of a block */
    made_block *blocks;
    int most;
    int64_t made, used; /* block k stands in place k % most */
    bool lent;          /* the user still reads the first that is not used */
    bool stop;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static bool is_last(const made_block *block) { return block->code != HRA_OK || block->length == 0; }

/* The place of the next block, as soon as there is one; NULL: it is not wanted any more. */
static made_block *free_place(hra_read_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stop && ahead->made - ahead->used == ahead->most) pthread_cond_wait(&ahead->changed, &ahead->lock);
    made_block *place = ahead->stop ? NULL : &ahead->blocks[ahead->made % ahead->most];
    pthread_mutex_unlock(&ahead->lock);
    return place;
}

static void *make_all(void *context)
{
    hra_read_ahead *ahead = context;
    bool last = false;
    for (made_block *block; !last && (block = free_place(ahead));) {
        block->code =
            ahead->make(ahead->context, block->bytes, ahead->capacity, &block->length, &block->done, &block->error);
        last = is_last(block);
        pthread_mutex_lock(&ahead->lock);
        ahead->made++;
        pthread_cond_signal(&ahead->changed);
        pthread_mutex_unlock(&ahead->lock);
    }
    return NULL;
}

static void release(hra_read_ahead *ahead)
{
    for (int i = 0; ahead->blocks && i < ahead->most; i++) free(ahead->blocks[i].bytes);
    free(ahead->blocks);
    pthread_mutex_destroy(&ahead->lock);
    pthread_cond_destroy(&ahead->changed);
    free(ahead);
}

hra_read_ahead *hra_read_ahead_start(hra_read_ahead_make make, void *context, int most, size_t block_bytes)
{
    hra_read_ahead *ahead = calloc(1, sizeof *ahead);
    if (!ahead) return NULL;
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    ahead->make = make;
    ahead->context = context;
    ahead->capacity = block_bytes;
    ahead->most = most;
    ahead->blocks = calloc((size_t)most, sizeof *ahead->blocks);
    bool good = ahead->blocks != NULL;
    for (int i = 0; good && i < most; i++) good = (ahead->blocks[i].bytes = malloc(block_bytes)) != NULL;
    if (good && hra_thread_start(&ahead->thread, 1, make_all, ahead) == 0) return ahead;
    release(ahead);
    return NULL;
}

void hra_read_ahead_end(hra_read_ahead *ahead)
{
    if (!ahead) return;
    pthread_mutex_lock(&ahead->lock);
    ahead->stop = true;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
    release(ahead);
}

hra_code hra_read_ahead_next(hra_read_ahead *ahead, const unsigned char **bytes, size_t *length, int64_t *done,
                             hra_error *error)
{
    pthread_mutex_lock(&ahead->lock);
    if (ahead->lent) ahead->used++;
    pthread_cond_signal(&ahead->changed);
    while (ahead->made == ahead->used) pthread_cond_wait(&ahead->changed, &ahead->lock);
    const made_block *block = &ahead->blocks[ahead->used % ahead->most];
    ahead->lent = !is_last(block);
    pthread_mutex_unlock(&ahead->lock);
    *bytes = block->bytes;
    *length = block->code == HRA_OK ? block->length : 0;
    *done = block->done;
    if (block->code != HRA_OK && error) *error = block->error;
    return block->code;
}
