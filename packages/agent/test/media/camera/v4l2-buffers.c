/*
 * The buffers of the emulated device: its own, which a program maps or has exported, or those that a program imports. Files in memory
 * stand for what the kernel shares as DMA-BUF.
 */
#define _GNU_SOURCE
#include "v4l2-buffers.h"

#include "v4l2-device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { BUFFERS = 8 };

struct place {
  int fd;
  char *memory;
};

static struct mode mode;
static enum v4l2_memory kind;
static struct place places[BUFFERS];
static unsigned count;
static unsigned queue[BUFFERS], queued;
static unsigned frame, sequence;
static int is_mapped;

static int fail(int code) {
  errno = code;
  return -1;
}

static size_t most_bytes(void) { return (size_t)mode.width * mode.height * 2; }

static char *map(int fd) { return mmap(NULL, most_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0); }

/* Exported memory outlives the buffers. */
static void let_go(void) {
  for (unsigned i = 0; i < count; i++) {
    if (places[i].memory) munmap(places[i].memory, most_bytes());
    if (kind == V4L2_MEMORY_MMAP) close(places[i].fd);
    places[i].memory = NULL;
  }
  count = queued = is_mapped = 0;
}

int buffers_request(struct v4l2_requestbuffers *asked, struct mode now) {
  if (asked->memory != V4L2_MEMORY_MMAP && asked->memory != V4L2_MEMORY_DMABUF) return fail(EINVAL);
  let_go();
  mode = now;
  kind = asked->memory;
  count = asked->count > BUFFERS ? BUFFERS : asked->count;
  for (unsigned i = 0; i < count && kind == V4L2_MEMORY_MMAP; i++) {
    places[i].fd = memfd_create("buffer", MFD_CLOEXEC);
    if (ftruncate(places[i].fd, most_bytes()) < 0) return -1;
    places[i].memory = map(places[i].fd);
  }
  asked->count = count;
  asked->capabilities = V4L2_BUF_CAP_SUPPORTS_MMAP | V4L2_BUF_CAP_SUPPORTS_DMABUF;
  return 0;
}

static void describe(struct v4l2_buffer *buffer, unsigned index) {
  buffer->index = index;
  buffer->memory = kind;
  buffer->length = most_bytes();
  buffer->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | (is_mapped ? V4L2_BUF_FLAG_MAPPED : 0);
  buffer->field = V4L2_FIELD_NONE;
  if (kind == V4L2_MEMORY_MMAP) buffer->m.offset = index * most_bytes();
  else buffer->m.fd = places[index].fd;
}

int buffers_query(struct v4l2_buffer *buffer) {
  if (buffer->index >= count) return fail(EINVAL);
  describe(buffer, buffer->index);
  return 0;
}

int buffers_memory(size_t offset) {
  is_mapped = 1;
  return places[offset / most_bytes()].fd;
}

int buffers_export(struct v4l2_exportbuffer *asked) {
  if (kind != V4L2_MEMORY_MMAP || asked->index >= count || asked->plane > 0) return fail(EINVAL);
  asked->fd = fcntl(places[asked->index].fd, F_DUPFD_CLOEXEC, 0);
  return asked->fd < 0 ? -1 : 0;
}

int buffers_queue(struct v4l2_buffer *buffer) {
  struct stat file;
  if (buffer->memory != kind || buffer->index >= count || queued == BUFFERS) return fail(EINVAL);
  if (kind == V4L2_MEMORY_DMABUF) {
    if (fstat(buffer->m.fd, &file) < 0 || (size_t)file.st_size < most_bytes()) return fail(EINVAL);
    places[buffer->index] = (struct place){buffer->m.fd, map(buffer->m.fd)};
  }
  queue[queued++] = buffer->index;
  describe(buffer, buffer->index);
  buffer->flags |= V4L2_BUF_FLAG_QUEUED;
  return 0;
}

/* Writes the next frame into a buffer and returns its size. */
static size_t draw(char *to) {
  char path[4096];
  if (mode.fourcc == V4L2_PIX_FMT_YUYV) {
    for (size_t i = 0; i < most_bytes(); i += 2) to[i] = (char)((i >> 4) + frame * 4), to[i + 1] = (char)128;
    frame++;
    return most_bytes();
  }
  for (int tries = 0; tries < 2; tries++, frame = 0) {
    snprintf(path, sizeof path, "%s/%.4s/%u", getenv("TETHER_V4L2_FRAMES"), (const char *)&mode.fourcc, frame);
    FILE *file = fopen(path, "rb");
    if (!file) continue; /* after the last frame comes the first */
    size_t size = fread(to, 1, most_bytes(), file);
    fclose(file);
    frame++;
    return size;
  }
  return 0;
}

int buffers_dequeue(struct v4l2_buffer *buffer, int timer) {
  uint64_t ticks;
  do {
    if (read(timer, &ticks, sizeof ticks) < 0) return -1;
    sequence += ticks;
  } while (queued == 0); /* a frame for which there is no room is lost */
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  struct place *place = &places[queue[0]];
  describe(buffer, queue[0]);
  memmove(queue, queue + 1, --queued * sizeof *queue);
  buffer->bytesused = draw(place->memory);
  buffer->sequence = sequence - 1;
  buffer->timestamp = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
  if (kind == V4L2_MEMORY_DMABUF) {
    munmap(place->memory, most_bytes());
    place->memory = NULL;
  }
  return 0;
}

int buffers_stream(int is_on, int timer) {
  struct itimerspec when = {0};
  sequence = 0;
  if (is_on) {
    when.it_interval.tv_nsec = 1000000000 / mode.fps - (mode.fps == 1);
    when.it_value = when.it_interval;
    device_note("stream %.4s %u %u %u\n", (const char *)&mode.fourcc, mode.width, mode.height, mode.fps);
  } else {
    queued = 0;
  }
  return timerfd_settime(timer, 0, &when, NULL);
}
