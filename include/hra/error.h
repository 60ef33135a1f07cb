/* Errors: a code for the program, a message for the person.
 *
 * Functions that can fail return hra_code and take a caller-owned `hra_error *`
 * (may be NULL). The message is written once, where the cause is known, and is
 * not overwritten by callers above. No function of the library prints or exits.
 */
#ifndef HRA_ERROR_H
#define HRA_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/* The values double as exit statuses of the command line. */
typedef enum hra_code {
    HRA_OK = 0,
    HRA_EINTERNAL = 1,    /* a broken invariant inside hra: please report */
    HRA_EUSAGE = 2,       /* wrong option or argument */
    HRA_EDEFINITION = 3,  /* a definition file has faults */
    HRA_EINPUT = 4,       /* an input file cannot be used */
    HRA_EIO = 5,          /* reading or writing failed (disk full, permission) */
    HRA_ENOMEM = 6,       /* out of memory */
    HRA_ECONFLICT = 7,    /* another run holds the output, or keys do not match */
    HRA_EINTERRUPTED = 8, /* stopped by a signal; the run can be resumed */
    HRA_EHELD = 9         /* done, but not with all files: some were held, or still hold somebody */
} hra_code;

enum { HRA_ERROR_MESSAGE_SIZE = 1024 };

typedef struct hra_error {
    hra_code code;
    char message[HRA_ERROR_MESSAGE_SIZE];
} hra_error;

#ifdef __cplusplus
}
#endif
#endif
