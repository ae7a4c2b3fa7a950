#include "message.h"

#include "number.h"

#include <string.h>

static bool number(struct tether_text message, const char *name, double least, double most, bool is_whole, double *value) {
  struct tether_text field;
  if (!tether_json_field(message, name, &field) || !tether_json_number(field, value)) return false;
  return is_whole ? tether_number_is_whole(*value, least, most) : *value >= least && *value <= most;
}

/** R19 */
static bool counter(struct tether_text message, const char *name, double least, int64_t *value) {
  double read;
  if (!number(message, name, least, TETHER_NUMBER_MOST, true, &read)) return false;
  *value = (int64_t)read;
  return true;
}

static bool instant(struct tether_text message, const char *name, double *value) {
  return number(message, name, -TETHER_INSTANT_MOST, TETHER_INSTANT_MOST, false, value);
}

static bool is_there(struct tether_text message, const char *name) {
  struct tether_text field;
  return tether_json_field(message, name, &field);
}

bool tether_key_of(struct tether_text object, const char *name, char key[tether_press_key_size]) {
  struct tether_text field;
  size_t count;
  if (!tether_json_field(object, name, &field)) return false;
  return tether_json_string(field, key, tether_press_key_size, tether_press_key_most, &count) && count >= tether_press_key_least;
}

static void stop(struct tether_text message, struct tether_heard *heard) {
  heard->type = TETHER_HEARD_STOP;
  heard->has_key = tether_key_of(message, "key", heard->key);
}

static void control(struct tether_text message, bool is_ping, struct tether_heard *heard) {
  heard->has_t0 = instant(message, "t0", &heard->t0);
  if (is_ping && heard->has_t0 == is_there(message, "t0")) {
    heard->type = TETHER_HEARD_PING;
    return;
  }
  if (!counter(message, "epoch", 1, &heard->epoch) || !counter(message, "seq", 1, &heard->seq)) return;
  if (!instant(message, "sentAt", &heard->sent_at) || !tether_json_field(message, "command", &heard->command)) return;
  heard->has_picture = instant(message, "pictureAt", &heard->picture_at);
  if (heard->has_picture == is_there(message, "pictureAt")) heard->type = TETHER_HEARD_COMMAND;
}

static void events(struct tether_text message, struct tether_text type, struct tether_heard *heard) {
  int64_t number_of_stop;
  size_t count;
  if (tether_json_is_string(type, "permit")) {
    if (!tether_json_field(message, "permit", &heard->permit) || !tether_json_characters(heard->permit, &count)) return;
    if (count <= tether_permit_most) heard->type = TETHER_HEARD_PERMIT;
  } else if (tether_json_is_string(type, "resume")) {
    if (!counter(message, "epoch", 1, &heard->epoch) || !counter(message, "seq", 0, &heard->seq)) return;
    if (!counter(message, "stop", 1, &number_of_stop)) return;
    heard->stop = (uint32_t)number_of_stop;
    heard->type = TETHER_HEARD_RESUME;
  } else if (tether_json_is_string(type, "clock")) {
    if (instant(message, "t0", &heard->t0) && instant(message, "t1", &heard->t1)) heard->type = TETHER_HEARD_CLOCK;
  }
}

void tether_hear(enum tether_channel channel, struct tether_text text, struct tether_heard *heard) {
  struct tether_text type = {text.at, 0};
  memset(heard, 0, sizeof *heard);
  if (!tether_json_is_valid(text) || !tether_json_is_object(text)) return;
  const bool is_typed = tether_json_field(text, "type", &type);
  if (is_typed && tether_json_is_string(type, "stop")) stop(text, heard);
  else if (channel == TETHER_ON_CONTROL) control(text, is_typed && tether_json_is_string(type, "ping"), heard);
  else if (is_typed) events(text, type, heard);
}
