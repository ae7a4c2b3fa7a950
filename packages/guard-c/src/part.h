#ifndef TETHER_PART_H
#define TETHER_PART_H

#include "event.h"

/* The parts of the machine, for each other. What they do with a state whose phase the machine's table does not name for them is undefined. */

void tether_begin_stop(struct tether_state *state, enum tether_reason reason, double at);
/** The holder may not drive any more: a robot that moves is stopped first. */
void tether_dismiss_holder(struct tether_state *state, enum tether_reason reason, double at);
/** A message to add to the effects, of that type and with nothing in it yet. */
struct tether_message *tether_send(struct tether_effects *effects, uint32_t pair, enum tether_message_type type);
struct tether_message *tether_broadcast(struct tether_effects *effects, enum tether_message_type type);
/** Tells the holder that it may drive. */
void tether_accept(const struct tether_state *state, struct tether_effects *effects);

void tether_apply_deadlines(struct tether_state *state, double at, struct tether_effects *effects);

void tether_permit_shown(struct tether_state *state, const struct tether_event *event, struct tether_effects *effects);
void tether_commanded(struct tether_state *state, const struct tether_event *event, struct tether_effects *effects);
void tether_clock_sampled(struct tether_state *state, const struct tether_event *event);
void tether_resumed(struct tether_state *state, const struct tether_event *event, struct tether_effects *effects);
void tether_stop_ordered(struct tether_state *state, const struct tether_event *event);
void tether_channels_opened(const struct tether_state *state, const struct tether_event *event, struct tether_effects *effects);
void tether_latch_written(struct tether_state *state, const struct tether_event *event, struct tether_effects *effects);
void tether_welcomed(struct tether_state *state, const struct tether_event *event);
void tether_noticed(struct tether_state *state, const struct tether_notice *notice, double at);
void tether_signalling_lost(struct tether_state *state, const struct tether_event *event);

/** Until when a permit is obeyed, by the robot's clock, and whether it is over then, rather than nobody vouches for it. R2 */
struct tether_until {
  double at;
  bool is_over;
};
struct tether_until tether_valid_until(const struct tether_state *state, int64_t epoch, double issued_at, double expires_at, double ahead_ms);
/** When a fresh permit is asked for: only while the broker does not vouch for the one at hand. R3 */
double tether_asks_at(const struct tether_state *state);

/** The sample of the shortest round trip of those that count, or null. R4.3 */
const struct tether_sample *tether_best_sample(const struct tether_holder *holder, double at);
bool tether_is_blind_limited(const struct tether_state *state);
/** When a robot that moves stops because the last picture that its operator saw is too old. R22 */
double tether_blind_at(const struct tether_state *state);

#endif
