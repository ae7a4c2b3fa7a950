#include "robot.h"

#include <libsoup/soup.h>
#include <string.h>

struct connection {
  SoupWebsocketConnection *socket;
  gboolean is_welcome;
  double asked_at, hello_at, ping_at;
};

struct signal {
  gint64 stream, seq;
  char *data;
};

static GMainLoop *loop;
static SoupSession *http;
static GHashTable *peers;
static char *instance, *stop_report;
static gboolean is_report_new = TRUE;
static struct connection *live;
static JsonArray *ice_servers;
static gint64 own_epoch;
static double lease_at = G_MAXDOUBLE, wait_ms = 500;

static void connect_later(double least_ms);

JsonArray *session_ice_servers(void) { return ice_servers; }

static void say(char *frame) {
  if (live != NULL && soup_websocket_connection_get_state(live->socket) == SOUP_WEBSOCKET_STATE_OPEN) soup_websocket_connection_send_text(live->socket, frame);
  g_free(frame);
}

/** What was received of a peer, as `hello`, `signal` and `ack` tell it; that counts as its acknowledgement. S14 */
static char *received(struct peer *peer) {
  peer->ack_at = G_MAXDOUBLE;
  return g_strdup_printf("{\"stream\":%" G_GINT64_FORMAT ",\"seq\":%" G_GINT64_FORMAT "}", peer->in_stream, peer->in_seq);
}

static void hello(void) {
  g_autoptr(GString) frame = g_string_new("{\"type\":\"hello\",\"protocol\":1,\"features\":[\"keepalive\"],\"received\":{");
  GHashTableIter every;
  struct peer *peer;
  gboolean is_first = TRUE;
  g_hash_table_iter_init(&every, peers);
  while (g_hash_table_iter_next(&every, NULL, (gpointer *)&peer)) {
    if (peer->in_stream == 0) continue;
    g_autofree char *got = received(peer);
    g_string_append_printf(frame, "%s\"%s\":%s", is_first ? "" : ",", peer->session, got);
    is_first = FALSE;
  }
  g_string_append_printf(frame, "},\"instance\":\"%s\"}", instance);
  live->hello_at = now_ms();
  say(g_strdup(frame->str));
}

static void post(struct peer *peer, const struct signal *one) {
  g_autofree char *got = received(peer), *said = peer->in_stream > 0 ? g_strdup_printf(",\"received\":%s", got) : g_strdup("");
  if (live == NULL || !live->is_welcome) return;
  say(g_strdup_printf("{\"type\":\"signal\",\"to\":\"%s\",\"stream\":%" G_GINT64_FORMAT ",\"seq\":%" G_GINT64_FORMAT "%s,\"data\":%s}",
                      peer->session, one->stream, one->seq, said, one->data));
  if (live->asked_at == 0) live->asked_at = now_ms();
}

/** A stream's number is the sum of both ends' epochs. S3, S3.1 */
void session_signal(struct peer *peer, char *data) {
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

static void forget(struct peer *peer, gint64 up_to) {
  for (struct signal *one; (one = g_queue_peek_head(&peer->kept)) != NULL && one->seq <= up_to; g_free(one)) {
    g_queue_pop_head(&peer->kept);
    g_free(one->data);
    peer->tries = 0, peer->busy_ms = 0, peer->resend_at = now_ms() + 3000;
  }
}

static void acknowledged(struct peer *peer, JsonObject *got) {
  if (got != NULL && (gint64)number_in(got, "stream") == peer->out_stream) forget(peer, (gint64)number_in(got, "seq"));
}

/** Signals are handed on in order, each once. S4 */
static void take(struct peer *peer, JsonObject *frame) {
  const gint64 stream = (gint64)number_in(frame, "stream"), seq = (gint64)number_in(frame, "seq");
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
  forget(peer, G_MAXINT64);
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
    forget(peer, G_MAXINT64);
  }
  if (other[0] != '\0') g_free(peer->instance), peer->instance = g_strdup(other);
  peer->epoch = (gint64)number_in(told, "epoch");
  peer->is_online = strcmp(text_in(told, "state"), "online") == 0;
  acknowledged(peer, got);
  peer->tries = 0;
  if (!peer->is_online) return;
  guint most = 32;
  for (GList *one = peer->kept.head; one != NULL && most > 0; one = one->next, most -= 1) post(peer, one->data); /* S6 */
}

