#include "robot.h"

#include <libsoup/soup.h>
#include <string.h>

struct connection {
  SoupWebsocketConnection *socket;
  gboolean is_welcome;
  double asked_at, hello_at, ping_at;
};

static SoupSession *http;
static char *instance, *stop_report;
static gboolean is_report_new = TRUE;
static struct connection *live;
static JsonArray *ice_servers;
static double lease_at = G_MAXDOUBLE, lease_ends = 0, wait_ms = 500;

static void connect_later(double least_ms);

JsonArray *session_ice_servers(void) { return ice_servers; }

gboolean session_is_welcome(void) { return live != NULL && live->is_welcome; }

void session_say(char *frame) {
  if (live != NULL && soup_websocket_connection_get_state(live->socket) == SOUP_WEBSOCKET_STATE_OPEN) {
    soup_websocket_connection_send_text(live->socket, frame);
    if (live->asked_at == 0 && g_str_has_prefix(frame, "{\"type\":\"signal\"")) live->asked_at = now_ms(); /* E10 */
  }
  g_free(frame);
}

static void hello(void) {
  g_autofree char *received = peers_received();
  live->hello_at = now_ms();
  session_say(g_strdup_printf("{\"type\":\"hello\",\"protocol\":1,\"features\":[\"keepalive\"],\"tracks\":[\"video\"],\"received\":{%s},\"instance\":\"%s\"}", received, instance));
}

/** Says whether a stop is in force, once more after a welcome that follows a change. P13 */
void session_report(char *stop) {
  g_free(stop_report);
  stop_report = stop;
  is_report_new = TRUE;
  if (live != NULL && live->is_welcome) session_say(g_strdup_printf("{\"type\":\"report\",\"stop\":%s}", stop_report));
}

/** A lease is renewed after 75 % ± 5 % of what is left of it. L3 */
static void lease(double left_ms) {
  lease_ends = now_ms() + left_ms;
  lease_at = now_ms() + MAX(30000, left_ms * g_random_double_range(0.7, 0.8));
}

static void welcome(JsonObject *frame) {
  live->is_welcome = TRUE, live->hello_at = live->asked_at = 0, wait_ms = 500;
  g_clear_pointer(&ice_servers, json_array_unref);
  ice_servers = json_array_ref(json_object_get_array_member(frame, "iceServers"));
  lease(number_in(object_in(frame, "deadlines"), "authExpiresAt") - number_in(frame, "serverTime"));
  peers_welcome((long long)number_in(object_in(frame, "session"), "epoch"), json_object_get_array_member(frame, "peers"));
  if (is_report_new) session_say(g_strdup_printf("{\"type\":\"report\",\"stop\":%s}", stop_report));
  is_report_new = FALSE;
}

/** Takes a frame of the broker. Types and fields that it does not know are nothing to it. F3 */
static void hear(JsonObject *frame) {
  const char *type = text_in(frame, "type");
  live->asked_at = 0;
  if (type[0] == '\0' && json_object_has_member(frame, "requestId")) {
    if (live->is_welcome) peers_resend(); /* The gateway lost some frame. F10 */
    else soup_websocket_connection_close(live->socket, 1000, NULL);
  } else if (strcmp(type, "welcome") == 0) {
    welcome(frame);
  } else if (strcmp(type, "auth.renewed") == 0) {
    lease(number_in(frame, "expiresAt") - now_ms() - guard.state.broker.ahead_ms);
  } else if (strcmp(type, "problem") == 0 && strcmp(text_in(frame, "code"), "auth.unmoved") == 0) {
    lease(lease_ends - now_ms()); /* L3.3 */
  } else if (g_str_has_prefix(type, "auth.")) {
    lease_at = 0; /* L3.1, K11 */
  } else if (strcmp(type, "bye") == 0) {
    if (strcmp(text_in(object_in(frame, "retry"), "policy"), "never") == 0) g_printerr("%s\n", text_in(frame, "cause")), g_main_loop_quit(loop); /* E3 */
    else soup_websocket_connection_close(live->socket, 1000, NULL);
  } else {
    peers_hear(type, frame);
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
}

static void on_closed(SoupWebsocketConnection *socket, gpointer data) {
  if (live == NULL || live->socket != socket) return;
  g_object_unref(live->socket);
  g_clear_pointer(&live, g_free);
  tether_guard_lost(&guard, now_ms());
  connect_later(0);
}

static void on_connected(GObject *source, GAsyncResult *result, gpointer data) {
  SoupWebsocketConnection *socket = soup_session_websocket_connect_finish(SOUP_SESSION(source), result, NULL);
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

static void buy(GTask *task, gpointer source, gpointer ticket, GCancellable *cancellable) {
  ticket_buy(ticket, instance);
  g_task_return_boolean(task, TRUE);
}

static void on_bought(GObject *source, GAsyncResult *result, gpointer data) {
  struct ticket *ticket = data;
  const gboolean connects = strcmp(ticket->use, "connect") == 0;
  g_autofree char *own = g_strconcat("ticket.", ticket->text, NULL);
  g_autoptr(SoupMessage) message = ticket->text != NULL && connects ? soup_message_new("GET", ticket->url) : NULL;
  if (message != NULL) soup_session_websocket_connect_async(http, message, NULL, (char *[]){"tether.v1", own, NULL}, 0, NULL, on_connected, NULL); /* T1 */
  else if (ticket->is_final) g_printerr("%s\n", ticket->code), g_main_loop_quit(loop); /* E3 */
  else if (connects) connect_later(ticket->retry_after_ms);
  else if (ticket->text != NULL) session_say(g_strdup_printf("{\"type\":\"auth.renew\",\"ticket\":\"%s\"}", ticket->text));
  g_free(ticket->text), g_free(ticket->url), g_free(ticket);
}

/** Buys a ticket on another thread, so that the guard is never kept waiting. */
static gboolean begin_buying(gpointer use) {
  struct ticket *ticket = g_new0(struct ticket, 1);
  g_autoptr(GTask) task = g_task_new(NULL, NULL, on_bought, ticket);
  ticket->use = use;
  g_task_set_task_data(task, ticket, NULL);
  g_task_run_in_thread(task, buy);
  return G_SOURCE_REMOVE;
}

/** Waits are drawn from zero to a bound that doubles. E2, E7 */
static void connect_later(double least_ms) {
  g_timeout_add((guint)(least_ms + g_random_double_range(0, wait_ms)), begin_buying, "connect");
  wait_ms = MIN(wait_ms * 2, 15000);
}

void session_tick(double at) {
  if (live == NULL) return;
  if (live->is_welcome) peers_tick(at);
  if (at >= live->ping_at) session_say(g_strdup("{\"type\":\"ping\"}")), live->ping_at = at + g_random_double_range(216000, 264000); /* E4 */
  if (live->asked_at > 0 && live->hello_at == 0 && at >= live->asked_at + 5000) hello(); /* E10 */
  if (live->hello_at > 0 && at >= live->hello_at + 4000) soup_websocket_connection_close(live->socket, 1000, NULL), live->hello_at = 0;
  if (live->is_welcome && at >= lease_at) lease_at = at + 30000, begin_buying("renew");
}

void session_begin(void) {
  http = soup_session_new();
  instance = random_text();
  peers_begin();
  begin_buying("connect");
}

void session_leave(void) { session_say(g_strdup("{\"type\":\"leave\"}")); }
