#include "v4l2-modes.h"

#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODES = 8 };

static struct mode modes[MODES];
static unsigned mode_count;

struct mode modes_read(void) {
  const char *at = getenv("TETHER_V4L2_MODES");
  for (mode_count = 0; at && mode_count < MODES; mode_count++) {
    char name[5];
    struct mode *mode = &modes[mode_count];
    if (sscanf(at, "%4s %u %u %u", name, &mode->width, &mode->height, &mode->fps) != 4) break;
    mode->fourcc = v4l2_fourcc(name[0], name[1], name[2], name[3]);
    at = strchr(at, ',');
    if (at) at++;
  }
  return modes[0];
}

/* The index of the mode that is the nth of its kind, where modes that agree in the first `fields` fields are of one kind; -1 after the last. */
static int index_of(unsigned n, int fields, uint32_t fourcc, uint32_t width, uint32_t height) {
  for (unsigned i = 0; i < mode_count; i++) {
    if (fields > 1 && modes[i].fourcc != fourcc) continue;
    if (fields > 2 && (modes[i].width != width || modes[i].height != height)) continue;
    int is_first = 1;
    for (unsigned j = 0; j < i; j++) {
      int is_same = modes[j].fourcc == modes[i].fourcc;
      if (fields > 1) is_same &= modes[j].width == modes[i].width && modes[j].height == modes[i].height;
      if (fields > 2) is_same &= modes[j].fps == modes[i].fps;
      is_first &= !is_same;
    }
    if (is_first && n-- == 0) return i;
  }
  return -1;
}

const struct mode *modes_nth(unsigned n, int fields, struct mode like) {
  int i = index_of(n, fields, like.fourcc, like.width, like.height);
  return i < 0 ? NULL : &modes[i];
}

/* A driver gives what is nearest to what it is asked for. */
struct mode modes_nearest(struct mode to) {
  struct mode best = modes[0];
  long least = -1;
  for (unsigned i = 0; i < mode_count; i++) {
    long apart = labs((long)modes[i].width - to.width) + labs((long)modes[i].height - to.height);
    if (modes[i].fourcc != to.fourcc) apart += 1000000;
    if (least < 0 || apart < least) least = apart, best = modes[i];
  }
  return best;
}

struct mode modes_with_rate(struct mode like, struct v4l2_fract interval) {
  for (unsigned n = 0; n < mode_count; n++)
    if (modes[n].fourcc == like.fourcc && modes[n].width == like.width && modes[n].height == like.height &&
        modes[n].fps * interval.numerator == interval.denominator)
      return modes[n];
  return like;
}
