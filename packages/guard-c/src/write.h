#ifndef TETHER_WRITE_H
#define TETHER_WRITE_H

#include "event.h"

/** A text that grows in a buffer of the caller's. Where it does not fit it is cut, and `is_short` says so. */
struct tether_writer {
  char *into;
  size_t size, length;
  bool is_short;
};

void tether_write(struct tether_writer *writer, const char *text);
void tether_write_part(struct tether_writer *writer, struct tether_text part);
void tether_write_number(struct tether_writer *writer, double number);
/** A message of the machine, as `tether.events` carries it. It has 1,024 characters at most. */
void tether_write_message(struct tether_writer *writer, const struct tether_message *message);

const char *tether_reason_name(enum tether_reason reason);
const char *tether_drop_name(enum tether_drop drop);

#endif
