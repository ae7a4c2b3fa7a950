#ifndef TETHER_STATE_H
#define TETHER_STATE_H

#include "clients.h"
#include "connection.h"
#include "session.h"

#include <libsoup/soup.h>

enum { lease_least_ms = 30000 };

struct tether_session {
  struct tether_session_hooks hooks;
  struct tether_identity *identity;
  SoupSession *http;
  /** Cancelled once the session is over for this program. */
  GCancellable *over;
  char *instance, *tracks, *report;
  bool is_report_new, is_buying;
  /** The socket that is being opened, or null. */
  GCancellable *opening;
  struct tether_pacing pacing;
  /** `live` was welcomed last, `next` is to be, and `last` is kept open for frames on their way until `last_until`. H6.2 */
  struct tether_connection *live, *next, *last;
  struct tether_clients *clients;
  JsonArray *ice_servers;
  guint ticker;
  /** How far the broker's clock is ahead of `now_ms`. */
  double ahead_ms;
  /** By the broker's clock. */
  double lease_ends_at;
  double open_by, connect_at, lease_at, hand_over_at, must_hand_over_at, last_until;
};

double tether_session_now(void);
bool tether_session_is_over(const struct tether_session *session);
/** Ends the session: the robot does not connect again, and nobody is to take it for online. E3 */
void tether_session_end(struct tether_session *session, const char *why);
void tether_session_release(struct tether_session *session);

/* In broker.c: what is said to the broker, and what its frames do. */

void tether_session_say(struct tether_session *session, const char *frame, bool is_asking);
void tether_session_say_report(struct tether_session *session);
void tether_session_hello(struct tether_session *session, struct tether_connection *connection);
void tether_session_on_frame(struct tether_connection *connection, const char *text, gsize length, gpointer session);
void tether_session_on_closed(struct tether_connection *connection, gpointer session);
/** How long a socket may take to open, and then its `welcome` to come: longer on a path that was too slow. E2.1 */
double tether_session_patience(const struct tether_session *session);
/** An attempt to connect failed: the next one waits so long at least, and a while that is drawn besides. E2, E7 */
void tether_session_connect_later(struct tether_session *session, double least_ms);

/** In purchase.c: buys a ticket to `connect`, and does so, or to `renew` the lease. */
void tether_session_buy(struct tether_session *session, const char *use);

#endif
