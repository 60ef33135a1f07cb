/* Preloaded into hra, lets one call in its run fail: the HRA_FAULT_AT-th of a kind, or all from it on with
 * HRA_FAULT_STAYS. HRA_FAULT_KIND names the kind: memory   what hra itself asks of the allocator (other libraries get
 * what they want; HDF5's, linked into it, begins at HRA_FAULT_FOREIGN, as `nm` tells it) threads  pthread_create by hra
 *   disk, read, open, map   system calls, whoever makes them: ENOSPC, EIO, EMFILE, ENOMEM. Messages (descriptor 2)
 * pass. System calls are caught by a filter in the kernel (seccomp) that sends a signal instead: the streams of the C
 * library and other libraries call without passing any function that could be replaced. x86-64 alone. HRA_FAULT_SITES
 * names a file that gets the number of each call whose path through the program was not seen before: failing these
 * fails each place once. HRA_FAULT_TRACE names a file for the path of the call that failed. */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define REPLACES __attribute__((visibility("default")))
enum { MOST_SITES = 1 << 16, DEPTH = 24 };

static const char *kind = "";
static long fail_at;
static bool stays;
static int sites = -1, trace = -1;
static uintptr_t program_begin, program_end; /* code of hra */
static atomic_long calls;
static _Thread_local bool inside; /* what this file itself calls is not counted */

/* The one place whose system calls the filter lets pass. */
long fault_syscall(long number, long a, long b, long c, long d, long e, long f);
extern const char fault_syscall_after[];
__asm__(
    ".text\n.type fault_syscall, @function\nfault_syscall:\n"
    "mov %rdi, %rax\nmov %rsi, %rdi\nmov %rdx, %rsi\nmov %rcx, %rdx\nmov %r8, %r10\nmov %r9, %r8\nmov 8(%rsp), %r9\n"
    "syscall\nfault_syscall_after:\nret\n");

static void say(int file, const char *text, size_t length)
{
    if (file >= 0) fault_syscall(SYS_write, file, (long)text, (long)length, 0, 0, 0);
}

/* True for the first call that came this way. */
static bool new_site(void *const *frames, int count)
{
    static uint64_t seen[MOST_SITES];
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    uint64_t hash = 1469598103934665603ULL;
    for (int i = 0; i < count; i++) hash = (hash ^ (uintptr_t)frames[i]) * 1099511628211ULL;
    pthread_mutex_lock(&lock);
    size_t at = (hash ^ hash >> 32) % MOST_SITES;
    while (seen[at] != 0 && seen[at] != hash) at = (at + 1) % MOST_SITES;
    bool found = seen[at] == hash;
    seen[at] = hash;
    pthread_mutex_unlock(&lock);
    return !found;
}

/* Counts a call, and whether it is one that fails. */
static bool fails(void)
{
    if (inside) return false;
    inside = true;
    long n = atomic_fetch_add(&calls, 1) + 1;
    bool now = fail_at > 0 && (stays ? n >= fail_at : n == fail_at);
    if (sites >= 0 || (now && trace >= 0)) {
        void *frames[DEPTH];
        int count = backtrace(frames, DEPTH);
        char text[24];
        if (sites >= 0 && new_site(frames, count)) say(sites, text, (size_t)snprintf(text, sizeof text, "%ld\n", n));
        if (now && trace >= 0) backtrace_symbols_fd(frames, count, trace);
    }
    inside = false;
    return now;
}

/* ---- functions of the C library that hra calls ---- */

static bool fails_memory(const void *caller)
{
    uintptr_t at = (uintptr_t)caller;
    if (at < program_begin || at >= program_end || strcmp(kind, "memory") != 0 || !fails()) return false;
    errno = ENOMEM;
    return true;
}
#define FAILS_MEMORY fails_memory(__builtin_return_address(0))

#define REAL(name)                                                                                                     \
    static __typeof__(name) *real;                                                                                     \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)

REPLACES void *malloc(size_t size)
{
    REAL(malloc);
    return FAILS_MEMORY ? NULL : real(size);
}

REPLACES void *calloc(size_t count, size_t size)
{
    REAL(calloc);
    return FAILS_MEMORY ? NULL : real(count, size);
}

REPLACES void *realloc(void *memory, size_t size)
{
    REAL(realloc);
    return FAILS_MEMORY ? NULL : real(memory, size);
}

REPLACES void *aligned_alloc(size_t boundary, size_t size)
{
    REAL(aligned_alloc);
    return FAILS_MEMORY ? NULL : real(boundary, size);
}

REPLACES int posix_memalign(void **memory, size_t boundary, size_t size)
{
    REAL(posix_memalign);
    return FAILS_MEMORY ? ENOMEM : real(memory, boundary, size);
}

REPLACES char *strdup(const char *text)
{
    REAL(strdup);
    return FAILS_MEMORY ? NULL : real(text);
}

REPLACES char *strndup(const char *text, size_t length)
{
    REAL(strndup);
    return FAILS_MEMORY ? NULL : real(text, length);
}

REPLACES char *realpath(const char *path, char *resolved)
{
    REAL(realpath);
    return FAILS_MEMORY ? NULL : real(path, resolved);
}

REPLACES int vasprintf(char **out, const char *format, va_list arguments)
{
    REAL(vasprintf);
    return FAILS_MEMORY ? -1 : real(out, format, arguments);
}

REPLACES int asprintf(char **out, const char *format, ...)
{
    if (FAILS_MEMORY) return -1;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(out, format, arguments);
    va_end(arguments);
    return length;
}

