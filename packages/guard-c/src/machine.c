#include "machine.h"

#include "part.h"

#include <math.h>
#include <string.h>

bool tether_id_is(const struct tether_id *one, const struct tether_id *other) { return strncmp(one->text, other->text, sizeof one->text) == 0; }

void tether_state_begin(struct tether_state *state, const char *robot, bool is_latched) {
  memset(state, 0, sizeof *state);
  state->phase = TETHER_IDLE;
  for (size_t at = 0; at + 1 < sizeof state->robot.text && robot[at] != '\0'; at += 1) state->robot.text[at] = robot[at];
  state->broker.away_at = -HUGE_VAL;
  state->order.number = is_latched ? 1 : 0;
  state->order.is_latched = is_latched;
  state->order.is_kept = true;
}

void tether_begin_stop(struct tether_state *state, enum tether_reason reason, double at) {
  state->phase = TETHER_STOPPING;
  state->turn += 1;
  state->reason = reason;
  state->since = at;
  state->must_greet = false;
  state->is_ending = false;
}

void tether_dismiss_holder(struct tether_state *state, enum tether_reason reason, double at) {
  state->has_holder = false;
  if (state->phase == TETHER_DRIVING) tether_begin_stop(state, reason, at);
  if (state->phase == TETHER_ARMED) state->phase = TETHER_IDLE;
  state->must_greet = false;
}

static struct tether_message *add(struct tether_effects *effects, enum tether_effect_type type, enum tether_message_type message) {
  struct tether_effect *effect = &effects->list[effects->count];
  effects->count += 1;
  memset(effect, 0, sizeof *effect);
  effect->type = type;
  effect->message.type = message;
  return &effect->message;
}

struct tether_message *tether_send(struct tether_effects *effects, uint32_t pair, enum tether_message_type type) {
  struct tether_message *message = add(effects, TETHER_SEND, type);
  effects->list[effects->count - 1].pair = pair;
  return message;
}

struct tether_message *tether_broadcast(struct tether_effects *effects, enum tether_message_type type) {
  return add(effects, TETHER_BROADCAST, type);
}

void tether_accept(const struct tether_state *state, struct tether_effects *effects) {
  struct tether_message *message = tether_send(effects, state->holder.pair, TETHER_ACCEPTED);
  message->epoch = state->holder.epoch;
  message->seq = state->fence.seq;
  message->has_stop = state->order.is_latched;
  message->stop = state->order.number;
}

static void channels_closed(struct tether_state *state, const struct tether_event *event) {
  if (state->has_holder && state->holder.pair == event->pair) tether_dismiss_holder(state, TETHER_CHANNEL_CLOSED, event->at);
}

static void stop_done(struct tether_state *state, const struct tether_event *event, struct tether_effects *effects) {
  if (event->turn != state->turn) return;
  struct tether_message *stopped = tether_broadcast(effects, TETHER_STOPPED);
  stopped->reason = state->reason;
  stopped->latency_ms = event->at - state->since;
  stopped->has_stop = state->order.is_latched;
  stopped->stop = state->order.number;
  stopped->stages = event->stages;
  state->phase = state->is_ending ? TETHER_ENDED : state->has_holder ? TETHER_ARMED : TETHER_IDLE;
  if (state->phase == TETHER_ARMED && state->must_greet) tether_accept(state, effects);
}

static void session_ended(struct tether_state *state, double at) {
  if (state->phase != TETHER_STOPPING) tether_begin_stop(state, TETHER_LEAVING, at);
  state->has_holder = false;
  state->must_greet = false;
  state->is_ending = true;
}

/** In which phases what happened matters, and what it does there. */
static void apply(struct tether_state *state, const struct tether_event *event, struct tether_effects *effects) {
  const bool is_held = state->phase == TETHER_ARMED || state->phase == TETHER_DRIVING;
  switch (event->type) {
    case TETHER_PERMIT_SHOWN: tether_permit_shown(state, event, effects); break;
    case TETHER_COMMANDED: if (is_held) tether_commanded(state, event, effects); break;
    case TETHER_STOP_ORDERED: tether_stop_ordered(state, event); break;
    case TETHER_CHANNELS_OPENED: tether_channels_opened(state, event, effects); break;
    case TETHER_RESUMED: if (state->phase == TETHER_ARMED) tether_resumed(state, event, effects); break;
    case TETHER_CLOCK_SAMPLED: if (is_held) tether_clock_sampled(state, event); break;
    case TETHER_CHANNELS_CLOSED: channels_closed(state, event); break;
    case TETHER_WELCOMED: tether_welcomed(state, event); break;
    case TETHER_NOTICED: tether_noticed(state, &event->notice, event->at); break;
    case TETHER_SIGNALLING_LOST: tether_signalling_lost(state, event); break;
    case TETHER_STOP_DONE: if (state->phase == TETHER_STOPPING) stop_done(state, event, effects); break;
    case TETHER_FAILED: if (state->phase == TETHER_DRIVING) tether_begin_stop(state, TETHER_DRIVER_FAILED, event->at); break;
    case TETHER_LATCH_WRITTEN: tether_latch_written(state, event, effects); break;
    case TETHER_PICTURE_ANNOUNCED: state->announces_pictures = true; break;
    case TETHER_DUE: break;
    case TETHER_SESSION_ENDED: session_ended(state, event->at); break;
  }
}

/** The stop begins before what is done besides: nothing may move the robot after it. */
static void leave_out_commands(struct tether_effects *effects) {
  size_t left = 0;
  for (size_t at = 0; at < effects->count; at += 1) {
    if (effects->list[at].type == TETHER_DRIVE) continue;
    if (left != at) effects->list[left] = effects->list[at];
    left += 1;
  }
  effects->count = left;
}

void tether_state_next(struct tether_state *state, const struct tether_event *event, struct tether_effects *effects) {
  effects->count = 0;
  if (state->phase == TETHER_ENDED) return;
  tether_apply_deadlines(state, event->at, effects);
  apply(state, event, effects);
  tether_apply_deadlines(state, event->at, effects);
  if (state->phase != TETHER_DRIVING) leave_out_commands(effects);
}
