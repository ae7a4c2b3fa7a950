#ifndef TETHER_CONNECTION_H
#define TETHER_CONNECTION_H

#include "pacing.h"
#include "silence.h"

#include <libsoup/soup.h>
#include <stdbool.h>

/** A WebSocket to the broker, from its opening to its end. Instants in ms; infinite where nothing is due. */
struct tether_connection {
  SoupWebsocketConnection *socket;
  /** Called for each text that comes, until the connection is released. */
  void (*hear)(struct tether_connection *connection, const char *text, gsize length, gpointer data);
  void (*closed)(struct tether_connection *connection, gpointer data);
  gpointer data;
  bool is_welcome, has_settled;
  /** When it was welcomed first. */
  double welcomed_at;
  /** What its `bye` asked for. */
  struct tether_retry retry;
  /** When the answer to hello is late, when anything at all is, and when a keepalive is to be sent. E4, E10 */
  double welcome_by, answer_by, keepalive_at;
  struct tether_silence silence;
};

/** Takes an open socket. */
struct tether_connection *tether_connection_new(SoupWebsocketConnection *socket, gpointer data,
                                                void (*hear)(struct tether_connection *, const char *, gsize, gpointer),
                                                void (*closed)(struct tether_connection *, gpointer), double at);
/** Forgets it, and closes it if it is open. */
void tether_connection_release(struct tether_connection *connection);
void tether_connection_close(struct tether_connection *connection);
/** Sends a frame. `is_asking`: it has an answer. */
void tether_connection_say(struct tether_connection *connection, const char *frame, bool is_asking, double at);
/** Says hello, which the caller made; the welcome is waited for. */
void tether_connection_hello(struct tether_connection *connection, const char *hello, double at);
/** Something came, so it is there. */
void tether_connection_heard(struct tether_connection *connection);
void tether_connection_welcomed(struct tether_connection *connection, double at);
/** How long it lived from its `welcome`; below 0 where it had none. E2.2 */
double tether_connection_life(const struct tether_connection *connection, double at);
/** Whether it has lasted by now, which is answered once. */
bool tether_connection_settles(struct tether_connection *connection, double at);
/** Does what time alone brings. Answers whether hello is to be said again, as an answer is late. */
bool tether_connection_due(struct tether_connection *connection, double at);

#endif
