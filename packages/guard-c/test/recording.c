#include "recording.h"

#include <stdlib.h>
#include <string.h>

static const char *const types[] = {"permitShown",   "commanded",      "stopOrdered", "channelsOpened", "resumed",      "clockSampled",
                                    "channelsClosed", "welcomed",       "noticed",     "signallingLost", "stopDone",     "driverFailed",
                                    "latchWritten",  "pictureAnnounced", "due",        "sessionEnded"};

static bool has(struct tether_text object, const char *name, struct tether_text *value) {
  return tether_json_field(object, name, value) && !tether_json_is_null(*value);
}

static bool has_number(struct tether_text object, const char *name, double *number) {
  struct tether_text value;
  return has(object, name, &value) && tether_json_number(value, number);
}

double number_of(struct tether_text object, const char *name) {
  double number;
  if (has_number(object, name, &number)) return number;
  fprintf(stderr, "The recording has no %s.\n", name);
  exit(1);
}

static bool truth(struct tether_text object, const char *name) {
  struct tether_text value;
  bool is_true;
  return tether_json_field(object, name, &value) && tether_json_boolean(value, &is_true) && is_true;
}

static bool id(struct tether_text object, const char *name, struct tether_id *into) {
  struct tether_text value;
  size_t count;
  memset(into, 0, sizeof *into);
  return has(object, name, &value) && tether_json_string(value, into->text, sizeof into->text, 31, &count);
}

bool permit_of(struct tether_text told, struct tether_permit *permit) {
  struct tether_bounds *bounds = &permit->terms.bounds;
  if (!id(told, "robot", &permit->robot) || !id(told, "session", &permit->session)) return false;
  permit->epoch = (int64_t)number_of(told, "epoch");
  permit->terms.issued_at = number_of(told, "issuedAt");
  permit->terms.expires_at = number_of(told, "expiresAt");
  permit->terms.deadman_ms = number_of(told, "deadmanMs");
  permit->terms.max_age_ms = number_of(told, "maxAgeMs");
  bounds->has_blind_ms = has_number(told, "blindMs", &bounds->blind_ms);
  bounds->has_max_linear = has_number(told, "maxLinear", &bounds->max_linear);
  bounds->has_max_angular = has_number(told, "maxAngular", &bounds->max_angular);
  if (!has_number(told, "stopMs", &bounds->stop_ms)) bounds->stop_ms = TETHER_STOP_MS_USUAL;
  return true;
}

static void notice_of(struct tether_text told, struct tether_event *event) {
  struct tether_text notice;
  event->has_notice = has(told, "notice", &notice);
  if (!event->has_notice) return;
  event->notice.epoch = (int64_t)number_of(notice, "epoch");
  event->notice.has_session = id(notice, "session", &event->notice.session);
  event->notice.is_released = truth(notice, "released");
}

static void press_of(struct tether_text told, struct tether_event *event) {
  struct tether_text press, value;
  size_t count;
  event->has_press = has(told, "press", &press) && has(press, "name", &value) &&
                     tether_json_string(value, event->press.name, sizeof event->press.name, 200, &count);
  if (!event->has_press) return;
  event->press.is_once = truth(press, "isOnce");
  event->press.ways = TETHER_BY_FRAME;
  if (has(press, "way", &value) && tether_json_is_string(value, "events")) event->press.ways = TETHER_BY_EVENTS;
  if (tether_json_is_string(value, "control")) event->press.ways = TETHER_BY_CONTROL;
}

bool event_of(struct tether_text told, struct tether_event *event) {
  struct tether_text type, permit;
  double number;
  memset(event, 0, sizeof *event);
  if (!tether_json_field(told, "type", &type)) return false;
  size_t known = 0;
  while (known < sizeof types / sizeof types[0] && !tether_json_is_string(type, types[known])) known += 1;
  if (known == sizeof types / sizeof types[0]) return false;
  event->type = (enum tether_event_type)known;
  event->at = number_of(told, "at");
  if (has_number(told, "pair", &number)) event->pair = (uint32_t)number;
  if (has_number(told, "epoch", &number)) event->epoch = (int64_t)number;
  if (has_number(told, "seq", &number)) event->seq = (int64_t)number;
  if (has_number(told, "stop", &number)) event->stop = (uint32_t)number;
  if (has_number(told, "turn", &number)) event->turn = (uint32_t)number;
  if (has_number(told, "sentAt", &number)) event->sent_at = number;
  if (has_number(told, "t0", &number)) event->t0 = number;
  if (has_number(told, "t1", &number)) event->t1 = number;
  if (has_number(told, "serverTime", &number)) event->server_time = number;
  event->has_picture = has_number(told, "pictureAt", &event->picture_at);
  event->is_kept = truth(told, "kept");
  id(told, "session", &event->session);
  event->has_permit = has(told, "permit", &permit) && permit_of(permit, &event->permit);
  notice_of(told, event);
  press_of(told, event);
  return true;
}
