#ifndef TETHER_MESSAGE_H
#define TETHER_MESSAGE_H

#include "json.h"
#include "limits.h"

#include <stdint.h>

enum tether_channel { TETHER_ON_CONTROL, TETHER_ON_EVENTS };

enum tether_heard_type {
  TETHER_HEARD_NOTHING,
  TETHER_HEARD_COMMAND,
  TETHER_HEARD_STOP,
  TETHER_HEARD_PING,
  TETHER_HEARD_PERMIT,
  TETHER_HEARD_RESUME,
  TETHER_HEARD_CLOCK
};

/** A message on a channel to the robot. Of the fields each type has those that SPEC.md's tables name. */
struct tether_heard {
  enum tether_heard_type type;
  int64_t epoch, seq;
  uint32_t stop;
  double sent_at, picture_at, t0, t1;
  bool has_picture, has_t0, has_key;
  /** Of a press of stop. */
  char key[tether_press_key_size];
  /** The driver's own: part of the text that was read. */
  struct tether_text command;
  /** A JSON string, as it is written. */
  struct tether_text permit;
};

/** Reads a message on a channel. One that does not match its schema is none; a stop is one whatever its other fields are. R17, R19, R25 */
void tether_hear(enum tether_channel channel, struct tether_text text, struct tether_heard *heard);
/** The key of a press of stop, where the field `name` is one. */
bool tether_key_of(struct tether_text object, const char *name, char key[tether_press_key_size]);

#endif
