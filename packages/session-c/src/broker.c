#include "state.h"

#include <string.h>

enum { overlap_ms = 10000, hour_ms = 3600000, patience_ms = 10000 };

void tether_session_say(struct tether_session *session, const char *frame, bool is_asking) {
  if (session->live != NULL && session->live->is_welcome) tether_connection_say(session->live, frame, is_asking, tether_session_now());
}

void tether_session_hello(struct tether_session *session, struct tether_connection *connection) {
  g_autofree char *received = tether_clients_received(session->clients);
  g_autofree char *tracks = session->tracks != NULL ? g_strconcat(",\"tracks\":", session->tracks, NULL) : g_strdup("");
  g_autofree char *frame =
      g_strdup_printf("{\"type\":\"hello\",\"protocol\":1,\"features\":[\"keepalive\"],\"received\":%s,\"instance\":\"%s\"%s}",
                      received, session->instance, tracks);
  tether_connection_hello(connection, frame, tether_session_now());
}

void tether_session_say_report(struct tether_session *session) {
  g_autofree char *frame = g_strdup_printf("{\"type\":\"report\",\"stop\":%s}", session->report);
  tether_session_say(session, frame, false);
}

double tether_session_patience(const struct tether_session *session) { return patience_ms * MIN(3, 1 + session->pacing.failures / 2); }

static void connect_after(struct tether_session *session, double least_ms, double bound_ms) {
  session->connect_at = tether_session_now() + least_ms + (bound_ms > 0 ? g_random_double_range(0, bound_ms) : 0);
}

void tether_session_connect_later(struct tether_session *session, double least_ms) {
  connect_after(session, least_ms, tether_pacing_bound(&session->pacing, -1, (struct tether_retry){.is_now = false}));
}

/** A lease is renewed after 75 % ± 5 % of what is left of it. L3.1 */
static void note_lease(struct tether_session *session, double until) {
  session->lease_ends_at = until;
  const double left_ms = until - session->ahead_ms - tether_session_now();
  session->lease_at = tether_session_now() + MAX(lease_least_ms, left_ms * g_random_double_range(0.7, 0.8));
}

/** A connection is handed over 106 to 112 min into its two hours, or at the same share of a shorter life. E8 */
static void note_end(struct tether_session *session, double until) {
  const double life_ms = MIN(until - session->ahead_ms - tether_session_now(), 2 * hour_ms);
  session->hand_over_at = tether_session_now() + life_ms * g_random_double_range(106, 112) / 120;
  session->must_hand_over_at = tether_session_now() + life_ms * 115 / 120;
}

static void promote(struct tether_session *session, struct tether_connection *connection) {
  if (connection != session->next) return;
  tether_connection_release(session->last);
  session->last = session->live;
  session->last_until = tether_session_now() + overlap_ms;
  session->live = g_steal_pointer(&session->next);
}

static void welcome(struct tether_session *session, struct tether_connection *connection, JsonObject *frame) {
  JsonObject *deadlines = tether_object_in(frame, "deadlines");
  JsonArray *ice_servers = tether_array_in(frame, "iceServers");
  const bool is_first = !connection->is_welcome;
  tether_connection_welcomed(connection, tether_session_now());
  promote(session, connection);
  /* A time that it was told to wait for is over once it is let in. */
  session->connect_at = 0;
  session->ahead_ms = tether_number_in(frame, "serverTime") - tether_session_now();
  note_lease(session, tether_number_in(deadlines, "authExpiresAt"));
  if (is_first) note_end(session, tether_number_in(deadlines, "connectionEndsAt"));
  g_clear_pointer(&session->ice_servers, json_array_unref);
  if (ice_servers != NULL) session->ice_servers = json_array_ref(ice_servers);
  if (session->is_report_new && session->report != NULL) {
    session->is_report_new = false;
    tether_session_say_report(session);
  }
}

/** A connection that was told to go is closed; `retry` says whether there is to be another. F5 */
static void bye(struct tether_session *session, struct tether_connection *connection, JsonObject *frame) {
  JsonObject *retry = tether_object_in(frame, "retry");
  const char *cause = tether_text_in(frame, "cause");
  /* The connection that is being made may have taken over from this one. H6.1 */
  const bool is_own = connection == session->live && session->next != NULL && strcmp(cause, "superseded") == 0;
  const bool is_former = connection == session->last;
  if (!is_former && !is_own && strcmp(tether_text_in(retry, "policy"), "never") == 0) tether_session_end(session, cause);
  connection->retry = tether_retry_of(retry); /* F5.1 */
  tether_connection_close(connection);
}

/** Of the problems on a socket this one alone is final. E3.1 */
static bool is_unsupported(JsonObject *frame) { return strcmp(tether_text_in(frame, "code"), "protocol.unsupported") == 0; }

/** The gateway lost some frame of this connection, and does not say which. F10 */
static void repeat(struct tether_session *session, struct tether_connection *connection) {
  if (connection->is_welcome) tether_clients_repeat(session->clients, tether_session_now());
  else tether_connection_close(connection);
}

/** Types and fields that it does not know are nothing to it. F3 */
static void act(struct tether_session *session, struct tether_connection *connection, JsonObject *frame) {
  const char *type = tether_text_in(frame, "type");
  if (type[0] == '\0' && json_object_has_member(frame, "requestId")) repeat(session, connection);
  else if (strcmp(type, "bye") == 0) bye(session, connection, frame);
  else if (strcmp(type, "problem") == 0 && is_unsupported(frame)) tether_session_end(session, "protocol.unsupported");
  else if (strcmp(type, "auth.renewed") == 0) note_lease(session, tether_number_in(frame, "expiresAt"));
  else if (strcmp(tether_text_in(frame, "code"), "auth.unmoved") == 0) note_lease(session, session->lease_ends_at); /* L3.3 */
  else if (g_str_has_prefix(type, "auth.")) session->lease_at = 0; /* L3.1, K11 */
  else {
    if (strcmp(type, "welcome") == 0) welcome(session, connection, frame);
    tether_clients_hear(session->clients, frame, tether_session_now(), session->ahead_ms);
  }
}

void tether_session_on_frame(struct tether_connection *connection, const char *text, gsize length, gpointer data) {
  struct tether_session *session = data;
  if (tether_session_is_over(session)) return;
  tether_connection_heard(connection);
  session->hooks.frame(session->hooks.context, text, length);
  g_autoptr(JsonObject) frame = tether_object_of(text, (gssize)length);
  if (frame != NULL) act(session, connection, frame);
}

void tether_session_on_closed(struct tether_connection *connection, gpointer data) {
  struct tether_session *session = data;
  const bool was_live = connection == session->live, was_next = connection == session->next;
  const double at = tether_session_now(), lived_ms = tether_connection_life(connection, at);
  const struct tether_retry retry = connection->retry;
  if (was_live) session->live = NULL;
  else if (was_next) session->next = NULL;
  else session->last = NULL;
  tether_connection_release(connection);
  if (was_live) tether_clients_lost(session->clients);
  if (tether_session_is_over(session)) return;
  if (was_live || was_next)
    connect_after(session, MAX(session->connect_at - at, 0), tether_pacing_bound(&session->pacing, lived_ms, retry));
  if (was_live) session->hooks.lost(session->hooks.context);
}
