#ifndef TETHER_PACING_H
#define TETHER_PACING_H

#include "field.h"

#include <stdbool.h>

enum { tether_settled_ms = 15000 };

/** What a connection's end asks for, as `bye` says it: at first nothing. F5.1 */
struct tether_retry {
  bool is_now;
  double after_ms;
};

/** How many attempts in a row failed. A connection that did not last is one of them. E2.2 */
struct tether_pacing {
  int failures;
};

struct tether_retry tether_retry_of(JsonObject *retry);
/**
 * The bound of the wait after an attempt that was not welcomed, where `lived_ms` is below 0, or after a connection that lived so long from
 * its `welcome`; 0 is at once. E2
 */
double tether_pacing_bound(struct tether_pacing *pacing, double lived_ms, struct tether_retry retry);

#endif
