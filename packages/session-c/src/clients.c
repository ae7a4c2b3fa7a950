#include "clients.h"

#include "client.h"

#include <string.h>

static struct tether_client *client_of(struct tether_clients *clients, const char *session) {
  struct tether_client *client = g_hash_table_lookup(clients->all, session);
  if (client != NULL || session[0] == '\0') return client;
  client = tether_client_new(clients, session);
  g_hash_table_insert(clients->all, client->session, client);
  return client;
}

static void come_online(struct tether_clients *clients, JsonObject *told, double at, double ahead_ms) {
  const bool is_away = strcmp(tether_text_in(told, "state"), "online") != 0;
  const enum tether_standing standing = is_away ? TETHER_AWAY : TETHER_ONLINE;
  tether_client_stand(client_of(clients, tether_text_in(told, "session")), standing, told, at, ahead_ms);
}

/** To its clients a robot with another session is another one: its epochs and its streams begin anew. T8, S3.1 */
static void begin_session(struct tether_clients *clients, const char *own) {
  const bool is_first = clients->own[0] == '\0';
  GHashTableIter every;
  struct tether_client *client;
  if (strcmp(own, clients->own) == 0) return;
  g_free(clients->own);
  clients->own = g_strdup(own);
  g_hash_table_iter_init(&every, clients->all);
  while (!is_first && g_hash_table_iter_next(&every, NULL, (gpointer *)&client)) {
    tether_outbound_drop(&client->outbound);
    tether_inbound_end(&client->inbound);
    tether_inbound_begin(&client->inbound);
  }
}

/** A client that it does not name has ended, unless it came since. */
static void welcome(struct tether_clients *clients, JsonObject *frame, double at, double ahead_ms) {
  g_autoptr(GHashTable) there = g_hash_table_new(g_str_hash, g_str_equal);
  JsonObject *own = tether_object_in(frame, "session");
  JsonArray *peers = tether_array_in(frame, "peers");
  GHashTableIter every;
  struct tether_client *client;
  const bool is_back = !clients->is_welcome;
  begin_session(clients, tether_text_in(own, "id"));
  clients->own_epoch = tether_whole_in(own, "epoch");
  clients->is_welcome = true;
  for (guint index = 0; index < tether_count_of(peers); index += 1) {
    g_hash_table_add(there, (gpointer)tether_text_in(tether_object_at(peers, index), "session"));
    come_online(clients, tether_object_at(peers, index), at, ahead_ms);
  }
  g_hash_table_iter_init(&every, clients->all);
  while (g_hash_table_iter_next(&every, NULL, (gpointer *)&client)) {
    const bool has_ended = client->standing == TETHER_ENDED;
    if (is_back) tether_outbound_resend(&client->outbound, at); /* S8 */
    if (g_hash_table_contains(there, client->session) || (client->is_announced && !has_ended)) continue;
    if (!has_ended) tether_client_give_up(client);
    g_hash_table_iter_remove(&every);
  }
}

void tether_clients_repeat(struct tether_clients *clients, double at) {
  GHashTableIter every;
  struct tether_client *client;
  g_hash_table_iter_init(&every, clients->all);
  while (g_hash_table_iter_next(&every, NULL, (gpointer *)&client)) tether_outbound_postpone(&client->outbound, 0, at);
}

static void announce(struct tether_clients *clients, JsonObject *frame, double at, double ahead_ms) {
  JsonObject *peer = tether_object_in(frame, "peer");
  struct tether_client *client = client_of(clients, tether_text_in(peer, "session"));
  if (client == NULL) return;
  client->is_announced = true;
  tether_outbound_acknowledge(&client->outbound, tether_object_in(frame, "received"), at);
  come_online(clients, peer, at, ahead_ms);
}

void tether_clients_hear(struct tether_clients *clients, JsonObject *frame, double at, double ahead_ms) {
  const char *type = tether_text_in(frame, "type");
  struct tether_client *named = g_hash_table_lookup(clients->all, tether_text_in(frame, "session"));
  struct tether_client *from = g_hash_table_lookup(clients->all, tether_text_in(frame, "from"));
  struct tether_client *to = g_hash_table_lookup(clients->all, tether_text_in(frame, "to"));
  if (strcmp(type, "welcome") == 0) welcome(clients, frame, at, ahead_ms);
  else if (strcmp(type, "peer.online") == 0) announce(clients, frame, at, ahead_ms);
  else if (strcmp(type, "peer.away") == 0) tether_client_stand(named, TETHER_AWAY, frame, at, ahead_ms);
  else if (strcmp(type, "peer.ended") == 0) tether_client_stand(named, TETHER_ENDED, frame, at, ahead_ms);
  else if (from != NULL && (strcmp(type, "signal") == 0 || strcmp(type, "ack") == 0)) {
    tether_client_doubt(from);
    tether_outbound_acknowledge(&from->outbound, tether_object_in(frame, "received"), at);
    if (strcmp(type, "signal") == 0) tether_client_take(from, frame, at);
  } else if (to != NULL && strcmp(type, "undelivered") == 0) tether_client_undelivered(to, frame, at);
  else if (strcmp(type, "problem") == 0 && strcmp(tether_text_in(frame, "code"), "signal.target") != 0)
    tether_clients_repeat(clients, at);
}

void tether_clients_lost(struct tether_clients *clients) { clients->is_welcome = false; }

const char *tether_clients_signal(struct tether_clients *clients, const char *session, const char *data, double at) {
  struct tether_client *client = g_hash_table_lookup(clients->all, session);
  return client != NULL ? tether_client_signal(client, data, at) : "signal.target";
}

void tether_clients_due(struct tether_clients *clients, double at) {
  GHashTableIter every;
  struct tether_client *client;
  if (!clients->is_welcome) return;
  g_hash_table_iter_init(&every, clients->all);
  while (g_hash_table_iter_next(&every, NULL, (gpointer *)&client)) tether_client_due(client, at);
}

char *tether_clients_received(struct tether_clients *clients) {
  g_autoptr(GString) all = g_string_new("{");
  GHashTableIter every;
  struct tether_client *client;
  g_hash_table_iter_init(&every, clients->all);
  while (g_hash_table_iter_next(&every, NULL, (gpointer *)&client)) {
    client->is_announced = false;
    if (client->inbound.stream == 0) continue;
    g_autofree char *received = tether_inbound_received(&client->inbound, false);
    g_string_append_printf(all, "%s\"%s\":%s", all->len > 1 ? "," : "", client->session, received);
  }
  return g_strdup(g_string_append_c(all, '}')->str);
}

struct tether_clients *tether_clients_new(const struct tether_clients_hooks *hooks) {
  struct tether_clients *clients = g_new0(struct tether_clients, 1);
  clients->hooks = *hooks;
  clients->own = g_strdup("");
  clients->all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, tether_client_free);
  return clients;
}

void tether_clients_free(struct tether_clients *clients) {
  g_hash_table_unref(clients->all);
  g_free(clients->own);
  g_free(clients);
}
