#ifndef TETHER_TICKET_H
#define TETHER_TICKET_H

#include "identity.h"

#include <glib.h>
#include <openssl/evp.h>

/** The references are counted: a ticket may still be asked for when its owner gave it up. */
struct tether_identity {
  char *folder, *robot, *origin;
  /** `next` is a key whose rotation was begun, or null. N6 */
  EVP_PKEY *key, *next;
  /** How far the broker's clock is ahead of this machine's, in ms. E6 */
  double ahead_ms;
  /** Questions are asked one at a time: each may replace the keys. */
  GMutex asking;
};

/** The ticket that was bought. Without `text` it was refused. */
struct tether_ticket {
  char *text, *url;
  struct tether_failure failure;
};

struct tether_identity *tether_identity_keep(struct tether_identity *identity);

/** Writes `robot.json`, also where the power fails meanwhile. */
bool tether_identity_save(const struct tether_identity *identity);

/** Buys a ticket to `connect` or to `renew` the lease, and waits for it. Rotates the key first where it is time. K1, K2.1, K8 */
struct tether_ticket tether_ticket_buy(struct tether_identity *identity, const char *use, const char *instance);

#endif
