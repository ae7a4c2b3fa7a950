#ifndef ROBOT_H
#define ROBOT_H

#include "../guard-c/src/guard.h"
#include "../session-c/src/session.h"

extern struct tether_guard guard;
extern struct tether_session *session;

double now_ms(void);

/* The peer connections, one for each client. */

void links_begin(void);
/** Signals of a client. */
void link_signalled(void *context, const char *client, JsonObject *data);
/** Closes the peer connection with a client that is gone. */
void link_close(void *context, const char *client);
/** Sends what the guard has to say. */
void link_send(void *context, uint32_t pair, enum tether_channel channel, struct tether_text text, bool is_news);

/** Gives a webrtcbin the broker's ICE servers. */
void ice_add_servers(void *webrtc);

#endif
