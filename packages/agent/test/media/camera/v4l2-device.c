/*
 * A capture device of Video4Linux, as the kernel would answer for it: https://docs.kernel.org/userspace-api/media/v4l/
 *
 * TETHER_V4L2_MODES   what it can do, e.g. "MJPG 1280 720 30,YUYV 1280 720 10,H264 1280 720 30"
 * TETHER_V4L2_FRAMES  a folder with the frames of MJPG and H264 as FOURCC/0, FOURCC/1, ...; those of YUYV are made here
 * TETHER_V4L2_LOG     a file for what the program did: "stream MJPG 1280 720 30", "control Video Bitrate 900000"
 */
#define _GNU_SOURCE
#include "v4l2-device.h"

#include "v4l2-buffers.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int timer;
static struct mode current;

static const struct v4l2_queryctrl controls[] = {
    {.id = V4L2_CID_MPEG_VIDEO_BITRATE, .type = V4L2_CTRL_TYPE_INTEGER, .name = "Video Bitrate", .minimum = 25000, .maximum = 25000000, .step = 1000},
    {.id = V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER, .type = V4L2_CTRL_TYPE_BOOLEAN, .name = "Repeat Sequence Header", .maximum = 1, .step = 1},
    {.id = V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME, .type = V4L2_CTRL_TYPE_BUTTON, .name = "Force Key Frame", .flags = V4L2_CTRL_FLAG_WRITE_ONLY},
};
enum { CONTROLS = sizeof controls / sizeof *controls };

void device_note(const char *format, ...) {
  FILE *log = fopen(getenv("TETHER_V4L2_LOG"), "a");
  va_list rest;
  va_start(rest, format);
  if (log) vfprintf(log, format, rest), fclose(log);
  va_end(rest);
}

static int fail(int code) {
  errno = code;
  return -1;
}

void device_begin(int fd) {
  timer = fd;
  current = modes_read();
}

static void fill_format(struct v4l2_format *format, const struct mode *mode) {
  struct v4l2_pix_format *pix = &format->fmt.pix;
  int is_raw = mode->fourcc == V4L2_PIX_FMT_YUYV;
  memset(pix, 0, sizeof *pix);
  pix->width = mode->width;
  pix->height = mode->height;
  pix->pixelformat = mode->fourcc;
  pix->field = V4L2_FIELD_NONE;
  pix->bytesperline = is_raw ? mode->width * 2 : 0;
  pix->sizeimage = mode->width * mode->height * 2;
  pix->colorspace = V4L2_COLORSPACE_SRGB;
}

static int query_control(struct v4l2_queryctrl *asked) {
  const uint32_t next = V4L2_CTRL_FLAG_NEXT_CTRL;
  for (unsigned i = 0; i < CONTROLS; i++)
    if (asked->id & next ? controls[i].id > (asked->id & ~next) : controls[i].id == asked->id) {
      *asked = controls[i];
      return 0;
    }
  return fail(EINVAL);
}

static int query_control_at_length(struct v4l2_query_ext_ctrl *asked) {
  struct v4l2_queryctrl short_of = {.id = asked->id & ~V4L2_CTRL_FLAG_NEXT_COMPOUND};
  if (query_control(&short_of) < 0) return -1;
  memset(asked, 0, sizeof *asked);
  asked->id = short_of.id;
  asked->type = short_of.type;
  asked->minimum = short_of.minimum;
  asked->maximum = short_of.maximum;
  asked->step = short_of.step;
  asked->default_value = short_of.default_value;
  asked->flags = short_of.flags;
  asked->elem_size = sizeof(int32_t);
  asked->elems = 1;
  memcpy(asked->name, short_of.name, sizeof asked->name);
  return 0;
}

static int set_control(uint32_t id, int32_t value) {
  for (unsigned i = 0; i < CONTROLS; i++)
    if (controls[i].id == id) {
      device_note("control %s %d\n", (const char *)controls[i].name, value);
      return 0;
    }
  return fail(EINVAL);
}

