/* Everything in an HDF5 file is opened and read, and nothing is made of it: what HDF5 fails on, it fails on here. */
#ifndef HRA_IO_HDF5_WALK_H
#define HRA_IO_HDF5_WALK_H

#include <stdbool.h>
#include <stdint.h>

/* Called before each step with the path of the object in the file. No step takes long in a sound file. */
typedef void hra_h5_step(void *context, const char *object);

/* False: an object, an attribute or a dataset cannot be read. Links are not followed, and what stands in other files or
 * is packed by a method that HDF5 lacks is passed by. `most_bytes` of numbers and texts are read at most: a damaged
 * size could ask for any number. With the lock held. */
bool hra_h5_walk(const char *path, uint64_t most_bytes, hra_h5_step *step, void *context);

#endif
