/* Stands between the program and the system: lets writes below a hub fail, or notes them (tests/it/faults.rs).
 *
 * GUIYI_SHIM=<n>:<fault>:<once|always>  the n-th writing call (from 1) fails; fault is enospc, eio, eintr, short or kill
 * GUIYI_SHIM_CLOCK=<seconds>             the clock of the day shows so much more, or less when negative
 * GUIYI_SHIM_LOG=<file>                 every writing call, one a line: what a replay after a loss of power needs
 *
 * Only names that hold "/hub" count. Nothing here knows the program, so that SQLite, the workbook's scratch files and the Parquet
 * writer are caught like everything else.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long count, at;
static char fault[16];
static int is_always, is_ready;
static int log_fd = -1;
static long clock_by;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void ready(void) {
    if (is_ready) return;
    is_ready = 1;
    const char *asked = getenv("GUIYI_SHIM");
    char when[16] = "";
    if (asked && sscanf(asked, "%ld:%15[a-z]:%15s", &at, fault, when) == 3) is_always = !strcmp(when, "always");
    const char *by = getenv("GUIYI_SHIM_CLOCK");
    if (by) clock_by = atol(by);
    const char *path = getenv("GUIYI_SHIM_LOG");
    if (path) log_fd = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

int clock_gettime(clockid_t id, struct timespec *time) {
    ready();
    int result = REAL(clock_gettime)(id, time);
    if (!result && id == CLOCK_REALTIME) time->tv_sec += clock_by;
    return result;
}

/* The absolute path, or NULL when it is not below a hub. */
static const char *whole(int dir, const char *path, char *out) {
    if (path[0] == '/') {
        snprintf(out, PATH_MAX, "%s", path);
    } else {
        char link[64];
        ssize_t length;
        if (dir == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
        else snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
        length = readlink(link, out, PATH_MAX - 1);
        if (length < 0) return NULL;
        while (!strncmp(path, "./", 2)) path += 2;
        snprintf(out + length, PATH_MAX - length, "/%s", path);
    }
    return strstr(out, "/hub") ? out : NULL;
}

static const char *of_fd(int fd, char *out) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, out, PATH_MAX - 1);
    if (length < 0) return NULL;
    out[length] = 0;
    return out[0] == '/' && strstr(out, "/hub") ? out : NULL;
}

/* Counts a call; 1 when it must fail with errno set, 2 when it must be short. */
static int falls(int is_write) {
    pthread_mutex_lock(&lock);
    ready();
    long now = ++count;
    pthread_mutex_unlock(&lock);
    if (!at || now < at || (now > at && !is_always)) return 0;
    if (!strcmp(fault, "kill")) kill(getpid(), SIGKILL);
    if (!strcmp(fault, "short")) return is_write ? 2 : 0;
    /* What is interrupted for ever is no fault but a hang. */
    if (!strcmp(fault, "eintr")) return is_write && (now == at || now % 2) ? (errno = EINTR, 1) : 0;
    errno = !strcmp(fault, "enospc") ? ENOSPC : EIO;
    return 1;
}

static void note(char op, const char *path, const char *to, long long number, const void *data, size_t size) {
    pthread_mutex_lock(&lock);
    ready();
    if (log_fd >= 0) {
        static const char digits[] = "0123456789abcdef";
        char *line = malloc(2 * PATH_MAX + 64 + 2 * size);
        size_t length = (size_t)sprintf(line, "%c\t%s\t%s\t%lld\t", op, path, to ? to : "", number);
        for (size_t i = 0; i < size; i++) {
            unsigned char byte = ((const unsigned char *)data)[i];
            line[length++] = digits[byte >> 4];
            line[length++] = digits[byte & 15];
        }
        line[length++] = '\n';
        if (REAL(write)(log_fd, line, length) < 0) abort();
        free(line);
    }
    pthread_mutex_unlock(&lock);
}

static int open_at(int dir, const char *path, int flags, mode_t mode) {
    char out[2 * PATH_MAX];
    const char *found = flags & (O_WRONLY | O_RDWR | O_CREAT) ? whole(dir, path, out) : NULL;
    int is_new = found && access(found, F_OK) != 0;
    if (found && flags & (O_CREAT | O_TRUNC) && falls(0)) return -1;
    int fd = REAL(openat)(dir, path, flags, mode);
    if (found && fd >= 0 && is_new) note('C', found, NULL, 0, NULL, 0);
    else if (found && fd >= 0 && flags & O_TRUNC) note('T', found, NULL, 0, NULL, 0);
    return fd;
}

