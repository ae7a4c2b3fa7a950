#ifndef TETHER_TAKE_H
#define TETHER_TAKE_H

#include "guard.h"
#include "write.h"

/* The parts of the guard, for each other. */

/** The time as it goes for this guard: never back. */
double tether_guard_time(struct tether_guard *guard, double at);
/** Lets the machine decide, and does what it says. What a hook has to say meanwhile comes after it. */
void tether_guard_take(struct tether_guard *guard, const struct tether_event *event);
/** Sends a message to every client, unless it is short of its end. */
void tether_guard_tell(struct tether_guard *guard, const struct tether_writer *writer, bool is_news);

/** Names a press of stop by its session and its key: nobody can have another's stop taken for one that has come. R16 */
void tether_press_name(struct tether_event *event, const char *key, enum tether_way way);

#endif
