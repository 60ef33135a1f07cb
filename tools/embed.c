/* Writes a C file holding the bytes of the given files:
 *     embed OUTPUT.c ROOT FILE...        (FILE relative to ROOT) */
#include <stdio.h>
#include <stdlib.h>

static int embed(FILE *out, const char *root, const char *name, int index)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", root, name);
    FILE *in = fopen(path, "rb");
    if (!in) {
        perror(path);
        return 1;
    }
    fprintf(out, "static const unsigned char file_%d[] = {", index);
    long n = 0;
    for (int c; (c = getc(in)) != EOF; n++) fprintf(out, "%s%d,", n % 24 ? "" : "\n", c);
    fprintf(out, "0};\n");
    fclose(in);
    return 0;
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
    fprintf(out, "#include \"engine/language/library.h\"\n");
    for (int i = 3; i < argc; i++)
        if (embed(out, argv[2], argv[i], i - 3)) return 1;
    fprintf(out, "const hra_embedded hra_embedded_files[] = {\n");
    for (int i = 3; i < argc; i++) fprintf(out, "    {\"%s\", file_%d, sizeof file_%d - 1},\n", argv[i], i - 3, i - 3);
    fprintf(out, "    {0, 0, 0}};\nconst int hra_embedded_count = %d;\n", argc - 3);
    return fclose(out) ? 1 : 0;
}
