#ifndef TETHER_OUTBOUND_H
#define TETHER_OUTBOUND_H

#include "field.h"

#include <stdbool.h>

/** A signal that is kept until its client has it. Instants in ms; infinite where it is not to be sent again. */
struct tether_kept {
  long long stream, seq;
  char *data;
  double sent_at, again_at;
  /** How often it was sent again since one of the two ends last came online. */
  int resent;
};

/** The signals to one client. `stream` is 0 until there is one. */
struct tether_outbound {
  long long stream, seq;
  GQueue kept;
};

/** Numbers a signal and keeps it. `stream` is the number that a new stream gets. S3, S3.1 */
struct tether_kept *tether_outbound_push(struct tether_outbound *outbound, long long stream, const char *data, double at);
/** The client said how far it got; what lies in a gap is to be sent again. S5, S9 */
void tether_outbound_acknowledge(struct tether_outbound *outbound, JsonObject *received, double at);
/** Either end is newly online: everything is to be sent again, and counts anew. S6, S8 */
void tether_outbound_resend(struct tether_outbound *outbound, double at);
/** The broker could not take the signal `seq` for the moment; 0 for some of them. S10.1, F10 */
void tether_outbound_postpone(struct tether_outbound *outbound, long long seq, double at);
/** Drops all: the client is another one, or gone. S7 */
void tether_outbound_drop(struct tether_outbound *outbound);
/** Calls `send` with each that is to be sent again by now; answers whether the oldest was not acknowledged in time. S13 */
bool tether_outbound_due(struct tether_outbound *outbound, double at, void (*send)(const struct tether_kept *kept, gpointer data), gpointer data);

#endif