/** Says whether a stop is in force, once more after a welcome that follows a change. P13 */
void session_report(char *stop) {
  g_free(stop_report);
  stop_report = stop;
  is_report_new = TRUE;
  if (live != NULL && live->is_welcome) say(g_strdup_printf("{\"type\":\"report\",\"stop\":%s}", stop_report));
}

static gboolean is_missing(gpointer key, gpointer value, gpointer there) {
  (void)value;
  return !g_hash_table_contains(there, key);
}

/** A lease is renewed after 75 % ± 5 % of what is left of it. L3 */
static void lease(double left_ms) { lease_at = now_ms() + MAX(30000, left_ms * g_random_double_range(0.7, 0.8)); }

static void welcome(JsonObject *frame) {
  g_autoptr(GHashTable) there = g_hash_table_new(g_str_hash, g_str_equal);
  JsonArray *list = json_object_get_array_member(frame, "peers");
  live->is_welcome = TRUE, live->hello_at = live->asked_at = 0, wait_ms = 500;
  own_epoch = (gint64)number_in(object_in(frame, "session"), "epoch");
  g_clear_pointer(&ice_servers, json_array_unref);
  ice_servers = json_array_ref(json_object_get_array_member(frame, "iceServers"));
  lease(number_in(object_in(frame, "deadlines"), "authExpiresAt") - number_in(frame, "serverTime"));
  for (guint at = 0; at < json_array_get_length(list); at += 1) {
    JsonObject *peer = json_array_get_object_element(list, at);
    g_hash_table_add(there, (gpointer)text_in(peer, "session"));
    came(peer, NULL);
  }
  g_hash_table_foreach_remove(peers, is_missing, there);
  if (is_report_new) say(g_strdup_printf("{\"type\":\"report\",\"stop\":%s}", stop_report));
  is_report_new = FALSE;
}

static void resend(double after_ms) {
  GHashTableIter every;
  struct peer *peer;
  g_hash_table_iter_init(&every, peers);
  while (g_hash_table_iter_next(&every, NULL, (gpointer *)&peer)) peer->tries = 0, peer->resend_at = now_ms() + after_ms;
}

/** Takes a frame of the broker. Types and fields that it does not know are nothing to it. F3 */
static void hear(JsonObject *frame) {
  const char *type = text_in(frame, "type");
  struct peer *peer = g_hash_table_lookup(peers, text_in(frame, "from"));
  live->asked_at = 0;
  if (type[0] == '\0' && json_object_has_member(frame, "requestId")) {
    if (live->is_welcome) resend(1000); /* The gateway lost some frame. F10 */
    else soup_websocket_connection_close(live->socket, 1000, NULL);
  } else if (strcmp(type, "welcome") == 0) {
    welcome(frame);
  } else if (strcmp(type, "peer.online") == 0 && object_in(frame, "peer") != NULL) {
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
    if (peer != NULL && strcmp(text_in(frame, "reason"), "ended") == 0) forget(peer, G_MAXINT64);
    else if (strcmp(text_in(frame, "code"), "signal.target") != 0) resend(1000);
  } else if (strcmp(type, "auth.renewed") == 0) {
    lease(number_in(frame, "expiresAt") - now_ms() - guard.state.broker.ahead_ms);
  } else if (g_str_has_prefix(type, "auth.")) {
    lease_at = 0; /* L3.1, K11 */
  } else if (strcmp(type, "bye") == 0) {
    if (strcmp(text_in(object_in(frame, "retry"), "policy"), "never") == 0) g_main_loop_quit(loop); /* E3 */
    else soup_websocket_connection_close(live->socket, 1000, NULL);
  }
}

static void on_message(SoupWebsocketConnection *socket, int type, GBytes *bytes, gpointer data) {
  g_autoptr(JsonParser) parser = json_parser_new();
  gsize length;
  const char *text = g_bytes_get_data(bytes, &length);
  if (live == NULL || live->socket != socket || type != SOUP_WEBSOCKET_DATA_TEXT) return;
  tether_guard_frame(&guard, now_ms(), (struct tether_text){text, length});
  if (!json_parser_load_from_data(parser, text, (gssize)length, NULL) || json_parser_get_root(parser) == NULL) return;
  if (JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser))) hear(json_node_get_object(json_parser_get_root(parser)));
  (void)data;
}

static void on_closed(SoupWebsocketConnection *socket, gpointer data) {
  (void)data;
  if (live == NULL || live->socket != socket) return;
  g_object_unref(live->socket);
  g_clear_pointer(&live, g_free);
  tether_guard_lost(&guard, now_ms());
  connect_later(0);
}