int device_answer(unsigned long what, void *with) {
  const struct mode *mode;
  switch (what) {
    case VIDIOC_QUERYCAP: {
      struct v4l2_capability *is = with;
      memset(is, 0, sizeof *is);
      strcpy((char *)is->driver, "uvcvideo");
      strcpy((char *)is->card, "Emulated camera");
      strcpy((char *)is->bus_info, "usb-emulated");
      is->version = 0x060100;
      is->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING | V4L2_CAP_EXT_PIX_FORMAT;
      is->capabilities = is->device_caps | V4L2_CAP_DEVICE_CAPS;
      return 0;
    }
    case VIDIOC_ENUMINPUT: {
      struct v4l2_input *input = with;
      if (input->index > 0) return fail(EINVAL);
      strcpy((char *)input->name, "Camera");
      input->type = V4L2_INPUT_TYPE_CAMERA;
      return 0;
    }
    case VIDIOC_G_INPUT:
    case VIDIOC_S_INPUT:
      *(int *)with = 0;
      return 0;
    case VIDIOC_ENUM_FMT: {
      struct v4l2_fmtdesc *format = with;
      mode = format->type == V4L2_BUF_TYPE_VIDEO_CAPTURE ? modes_nth(format->index, 1, current) : NULL;
      if (!mode) return fail(EINVAL);
      format->pixelformat = mode->fourcc;
      format->flags = mode->fourcc == V4L2_PIX_FMT_YUYV ? 0 : V4L2_FMT_FLAG_COMPRESSED;
      return 0;
    }
    case VIDIOC_ENUM_FRAMESIZES: {
      struct v4l2_frmsizeenum *size = with;
      mode = modes_nth(size->index, 2, (struct mode){.fourcc = size->pixel_format});
      if (!mode) return fail(EINVAL);
      size->type = V4L2_FRMSIZE_TYPE_DISCRETE;
      size->discrete.width = mode->width;
      size->discrete.height = mode->height;
      return 0;
    }
    case VIDIOC_ENUM_FRAMEINTERVALS: {
      struct v4l2_frmivalenum *interval = with;
      mode = modes_nth(interval->index, 3, (struct mode){interval->pixel_format, interval->width, interval->height, 0});
      if (!mode) return fail(EINVAL);
      interval->type = V4L2_FRMIVAL_TYPE_DISCRETE;
      interval->discrete = (struct v4l2_fract){1, mode->fps};
      return 0;
    }
    case VIDIOC_S_FMT:
    case VIDIOC_TRY_FMT: {
      const struct v4l2_pix_format *pix = &((struct v4l2_format *)with)->fmt.pix;
      struct mode near = modes_nearest((struct mode){pix->pixelformat, pix->width, pix->height, 0});
      if (what == VIDIOC_S_FMT) current = near;
      fill_format(with, &near);
      return 0;
    }
    case VIDIOC_G_FMT:
      fill_format(with, &current);
      return 0;
    case VIDIOC_S_PARM:
      current = modes_with_rate(current, ((struct v4l2_streamparm *)with)->parm.capture.timeperframe);
      /* fall through */
    case VIDIOC_G_PARM: {
      struct v4l2_captureparm *capture = &((struct v4l2_streamparm *)with)->parm.capture;
      memset(capture, 0, sizeof *capture);
      capture->capability = V4L2_CAP_TIMEPERFRAME;
      capture->timeperframe = (struct v4l2_fract){1, current.fps};
      return 0;
    }
    case VIDIOC_REQBUFS:
      return buffers_request(with, current);
    case VIDIOC_QUERYBUF:
      return buffers_query(with);
    case VIDIOC_EXPBUF:
      return buffers_export(with);
    case VIDIOC_QBUF:
      return buffers_queue(with);
    case VIDIOC_DQBUF:
      return buffers_dequeue(with, timer);
    case VIDIOC_STREAMON:
      return buffers_stream(1, timer);
    case VIDIOC_STREAMOFF:
      return buffers_stream(0, timer);
    case VIDIOC_QUERYCTRL:
      return query_control(with);
    case VIDIOC_QUERY_EXT_CTRL:
      return query_control_at_length(with);
    case VIDIOC_G_CTRL:
      ((struct v4l2_control *)with)->value = 0;
      return 0;
    case VIDIOC_S_CTRL:
      return set_control(((struct v4l2_control *)with)->id, ((struct v4l2_control *)with)->value);
    default:
      return fail(ENOTTY);
  }
}
