#ifndef TETHER_TEST_RECORDING_H
#define TETHER_TEST_RECORDING_H

#include "../src/event.h"

#include <stdio.h>

/** The happening of a step of a recording, as `packages/sdk/test/control/guard/recording.ts` writes it. False for one that is not known. */
bool event_of(struct tether_text told, struct tether_event *event);
/** The claims of a permit, as JSON has them. */
bool permit_of(struct tether_text told, struct tether_permit *permit);
double number_of(struct tether_text object, const char *name);

#endif
