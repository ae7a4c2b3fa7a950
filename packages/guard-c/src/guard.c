#include "guard.h"

#include "take.h"
#include "write.h"

#include <math.h>
#include <string.h>

double tether_guard_time(struct tether_guard *guard, double at) {
  if (at > guard->at) guard->at = at;
  return guard->at;
}

static void send(struct tether_guard *guard, uint32_t pair, enum tether_channel channel, const struct tether_writer *writer, bool is_news) {
  if (writer->is_short) return;
  guard->hooks.send(guard->hooks.context, pair, channel, (struct tether_text){writer->into, writer->length}, is_news);
}

void tether_guard_tell(struct tether_guard *guard, const struct tether_writer *writer, bool is_news) {
  for (size_t at = 0; at < tether_pairs_most; at += 1)
    if (guard->pairs[at].number != 0 && !guard->pairs[at].is_closed) send(guard, guard->pairs[at].number, TETHER_ON_EVENTS, writer, is_news);
}

static void put(struct tether_guard *guard, const struct tether_event *event) {
  if (guard->queue_count == tether_queue_most) {
    guard->is_overrun = true;
    return;
  }
  guard->queue[guard->queue_count] = *event;
  guard->queue_count += 1;
}

static void put_plain(struct tether_guard *guard, enum tether_event_type type) {
  const struct tether_event event = {.type = type, .at = guard->at};
  put(guard, &event);
}

static void stop_is_done(struct tether_guard *guard) {
  struct tether_event event = {.type = TETHER_STOP_DONE, .at = guard->at, .turn = guard->runner.turn};
  event.stages = guard->runner.passed;
  put(guard, &event);
}

static struct tether_stages_env stages_env(struct tether_guard *guard) {
  return (struct tether_stages_env){&guard->manoeuvre, guard->hooks.run, guard->hooks.context};
}

static void stop_where_it_must(struct tether_guard *guard) {
  const struct tether_state *state = &guard->state;
  const struct tether_runner *runner = &guard->runner;
  if (state->phase != TETHER_STOPPING) return;
  /* An order and a session's end do not wait for a robot that slows down. */
  const bool is_overtaken = guard->manoeuvre.has_slow && tether_is_urgent(state->reason, state->is_ending) && !runner->is_urgent;
  if (runner->turn == state->turn && !is_overtaken) return;
  if (tether_runner_begin(&guard->runner, stages_env(guard), state, guard->at)) stop_is_done(guard);
}

static void keep(struct tether_guard *guard) {
  const bool in_force = guard->state.order.is_latched;
  const bool is_kept = guard->hooks.keep(guard->hooks.context, in_force);
  guard->keep_at = is_kept ? HUGE_VAL : guard->at + TETHER_LATCH_AGAIN_MS;
  if (!in_force) return;
  const struct tether_event event = {.type = TETHER_LATCH_WRITTEN, .at = guard->at, .is_kept = is_kept};
  put(guard, &event);
}

static void latch(struct tether_guard *guard, const struct tether_event *event) {
  keep(guard);
  if (guard->hooks.latched == NULL) return;
  const bool is_named = event->session.text[0] != '\0';
  const struct tether_latch said = {guard->state.order.is_latched, is_named ? &event->session : NULL, guard->by};
  guard->hooks.latched(guard->hooks.context, &said);
}

static void give(struct tether_guard *guard, const struct tether_effect *effect) {
  struct tether_drive drive;
  const double limit = guard->limits_speed ? 1 : effect->obeyed.limit;
  tether_limit(guard->declaration, effect->command, &effect->bounds, limit, &drive);
  drive.obeyed = effect->obeyed;
  if (guard->declaration != NULL) drive.button = tether_take_press(&guard->presses, guard->declaration, effect->command);
  if (!guard->hooks.command(guard->hooks.context, &drive)) put_plain(guard, TETHER_FAILED);
}

