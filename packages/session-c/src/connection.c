#include "connection.h"

#include <math.h>

/** A test, which has no time, may have pings sent more often. */
#ifndef TETHER_PING_S
#define TETHER_PING_S 20
#endif

enum { welcome_ms = 4000, answer_ms = 5000, keepalive_ms = 528000 };

/** Of a socket that sends WebSocket pings. E4 */
static double keepalive_after(double at) { return at + keepalive_ms * g_random_double_range(0.98, 1.02); }

static void on_message(SoupWebsocketConnection *socket, int type, GBytes *bytes, gpointer data) {
  struct tether_connection *connection = data;
  gsize length;
  const char *text = g_bytes_get_data(bytes, &length);
  connection->silence.is_heard = true;
  if (type == SOUP_WEBSOCKET_DATA_TEXT) connection->hear(connection, text, length, connection->data);
}

static void on_pong(SoupWebsocketConnection *socket, GBytes *bytes, gpointer data) {
  struct tether_connection *connection = data;
  connection->silence.is_heard = true;
}

static void on_closed(SoupWebsocketConnection *socket, gpointer data) {
  struct tether_connection *connection = data;
  connection->closed(connection, connection->data);
}

struct tether_connection *tether_connection_new(SoupWebsocketConnection *socket, gpointer data,
                                                void (*hear)(struct tether_connection *, const char *, gsize, gpointer),
                                                void (*closed)(struct tether_connection *, gpointer), double at) {
  struct tether_connection *connection = g_new0(struct tether_connection, 1);
  *connection = (struct tether_connection){.socket = socket, .hear = hear, .closed = closed, .data = data};
  connection->welcome_by = connection->answer_by = INFINITY;
  connection->keepalive_at = keepalive_after(at);
  connection->silence.is_heard = true;
  soup_websocket_connection_set_keepalive_interval(socket, TETHER_PING_S);
  g_signal_connect(socket, "message", G_CALLBACK(on_message), connection);
  g_signal_connect(socket, "pong", G_CALLBACK(on_pong), connection);
  g_signal_connect(socket, "closed", G_CALLBACK(on_closed), connection);
  return connection;
}

void tether_connection_close(struct tether_connection *connection) {
  if (soup_websocket_connection_get_state(connection->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close(connection->socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
}

void tether_connection_release(struct tether_connection *connection) {
  if (connection == NULL) return;
  g_signal_handlers_disconnect_by_data(connection->socket, connection);
  tether_connection_close(connection);
  g_object_unref(connection->socket);
  g_free(connection);
}

void tether_connection_say(struct tether_connection *connection, const char *frame, bool is_asking, double at) {
  if (soup_websocket_connection_get_state(connection->socket) != SOUP_WEBSOCKET_STATE_OPEN) return;
  soup_websocket_connection_send_text(connection->socket, frame);
  if (is_asking && isinf(connection->answer_by)) connection->answer_by = at + answer_ms;
}

void tether_connection_hello(struct tether_connection *connection, const char *hello, double at) {
  connection->answer_by = INFINITY;
  if (connection->is_welcome) connection->welcome_by = MIN(connection->welcome_by, at + welcome_ms);
  tether_connection_say(connection, hello, false, at);
}

void tether_connection_heard(struct tether_connection *connection) { connection->answer_by = INFINITY; }

void tether_connection_welcomed(struct tether_connection *connection, double at) {
  if (!connection->is_welcome) connection->welcomed_at = at;
  connection->is_welcome = true;
  connection->welcome_by = INFINITY;
}

double tether_connection_life(const struct tether_connection *connection, double at) {
  return connection->is_welcome ? at - connection->welcomed_at : -1;
}

bool tether_connection_settles(struct tether_connection *connection, double at) {
  if (connection->has_settled || tether_connection_life(connection, at) < tether_settled_ms) return false;
  return connection->has_settled = true;
}

bool tether_connection_due(struct tether_connection *connection, double at) {
  if (at >= connection->welcome_by) {
    connection->welcome_by = INFINITY;
    tether_connection_close(connection);
  }
  if (tether_silence_is_over(&connection->silence, at)) tether_connection_close(connection);
  if (at >= connection->keepalive_at) {
    connection->keepalive_at = keepalive_after(at);
    tether_connection_say(connection, "{\"type\":\"ping\"}", false, at);
  }
  return at >= connection->answer_by;
}