#define MODE va_list rest; va_start(rest, flags); mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; va_end(rest)
int open(const char *path, int flags, ...) { MODE; return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE; return open_at(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int dir, const char *path, int flags, ...) { MODE; return open_at(dir, path, flags, mode); }
int openat64(int dir, const char *path, int flags, ...) { MODE; return open_at(dir, path, flags | O_LARGEFILE, mode); }

static long long position(int fd) {
    if (fcntl(fd, F_GETFL) & O_APPEND) { struct stat found; return fstat(fd, &found) ? 0 : (long long)found.st_size; }
    return lseek(fd, 0, SEEK_CUR);
}

ssize_t write(int fd, const void *data, size_t size) {
    char out[2 * PATH_MAX];
    const char *found = of_fd(fd, out);
    if (!found) return REAL(write)(fd, data, size);
    int falls_now = falls(1);
    if (falls_now == 1) return -1;
    if (falls_now == 2 && size > 1) size /= 2;
    long long from = position(fd);
    ssize_t written = REAL(write)(fd, data, size);
    if (written > 0) note('W', found, NULL, from, data, (size_t)written);
    return written;
}

static ssize_t write_at(int fd, const void *data, size_t size, off64_t from) {
    char out[2 * PATH_MAX];
    const char *found = of_fd(fd, out);
    int falls_now = found ? falls(1) : 0;
    if (falls_now == 1) return -1;
    if (falls_now == 2 && size > 1) size /= 2;
    ssize_t written = REAL(pwrite64)(fd, data, size, from);
    if (found && written > 0) note('W', found, NULL, from, data, (size_t)written);
    return written;
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t from) { return write_at(fd, data, size, from); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t from) { return write_at(fd, data, size, from); }

/* One part is enough: writers go on with the rest. */
ssize_t writev(int fd, const struct iovec *parts, int parts_count) {
    char out[PATH_MAX];
    if (!of_fd(fd, out)) return REAL(writev)(fd, parts, parts_count);
    for (int i = 0; i < parts_count; i++) if (parts[i].iov_len) return write(fd, parts[i].iov_base, parts[i].iov_len);
    return 0;
}

static int sync_fd(int fd, int is_data) {
    char out[PATH_MAX];
    const char *found = of_fd(fd, out);
    if (found && falls(0)) return -1;
    int done = is_data ? REAL(fdatasync)(fd) : REAL(fsync)(fd);
    if (found && !done) note('S', found, NULL, 0, NULL, 0);
    return done;
}
int fsync(int fd) { return sync_fd(fd, 0); }
int fdatasync(int fd) { return sync_fd(fd, 1); }

static int truncate_fd(int fd, off64_t size) {
    char out[PATH_MAX];
    const char *found = of_fd(fd, out);
    if (found && falls(0)) return -1;
    int done = REAL(ftruncate64)(fd, size);
    if (found && !done) note('T', found, NULL, size, NULL, 0);
    return done;
}
int ftruncate(int fd, off_t size) { return truncate_fd(fd, size); }
int ftruncate64(int fd, off64_t size) { return truncate_fd(fd, size); }

int rename(const char *from, const char *to) {
    char a[2 * PATH_MAX], b[2 * PATH_MAX];
    const char *found = whole(AT_FDCWD, from, a);
    if (found && falls(0)) return -1;
    int done = REAL(rename)(from, to);
    if (found && !done && whole(AT_FDCWD, to, b)) note('R', found, b, 0, NULL, 0);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    char out[2 * PATH_MAX];
    const char *found = whole(AT_FDCWD, path, out);
    if (found && falls(0)) return -1;
    int done = REAL(mkdir)(path, mode);
    if (found && !done) note('M', found, NULL, 0, NULL, 0);
    return done;
}

int unlink(const char *path) {
    char out[2 * PATH_MAX];
    const char *found = whole(AT_FDCWD, path, out);
    int done = REAL(unlink)(path);
    if (found && !done) note('U', found, NULL, 0, NULL, 0);
    return done;
}

int rmdir(const char *path) {
    char out[2 * PATH_MAX];
    const char *found = whole(AT_FDCWD, path, out);
    int done = REAL(rmdir)(path);
    if (found && !done) note('U', found, NULL, 0, NULL, 0);
    return done;
}

int unlinkat(int dir, const char *path, int flags) {
    char out[2 * PATH_MAX];
    const char *found = whole(dir, path, out);
    int done = REAL(unlinkat)(dir, path, flags);
    if (found && !done) note('U', found, NULL, 0, NULL, 0);
    return done;
}
