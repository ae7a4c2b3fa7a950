#include "write.h"

#include "number.h"

#include <string.h>

static const char *const reasons[] = {"deadman",  "epoch",   "stop",           "permit.over",   "signalling.away",
                                      "released", "leaving", "channel.closed", "driver.failed", "blind"};
static const char *const refusals[] = {"permit.invalid", "permit.over", "epoch.old", "signalling.away", "robot.other", "session.other"};
static const char *const drops[] = {"epoch", "stopped", "seq", "clock", "late", "blind"};
static const char *const stages[] = {"slow", "stop", "safe"};
static const char *const became[] = {"done", "late", "failed"};
static const char *const types[] = {"accepted", "refused", "renew", "stopped", "latched", "resumed", "clock", "state"};

const char *tether_reason_name(enum tether_reason reason) { return reasons[reason]; }
const char *tether_drop_name(enum tether_drop drop) { return drops[drop]; }

void tether_write_part(struct tether_writer *writer, struct tether_text part) {
  const size_t room = writer->size - writer->length;
  if (part.length > room) writer->is_short = true;
  const size_t fits = part.length > room ? room : part.length;
  memcpy(writer->into + writer->length, part.at, fits);
  writer->length += fits;
}

void tether_write(struct tether_writer *writer, const char *text) { tether_write_part(writer, tether_text_of(text)); }

void tether_write_number(struct tether_writer *writer, double number) {
  char digits[tether_number_size];
  tether_write_part(writer, (struct tether_text){digits, tether_number_write(number, digits)});
}

/** `,"name":`, as every field but the first is begun. */
static void field(struct tether_writer *writer, const char *name) {
  tether_write(writer, ",\"");
  tether_write(writer, name);
  tether_write(writer, "\":");
}

static void number(struct tether_writer *writer, const char *name, double value) {
  field(writer, name);
  tether_write_number(writer, value);
}

static void word(struct tether_writer *writer, const char *name, const char *value) {
  field(writer, name);
  tether_write(writer, "\"");
  tether_write(writer, value);
  tether_write(writer, "\"");
}

static void boolean(struct tether_writer *writer, const char *name, bool value) {
  field(writer, name);
  tether_write(writer, value ? "true" : "false");
}

static void stages_of(struct tether_writer *writer, const struct tether_stages *passed) {
  if (passed->count == 0) return;
  field(writer, "stages");
  for (size_t at = 0; at < passed->count; at += 1) {
    const struct tether_stage_result *one = &passed->list[at];
    tether_write(writer, at == 0 ? "[{\"stage\":\"" : ",{\"stage\":\"");
    tether_write(writer, stages[one->stage]);
    tether_write(writer, "\"");
    word(writer, "became", became[one->became]);
    number(writer, "tookMs", one->took_ms);
    tether_write(writer, "}");
  }
  tether_write(writer, "]");
}

static void state(struct tether_writer *writer, const struct tether_message *message) {
  boolean(writer, "moving", message->is_moving);
  if (message->has_age) number(writer, "commandAgeMs", message->age_ms);
  if (message->has_round_trip) number(writer, "roundTripMs", message->round_trip_ms);
  if (message->has_blind_time) {
    number(writer, "blindMs", message->blind_ms);
    number(writer, "limit", message->limit);
  }
  bool is_first = true;
  for (int drop = 0; drop < TETHER_DROPS; drop += 1) {
    if (message->dropped[drop] == 0) continue;
    if (is_first) {
      tether_write(writer, ",\"dropped\":{\"");
    } else {
      tether_write(writer, ",\"");
    }
    tether_write(writer, drops[drop]);
    tether_write(writer, "\":");
    tether_write_number(writer, message->dropped[drop]);
    is_first = false;
  }
  if (!is_first) tether_write(writer, "}");
}

void tether_write_message(struct tether_writer *writer, const struct tether_message *message) {
  const enum tether_message_type type = message->type;
  tether_write(writer, "{\"type\":\"");
  tether_write(writer, types[type]);
  tether_write(writer, "\"");
  if (type == TETHER_ACCEPTED || type == TETHER_REFUSED || type == TETHER_RENEW || type == TETHER_STATE)
    number(writer, "epoch", (double)message->epoch);
  if (type == TETHER_ACCEPTED) number(writer, "seq", (double)message->seq);
  if (type == TETHER_REFUSED) word(writer, "reason", refusals[message->refusal]);
  if (type == TETHER_STOPPED) {
    word(writer, "reason", reasons[message->reason]);
    number(writer, "latencyMs", message->latency_ms);
    stages_of(writer, &message->stages);
  }
  if (type == TETHER_CLOCK) number(writer, "t0", message->t0);
  if (type == TETHER_LATCHED) boolean(writer, "kept", message->is_kept);
  if (type == TETHER_STATE) state(writer, message);
  if (message->has_stop) number(writer, "stop", message->stop);
  tether_write(writer, "}");
}
