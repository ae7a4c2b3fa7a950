/*
 * Makes the path in TETHER_V4L2_DEVICE a capture device of Video4Linux for a program that is started with this library in LD_PRELOAD. Its file
 * descriptor is a timer, whose readiness select and poll know. The path is a symbolic link to a character device, because programs look
 * whether it is one.
 */
#define _GNU_SOURCE
#include "v4l2-device.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
enum { DESCRIPTORS = 1024 };

/* The descriptors that are the device: programs duplicate theirs. */
static char is_ours[DESCRIPTORS];
static int opened;

static int add(int fd) {
  if (fd < 0 || fd >= DESCRIPTORS) return fd;
  is_ours[fd] = 1;
  opened++;
  return fd;
}

static int has(int fd) { return fd >= 0 && fd < DESCRIPTORS && is_ours[fd]; }

static int open_device(int flags) {
  if (opened > 0) {
    errno = EBUSY;
    return -1;
  }
  int timer = timerfd_create(CLOCK_MONOTONIC, flags & O_NONBLOCK ? TFD_NONBLOCK : 0);
  device_begin(timer);
  return add(timer);
}

static int is_device(const char *path) {
  const char *own = getenv("TETHER_V4L2_DEVICE");
  return own && path && strcmp(own, path) == 0;
}

#define OPEN(name)                                                               \
  int name(const char *path, int flags, ...) {                                   \
    va_list rest;                                                                \
    va_start(rest, flags);                                                       \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;      \
    va_end(rest);                                                                \
    return is_device(path) ? open_device(flags) : REAL(name)(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

int ioctl(int fd, unsigned long what, ...) {
  va_list rest;
  va_start(rest, what);
  void *with = va_arg(rest, void *);
  va_end(rest);
  return has(fd) ? device_answer((uint32_t)what, with) : REAL(ioctl)(fd, what, with);
}

#define MMAP(name)                                                                                         \
  void *name(void *at, size_t size, int protection, int flags, int fd, off_t offset) {                     \
    return has(fd) ? device_memory(offset) : REAL(name)(at, size, protection, flags, fd, offset);          \
  }
MMAP(mmap)
MMAP(mmap64)

int munmap(void *at, size_t size) { return device_owns(at) ? 0 : REAL(munmap)(at, size); }

int dup(int fd) {
  int copy = REAL(dup)(fd);
  return has(fd) ? add(copy) : copy;
}

int close(int fd) {
  if (has(fd)) {
    is_ours[fd] = 0;
    if (--opened == 0) device_note("closed\n");
  }
  return REAL(close)(fd);
}
