/* What the codes in groups.json are called in the language of the run. */
#ifndef HRA_REPORT_GROUP_NAMES_H
#define HRA_REPORT_GROUP_NAMES_H

#include "base/buffer.h"
#include "report/group/group_files.h"

/* {"chd":"Coronary heart disease","chd.low":"low",...}: diseases and their categories, tiers and their levels, models,
 * who is responsible and how much effort. Findings and the like have their title where they stand. */
hra_code hra_group_names_json(const hra_group_request *request, hra_buffer *out, hra_error *error);

#endif
