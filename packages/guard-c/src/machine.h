#ifndef TETHER_MACHINE_H
#define TETHER_MACHINE_H

#include "event.h"

/** A guard that knows nothing yet. `is_latched`: a stop by order is in force from before. R18 */
void tether_state_begin(struct tether_state *state, const char *robot, bool is_latched);
/** Changes the state by what happened, and says what is to be done. The same decisions as the TypeScript guard's. */
void tether_state_next(struct tether_state *state, const struct tether_event *event, struct tether_effects *effects);
/** When time alone makes a difference next; infinite where it makes none. */
double tether_state_deadline(const struct tether_state *state);

#endif
