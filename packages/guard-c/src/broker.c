#include "take.h"

#include <string.h>

static void read_key(struct tether_guard *guard, struct tether_text row) {
  struct tether_text kid, key, part;
  struct tether_key *into = &guard->keys[guard->key_count];
  char text[64];
  size_t count, length;
  if (!tether_json_field(row, "kid", &kid) || !tether_json_string(kid, into->kid, sizeof into->kid, sizeof into->kid, &count)) return;
  if (!tether_json_field(row, "key", &key) || !tether_json_field(key, "crv", &part) || !tether_json_is_string(part, "Ed25519")) return;
  if (!tether_json_field(key, "x", &part) || !tether_json_string(part, text, sizeof text, sizeof text, &count)) return;
  if (tether_base64url(tether_text_of(text), into->bytes, sizeof into->bytes, &length) && length == sizeof into->bytes) guard->key_count += 1;
}

/** The keys that sign permits, newest first. One that cannot be used is left out, and its permits are refused. */
static void read_keys(struct tether_guard *guard, struct tether_text rows) {
  struct tether_items items = tether_json_items(rows);
  struct tether_text name, row;
  guard->key_count = 0;
  while (guard->key_count < tether_keys_most && tether_json_next(&items, &name, &row)) read_key(guard, row);
}

static bool notice_of(struct tether_text control, struct tether_notice *notice) {
  struct tether_text value, session;
  double epoch;
  if (!tether_json_field(control, "epoch", &value) || !tether_json_number(value, &epoch) || !(epoch >= 0 && epoch <= TETHER_NUMBER_MOST)) return false;
  notice->epoch = (int64_t)epoch;
  notice->has_session = tether_json_field(control, "holder", &value);
  /* A holder whose session is none is nobody that a permit could name. */
  if (notice->has_session && tether_json_field(value, "session", &session)) tether_id_read(session, "cse_", &notice->session);
  return true;
}

static void welcome(struct tether_guard *guard, struct tether_text frame, struct tether_event *event) {
  struct tether_text value, control, keys;
  if (!tether_json_field(frame, "serverTime", &value) || !tether_json_number(value, &event->server_time)) return;
  event->type = TETHER_WELCOMED;
  if (tether_json_field(frame, "control", &value)) {
    if (tether_json_field(value, "keys", &keys)) read_keys(guard, keys);
    event->has_notice = tether_json_field(value, "control", &control) && notice_of(control, &event->notice);
  }
  tether_guard_take(guard, event);
}

static void changed(struct tether_guard *guard, struct tether_text frame, struct tether_event *event) {
  struct tether_text control, because;
  if (!tether_json_field(frame, "control", &control) || !notice_of(control, &event->notice)) return;
  event->type = TETHER_NOTICED;
  event->notice.is_released = tether_json_field(frame, "because", &because) && tether_json_is_string(because, "released");
  tether_guard_take(guard, event);
}

/** A stop with wrong fields stops the robot all the same. R17 */
static void stop(struct tether_guard *guard, struct tether_text frame, struct tether_event *event) {
  struct tether_text session, by;
  char key[tether_press_key_size];
  event->type = TETHER_STOP_ORDERED;
  if (tether_json_field(frame, "session", &session) && !tether_id_read(session, "cse_", &event->session)) memset(&event->session, 0, sizeof event->session);
  if (tether_key_of(frame, "key", key)) tether_press_name(event, key, TETHER_BY_FRAME);
  if (tether_json_field(frame, "by", &by) && tether_json_is_object(by)) guard->by = by;
  tether_guard_take(guard, event);
  guard->by = (struct tether_text){"", 0};
}

void tether_guard_frame(struct tether_guard *guard, double at, struct tether_text frame) {
  struct tether_text type;
  if (guard->is_busy || !tether_json_is_valid(frame) || !tether_json_field(frame, "type", &type)) return;
  struct tether_event event = {.at = tether_guard_time(guard, at)};
  if (tether_json_is_string(type, "welcome")) welcome(guard, frame, &event);
  else if (tether_json_is_string(type, "control.changed")) changed(guard, frame, &event);
  else if (tether_json_is_string(type, "stop")) stop(guard, frame, &event);
}
