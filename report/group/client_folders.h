/* One folder for each employer, with its edition and its invitations and nothing
 * from which it could tell that others exist. */
#ifndef HRA_REPORT_CLIENT_FOLDERS_H
#define HRA_REPORT_CLIENT_FOLDERS_H

#include "base/buffer.h"
#include "base/fail.h"

enum { HRA_CLIENT_PATH = 4096 };

/* ROOT/GROUP/NAME with the group's name, given as tables print it, made safe for files. */
hra_code hra_client_path(const char *root, const char *group, const char *name, char out[HRA_CLIENT_PATH],
                         hra_error *error);
/* Makes ROOT/GROUP and writes a whole file there; empties the text. hra_atomic_settle(ROOT) syncs all of them. */
hra_code hra_client_write(const char *root, const char *group, const char *name, hra_buffer *text, hra_error *error);
/* Removes the page that was made of an earlier run's figures. */
void hra_client_remove_page(const char *root, const char *group);
/* Removes what an earlier run left for a group that gets no edition now. */
void hra_client_remove(const char *root, const char *group);

/* Deals the lines of invitations.csv out to the folders of their groups. Memory does not grow with people. */
hra_code hra_client_deal_invitations(const char *path, const char *root, hra_error *error);

#endif
