#include "part.h"

#include <string.h>

/* Stops by order: numbered, latched, and each press counted once. R7, R16, R18, R20 */

static bool is_named(const struct tether_press *press, const struct tether_press *other) {
  return strncmp(press->name, other->name, sizeof press->name) == 0;
}

/** No way brings a press twice, and none is slower than another by more than 2 s: else it is a press of its own. */
static struct tether_press *counted(struct tether_state *state, const struct tether_event *event) {
  for (size_t at = 0; at < state->order.press_count; at += 1) {
    struct tether_press *press = &state->order.presses[at];
    if (is_named(press, &event->press) && (press->ways & event->press.ways) == 0 && event->at - press->at <= TETHER_PRESS_MS) return press;
  }
  return NULL;
}

static void forget(struct tether_state *state, size_t at) {
  struct tether_press *press = &state->order.presses[at];
  state->order.press_count -= 1;
  memmove(press, press + 1, (state->order.press_count - at) * sizeof *press);
}

static void remember(struct tether_state *state, const struct tether_event *event) {
  for (size_t at = 0; at < state->order.press_count; at += 1) {
    if (!is_named(&state->order.presses[at], &event->press)) continue;
    forget(state, at);
    break;
  }
  /* A press that was forgotten counts again if it comes again: that is a stop too many, never one too few. */
  if (state->order.press_count == tether_presses_most) forget(state, 0);
  struct tether_press *press = &state->order.presses[state->order.press_count];
  *press = event->press;
  press->at = event->at;
  state->order.press_count += 1;
}

void tether_stop_ordered(struct tether_state *state, const struct tether_event *event) {
  struct tether_press *before = event->has_press ? counted(state, event) : NULL;
  if (before != NULL) {
    before->ways |= event->press.ways;
    return;
  }
  if (event->has_press) remember(state, event);
  state->order.number += 1;
  state->order.is_latched = true;
  if (state->phase != TETHER_STOPPING) {
    tether_begin_stop(state, TETHER_STOP, event->at);
    return;
  }
  state->reason = TETHER_STOP;
  state->since = event->at;
}

static void tell(const struct tether_state *state, struct tether_message *latched) {
  latched->has_stop = true;
  latched->stop = state->order.number;
  latched->is_kept = state->order.is_kept;
}

/** A client that joins while a stop is in force is told at once: nobody else would tell it. R20 */
void tether_channels_opened(const struct tether_state *state, const struct tether_event *event, struct tether_effects *effects) {
  if (state->order.is_latched) tell(state, tether_send(effects, event->pair, TETHER_LATCHED));
}

/** A stop that would be forgotten is told to everyone, and so is one that was kept after all. R18 */
void tether_latch_written(struct tether_state *state, const struct tether_event *event, struct tether_effects *effects) {
  if (!state->order.is_latched || state->order.is_kept == event->is_kept) return;
  state->order.is_kept = event->is_kept;
  tell(state, tether_broadcast(effects, TETHER_LATCHED));
}
