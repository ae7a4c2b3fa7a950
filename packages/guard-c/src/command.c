#include "part.h"

#include <math.h>
#include <string.h>

const struct tether_sample *tether_best_sample(const struct tether_holder *holder, double at) {
  const struct tether_sample *best = NULL;
  for (size_t n = 0; n < holder->sample_count; n += 1) {
    const struct tether_sample *one = &holder->samples[n];
    if (at - one->at <= TETHER_SAMPLE_LIFE_MS && (best == NULL || one->round_trip_ms < best->round_trip_ms)) best = one;
  }
  return best;
}

bool tether_is_blind_limited(const struct tether_state *state) { return state->announces_pictures && state->holder.terms.bounds.has_blind_ms; }

double tether_blind_at(const struct tether_state *state) {
  const struct tether_holder *holder = &state->holder;
  return tether_is_blind_limited(state) && holder->has_blind_time ? holder->picture_at + holder->terms.bounds.stop_ms : HUGE_VAL;
}

/** Whether a command is to be obeyed, and its age; else why not. */
static bool is_good(const struct tether_state *state, const struct tether_event *event, double *age_ms, enum tether_drop *why) {
  const struct tether_holder *holder = &state->holder;
  *why = TETHER_DROP_EPOCH;
  /* A holder's epoch is the fence's: whoever is of an older one was dismissed. */
  if (event->epoch != holder->epoch) return false;
  *why = TETHER_DROP_STOPPED;
  if (state->order.is_latched) return false;
  *why = TETHER_DROP_SEQ;
  if (event->seq <= state->fence.seq) return false;
  *why = TETHER_DROP_CLOCK;
  const struct tether_sample *measured = tether_best_sample(holder, event->at);
  if (measured == NULL) return false;
  const double age = event->at - (event->sent_at - measured->offset_ms);
  if (age < -(measured->round_trip_ms / 2 + TETHER_DRIFT_MS)) return false; /* R4.5 */
  *why = TETHER_DROP_LATE;
  /* Written so that an age that is no number is late. */
  if (!(age <= holder->terms.max_age_ms)) return false;
  *age_ms = age > 0 ? age : 0;
  return true;
}

/** Whether the command names a picture that is good to drive by. R22 */
static bool is_seen(const struct tether_state *state, const struct tether_event *event) {
  return event->has_picture && event->picture_at <= event->at && event->at - event->picture_at < state->holder.terms.bounds.stop_ms;
}

void tether_commanded(struct tether_state *state, const struct tether_event *event, struct tether_effects *effects) {
  struct tether_holder *holder = &state->holder;
  double age_ms = 0;
  enum tether_drop why;
  if (event->pair != holder->pair) return;
  if (!is_good(state, event, &age_ms, &why)) {
    holder->dropped[why] += 1;
    return;
  }
  const bool is_limited = tether_is_blind_limited(state);
  state->fence.seq = event->seq;
  if (is_limited && !is_seen(state, event)) {
    holder->dropped[TETHER_DROP_BLIND] += 1;
    if (state->phase == TETHER_DRIVING) tether_begin_stop(state, TETHER_BLIND, event->at);
    return;
  }
  state->phase = TETHER_DRIVING;
  state->last_at = event->at;
  holder->has_age = true;
  holder->age_ms = age_ms;
  holder->has_blind_time = is_limited;
  if (is_limited) {
    holder->blind_ms = event->at - event->picture_at;
    holder->limit = holder->blind_ms <= holder->terms.bounds.blind_ms ? 1 : holder->terms.bounds.blind_ms / holder->blind_ms; /* R23 */
    holder->picture_at = event->picture_at;
  }
  struct tether_effect *drive = &effects->list[effects->count];
  effects->count += 1;
  memset(drive, 0, sizeof *drive);
  drive->type = TETHER_DRIVE;
  drive->command = event->command;
  drive->bounds = holder->terms.bounds;
  drive->obeyed = (struct tether_obeyed){event->epoch, event->seq, age_ms, is_limited ? holder->limit : 1, is_limited, is_limited ? holder->blind_ms : 0};
}

/** Only what was asked can be answered, and once: the operator cannot choose the time of the question. R21 */
void tether_clock_sampled(struct tether_state *state, const struct tether_event *event) {
  struct tether_holder *holder = &state->holder;
  size_t asked = 0;
  if (event->pair != holder->pair) return;
  while (asked < holder->asked_count && holder->asked[asked] != event->t0) asked += 1;
  if (asked == holder->asked_count) return;
  holder->asked_count -= 1;
  memmove(holder->asked + asked, holder->asked + asked + 1, (holder->asked_count - asked) * sizeof holder->asked[0]);
  if (holder->sample_count == tether_samples_most) {
    memmove(holder->samples, holder->samples + 1, sizeof holder->samples - sizeof holder->samples[0]);
    holder->sample_count -= 1;
  }
  holder->samples[holder->sample_count] = (struct tether_sample){event->at, event->at - event->t0, event->t1 - (event->t0 + event->at) / 2};
  holder->sample_count += 1;
}

/** The holder drives on after a stop, knowing of it. R7 */
void tether_resumed(struct tether_state *state, const struct tether_event *event, struct tether_effects *effects) {
  if (event->pair != state->holder.pair || event->epoch != state->holder.epoch) return;
  if (!state->order.is_latched || event->stop != state->order.number) return;
  state->order.is_latched = false;
  state->order.is_kept = true;
  /* R16: what comes after a resume may be a second press of a button whose key is always the same, so it counts. */
  size_t left = 0;
  for (size_t at = 0; at < state->order.press_count; at += 1) {
    if (!state->order.presses[at].is_once) continue;
    if (left != at) state->order.presses[left] = state->order.presses[at];
    left += 1;
  }
  state->order.press_count = left;
  if (event->seq > state->fence.seq) state->fence.seq = event->seq;
  tether_accept(state, effects);
  struct tether_message *resumed = tether_broadcast(effects, TETHER_RESUMED_FROM); /* R32 */
  resumed->has_stop = true;
  resumed->stop = event->stop;
}
