/*
 * The media controller of the emulated device, as the kernel's uvcvideo has one for each camera:
 * https://docs.kernel.org/userspace-api/media/mediactl/
 */
#include "v4l2-media.h"

#include <errno.h>
#include <linux/media.h>
#include <stdint.h>
#include <string.h>

/* The kernel numbers each kind of object by itself. */
#define PAD(n) (0x01000000 | (n))
#define LINK(n) (0x02000000 | (n))
#define INTERFACE(n) (0x03000000 | (n))

enum { SENSOR = 1, VIDEO = 2 };

static const struct media_v2_entity entities[] = {
    {.id = SENSOR, .name = "Camera 1", .function = MEDIA_ENT_F_CAM_SENSOR},
    {.id = VIDEO, .name = "Emulated camera", .function = MEDIA_ENT_F_IO_V4L, .flags = MEDIA_ENT_FL_DEFAULT},
};
static const struct media_v2_pad pads[] = {
    {.id = PAD(1), .entity_id = SENSOR, .flags = MEDIA_PAD_FL_SOURCE},
    {.id = PAD(2), .entity_id = VIDEO, .flags = MEDIA_PAD_FL_SINK},
};
static const struct media_v2_interface interfaces[] = {
    {.id = INTERFACE(1), .intf_type = MEDIA_INTF_T_V4L_VIDEO, .devnode = {.major = 81, .minor = 0}},
};
static const struct media_v2_link links[] = {
    {.id = LINK(1), .source_id = PAD(1), .sink_id = PAD(2), .flags = MEDIA_LNK_FL_ENABLED | MEDIA_LNK_FL_IMMUTABLE},
    {.id = LINK(2), .source_id = INTERFACE(1), .sink_id = VIDEO, .flags = MEDIA_LNK_FL_ENABLED | MEDIA_LNK_FL_INTERFACE_LINK},
};

/* Tells how many there are, and what they are where there is room. */
#define TELL(topology, of)                                                            \
  do {                                                                                \
    uint32_t count = sizeof of / sizeof *of, room = (topology)->num_##of;             \
    (topology)->num_##of = count;                                                     \
    if ((topology)->ptr_##of && room < count) return errno = ENOSPC, -1;              \
    if ((topology)->ptr_##of) memcpy((void *)(uintptr_t)(topology)->ptr_##of, of, sizeof of); \
  } while (0)

int media_answer(unsigned long what, void *with) {
  if (what == MEDIA_IOC_DEVICE_INFO) {
    struct media_device_info *is = with;
    memset(is, 0, sizeof *is);
    strcpy(is->driver, "uvcvideo");
    strcpy(is->model, "Emulated camera");
    strcpy(is->bus_info, "usb-emulated");
    is->media_version = is->driver_version = 0x060100;
    return 0;
  }
  if (what == MEDIA_IOC_G_TOPOLOGY) {
    struct media_v2_topology *topology = with;
    topology->topology_version = 1;
    TELL(topology, entities);
    TELL(topology, pads);
    TELL(topology, interfaces);
    TELL(topology, links);
    return 0;
  }
  return errno = ENOTTY, -1;
}
