#include "robot.h"

#include <string.h>

struct signal {
  long long stream, seq;
  char *data;
};

static GHashTable *peers;
static long long own_epoch;

/** What was received of a peer, as `hello`, `signal` and `ack` tell it; that counts as its acknowledgement. S14 */
static char *received(struct peer *peer) {
  peer->ack_at = G_MAXDOUBLE;
  return g_strdup_printf("{\"stream\":%lld,\"seq\":%lld}", peer->in_stream, peer->in_seq);
}

static void post(struct peer *peer, const struct signal *one) {
  g_autofree char *got = received(peer), *said = peer->in_stream > 0 ? g_strdup_printf(",\"received\":%s", got) : g_strdup("");
  if (!session_is_welcome()) return;
  session_say(g_strdup_printf("{\"type\":\"signal\",\"to\":\"%s\",\"stream\":%lld,\"seq\":%lld%s,\"data\":%s}",
                      peer->session, one->stream, one->seq, said, one->data));
}

/** A stream's number is the sum of both ends' epochs. S3, S3.1 */
void peer_signal(struct peer *peer, char *data) {
  if (peer->kept.length == 0 && own_epoch + peer->epoch > peer->out_stream) {
    peer->out_stream = own_epoch + peer->epoch;
    peer->out_seq = 0;
  }
  struct signal *one = g_new(struct signal, 1);
  *one = (struct signal){peer->out_stream, peer->out_seq += 1, data};
  if (peer->kept.length == 0) peer->tries = 0, peer->resend_at = now_ms() + 3000;
  g_queue_push_tail(&peer->kept, one);
  post(peer, one);
}

static void forget(struct peer *peer, long long up_to) {
  for (struct signal *one; (one = g_queue_peek_head(&peer->kept)) != NULL && one->seq <= up_to; g_free(one)) {
    g_queue_pop_head(&peer->kept);
    g_free(one->data);
    peer->tries = 0, peer->resend_at = now_ms() + 3000;
  }
}

static void acknowledged(struct peer *peer, JsonObject *got) {
  if (got != NULL && (long long)number_in(got, "stream") == peer->out_stream) forget(peer, (long long)number_in(got, "seq"));
}

/** Signals are handed on in order, each once. S4 */
static void take(struct peer *peer, JsonObject *frame) {
  const long long stream = (long long)number_in(frame, "stream"), seq = (long long)number_in(frame, "seq");
  JsonObject *data = object_in(frame, "data");
  if (stream < peer->in_stream || data == NULL) return;
  if (stream > peer->in_stream) {
    peer->in_stream = stream, peer->in_seq = 0;
    g_hash_table_remove_all(peer->early);
  }
  /* What came before is acknowledged at once, anything else within a second. S14 */
  peer->ack_at = MIN(peer->ack_at, now_ms() + (seq <= peer->in_seq ? 0 : 500));
  if (seq > peer->in_seq && g_hash_table_size(peer->early) < 256) g_hash_table_insert(peer->early, GINT_TO_POINTER(seq), json_object_ref(data));
  while ((data = g_hash_table_lookup(peer->early, GINT_TO_POINTER(peer->in_seq + 1))) != NULL) {
    peer->in_seq += 1;
    link_signalled(peer, data);
    g_hash_table_remove(peer->early, GINT_TO_POINTER(peer->in_seq));
  }
}

static void gone(gpointer data) {
  struct peer *peer = data;
  link_close(peer);
  forget(peer, G_MAXLONG);
  g_hash_table_unref(peer->early);
  g_free(peer->session);
  g_free(peer->instance);
  g_free(peer);
}

static void came(JsonObject *told, JsonObject *got) {
  const char *session = text_in(told, "session"), *other = text_in(told, "instance");
  struct peer *peer = g_hash_table_lookup(peers, session);
  if (peer == NULL) {
    peer = g_new0(struct peer, 1);
    peer->session = g_strdup(session), peer->instance = g_strdup(""), peer->ack_at = G_MAXDOUBLE;
    peer->early = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)json_object_unref);
    g_hash_table_insert(peers, peer->session, peer);
  }
  if (number_in(told, "epoch") < (double)peer->epoch) return;
  /* Another instance has lost its peer connection, and knows nothing of what was sent to it. S7, W5.1 */
  if (other[0] != '\0' && peer->instance[0] != '\0' && strcmp(other, peer->instance) != 0) {
    link_close(peer);
    forget(peer, G_MAXLONG);
  }
  if (other[0] != '\0') g_free(peer->instance), peer->instance = g_strdup(other);
  peer->epoch = (long long)number_in(told, "epoch");
  peer->is_online = strcmp(text_in(told, "state"), "online") == 0;
  acknowledged(peer, got);
  peer->tries = 0;
  if (!peer->is_online) return;
  guint most = 32;
  for (GList *one = peer->kept.head; one != NULL && most > 0; one = one->next, most -= 1) post(peer, one->data); /* S6 */
}

