#ifndef TETHER_CLIENT_H
#define TETHER_CLIENT_H

#include "clients.h"
#include "inbound.h"
#include "outbound.h"

/** How a client stands, in the order in which that comes within an epoch. P8 */
enum tether_standing { TETHER_ONLINE, TETHER_AWAY, TETHER_ENDED };

struct tether_clients {
  struct tether_clients_hooks hooks;
  GHashTable *all;
  /** The robot's own session, empty before the first `welcome`. */
  char *own;
  long long own_epoch;
  bool is_welcome;
};

/** One client's session, and the signals to and from it. */
struct tether_client {
  struct tether_clients *clients;
  char *session, *instance;
  enum tether_standing standing;
  long long epoch;
  struct tether_outbound outbound;
  struct tether_inbound inbound;
  /** The client is taken for away, which may be wrong. */
  int doubts;
  bool is_doubted;
  double doubt_at;
  /** It was announced since the last hello, so that a `welcome` which does not name it may be older. P8 */
  bool is_announced;
};

struct tether_client *tether_client_new(struct tether_clients *clients, const char *session);
void tether_client_free(gpointer client);

/** The broker said how it stands. */
void tether_client_stand(struct tether_client *client, enum tether_standing standing, JsonObject *told, double at, double ahead_ms);
/** Its session is over, or another instance has it, which lost its peer connection and knows nothing of what was sent to it. S7, W5.1 */
void tether_client_give_up(struct tether_client *client);
/** It signalled or acknowledged: one that is taken for away is online after all. S15 */
void tether_client_doubt(struct tether_client *client);
void tether_client_take(struct tether_client *client, JsonObject *frame, double at);
/** Answers the problem that keeps it from being sent, or null. */
const char *tether_client_signal(struct tether_client *client, const char *data, double at);
/** The broker did not take a signal to it. S10.1 */
void tether_client_undelivered(struct tether_client *client, JsonObject *frame, double at);
/** Does what time alone brings. */
void tether_client_due(struct tether_client *client, double at);

#endif
