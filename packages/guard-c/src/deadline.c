#include "machine.h"
#include "part.h"

#include <math.h>
#include <string.h>

static double least(double one, double other) { return one < other ? one : other; }
static double most(double one, double other) { return one > other ? one : other; }

/** Whether the broker can be heard and its last notice names the epoch. */
static bool is_vouched(const struct tether_state *state, int64_t epoch) { return state->broker.is_online && state->broker.epoch == epoch; }

struct tether_until tether_valid_until(const struct tether_state *state, int64_t epoch, double issued_at, double expires_at, double ahead_ms) {
  const double over_at = expires_at - ahead_ms;
  double trusted_at = HUGE_VAL;
  if (!is_vouched(state, epoch)) {
    const double vouched_at = state->broker.epoch == epoch ? state->broker.away_at : -HUGE_VAL;
    trusted_at = most(issued_at - ahead_ms, vouched_at) + TETHER_TRUST_MS;
  }
  return over_at <= trusted_at ? (struct tether_until){over_at, true} : (struct tether_until){trusted_at, false};
}

static struct tether_until holder_until(const struct tether_state *state) {
  const struct tether_holder *holder = &state->holder;
  return tether_valid_until(state, holder->epoch, holder->terms.issued_at, holder->terms.expires_at, state->broker.ahead_ms);
}

double tether_asks_at(const struct tether_state *state) { return is_vouched(state, state->holder.epoch) ? HUGE_VAL : state->holder.ask_at; }

double tether_state_deadline(const struct tether_state *state) {
  if (!state->has_holder || (state->phase != TETHER_ARMED && state->phase != TETHER_DRIVING)) return HUGE_VAL;
  const struct tether_holder *holder = &state->holder;
  double due = least(least(holder_until(state).at, tether_asks_at(state)), holder->question_at);
  if (state->phase == TETHER_DRIVING)
    due = least(least(due, state->last_at + holder->terms.deadman_ms), least(tether_blind_at(state), holder->tell_at));
  return due;
}

static void report(const struct tether_state *state, double at, struct tether_effects *effects) {
  const struct tether_holder *holder = &state->holder;
  const struct tether_sample *measured = tether_best_sample(holder, at);
  struct tether_message *message = tether_send(effects, holder->pair, TETHER_STATE);
  message->epoch = holder->epoch;
  message->is_moving = state->phase == TETHER_DRIVING;
  message->has_age = holder->has_age;
  message->age_ms = holder->age_ms;
  message->has_round_trip = measured != NULL;
  message->round_trip_ms = measured != NULL ? measured->round_trip_ms : 0;
  message->has_blind_time = holder->has_blind_time;
  message->blind_ms = holder->blind_ms;
  message->limit = holder->limit;
  message->has_stop = state->order.is_latched;
  message->stop = state->order.number;
  memcpy(message->dropped, holder->dropped, sizeof message->dropped);
}

static void ask(struct tether_state *state, double at, struct tether_effects *effects) {
  struct tether_holder *holder = &state->holder;
  if (at >= tether_asks_at(state)) {
    holder->ask_at = at + TETHER_ASK_MS;
    tether_send(effects, holder->pair, TETHER_RENEW)->epoch = holder->epoch; /* R3 */
  }
  if (at >= holder->question_at) {
    holder->question_at = at + (holder->questions + 1 < tether_clock_first ? TETHER_CLOCK_FIRST_MS : TETHER_CLOCK_EVERY_MS);
    if (holder->questions < tether_clock_first) holder->questions += 1;
    if (holder->asked_count == tether_clock_first) {
      memmove(holder->asked, holder->asked + 1, sizeof holder->asked - sizeof holder->asked[0]);
      holder->asked_count -= 1;
    }
    holder->asked[holder->asked_count] = at;
    holder->asked_count += 1;
    tether_send(effects, holder->pair, TETHER_CLOCK)->t0 = at;
  }
  if (state->phase == TETHER_DRIVING && at >= holder->tell_at) {
    holder->tell_at = at + TETHER_STATE_EVERY_MS;
    report(state, at, effects);
  }
}

void tether_apply_deadlines(struct tether_state *state, double at, struct tether_effects *effects) {
  if (at < tether_state_deadline(state) || !state->has_holder || (state->phase != TETHER_ARMED && state->phase != TETHER_DRIVING)) return;
  const bool is_driving = state->phase == TETHER_DRIVING;
  const struct tether_until until = holder_until(state);
  if (at >= until.at) {
    /* A holder that drives is told by `stopped`, as everyone is. */
    if (!is_driving) {
      struct tether_message *refused = tether_send(effects, state->holder.pair, TETHER_REFUSED);
      refused->epoch = state->holder.epoch;
      refused->refusal = until.is_over ? TETHER_REFUSED_OVER : TETHER_REFUSED_SIGNALLING_AWAY;
    }
    tether_dismiss_holder(state, until.is_over ? TETHER_PERMIT_OVER : TETHER_SIGNALLING_AWAY, at);
  } else if (is_driving && at >= state->last_at + state->holder.terms.deadman_ms) {
    tether_begin_stop(state, TETHER_DEADMAN, at); /* R5 */
  } else if (is_driving && at >= tether_blind_at(state)) {
    tether_begin_stop(state, TETHER_BLIND, at); /* R22 */
  } else {
    ask(state, at, effects);
  }
}