/** What was received of every peer, as `hello` says it. */
char *peers_received(void) {
  g_autoptr(GString) all = g_string_new(NULL);
  GHashTableIter every;
  struct peer *peer;
  g_hash_table_iter_init(&every, peers);
  while (g_hash_table_iter_next(&every, NULL, (gpointer *)&peer)) {
    g_autofree char *got = received(peer);
    if (peer->in_stream > 0) g_string_append_printf(all, "%s\"%s\":%s", all->len > 0 ? "," : "", peer->session, got);
  }
  return g_strdup(all->str);
}

static gboolean is_missing(gpointer key, gpointer value, gpointer there) { return !g_hash_table_contains(there, key); }

void peers_welcome(long long epoch, JsonArray *list) {
  g_autoptr(GHashTable) there = g_hash_table_new(g_str_hash, g_str_equal);
  own_epoch = epoch;
  for (guint at = 0; at < json_array_get_length(list); at += 1) {
    JsonObject *told = json_array_get_object_element(list, at);
    g_hash_table_add(there, (gpointer)text_in(told, "session"));
    came(told, NULL);
  }
  g_hash_table_foreach_remove(peers, is_missing, there);
}

/** What is not acknowledged is sent again after 1, 2, 4 … s, without an end to it. S10.1, F10 */
void peers_resend(void) {
  GHashTableIter every;
  struct peer *peer;
  g_hash_table_iter_init(&every, peers);
  while (g_hash_table_iter_next(&every, NULL, (gpointer *)&peer)) {
    peer->tries = MIN(peer->tries, 4);
    peer->resend_at = now_ms() + (1000 << peer->tries);
  }
}

void peers_hear(const char *type, JsonObject *frame) {
  struct peer *peer = g_hash_table_lookup(peers, text_in(frame, "from"));
  if (strcmp(type, "peer.online") == 0 && object_in(frame, "peer") != NULL) {
    came(object_in(frame, "peer"), object_in(frame, "received"));
  } else if (strcmp(type, "peer.away") == 0 || strcmp(type, "peer.ended") == 0) {
    peer = g_hash_table_lookup(peers, text_in(frame, "session"));
    if (peer == NULL || number_in(frame, "epoch") < (double)peer->epoch) return;
    peer->is_online = FALSE;
    if (type[5] == 'e') g_hash_table_remove(peers, peer->session);
  } else if (peer != NULL && (strcmp(type, "ack") == 0 || strcmp(type, "signal") == 0)) {
    acknowledged(peer, object_in(frame, "received"));
    if (type[0] == 's') take(peer, frame);
  } else if (strcmp(type, "undelivered") == 0 || strcmp(type, "problem") == 0) {
    peer = g_hash_table_lookup(peers, text_in(frame, "to"));
    if (peer != NULL && strcmp(text_in(frame, "reason"), "ended") == 0) forget(peer, G_MAXLONG);
    else if (strcmp(text_in(frame, "code"), "signal.target") != 0) peers_resend();
  }
}

void peers_tick(double at) {
  GHashTableIter every;
  struct peer *peer;
  g_hash_table_iter_init(&every, peers);
  while (g_hash_table_iter_next(&every, NULL, (gpointer *)&peer)) {
    if (at >= peer->ack_at) {
      g_autofree char *got = received(peer);
      session_say(g_strdup_printf("{\"type\":\"ack\",\"to\":\"%s\",\"received\":%s}", peer->session, got));
    }
    /* What is not acknowledged goes again, the oldest alone. S13 */
    if (peer->kept.length == 0 || !peer->is_online || peer->tries >= 6 || at < peer->resend_at) continue;
    peer->tries += 1;
    peer->resend_at = at + (3000 << peer->tries);
    post(peer, g_queue_peek_head(&peer->kept));
  }
}

void peers_begin(void) { peers = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, gone); }
