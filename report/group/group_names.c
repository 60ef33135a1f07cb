#include "report/group/group_names.h"

#include <stdio.h>
#include <string.h>

#include "report/tools/texts.h"

enum { KEY = 256 };

typedef struct naming {
    const hra_group_request *request;
    const hra_words *words;
    hra_buffer *out;
    bool any;
} naming;

/* "owner.level":"name"; without a level "owner":"name". */
static void put(naming *n, const char *owner, const char *level, const char *name)
{
    char key[KEY];
    snprintf(key, sizeof key, "%s%s%s", owner, *level ? "." : "", level);
    if (n->any) hra_buffer_char(n->out, ',');
    hra_buffer_json(n->out, key);
    hra_buffer_char(n->out, ':');
    hra_buffer_json(n->out, name);
    n->any = true;
}

static const char *text_of(const naming *n, const hra_declaration *d, const char *key, const char *otherwise)
{
    const char *text = d ? hra_declaration_text(d, key, n->request->language) : NULL;
    return text ? text : otherwise;
}

static void put_role(naming *n, const hra_role_outputs *role)
{
    const hra_catalogue *c = n->request->catalogue;
    char key[KEY];
    if (role->risk < 0) return;
    const hra_declaration *panel = hra_library_find(c->library, c->outputs[role->risk].owner);
    snprintf(key, sizeof key, "%s.title", role->name);
    put(n, role->name, "", text_of(n, panel, key, role->name));
    for (int l = 0; role->category >= 0 && l < c->outputs[role->category].level_count; l++) {
        const char *level = c->outputs[role->category].levels[l];
        snprintf(key, sizeof key, "%s.%s.title", role->name, level);
        put(n, role->name, level, text_of(n, panel, key, hra_text_of(n->words, "category", level, level)));
    }
}

/* Is the model one of an earlier disease, too? */
static bool is_named(const hra_catalogue *c, int role, const char *model)
{
    for (int r = 0; r < role; r++) {
        const hra_output *models = c->roles[r].model < 0 ? NULL : &c->outputs[c->roles[r].model];
        for (int l = 0; models && l < models->level_count; l++)
            if (strcmp(models->levels[l], model) == 0) return true;
    }
    return false;
}

static void put_models(naming *n, int role)
{
    const hra_catalogue *c = n->request->catalogue;
    const hra_output *models = c->roles[role].model < 0 ? NULL : &c->outputs[c->roles[role].model];
    for (int l = 0; models && l < models->level_count; l++) {
        const char *model = models->levels[l];
        if (is_named(c, role, model)) continue;
        put(n, model, "", text_of(n, hra_library_find(c->library, model), "title", model));
    }
}

static void put_tier(naming *n, const hra_tier_output *tier)
{
    const hra_output *o = &n->request->catalogue->outputs[tier->output];
    char key[KEY];
    put(n, o->id, "", text_of(n, tier->declaration, "title", o->id));
    for (int l = 0; l < o->level_count; l++) {
        snprintf(key, sizeof key, "%s.title", o->levels[l]);
        put(n, o->id, o->levels[l], text_of(n, tier->declaration, key, o->levels[l]));
    }
}

static void put_words(naming *n, const char *prefix)
{
    size_t length = strlen(prefix);
    for (int i = 0; i < hra_words_count(n->words); i++) {
        const char *key = hra_words_key(n->words, i);
        if (strncmp(key, prefix, length) == 0 && key[length] == '.') put(n, key, "", hra_text(n->words, key));
    }
}

hra_code hra_group_names_json(const hra_group_request *request, hra_buffer *out, hra_error *error)
{
    const hra_catalogue *c = request->catalogue;
    hra_words *words = NULL;
    HRA_TRY(hra_words_new(request->language, &words, error));
    naming n = {request, words, out, false};
    hra_buffer_char(out, '{');
    for (int i = 0; i < c->role_count; i++) {
        put_role(&n, &c->roles[i]);
        put_models(&n, i);
    }
    for (int i = 0; i < c->tier_count; i++) put_tier(&n, &c->tiers[i]);
    put_words(&n, "responsible");
    put_words(&n, "effort");
    hra_buffer_char(out, '}');
    hra_words_free(words);
    return out->failed ? hra_fail(error, HRA_ENOMEM, "out of memory naming codes") : HRA_OK;
}
