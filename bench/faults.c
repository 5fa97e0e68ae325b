/* Preloaded by bench/reliability.py: the n-th write below a folder fails, and the clock jumps.
 *
 * Nothing happens until faults_arm or faults_jump is called. Counted are the calls that change a
 * disk: write, pwrite, writev, ftruncate, fsync, fdatasync, on files below the folder.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static char below[PATH_MAX];
static long nth, seen;
static int error_number, lasting, jump_every;
static long readings, jump_s;

/* From now on the n-th write below a folder fails with this error; with `stays`, all after it too. */
void faults_arm(const char *folder, long n, int error, int stays) {
    snprintf(below, sizeof below, "%s", folder);
    nth = n;
    error_number = error;
    lasting = stays;
    seen = 0;
}

/* How many writes were counted since faults_arm. */
long faults_seen(void) { return seen; }

/* From now on the clock of the day jumps to and fro by so many seconds at every n-th reading. */
void faults_jump(int every, long seconds) {
    jump_every = every;
    jump_s = seconds;
}

static int fails(int descriptor) {
    if (!below[0]) return 0;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    if (strncmp(path, below, strlen(below))) return 0;
    seen++;
    if (seen == nth || (lasting && nth && seen > nth)) {
        errno = error_number;
        return 1;
    }
    return 0;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t size) {
    return fails(fd) ? -1 : NEXT(write)(fd, bytes, size);
}
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
    return fails(fd) ? -1 : NEXT(pwrite)(fd, bytes, size, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    return fails(fd) ? -1 : NEXT(pwrite64)(fd, bytes, size, at);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    return fails(fd) ? -1 : NEXT(writev)(fd, parts, count);
}
int ftruncate(int fd, off_t size) { return fails(fd) ? -1 : NEXT(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return fails(fd) ? -1 : NEXT(ftruncate64)(fd, size); }
int fsync(int fd) { return fails(fd) ? -1 : NEXT(fsync)(fd); }
int fdatasync(int fd) { return fails(fd) ? -1 : NEXT(fdatasync)(fd); }

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = NEXT(clock_gettime)(clock, now);
    if (!failed && clock == CLOCK_REALTIME && jump_every)
        now->tv_sec += (++readings / jump_every) % 2 ? jump_s : -jump_s;
    return failed;
}
