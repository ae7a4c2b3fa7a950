/*
 * Makes the path in TETHER_V4L2_DEVICE a capture device of Video4Linux for a program that is started with this library in LD_PRELOAD. Its file
 * descriptor is a timer, whose readiness select and poll know. The path is a symbolic link to a character device, because programs look
 * whether it is one.
 *
 * TETHER_V4L2_TREE is a folder with files that the program finds in /sys and /dev, before those that are there. Its dev/media0 is the media controller
 * of the device. The program has no udev then: it looks for devices in /sys by itself.
 */
#define _GNU_SOURCE
#include "v4l2-device.h"
#include "v4l2-buffers.h"
#include "v4l2-media.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define EACH(DO)                                                                                                          \
  DO(open) DO(open64) DO(syscall) DO(access) DO(opendir) DO(fopen) DO(fopen64) DO(stat) DO(stat64) DO(realpath) DO(ioctl) \
  DO(mmap) DO(mmap64) DO(dup) DO(close)
#define DECLARE(name) static __typeof__(&name) real_##name;
#define FIND(name) real_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name);
#define REAL(name) (real_##name ? real_##name : (find(), real_##name))
EACH(DECLARE)

/* Before threads begin: one that looks a name up waits for a library that is being loaded, and that may wait for the thread. */
__attribute__((constructor)) static void find(void) { EACH(FIND) }

enum { DESCRIPTORS = 1024 };
enum { OTHER, DEVICE, MEDIA };

/* What the descriptors are: programs duplicate those of the device. */
static char descriptors[DESCRIPTORS];
static int opened;

static int kind_of(int fd) { return fd >= 0 && fd < DESCRIPTORS ? descriptors[fd] : OTHER; }

static int add(int fd, int kind) {
  if (fd < 0 || fd >= DESCRIPTORS) return fd;
  descriptors[fd] = kind;
  opened += kind == DEVICE;
  return fd;
}

static int open_device(int flags) {
  if (opened > 0) {
    errno = EBUSY;
    return -1;
  }
  int timer = timerfd_create(CLOCK_MONOTONIC, flags & O_NONBLOCK ? TFD_NONBLOCK : 0);
  device_begin(timer);
  return add(timer, DEVICE);
}

static int is_device(const char *path) {
  const char *own = getenv("TETHER_V4L2_DEVICE");
  return own && path && strcmp(own, path) == 0;
}

/* Where the tree has the path; the path itself where it has none. */
static const char *place(const char *path, char *room) {
  const char *tree = getenv("TETHER_V4L2_TREE");
  if (!tree || !path || (strncmp(path, "/sys/", 5) != 0 && strncmp(path, "/dev/", 5) != 0)) return path;
  return snprintf(room, PATH_MAX, "%s%s", tree, path) < PATH_MAX && REAL(access)(room, F_OK) == 0 ? room : path;
}

#define OPEN(name)                                                             \
  int name(const char *path, int flags, ...) {                                 \
    char room[PATH_MAX];                                                       \
    va_list rest;                                                              \
    va_start(rest, flags);                                                     \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;    \
    va_end(rest);                                                              \
    if (is_device(path)) return open_device(flags);                            \
    const char *at = place(path, room);                                        \
    int fd = REAL(name)(at, flags, mode);                                      \
    return at == room && strcmp(path, "/dev/media0") == 0 ? add(fd, MEDIA) : fd; \
  }
OPEN(open)
OPEN(open64)

/* libcamera opens a device by it. */
long syscall(long number, ...) {
  va_list rest;
  long with[6];
  va_start(rest, number);
  for (int i = 0; i < 6; i++) with[i] = va_arg(rest, long);
  va_end(rest);
  if (number == SYS_openat && is_device((const char *)with[1])) return open_device(with[2]);
  return REAL(syscall)(number, with[0], with[1], with[2], with[3], with[4], with[5]);
}

#define AT_PLACE(result, name, parameters, ...)  \
  result name parameters {                       \
    char room[PATH_MAX];                         \
    const char *at = place(path, room);          \
    return REAL(name)(__VA_ARGS__);              \
  }
AT_PLACE(int, access, (const char *path, int mode), at, mode)
AT_PLACE(DIR *, opendir, (const char *path), at)
AT_PLACE(FILE *, fopen, (const char *path, const char *mode), at, mode)
AT_PLACE(FILE *, fopen64, (const char *path, const char *mode), at, mode)

#define STAT(name, type)                                        \
  int name(const char *path, struct type *file) {               \
    char room[PATH_MAX];                                        \
    const char *at = place(path, room);                         \
    int answer = REAL(name)(at, file);                          \
    if (at == room && is_device(path)) file->st_rdev = makedev(81, 0); \
    return answer;                                              \
  }
STAT(stat, stat)
STAT(stat64, stat64)

char *realpath(const char *path, char *resolved) {
  char room[PATH_MAX];
  const char *at = place(path, room);
  char *found = REAL(realpath)(at, resolved);
  /* The tree is named by its real path. */
  size_t of_tree = at == room ? strlen(getenv("TETHER_V4L2_TREE")) : 0;
  if (found) memmove(found, found + of_tree, strlen(found + of_tree) + 1);
  return found;
}

struct udev *udev_new(void) {
  struct udev *(*real)(void) = (struct udev * (*)(void)) dlsym(RTLD_NEXT, "udev_new");
  return getenv("TETHER_V4L2_TREE") || !real ? NULL : real();
}

int ioctl(int fd, unsigned long what, ...) {
  va_list rest;
  va_start(rest, what);
  void *with = va_arg(rest, void *);
  va_end(rest);
  if (kind_of(fd) == DEVICE) return device_answer((uint32_t)what, with);
  if (kind_of(fd) == MEDIA) return media_answer((uint32_t)what, with);
  return REAL(ioctl)(fd, what, with);
}

#define MMAP(name)                                                                                \
  void *name(void *at, size_t size, int protection, int flags, int fd, off_t offset) {            \
    if (kind_of(fd) == DEVICE) return REAL(name)(at, size, protection, flags, buffers_memory(offset), 0); \
    return REAL(name)(at, size, protection, flags, fd, offset);                                   \
  }
MMAP(mmap)
MMAP(mmap64)

int dup(int fd) { return add(REAL(dup)(fd), kind_of(fd)); }

int close(int fd) {
  int kind = kind_of(fd);
  if (kind != OTHER) descriptors[fd] = OTHER;
  if (kind == DEVICE && --opened == 0) device_note("closed\n");
  return REAL(close)(fd);
}