static void on_connected(GObject *source, GAsyncResult *result, gpointer data) {
  SoupWebsocketConnection *socket = soup_session_websocket_connect_finish(SOUP_SESSION(source), result, NULL);
  (void)data;
  if (socket == NULL) {
    connect_later(0);
    return;
  }
  live = g_new0(struct connection, 1);
  live->socket = socket, live->ping_at = now_ms() + 240000;
  g_signal_connect(socket, "message", G_CALLBACK(on_message), NULL);
  g_signal_connect(socket, "closed", G_CALLBACK(on_closed), NULL);
  hello();
}

struct purchase {
  const char *use;
  struct ticket *ticket;
  struct refusal refusal;
};

static void buy(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  struct purchase *bought = data;
  bought->ticket = ticket_buy(bought->use, instance, &bought->refusal);
  g_task_return_boolean(task, TRUE);
  (void)source, (void)cancellable;
}

static void on_bought(GObject *source, GAsyncResult *result, gpointer data) {
  const struct purchase *bought = g_task_get_task_data(G_TASK(result));
  (void)source, (void)data;
  if (bought->ticket == NULL) {
    if (bought->refusal.is_final) g_printerr("%s\n", bought->refusal.code), g_main_loop_quit(loop); /* E3 */
    else if (strcmp(bought->use, "connect") == 0) connect_later(bought->refusal.retry_after_ms);
    return;
  }
  if (strcmp(bought->use, "renew") == 0) {
    say(g_strdup_printf("{\"type\":\"auth.renew\",\"ticket\":\"%s\"}", bought->ticket->text));
  } else {
    g_autofree char *own = g_strconcat("ticket.", bought->ticket->text, NULL);
    g_autoptr(SoupMessage) message = soup_message_new("GET", bought->ticket->url);
    soup_session_websocket_connect_async(http, message, NULL, (char *[]){"tether.v1", own, NULL}, 0, NULL, on_connected, NULL); /* T1 */
  }
  g_free(bought->ticket->text), g_free(bought->ticket->url), g_free(bought->ticket);
}

/** Buys a ticket on another thread, so that the guard is never kept waiting. */
static gboolean begin_buying(gpointer use) {
  g_autoptr(GTask) task = g_task_new(NULL, NULL, on_bought, NULL);
  struct purchase *bought = g_new0(struct purchase, 1);
  bought->use = use;
  g_task_set_task_data(task, bought, g_free);
  g_task_run_in_thread(task, buy);
  return G_SOURCE_REMOVE;
}

/** Waits are drawn from zero to a bound that doubles. E2, E7 */
static void connect_later(double least_ms) {
  g_timeout_add((guint)(least_ms + g_random_double_range(0, wait_ms)), begin_buying, "connect");
  wait_ms = MIN(wait_ms * 2, 15000);
}

void session_tick(double at) {
  GHashTableIter every;
  struct peer *peer;
  if (live == NULL) return;
  g_hash_table_iter_init(&every, peers);
  while (live->is_welcome && g_hash_table_iter_next(&every, NULL, (gpointer *)&peer)) {
    if (at >= peer->ack_at) {
      g_autofree char *got = received(peer);
      say(g_strdup_printf("{\"type\":\"ack\",\"to\":\"%s\",\"received\":%s}", peer->session, got));
    }
    /* What is not acknowledged goes again, the oldest alone. S13 */
    if (peer->kept.length == 0 || !peer->is_online || peer->tries >= 6 || at < peer->resend_at) continue;
    peer->tries += 1;
    peer->resend_at = at + (3000 << peer->tries);
    post(peer, g_queue_peek_head(&peer->kept));
  }
  if (at >= live->ping_at) say(g_strdup("{\"type\":\"ping\"}")), live->ping_at = at + g_random_double_range(216000, 264000); /* E4 */
  if (live->asked_at > 0 && live->hello_at == 0 && at >= live->asked_at + 5000) hello(); /* E10 */
  if (live->hello_at > 0 && at >= live->hello_at + 4000) soup_websocket_connection_close(live->socket, 1000, NULL), live->hello_at = 0;
  if (live->is_welcome && at >= lease_at) lease_at = at + 30000, begin_buying("renew");
}

void session_begin(GMainLoop *own_loop) {
  loop = own_loop;
  http = soup_session_new();
  instance = random_text();
  peers = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, gone);
  begin_buying("connect");
}

void session_leave(void) { say(g_strdup("{\"type\":\"leave\"}")); }
