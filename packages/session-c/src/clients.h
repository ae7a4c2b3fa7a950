#ifndef TETHER_CLIENTS_H
#define TETHER_CLIENTS_H

#include "field.h"

/*
 * The clients of a robot's session, and the signals to and from each. It has no clock and no socket: each call is told `at`, in ms by a
 * clock that is never set, and frames leave by a hook.
 */
struct tether_clients;

struct tether_clients_hooks {
  void *context;
  /** Sends a frame, which it takes. */
  void (*say)(void *context, char *frame);
  void (*signalled)(void *context, const char *client, JsonObject *data);
  void (*gone)(void *context, const char *client);
  /** A frame may have been lost: hello is to be said again. S13, S15 */
  void (*wake)(void *context);
};

struct tether_clients *tether_clients_new(const struct tether_clients_hooks *hooks);
void tether_clients_free(struct tether_clients *clients);

/** Any frame of the broker. `ahead_ms`: how far the broker's clock is ahead of `at`. */
void tether_clients_hear(struct tether_clients *clients, JsonObject *frame, double at, double ahead_ms);
/** The connection is lost: what is to be said waits for the next `welcome`. */
void tether_clients_lost(struct tether_clients *clients);
/** The gateway lost some frame. F10 */
void tether_clients_repeat(struct tether_clients *clients, double at);
/** Answers the problem that keeps it from being sent, or null. */
const char *tether_clients_signal(struct tether_clients *clients, const char *client, const char *data, double at);
/** Does what time alone brings. */
void tether_clients_due(struct tether_clients *clients, double at);
/** The account of what arrived of each client, as `hello` says it; that acknowledges it. The caller owns it. S5 */
char *tether_clients_received(struct tether_clients *clients);

#endif
