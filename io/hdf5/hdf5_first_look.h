/* The HDF5 library crashes, loops or asks for all memory on some damaged files. A file that hra did not seal itself
 * (docs/formats.md, "Summary") is therefore read once in a child process: what kills the child is a message here.
 *
 * This forks the calling process. The child runs nothing of the caller's: it reads the file and ends without handlers
 * of exit. Where no process can be made, or the caller ignores SIGCHLD, the file is read without a first look.
 */
#ifndef HRA_IO_HDF5_FIRST_LOOK_H
#define HRA_IO_HDF5_FIRST_LOOK_H

#include "base/fail.h"

/* With the lock of HDF5 held. A file that did not change since the last look is not looked at again. */
hra_code hra_h5_first_look(const char *path, hra_error *error);

#endif
