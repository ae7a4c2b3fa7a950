#include "part.h"

#include <string.h>

/* The right to drive: permits that were shown, and the broker's word. R1, R2, R6 */

static bool refuse(const struct tether_state *state, const struct tether_event *event, double ahead_ms, enum tether_refusal *why) {
  const struct tether_permit *permit = &event->permit;
  *why = TETHER_REFUSED_INVALID;
  if (!event->has_permit) return true;
  *why = TETHER_REFUSED_ROBOT_OTHER;
  if (!tether_id_is(&permit->robot, &state->robot)) return true;
  *why = TETHER_REFUSED_SESSION_OTHER;
  if (!tether_id_is(&permit->session, &event->session)) return true;
  *why = TETHER_REFUSED_EPOCH_OLD;
  if (permit->epoch < state->fence.epoch) return true;
  *why = TETHER_REFUSED_SESSION_OTHER;
  const bool is_named = state->fence.has_session && tether_id_is(&state->fence.session, &event->session);
  if (permit->epoch == state->fence.epoch && !is_named) return true;
  const struct tether_until until = tether_valid_until(state, permit->epoch, permit->terms.issued_at, permit->terms.expires_at, ahead_ms);
  *why = until.is_over ? TETHER_REFUSED_OVER : TETHER_REFUSED_SIGNALLING_AWAY;
  return event->at >= until.at;
}

/** A measurement holds for the pair of channels it was made on. */
static void hold(struct tether_state *state, const struct tether_event *event) {
  struct tether_holder *holder = &state->holder;
  const bool is_same = state->has_holder && holder->epoch == event->permit.epoch;
  if (!is_same || holder->pair != event->pair) {
    const double ask_at = is_same ? holder->ask_at : event->at + TETHER_ASK_MS;
    memset(holder, 0, sizeof *holder);
    holder->pair = event->pair;
    holder->session = event->session;
    holder->epoch = event->permit.epoch;
    holder->ask_at = ask_at;
    holder->question_at = event->at;
    holder->tell_at = event->at;
  }
  holder->terms = state->fence.terms;
  state->has_holder = true;
}

void tether_permit_shown(struct tether_state *state, const struct tether_event *event, struct tether_effects *effects) {
  const struct tether_permit *permit = &event->permit;
  /* The broker cannot have issued it in its future: where it seems so, the idea of its clock is behind. */
  const double issued_ahead = permit->terms.issued_at - event->at;
  const double ahead_ms = state->broker.ahead_ms > issued_ahead ? state->broker.ahead_ms : issued_ahead;
  enum tether_refusal why;
  if (refuse(state, event, ahead_ms, &why)) {
    struct tether_message *refused = tether_send(effects, event->pair, TETHER_REFUSED);
    refused->epoch = event->has_permit ? permit->epoch : 0;
    refused->refusal = why;
    return;
  }
  state->broker.ahead_ms = ahead_ms;
  if (permit->epoch > state->fence.epoch) {
    state->fence.epoch = permit->epoch;
    state->fence.has_session = true;
    state->fence.session = event->session;
    state->fence.seq = 0;
    state->fence.has_terms = false;
  }
  /* Of two permits of an epoch the newer counts, whenever and wherever it was shown. R1.2 */
  if (!state->fence.has_terms || permit->terms.issued_at >= state->fence.terms.issued_at) state->fence.terms = permit->terms;
  state->fence.has_terms = true;
  const bool is_same = state->has_holder && state->holder.epoch == permit->epoch;
  hold(state, event);
  if (state->phase == TETHER_DRIVING && !is_same) tether_begin_stop(state, TETHER_EPOCH, event->at); /* R6 */
  if (state->phase == TETHER_STOPPING) {
    state->must_greet = true;
    return;
  }
  if (state->phase == TETHER_IDLE) state->phase = TETHER_ARMED;
  tether_accept(state, effects);
}

/** Epochs only grow, frames come in any order: an older notice says nothing. R2.1 */
void tether_noticed(struct tether_state *state, const struct tether_notice *notice, double at) {
  if (notice->epoch < state->broker.epoch) return;
  state->broker.epoch = notice->epoch;
  const bool is_known = notice->epoch == state->fence.epoch;
  const bool is_named = state->fence.has_session ? notice->has_session && tether_id_is(&notice->session, &state->fence.session) : !notice->has_session;
  if (notice->epoch < state->fence.epoch || (is_known && is_named)) return;
  /* Two notices for one epoch cannot both be true: nobody drives in it. R2.2 */
  state->fence.epoch = notice->epoch;
  state->fence.has_session = notice->has_session && !is_known;
  state->fence.session = notice->session;
  if (!is_known) {
    state->fence.seq = 0;
    state->fence.has_terms = false;
  }
  const bool is_released = notice->is_released && !notice->has_session;
  if (state->has_holder) tether_dismiss_holder(state, is_released ? TETHER_RELEASED : TETHER_EPOCH, at);
}

/** A welcome measures the broker's clock anew; the broker does not vouch for an epoch that its welcome does not name. */
void tether_welcomed(struct tether_state *state, const struct tether_event *event) {
  state->broker.is_online = true;
  state->broker.ahead_ms = event->server_time - event->at;
  if (event->has_notice) tether_noticed(state, &event->notice, event->at);
  else state->broker.epoch = 0;
}

void tether_signalling_lost(struct tether_state *state, const struct tether_event *event) {
  if (!state->broker.is_online) return;
  state->broker.is_online = false;
  state->broker.away_at = event->at;
}
