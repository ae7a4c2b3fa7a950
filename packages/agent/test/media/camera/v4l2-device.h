#include <stddef.h>

/* Begins anew with the modes of the environment; frames are due when the timer is. */
void device_begin(int timer);
/* The answer to an ioctl. */
int device_answer(unsigned long what, void *with);
/* The memory of a buffer, by the offset that the device named. */
void *device_memory(size_t offset);
int device_owns(const void *at);
/* Writes a line of the log. */
void device_note(const char *format, ...);
