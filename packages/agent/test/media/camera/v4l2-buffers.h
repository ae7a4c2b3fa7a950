#include "v4l2-modes.h"

#include <stddef.h>

/* The answers to the ioctls of buffers and streaming. Frames of the mode are due when the timer is. */
int buffers_request(struct v4l2_requestbuffers *asked, struct mode mode);
int buffers_query(struct v4l2_buffer *buffer);
int buffers_export(struct v4l2_exportbuffer *asked);
int buffers_queue(struct v4l2_buffer *buffer);
int buffers_dequeue(struct v4l2_buffer *buffer, int timer);
int buffers_stream(int is_on, int timer);
/* The memory behind an offset that a query named, as a file descriptor. */
int buffers_memory(size_t offset);
