#ifndef TETHER_SESSION_H
#define TETHER_SESSION_H

#include "field.h"
#include "identity.h"

/*
 * A robot's session with the broker: tickets, the connection and the next one, the lease, and signals that arrive in order and once.
 * A session lives in the main context of the thread that makes it, and calls its hooks there; tickets are bought on a thread of their own.
 */
struct tether_session;

/** A hook may call every function of the session but `tether_session_free`. */
struct tether_session_hooks {
  void *context;
  /** A frame of the broker, as it came: for `tether_guard_frame`. It is told before the session acts on it. */
  void (*frame)(void *context, const char *text, size_t length);
  /** The connection is lost: for `tether_guard_lost`. Another one is made. */
  void (*lost)(void *context);
  /** A client's signal (W1 to W8). It may be read until the hook returns. */
  void (*signalled)(void *context, const char *client, JsonObject *data);
  /** The client's session ended, or it started afresh: a peer connection with it is over. W5.1 */
  void (*gone)(void *context, const char *client);
  /** The session is over for good and does not connect again: the code of a problem, or a cause. E3 */
  void (*ended)(void *context, const char *why);
};

/**
 * Begins to connect. `identity` is enrolled, and stays the caller's. `tracks` says of which kind each track is that the robot sends, as a
 * JSON array; null where it sends none. W1.2
 */
struct tether_session *tether_session_new(const struct tether_session_hooks *hooks, struct tether_identity *identity, const char *tracks);
/** Closes the connection without a word: the session is away until the next program goes on with it. */
void tether_session_free(struct tether_session *session);

/**
 * Sends a client a signal, a JSON object, and answers null; it is kept until the client has it. Else answers the problem for which nothing
 * was sent: `signal.target`, as the client is not there; `frame.too-large`, beyond 28 KB; `signal.backlog`, as 256 wait for the client.
 */
const char *tether_session_signal(struct tether_session *session, const char *client, const char *data);
/** Says whether a stop is in force, as a JSON object; at first once the program knows, then whenever it changes. P13 */
void tether_session_report(struct tether_session *session, const char *stop);
/** Asks the broker how things stand: something suggests that a frame was lost, as a peer connection that breaks. E10 */
void tether_session_wake(struct tether_session *session);
/** Ends the session in words: its clients are told that the robot left. P7 */
void tether_session_leave(struct tether_session *session);
/** The ICE servers of the last `welcome`, or null before it. I1 */
JsonArray *tether_session_ice_servers(const struct tether_session *session);

#endif
