#include <linux/videodev2.h>
#include <stdint.h>

struct mode {
  uint32_t fourcc, width, height, fps;
};

/* Reads the modes of the environment and returns the first. */
struct mode modes_read(void);
/* The nth of the modes that differ in format (1), in size among those of one format (2), in rate among those of one size (3); NULL after the last. */
const struct mode *modes_nth(unsigned n, int fields, struct mode like);
struct mode modes_nearest(struct mode to);
/* The mode of the same format and size with that interval; the same mode where there is none. */
struct mode modes_with_rate(struct mode like, struct v4l2_fract interval);
