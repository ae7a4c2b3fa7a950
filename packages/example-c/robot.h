#ifndef ROBOT_H
#define ROBOT_H

#include "../guard-c/src/guard.h"

#include <json-glib/json-glib.h>
#include <openssl/evp.h>

/** What the robot keeps on its disk. `next` is a key whose rotation was begun. N6 */
struct identity {
  char *folder, *robot, *origin;
  EVP_PKEY *key, *next;
};

/** A ticket that was asked for. Without `text` there is none, and `code` says why. One that is final is not asked for again. E3.1, E7 */
struct ticket {
  const char *use;
  char *text, *url, code[64];
  gboolean is_final;
  double server_time, retry_after_ms;
};

/** A client's session: what was sent to it and not acknowledged, what came of it, and its peer connection. Instants in ms. */
struct peer {
  char *session, *instance;
  gboolean is_online;
  long long epoch, out_stream, out_seq, in_stream, in_seq;
  GQueue kept;
  int tries;
  double resend_at, ack_at;
  GHashTable *early;
  struct link *link;
};

extern struct tether_guard guard;
extern struct identity identity;
extern GMainLoop *loop;

double now_ms(void);
/** A text as JSON has it. */
char *quoted(const char *text);
const char *text_in(JsonObject *object, const char *name);
double number_in(JsonObject *object, const char *name);
JsonObject *object_in(JsonObject *object, const char *name);

EVP_PKEY *key_new(void);
char *key_public(EVP_PKEY *key);
char *key_id(EVP_PKEY *key);
char *key_sign(EVP_PKEY *key, const char *header, const char *claims);
bool key_verify(void *context, const uint8_t key[32], struct tether_text text, const uint8_t signature[64]);
char *code_hash(const char *code);
char *random_text(void);
gboolean identity_load(const char *folder);
gboolean identity_save(void);

/* Both wait for their answers, on a thread that is not the guard's. */
gboolean enroll(const char *api, const char *code, struct ticket *refused);
void ticket_buy(struct ticket *ticket, const char *instance);

void session_begin(void);
void session_tick(double at);
void session_report(char *stop);
void session_leave(void);
/** Sends a frame, which it takes. */
void session_say(char *frame);
gboolean session_is_welcome(void);
/** The ICE servers of the last welcome, or null. */
JsonArray *session_ice_servers(void);

void peers_begin(void);
void peers_tick(double at);
void peers_hear(const char *type, JsonObject *frame);
void peers_welcome(long long epoch, JsonArray *list);
char *peers_received(void);
void peers_resend(void);
/** Sends a signal's data, which it takes: the peer is told it in order and once. */
void peer_signal(struct peer *peer, char *data);

/** Gives a webrtcbin the ICE servers of the last welcome. */
void ice_add_servers(void *webrtc);
void link_begin(void);
void link_signalled(struct peer *peer, JsonObject *data);
void link_close(struct peer *peer);
void link_send(void *context, uint32_t pair, enum tether_channel channel, struct tether_text text, bool is_news);

#endif
