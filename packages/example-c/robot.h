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

struct ticket {
  char *text, *url;
};

/** Why there is no ticket. One that is final is not asked for again. E3.1, E7 */
struct refusal {
  gboolean is_final;
  char code[64];
  double server_time, retry_after_ms;
};

/** A client's session: what was sent to it and not acknowledged, what came of it, and its peer connection. */
struct peer {
  char *session, *instance;
  gint64 epoch;
  gboolean is_online;
  gint64 out_stream, out_seq;
  GQueue kept;
  int tries;
  double resend_at, busy_ms;
  gint64 in_stream, in_seq;
  GHashTable *early;
  double ack_at, gap_at;
  int gap_tries;
  struct link *link;
};

extern struct tether_guard guard;
extern struct identity identity;

double now_ms(void);
/** A text as JSON has it. */
char *quoted(const char *text);
const char *text_in(JsonObject *object, const char *name);
double number_in(JsonObject *object, const char *name);
JsonObject *object_in(JsonObject *object, const char *name);

/* key.c */
EVP_PKEY *key_new(void);
char *key_public(EVP_PKEY *key);
char *key_id(EVP_PKEY *key);
char *key_sign(EVP_PKEY *key, const char *header, const char *claims);
bool key_verify(void *context, const uint8_t key[32], struct tether_text text, const uint8_t signature[64]);
char *code_hash(const char *code);
char *random_text(void);
gboolean identity_load(const char *folder);
gboolean identity_save(void);

/* ticket.c: each waits for its answer, on a thread that is not the guard's */
gboolean enroll(const char *api, const char *code, struct refusal *refusal);
struct ticket *ticket_buy(const char *use, const char *instance, struct refusal *refusal);

/* session.c */
void session_begin(GMainLoop *loop);
void session_tick(double at);
void session_report(char *stop);
void session_leave(void);
/** Sends signal data to a peer, which is told it in order and once. It takes `data`. */
void session_signal(struct peer *peer, char *data);
/** The ICE servers of the last welcome, or null. */
JsonArray *session_ice_servers(void);

/* link.c */
void link_signalled(struct peer *peer, JsonObject *data);
void link_begin(void);
void link_close(struct peer *peer);
void link_send(uint32_t pair, enum tether_channel channel, struct tether_text text, gboolean is_news);

#endif
