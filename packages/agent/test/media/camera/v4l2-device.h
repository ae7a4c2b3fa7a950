/* Begins anew with the modes of the environment; frames are due when the timer is. */
void device_begin(int timer);
/* The answer to an ioctl. */
int device_answer(unsigned long what, void *with);
/* Writes a line of the log. */
void device_note(const char *format, ...);
