#ifndef TETHER_INBOUND_H
#define TETHER_INBOUND_H

#include "field.h"

#include <stdbool.h>

/** The signals of one client: how far its stream arrived, and what came beyond a gap. Instants in ms; infinite where nothing is due. */
struct tether_inbound {
  long long stream, seq;
  GHashTable *early;
  /** How many came since the client was last told, and how often it was told of the gap. */
  int unsaid, gaps;
  double ack_at, gap_at;
};

void tether_inbound_begin(struct tether_inbound *inbound);
void tether_inbound_end(struct tether_inbound *inbound);

/** Keeps a signal's data until it is its turn; drops what is known, or of a lower stream. S4, S14 */
void tether_inbound_take(struct tether_inbound *inbound, JsonObject *frame, double at);
/** The data whose turn it is, which is the caller's; null where it has not come. */
JsonObject *tether_inbound_next(struct tether_inbound *inbound, double at);
/** How far the stream arrived, as JSON, which is the caller's: whatever says so acknowledges it. `names_gap`: and what is missing. S5, S9 */
char *tether_inbound_received(struct tether_inbound *inbound, bool names_gap);
/** Whether the client is to be told by now how far its stream arrived, and whether of a gap. S9, S14 */
bool tether_inbound_is_due(struct tether_inbound *inbound, double at, bool *names_gap);

#endif