REPLACES FILE *open_memstream(char **text, size_t *length)
{
    REAL(open_memstream);
    return FAILS_MEMORY ? NULL : real(text, length);
}

REPLACES int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument)
{
    REAL(pthread_create);
    uintptr_t at = (uintptr_t)__builtin_return_address(0);
    if (at >= program_begin && at < program_end && strcmp(kind, "threads") == 0 && fails()) return EAGAIN;
    return real(thread, attributes, run, argument);
}

/* ---- system calls ---- */

static const struct {
    const char *kind;
    int error;
    uint32_t number;
} caught[] = {
    {"disk", ENOSPC, SYS_write},
    {"disk", ENOSPC, SYS_pwrite64},
    {"disk", ENOSPC, SYS_writev},
    {"disk", ENOSPC, SYS_pwritev},
    {"disk", ENOSPC, SYS_ftruncate},
    {"disk", ENOSPC, SYS_fallocate},
    {"disk", ENOSPC, SYS_fsync},
    {"disk", ENOSPC, SYS_fdatasync},
    {"disk", ENOSPC, SYS_sync_file_range},
    {"disk", ENOSPC, SYS_rename},
    {"disk", ENOSPC, SYS_renameat},
    {"disk", ENOSPC, SYS_renameat2},
    {"disk", ENOSPC, SYS_mkdir},
    {"disk", ENOSPC, SYS_copy_file_range},
    {"disk", ENOSPC, SYS_link},
    {"read", EIO, SYS_read},
    {"read", EIO, SYS_pread64},
    {"read", EIO, SYS_readv},
    {"read", EIO, SYS_getdents64},
    {"open", EMFILE, SYS_openat},
    {"open", EMFILE, SYS_open},
    {"open", EMFILE, SYS_dup},
    {"open", EMFILE, SYS_memfd_create},
    {"map", ENOMEM, SYS_mmap},
    {"map", ENOMEM, SYS_mremap},
};
enum { CAUGHT = sizeof caught / sizeof caught[0] };

static void on_call(int signal_number, siginfo_t *info, void *context)
{
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    long number = info->si_syscall;
    bool message = (number == SYS_write || number == SYS_writev) && r[REG_RDI] == STDERR_FILENO;
    if (!message && fails()) {
        for (int i = 0; i < CAUGHT; i++)
            if (caught[i].number == number) r[REG_RAX] = -caught[i].error;
        return;
    }
    r[REG_RAX] = fault_syscall(number, r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10], r[REG_R8], r[REG_R9]);
}

static void catch_calls(void)
{
    struct sock_filter filter[CAUGHT + 12];
    unsigned short n = 0;
    uint32_t low = (uint32_t)(uintptr_t)fault_syscall_after, high = (uint32_t)((uintptr_t)fault_syscall_after >> 32);
    const uint32_t ip = offsetof(struct seccomp_data, instruction_pointer);
#define LOAD(offset) (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define EQUAL(value, yes, no) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define RETURN(what) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, what)
    filter[n++] = LOAD(offsetof(struct seccomp_data, arch));
    filter[n++] = EQUAL(AUDIT_ARCH_X86_64, 1, 0);
    filter[n++] = RETURN(SECCOMP_RET_ALLOW);
    filter[n++] = LOAD(ip);
    filter[n++] = EQUAL(low, 0, 3);
    filter[n++] = LOAD(ip + 4);
    filter[n++] = EQUAL(high, 0, 1);
    filter[n++] = RETURN(SECCOMP_RET_ALLOW);
    filter[n++] = LOAD(offsetof(struct seccomp_data, nr));
    unsigned char mine = 0, tested = 0;
    for (int i = 0; i < CAUGHT; i++) mine += strcmp(kind, caught[i].kind) == 0;
    if (mine == 0) return;
    for (int i = 0; i < CAUGHT; i++)
        if (strcmp(kind, caught[i].kind) == 0)
            filter[n++] = EQUAL(caught[i].number, (unsigned char)(mine - tested++), 0);
    filter[n++] = RETURN(SECCOMP_RET_ALLOW);
    filter[n++] = RETURN(SECCOMP_RET_TRAP);
    struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
    struct sock_fprog program = {.len = n, .filter = filter};
    if (sigaction(SIGSYS, &action, NULL) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        static const char refused[] = "fail_call: system calls cannot be caught here\n";
        say(STDERR_FILENO, refused, sizeof refused - 1);
        _exit(77);
    }
}

/* ---- the start ---- */

static int find_program(struct dl_phdr_info *info, size_t size, void *unused)
{
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
        program_begin = info->dlpi_addr + part->p_vaddr;
        program_end = program_begin + part->p_memsz;
        const char *foreign = getenv("HRA_FAULT_FOREIGN");
        if (foreign) program_end = info->dlpi_addr + strtoul(foreign, NULL, 16);
    }
    return 1; /* the first is the program */
}

static int opened(const char *variable)
{
    const char *path = getenv(variable);
    return path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
}

__attribute__((constructor)) static void begin(void)
{
    if (!getenv("HRA_FAULT_KIND")) return;
    inside = true;
    kind = getenv("HRA_FAULT_KIND");
    fail_at = getenv("HRA_FAULT_AT") ? atol(getenv("HRA_FAULT_AT")) : 0;
    stays = getenv("HRA_FAULT_STAYS") != NULL;
    sites = opened("HRA_FAULT_SITES");
    trace = opened("HRA_FAULT_TRACE");
    void *frame[1];
    backtrace(frame, 1); /* loads what it needs */
    dl_iterate_phdr(find_program, NULL);
    catch_calls();
    inside = false;
}
