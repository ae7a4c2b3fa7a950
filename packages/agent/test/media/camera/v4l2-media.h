/* The answer of the media controller to an ioctl. */
int media_answer(unsigned long what, void *with);
