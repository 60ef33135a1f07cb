/* Runs a fuzz target over the files of a folder, for builds without libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    int ran = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (!folder) continue;
        for (struct dirent *entry; (entry = readdir(folder));) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
            FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "rb");
            if (!file) continue;
            static uint8_t bytes[1 << 20];
            size_t size = fread(bytes, 1, sizeof bytes, file);
            fclose(file);
            LLVMFuzzerTestOneInput(bytes, size);
            ran++;
        }
        closedir(folder);
    }
    printf("%d inputs\n", ran);
    return ran > 0 ? 0 : 1;
}
