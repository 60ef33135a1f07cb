/* Writes a C file holding the bytes of the given files, where declarations may begin in them, and a hash of those that
 * definitions are made of:
 *     embed OUTPUT.c ROOT FILE...        (FILE relative to ROOT) */
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct content {
    unsigned char *bytes;
    size_t length;
} content;

static int read_file(const char *root, const char *name, content *out)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", root, name);
    FILE *in = fopen(path, "rb");
    long length = in && fseek(in, 0, SEEK_END) == 0 ? ftell(in) : -1;
    out->bytes = length >= 0 ? malloc((size_t)length + 1) : NULL;
    out->length = (size_t)length;
    if (out->bytes) rewind(in);
    int failed = !out->bytes || fread(out->bytes, 1, out->length, in) != out->length;
    if (failed) perror(path);
    if (in) fclose(in);
    return failed;
}

static void write_bytes(FILE *out, const content *file, int index)
{
    fprintf(out, "static const unsigned char file_%d[] = {", index);
    for (size_t n = 0; n < file->length; n++) fprintf(out, "%s%d,", n % 24 ? "" : "\n", file->bytes[n]);
    fprintf(out, "0};\n");
}

/* Where a word stands at the margin of a script: a declaration begins there, or it is a fault. */
static void write_margins(FILE *out, const content *file, int index)
{
    int line = 1, count = 0;
    fprintf(out, "static const hra_margin margins_%d[] = {", index);
    for (size_t n = 0; n < file->length; n++) {
        int begins = n == 0 || file->bytes[n - 1] == '\n';
        line += n > 0 && begins;
        if (begins && file->bytes[n] >= 'a' && file->bytes[n] <= 'z')
            fprintf(out, "%s{%zu,%d},", count++ % 8 ? "" : "\n", n, line);
    }
    fprintf(out, "{%zu,0}};\n", file->length);
}

static int is_script(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".hra") == 0;
}

/* The dictionary, models and their tables; not the texts and styles of reports. */
static int is_definition(const char *name)
{
    return strncmp(name, "models/", 7) == 0 || strcmp(name, "datasets/dictionary.csv") == 0;
}

/* Length before content, so that moving text between files changes the hash. */
static void add_to_hash(crypto_generichash_state *hash, const content *file)
{
    unsigned char length[8];
    for (int i = 0; i < 8; i++) length[i] = (unsigned char)((uint64_t)file->length >> (8 * i));
    crypto_generichash_update(hash, length, sizeof length);
    crypto_generichash_update(hash, file->bytes, file->length);
}

static void write_hash(FILE *out, crypto_generichash_state *hash)
{
    unsigned char digest[crypto_generichash_BYTES];
    crypto_generichash_final(hash, digest, sizeof digest);
    fprintf(out, "const unsigned char hra_embedded_hash[HRA_EMBEDDED_HASH] = {");
    for (size_t i = 0; i < sizeof digest; i++) fprintf(out, "%d,", digest[i]);
    fprintf(out, "};\n");
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: embed OUTPUT.c ROOT FILE...\n");
        return 2;
    }
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    crypto_generichash_state hash;
    if (sodium_init() < 0 || crypto_generichash_init(&hash, NULL, 0, crypto_generichash_BYTES) != 0) return 1;
    fprintf(out, "#include \"engine/language/library.h\"\n");
    for (int i = 3; i < argc; i++) {
        content file;
        if (read_file(argv[2], argv[i], &file)) return 1;
        write_bytes(out, &file, i - 3);
        if (is_script(argv[i])) write_margins(out, &file, i - 3);
        if (is_definition(argv[i])) add_to_hash(&hash, &file);
        free(file.bytes);
    }
    fprintf(out, "const hra_embedded hra_embedded_files[] = {\n");
    for (int i = 3; i < argc; i++) {
        fprintf(out, "    {\"%s\", file_%d, sizeof file_%d - 1, ", argv[i], i - 3, i - 3);
        if (is_script(argv[i]))
            fprintf(out, "margins_%d},\n", i - 3);
        else
            fprintf(out, "0},\n");
    }
    fprintf(out, "    {0, 0, 0, 0}};\nconst int hra_embedded_count = %d;\n", argc - 3);
    write_hash(out, &hash);
    return fclose(out) ? 1 : 0;
}