static void perform(struct tether_guard *guard, const struct tether_effect *effect) {
  char text[1024];
  struct tether_writer writer = {text, sizeof text, 0, false};
  if (effect->type == TETHER_DRIVE) {
    give(guard, effect);
    return;
  }
  const struct tether_message *message = &effect->message;
  tether_write_message(&writer, message);
  if (effect->type == TETHER_SEND) send(guard, effect->pair, TETHER_ON_EVENTS, &writer, false);
  else tether_guard_tell(guard, &writer, false);
  if (message->type == TETHER_STOPPED && guard->hooks.stopped != NULL)
    guard->hooks.stopped(guard->hooks.context, message->reason, message->latency_ms, &message->stages);
}

static void step(struct tether_guard *guard, const struct tether_event *event) {
  const bool was_latched = guard->state.order.is_latched;
  struct tether_effects effects;
  tether_state_next(&guard->state, event, &effects);
  stop_where_it_must(guard);
  if (guard->state.order.is_latched != was_latched) latch(guard, event);
  for (size_t at = 0; at < effects.count; at += 1) perform(guard, &effects.list[at]);
}

static void drain(struct tether_guard *guard) {
  while (guard->queue_count > 0 || guard->is_overrun) {
    struct tether_event next = {.type = TETHER_STOP_ORDERED, .at = guard->at};
    if (guard->queue_count > 0) {
      next = guard->queue[0];
      guard->queue_count -= 1;
      memmove(guard->queue, guard->queue + 1, guard->queue_count * sizeof guard->queue[0]);
    } else {
      /* Something was lost that a hook had to say. */
      guard->is_overrun = false;
    }
    step(guard, &next);
  }
}

void tether_guard_take(struct tether_guard *guard, const struct tether_event *event) {
  if (guard->is_busy) {
    put(guard, event);
    return;
  }
  guard->is_busy = true;
  step(guard, event);
  drain(guard);
  guard->is_busy = false;
}

static void take_plain(struct tether_guard *guard, double at, enum tether_event_type type) {
  const struct tether_event event = {.type = type, .at = tether_guard_time(guard, at)};
  tether_guard_take(guard, &event);
}

void tether_guard_begin(struct tether_guard *guard, const struct tether_hooks *hooks, const struct tether_options *options, double at) {
  memset(guard, 0, sizeof *guard);
  tether_state_begin(&guard->state, options->robot, options->is_stopped);
  guard->hooks = *hooks;
  if (options->manoeuvre != NULL) guard->manoeuvre = *options->manoeuvre;
  guard->declaration = options->declaration;
  guard->limits_speed = options->limits_speed;
  guard->by = (struct tether_text){"", 0};
  guard->at = at;
  guard->keep_at = options->is_stopped ? at : HUGE_VAL;
}

void tether_guard_lost(struct tether_guard *guard, double at) { take_plain(guard, at, TETHER_SIGNALLING_LOST); }
void tether_guard_stop(struct tether_guard *guard, double at) { take_plain(guard, at, TETHER_STOP_ORDERED); }
void tether_guard_fail(struct tether_guard *guard, double at) { take_plain(guard, at, TETHER_FAILED); }
void tether_guard_end(struct tether_guard *guard, double at) { take_plain(guard, at, TETHER_SESSION_ENDED); }

void tether_guard_stopped(struct tether_guard *guard, double at, uint32_t run, bool is_good) {
  tether_guard_time(guard, at);
  if (tether_runner_done(&guard->runner, stages_env(guard), run, is_good, guard->at)) stop_is_done(guard);
  if (guard->is_busy) return;
  guard->is_busy = true;
  drain(guard);
  guard->is_busy = false;
}

double tether_guard_deadline(const struct tether_guard *guard) {
  double due = tether_state_deadline(&guard->state);
  const double runner = tether_runner_deadline(&guard->runner);
  if (runner < due) due = runner;
  return guard->keep_at < due ? guard->keep_at : due;
}

void tether_guard_due(struct tether_guard *guard, double at) {
  if (guard->is_busy) return;
  tether_guard_time(guard, at);
  guard->is_busy = true;
  if (tether_runner_due(&guard->runner, stages_env(guard), guard->at)) stop_is_done(guard);
  if (guard->at >= guard->keep_at) keep(guard);
  drain(guard);
  guard->is_busy = false;
  take_plain(guard, guard->at, TETHER_DUE);
}
