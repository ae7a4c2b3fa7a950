#include "state.h"

#include "key.h"
#include "ticket.h"

#include <math.h>

enum { tick_ms = 20 };

double tether_session_now(void) { return (double)g_get_monotonic_time() / 1000; }

bool tether_session_is_over(const struct tether_session *session) { return g_cancellable_is_cancelled(session->over); }

static void give_up(struct tether_session *session) {
  g_cancellable_cancel(session->over);
  g_cancellable_cancel(session->opening);
}

void tether_session_end(struct tether_session *session, const char *why) {
  if (tether_session_is_over(session)) return;
  give_up(session);
  for (gsize at = 0; at < 3; at += 1) {
    struct tether_connection *connection = (struct tether_connection *[]){session->next, session->live, session->last}[at];
    if (connection != NULL) tether_connection_close(connection);
  }
  session->hooks.ended(session->hooks.context, why);
}

static void clear(gpointer data) {
  struct tether_session *session = data;
  tether_clients_free(session->clients);
  g_clear_pointer(&session->ice_servers, json_array_unref);
  tether_identity_free(session->identity);
  g_object_unref(session->http);
  g_object_unref(session->over);
  g_free(session->instance);
  g_free(session->tracks);
  g_free(session->report);
}

void tether_session_release(struct tether_session *session) { g_atomic_rc_box_release_full(session, clear); }

static bool must_connect(struct tether_session *session, double at) {
  if (session->next != NULL) return false;
  if (session->live == NULL) return at >= session->connect_at;
  if (at < session->must_hand_over_at) return at >= MAX(session->hand_over_at, session->connect_at);
  session->must_hand_over_at = INFINITY;
  return true;
}

static gboolean tick(gpointer data) {
  struct tether_session *session = data;
  const double at = tether_session_now();
  if (tether_session_is_over(session)) return G_SOURCE_CONTINUE;
  tether_clients_due(session->clients, at);
  if (session->live != NULL && tether_connection_settles(session->live, at)) session->pacing.failures = 0; /* E2.2 */
  if (session->next != NULL) tether_connection_due(session->next, at);
  if (session->live != NULL && tether_connection_due(session->live, at)) tether_session_hello(session, session->live);
  if (session->last != NULL && at >= session->last_until) tether_connection_release(g_steal_pointer(&session->last));
  if (session->opening != NULL && at >= session->open_by) g_cancellable_cancel(session->opening);
  if (session->is_buying) return G_SOURCE_CONTINUE;
  if (must_connect(session, at)) tether_session_buy(session, "connect");
  else if (session->live != NULL && at >= session->lease_at) {
    session->lease_at = at + lease_least_ms;
    tether_session_buy(session, "renew");
  }
  return G_SOURCE_CONTINUE;
}

static void on_client_frame(void *context, char *frame) {
  tether_session_say(context, frame, g_str_has_prefix(frame, "{\"type\":\"signal\""));
  g_free(frame);
}

static void on_signalled(void *context, const char *client, JsonObject *data) {
  struct tether_session *session = context;
  session->hooks.signalled(session->hooks.context, client, data);
}

static void on_gone(void *context, const char *client) {
  struct tether_session *session = context;
  session->hooks.gone(session->hooks.context, client);
}

static void on_wake(void *context) { tether_session_wake(context); }

struct tether_session *tether_session_new(const struct tether_session_hooks *hooks, struct tether_identity *identity, const char *tracks) {
  struct tether_session *session = g_atomic_rc_box_new0(struct tether_session);
  session->hooks = *hooks;
  session->identity = tether_identity_keep(identity);
  session->http = soup_session_new();
  session->over = g_cancellable_new();
  session->instance = tether_random_text();
  session->tracks = g_strdup(tracks);
  session->clients = tether_clients_new(&(struct tether_clients_hooks){session, on_client_frame, on_signalled, on_gone, on_wake});
  session->ticker = g_timeout_add(tick_ms, tick, session);
  return session;
}

void tether_session_free(struct tether_session *session) {
  if (session == NULL) return;
  give_up(session);
  g_source_remove(session->ticker);
  tether_connection_release(g_steal_pointer(&session->next));
  tether_connection_release(g_steal_pointer(&session->live));
  tether_connection_release(g_steal_pointer(&session->last));
  tether_session_release(session);
}

const char *tether_session_signal(struct tether_session *session, const char *client, const char *data) {
  return tether_clients_signal(session->clients, client, data, tether_session_now());
}

void tether_session_report(struct tether_session *session, const char *stop) {
  g_free(session->report);
  session->report = g_strdup(stop);
  session->is_report_new = true;
  tether_session_say_report(session);
}

void tether_session_wake(struct tether_session *session) {
  if (session->live != NULL && session->live->is_welcome && isinf(session->live->welcome_by)) tether_session_hello(session, session->live);
}

void tether_session_leave(struct tether_session *session) { tether_session_say(session, "{\"type\":\"leave\"}", false); }

JsonArray *tether_session_ice_servers(const struct tether_session *session) { return session->ice_servers; }
