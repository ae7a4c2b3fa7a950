#include "take.h"

#include <string.h>

static struct tether_pair *pair_of(struct tether_guard *guard, uint32_t number) {
  for (size_t at = 0; at < tether_pairs_most; at += 1)
    if (number != 0 && guard->pairs[at].number == number) return &guard->pairs[at];
  return NULL;
}

/** Sends text of any length between two others that are short. */
static void send_around(struct tether_guard *guard, uint32_t pair, const char *before, struct tether_text text) {
  char message[16384];
  struct tether_writer writer = {message, sizeof message, 0, false};
  tether_write(&writer, before);
  tether_write_part(&writer, text);
  tether_write(&writer, "}");
  if (pair == 0) tether_guard_tell(guard, &writer, true);
  else if (!writer.is_short) guard->hooks.send(guard->hooks.context, pair, TETHER_ON_EVENTS, (struct tether_text){message, writer.length}, false);
}

uint32_t tether_guard_open(struct tether_guard *guard, double at, const char *session) {
  struct tether_pair *pair = NULL;
  for (size_t n = 0; n < tether_pairs_most && pair == NULL; n += 1)
    if (guard->pairs[n].number == 0) pair = &guard->pairs[n];
  if (pair == NULL || strlen(session) >= sizeof pair->session.text || guard->is_busy) return 0;
  guard->pair_count += 1;
  const uint32_t number = guard->pair_count;
  memset(pair, 0, sizeof *pair);
  pair->number = number;
  memcpy(pair->session.text, session, strlen(session));
  if (guard->declaration != NULL) send_around(guard, number, "{\"type\":\"declaration\",\"declaration\":", guard->declaration->text); /* R35 */
  const struct tether_event event = {.type = TETHER_CHANNELS_OPENED, .at = tether_guard_time(guard, at), .pair = number};
  tether_guard_take(guard, &event);
  return number;
}

void tether_guard_close(struct tether_guard *guard, double at, uint32_t number) {
  struct tether_pair *pair = pair_of(guard, number);
  if (pair == NULL || pair->is_closed) return;
  pair->is_closed = true;
  const struct tether_event event = {.type = TETHER_CHANNELS_CLOSED, .at = tether_guard_time(guard, at), .pair = number};
  tether_guard_take(guard, &event);
}

void tether_guard_leave(struct tether_guard *guard, double at, uint32_t number) {
  struct tether_pair *pair = pair_of(guard, number);
  if (pair == NULL) return;
  tether_guard_close(guard, at, number);
  pair->number = 0;
}

void tether_press_name(struct tether_event *event, const char *key, enum tether_way way) {
  const size_t session = strlen(event->session.text), length = strlen(key);
  event->has_press = session > 0 && session + 1 + length < sizeof event->press.name;
  if (!event->has_press) return;
  memcpy(event->press.name, event->session.text, session);
  event->press.name[session] = ' ';
  memcpy(event->press.name + session + 1, key, length);
  event->press.is_once = strncmp(key, "once-", 5) == 0;
  event->press.ways = way;
}

static void pong(struct tether_guard *guard, uint32_t pair, const struct tether_heard *heard) {
  char text[128];
  struct tether_writer writer = {text, sizeof text, 0, false};
  tether_write(&writer, "{\"type\":\"pong\"");
  if (heard->has_t0) {
    tether_write(&writer, ",\"t0\":");
    tether_write_number(&writer, heard->t0);
    tether_write(&writer, ",\"at\":");
    tether_write_number(&writer, guard->at);
  }
  tether_write(&writer, "}");
  guard->hooks.send(guard->hooks.context, pair, TETHER_ON_CONTROL, (struct tether_text){text, writer.length}, true); /* R30, R33 */
}

/** Makes an event of what was heard; false where nothing is to be decided. */
static bool event_of(struct tether_guard *guard, const struct tether_heard *heard, enum tether_channel channel, struct tether_event *event) {
  switch (heard->type) {
    case TETHER_HEARD_COMMAND:
      /* A command that names anything undeclared is refused: it neither moves the robot nor keeps it moving. R36 */
      if (guard->declaration != NULL && !tether_is_declared(guard->declaration, heard->command)) return false;
      event->type = TETHER_COMMANDED;
      break;
    case TETHER_HEARD_STOP:
      event->type = TETHER_STOP_ORDERED;
      if (heard->has_key) tether_press_name(event, heard->key, channel == TETHER_ON_CONTROL ? TETHER_BY_CONTROL : TETHER_BY_EVENTS);
      return true;
    case TETHER_HEARD_PERMIT:
      event->type = TETHER_PERMIT_SHOWN;
      event->has_permit = tether_permit_read(heard->permit, guard->keys, guard->key_count, guard->hooks.verify, guard->hooks.context, &event->permit);
      return true;
    case TETHER_HEARD_RESUME: event->type = TETHER_RESUMED; break;
    case TETHER_HEARD_CLOCK: event->type = TETHER_CLOCK_SAMPLED; break;
    default: return false;
  }
  event->epoch = heard->epoch;
  event->seq = heard->seq;
  event->sent_at = heard->sent_at;
  event->has_picture = heard->has_picture;
  event->picture_at = heard->picture_at;
  event->command = heard->command;
  event->stop = heard->stop;
  event->t0 = heard->t0;
  event->t1 = heard->t1;
  return true;
}

void tether_guard_message(struct tether_guard *guard, double at, uint32_t number, enum tether_channel channel, struct tether_text text) {
  const struct tether_pair *pair = pair_of(guard, number);
  struct tether_heard heard;
  if (pair == NULL || guard->is_busy) return;
  struct tether_event event = {.at = tether_guard_time(guard, at), .pair = number, .session = pair->session};
  tether_hear(channel, text, &heard);
  if (pair->is_closed && heard.type != TETHER_HEARD_STOP) return;
  if (heard.type == TETHER_HEARD_PING) pong(guard, number, &heard);
  else if (event_of(guard, &heard, channel, &event)) tether_guard_take(guard, &event);
}

bool tether_guard_early(struct tether_guard *guard, double at, const char *session, enum tether_channel channel, struct tether_text text) {
  struct tether_event event = {.at = tether_guard_time(guard, at)};
  struct tether_heard heard;
  tether_hear(channel, text, &heard);
  if (heard.type != TETHER_HEARD_STOP || guard->is_busy) return false;
  if (strlen(session) < sizeof event.session.text) memcpy(event.session.text, session, strlen(session));
  if (event_of(guard, &heard, channel, &event)) tether_guard_take(guard, &event);
  return true;
}

void tether_guard_telemetry(struct tether_guard *guard, struct tether_text telemetry) {
  send_around(guard, 0, "{\"type\":\"telemetry\",\"telemetry\":", telemetry);
}

void tether_guard_picture(struct tether_guard *guard, double at, const char *stream, uint32_t rtp, double taken_at) {
  char text[256];
  struct tether_writer writer = {text, sizeof text, 0, false};
  const struct tether_event event = {.type = TETHER_PICTURE_ANNOUNCED, .at = tether_guard_time(guard, at)};
  tether_guard_take(guard, &event);
  tether_write(&writer, "{\"type\":\"picture\",\"stream\":\"");
  tether_write(&writer, stream);
  tether_write(&writer, "\",\"rtp\":");
  tether_write_number(&writer, rtp);
  tether_write(&writer, ",\"takenAt\":");
  tether_write_number(&writer, taken_at);
  tether_write(&writer, "}");
  tether_guard_tell(guard, &writer, true);
}
