/* The schema of results. */
#include <stdlib.h>
#include <string.h>

#include "api/scorer_internal.h"
#include "hra/arrow.h"

/* What a schema owns; it stays where it is when the schema is moved. */
typedef struct holding {
    struct ArrowSchema dictionary;
    struct ArrowSchema *places;
    struct ArrowSchema **children;
    char name[];
} holding;

static void release_schema(struct ArrowSchema *schema)
{
    holding *own = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release) schema->children[i]->release(schema->children[i]);
    if (schema->dictionary && schema->dictionary->release) schema->dictionary->release(schema->dictionary);
    free(own->places);
    free(own->children);
    free(own);
    schema->release = NULL;
}

static bool new_schema(struct ArrowSchema *out, const char *name, const char *format, int64_t flags)
{
    holding *own = calloc(1, sizeof *own + strlen(name) + 1);
    if (!own) return false;
    memcpy(own->name, name, strlen(name) + 1);
    *out = (struct ArrowSchema){
        .format = format, .name = own->name, .flags = flags, .release = release_schema, .private_data = own};
    return true;
}

static bool new_dictionary(struct ArrowSchema *out, const char *name, const char *index, int64_t flags)
{
    if (!new_schema(out, name, index, flags)) return false;
    out->dictionary = &((holding *)out->private_data)->dictionary;
    return new_schema(out->dictionary, "", "u", 0);
}

static bool new_result(struct ArrowSchema *out, const hra_output *output)
{
    switch (output->kind) {
    case HRA_OUTPUT_FLAG: return new_schema(out, output->id, "b", ARROW_FLAG_NULLABLE);
    case HRA_OUTPUT_CATEGORY: return new_dictionary(out, output->id, "s", ARROW_FLAG_NULLABLE);
    default: return new_schema(out, output->id, "g", ARROW_FLAG_NULLABLE);
    }
}

static bool new_children(const hra_scorer *scorer, struct ArrowSchema *out)
{
    holding *own = out->private_data;
    size_t most = 2 * (size_t)scorer->output_count + 1;
    own->places = calloc(most, sizeof *own->places);
    own->children = calloc(most, sizeof(struct ArrowSchema *));
    if (!own->places || !own->children) return false;
    out->children = own->children;
    for (int i = 0; i < scorer->output_count; i++)
        for (int status = 0; status <= (scorer->outputs[i].status_of == i); status++) {
            struct ArrowSchema *child = &own->places[out->n_children];
            own->children[out->n_children++] = child;
            if (status ? !new_dictionary(child, scorer->status_names[i], "C", 0)
                       : !new_result(child, &scorer->outputs[i]))
                return false;
        }
    return true;
}

hra_code hra_scorer_arrow_schema(const hra_scorer *scorer, struct ArrowSchema *out, hra_error *error)
{
    struct ArrowSchema schema;
    if (!scorer->arrow) return hra_fail(error, HRA_EUSAGE, "the scorer was not opened for tables");
    if (!new_schema(&schema, "", "+s", 0)) return hra_out_of_memory(error);
    if (!new_children(scorer, &schema)) {
        schema.release(&schema);
        return hra_out_of_memory(error);
    }
    *out = schema;
    return HRA_OK;
}
