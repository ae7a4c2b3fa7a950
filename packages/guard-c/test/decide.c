/* Reads recordings of the TypeScript guard, a line each, and answers each with `same` or with where this guard decides otherwise. */

#include "../src/machine.h"
#include "../src/write.h"
#include "recording.h"
#include "same.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const phases[] = {"idle", "armed", "driving", "stopping", "ended"};

static void text(struct tether_writer *writer, const char *value) {
  tether_write(writer, "\"");
  tether_write(writer, value);
  tether_write(writer, "\"");
}

static void number(struct tether_writer *writer, const char *name, double value, bool is_there) {
  tether_write(writer, name);
  if (is_there) tether_write_number(writer, value);
  else tether_write(writer, "null");
}

static void write_effect(struct tether_writer *writer, const struct tether_effect *effect) {
  if (effect->type == TETHER_DRIVE) {
    const struct tether_obeyed *obeyed = &effect->obeyed;
    const struct tether_bounds *bounds = &effect->bounds;
    number(writer, "{\"type\":\"command\",\"obeyed\":{\"epoch\":", (double)obeyed->epoch, true);
    number(writer, ",\"seq\":", (double)obeyed->seq, true);
    number(writer, ",\"ageMs\":", obeyed->age_ms, true);
    number(writer, ",\"limit\":", obeyed->limit, true);
    if (obeyed->has_blind_ms) number(writer, ",\"blindMs\":", obeyed->blind_ms, true);
    number(writer, "},\"bounds\":{\"blindMs\":", bounds->blind_ms, bounds->has_blind_ms);
    number(writer, ",\"stopMs\":", bounds->stop_ms, true);
    number(writer, ",\"maxLinear\":", bounds->max_linear, bounds->has_max_linear);
    number(writer, ",\"maxAngular\":", bounds->max_angular, bounds->has_max_angular);
    tether_write(writer, "}}");
    return;
  }
  const struct tether_message *message = &effect->message;
  if (effect->type == TETHER_BROADCAST && message->type == TETHER_STOPPED) {
    tether_write(writer, "{\"type\":\"stopped\",\"reason\":");
    text(writer, tether_reason_name(message->reason));
    number(writer, ",\"latencyMs\":", message->latency_ms, true);
    if (message->has_stop) number(writer, ",\"stop\":", message->stop, true);
    tether_write(writer, ",\"stages\":[]}");
    return;
  }
  if (effect->type == TETHER_SEND) number(writer, "{\"type\":\"send\",\"pair\":", effect->pair, true);
  else tether_write(writer, "{\"type\":\"broadcast\"");
  tether_write(writer, ",\"message\":");
  tether_write_message(writer, message);
  tether_write(writer, "}");
}

static void write_holder(struct tether_writer *writer, const struct tether_state *state) {
  const struct tether_holder *holder = &state->holder;
  if (!state->has_holder || state->phase == TETHER_ENDED) {
    tether_write(writer, "null");
    return;
  }
  number(writer, "[", holder->pair, true);
  tether_write(writer, ",");
  text(writer, holder->session.text);
  number(writer, ",", (double)holder->epoch, true);
  number(writer, ",", holder->age_ms, holder->has_age);
  tether_write(writer, ",{");
  bool is_first = true;
  for (int drop = 0; drop < TETHER_DROPS; drop += 1) {
    if (holder->dropped[drop] == 0) continue;
    if (!is_first) tether_write(writer, ",");
    is_first = false;
    text(writer, tether_drop_name((enum tether_drop)drop));
    number(writer, ":", holder->dropped[drop], true);
  }
  tether_write(writer, "}]");
}

static void write_decision(struct tether_writer *writer, const struct tether_state *state, const struct tether_effects *effects) {
  const double due = tether_state_deadline(state);
  tether_write(writer, "{\"state\":");
  text(writer, phases[state->phase]);
  number(writer, ",\"due\":", due, due < HUGE_VAL);
  tether_write(writer, ",\"reason\":");
  if (state->phase == TETHER_STOPPING) text(writer, tether_reason_name(state->reason));
  else tether_write(writer, "null");
  number(writer, ",\"fence\":[", (double)state->fence.epoch, true);
  tether_write(writer, ",");
  if (state->fence.has_session) text(writer, state->fence.session.text);
  else tether_write(writer, "null");
  number(writer, ",", (double)state->fence.seq, true);
  number(writer, "],\"order\":[", state->order.number, true);
  tether_write(writer, state->order.is_latched ? ",true" : ",false");
  tether_write(writer, state->order.is_kept ? ",true" : ",false");
  number(writer, "],\"turn\":", state->turn, true);
  tether_write(writer, ",\"holder\":");
  write_holder(writer, state);
  tether_write(writer, ",\"effects\":[");
  for (size_t at = 0; at < effects->count; at += 1) {
    if (at > 0) tether_write(writer, ",");
    write_effect(writer, &effects->list[at]);
  }
  tether_write(writer, "]}");
}

static void compare(struct tether_text recording) {
  static struct tether_state state;
  static char decided[16384];
  struct tether_text robot, steps, name, step, told, decision;
  char robot_text[32];
  size_t units, at = 0;
  if (!tether_json_field(recording, "robot", &robot) || !tether_json_string(robot, robot_text, sizeof robot_text, 31, &units)) exit(1);
  tether_state_begin(&state, robot_text, false);
  if (!tether_json_field(recording, "steps", &steps)) exit(1);
  struct tether_items items = tether_json_items(steps);
  for (; tether_json_next(&items, &name, &step); at += 1) {
    struct tether_event event;
    struct tether_effects effects;
    struct tether_writer writer = {decided, sizeof decided, 0, false};
    if (!tether_json_field(step, "event", &told) || !tether_json_field(step, "decision", &decision) || !event_of(told, &event)) exit(1);
    tether_state_next(&state, &event, &effects);
    write_decision(&writer, &state, &effects);
    const struct tether_text own = {decided, writer.length};
    if (!writer.is_short && is_same(decision, own)) continue;
    printf("step %zu, %.*s: %.*s here: %.*s\n", at, (int)told.length, told.at, (int)decision.length, decision.at, (int)own.length, own.at);
    return;
  }
  printf("same\n");
}

int main(void) {
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  while ((length = getline(&line, &size, stdin)) > 0) {
    compare((struct tether_text){line, (size_t)length});
    fflush(stdout);
  }
  free(line);
  return 0;
}
