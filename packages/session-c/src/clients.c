#include "clients.h"

#include "inbound.h"
#include "outbound.h"

#include <math.h>
#include <string.h>

enum { doubts_most = 6, minute_ms = 60000 };

/** How a client stands, in the order in which that comes within an epoch. P8 */
enum standing { ONLINE, AWAY, ENDED };

struct client {
  struct tether_clients *clients;
  char *session, *instance;
  enum standing standing;
  long long epoch;
  struct tether_outbound outbound;
  struct tether_inbound inbound;
  /** The client is taken for away, which may be wrong. */
  int doubts;
  bool is_doubted;
  double doubt_at;
};

struct tether_clients {
  struct tether_clients_hooks hooks;
  GHashTable *all;
  long long own_epoch;
  bool is_welcome;
};

/** Sends a frame, which it takes. */
static void say(const struct client *client, char *frame) {
  client->clients->hooks.say(client->clients->hooks.context, frame);
}

static void wake(const struct client *client) { client->clients->hooks.wake(client->clients->hooks.context); }

static void post(const struct tether_kept *kept, gpointer data) {
  struct client *client = data;
  if (!client->clients->is_welcome) return;
  g_autoptr(GString) frame = g_string_new(NULL);
  g_string_printf(frame, "{\"type\":\"signal\",\"to\":\"%s\",\"stream\":%lld,\"seq\":%lld", client->session, kept->stream,
                  kept->seq);
  if (client->inbound.stream > 0) {
    g_autofree char *received = tether_inbound_received(&client->inbound, false);
    g_string_append_printf(frame, ",\"received\":%s", received);
  }
  g_string_append_printf(frame, ",\"data\":%s}", kept->data);
  say(client, g_strdup(frame->str));
}

static void acknowledge(struct client *client, bool names_gap) {
  g_autofree char *received = tether_inbound_received(&client->inbound, names_gap);
  say(client, g_strdup_printf("{\"type\":\"ack\",\"to\":\"%s\",\"received\":%s}", client->session, received));
}

static void take(struct client *client, JsonObject *frame, double at) {
  const struct tether_clients_hooks *hooks = &client->clients->hooks;
  if (client->standing == ENDED) return;
  tether_inbound_take(&client->inbound, frame, at);
  for (JsonObject *data; (data = tether_inbound_next(&client->inbound, at)) != NULL; json_object_unref(data))
    hooks->signalled(hooks->context, client->session, data);
}

static void free_client(gpointer data) {
  struct client *client = data;
  tether_outbound_drop(&client->outbound);
  tether_inbound_end(&client->inbound);
  g_free(client->session);
  g_free(client->instance);
  g_free(client);
}

static struct client *client_of(struct tether_clients *clients, const char *session) {
  struct client *client = g_hash_table_lookup(clients->all, session);
  if (client != NULL || session[0] == '\0') return client;
  client = g_new(struct client, 1);
  *client = (struct client){.clients = clients, .session = g_strdup(session), .instance = g_strdup("")};
  client->doubt_at = INFINITY;
  tether_inbound_begin(&client->inbound);
  g_hash_table_insert(clients->all, client->session, client);
  return client;
}

/** Another instance has lost its peer connection, and knows nothing of what was sent to it. S7, W5.1 */
static void give_up(struct client *client) {
  const struct tether_clients_hooks *hooks = &client->clients->hooks;
  tether_outbound_drop(&client->outbound);
  hooks->gone(hooks->context, client->session);
}

/** The broker said how a client stands. */
static void stand(struct client *client, enum standing standing, JsonObject *told, double at, double ahead_ms) {
  const long long epoch = (long long)tether_number_in(told, "epoch");
  const char *instance = tether_text_in(told, "instance");
  if (client == NULL || epoch < client->epoch || (epoch == client->epoch && standing < client->standing)) return; /* P8 */
  const bool is_another = instance[0] != '\0' && client->instance[0] != '\0' && strcmp(instance, client->instance) != 0;
  const bool has_ended = standing == ENDED && client->standing != ENDED;
  const bool is_new = epoch > client->epoch || standing != client->standing;
  client->epoch = epoch;
  client->standing = standing;
  client->doubts = 0;
  client->is_doubted = false;
  client->doubt_at = standing == AWAY ? tether_number_in(told, "backBy") - ahead_ms + minute_ms : INFINITY;
  if (is_another || has_ended) give_up(client);
  if (instance[0] != '\0') {
    g_free(client->instance);
    client->instance = g_strdup(instance);
  }
  if (standing == ONLINE && is_new) tether_outbound_resend(&client->outbound, at); /* S6 */
}

static void come_online(struct tether_clients *clients, JsonObject *told, double at, double ahead_ms) {
  const bool is_away = strcmp(tether_text_in(told, "state"), "online") != 0;
  stand(client_of(clients, tether_text_in(told, "session")), is_away ? AWAY : ONLINE, told, at, ahead_ms);
}

/** A client that it does not name has ended. */
static void welcome(struct tether_clients *clients, JsonObject *frame, double at, double ahead_ms) {
  g_autoptr(GHashTable) there = g_hash_table_new(g_str_hash, g_str_equal);
  JsonArray *peers = tether_array_in(frame, "peers");
  GHashTableIter every;
  struct client *client;
  const bool is_back = !clients->is_welcome;
  clients->own_epoch = (long long)tether_number_in(tether_object_in(frame, "session"), "epoch");
  clients->is_welcome = true;
  for (guint index = 0; index < tether_count_of(peers); index += 1) {
    g_hash_table_add(there, (gpointer)tether_text_in(tether_object_at(peers, index), "session"));
    come_online(clients, tether_object_at(peers, index), at, ahead_ms);
  }
  g_hash_table_iter_init(&every, clients->all);
  while (g_hash_table_iter_next(&every, NULL, (gpointer *)&client)) {
    if (is_back) tether_outbound_resend(&client->outbound, at); /* S8 */
    if (g_hash_table_contains(there, client->session)) continue;
    if (client->standing != ENDED) give_up(client);
    g_hash_table_iter_remove(&every);
  }
}

void tether_clients_repeat(struct tether_clients *clients, double at) {
  GHashTableIter every;
  struct client *client;
  g_hash_table_iter_init(&every, clients->all);
  while (g_hash_table_iter_next(&every, NULL, (gpointer *)&client)) tether_outbound_postpone(&client->outbound, 0, at);
}

static void undelivered(struct client *client, JsonObject *frame, double at) {
  const char *reason = tether_text_in(frame, "reason");
  const long long seq = (long long)tether_number_in(frame, "seq");
  if (client == NULL || (long long)tether_number_in(frame, "stream") != client->outbound.stream) return;
  if (strcmp(reason, "busy") == 0) tether_outbound_postpone(&client->outbound, seq, at);
  if (strcmp(reason, "ended") == 0) tether_outbound_drop(&client->outbound);
}

/** A client that is taken for away but speaks is online after all. S15 */
static void heard_from(struct client *client) {
  if (client->standing != AWAY || client->is_doubted) return;
  client->is_doubted = true;
  wake(client);
}

void tether_clients_hear(struct tether_clients *clients, JsonObject *frame, double at, double ahead_ms) {
  const char *type = tether_text_in(frame, "type");
  struct client *named = g_hash_table_lookup(clients->all, tether_text_in(frame, "session"));
  struct client *from = g_hash_table_lookup(clients->all, tether_text_in(frame, "from"));
  if (strcmp(type, "welcome") == 0) welcome(clients, frame, at, ahead_ms);
  else if (strcmp(type, "peer.online") == 0) {
    JsonObject *peer = tether_object_in(frame, "peer");
    struct client *client = client_of(clients, tether_text_in(peer, "session"));
    if (client != NULL) tether_outbound_acknowledge(&client->outbound, tether_object_in(frame, "received"), at);
    come_online(clients, peer, at, ahead_ms);
  } else if (strcmp(type, "peer.away") == 0) stand(named, AWAY, frame, at, ahead_ms);
  else if (strcmp(type, "peer.ended") == 0) stand(named, ENDED, frame, at, ahead_ms);
  else if (from != NULL && (strcmp(type, "signal") == 0 || strcmp(type, "ack") == 0)) {
    heard_from(from);
    tether_outbound_acknowledge(&from->outbound, tether_object_in(frame, "received"), at);
    if (strcmp(type, "signal") == 0) take(from, frame, at);
  } else if (strcmp(type, "undelivered") == 0) {
    undelivered(g_hash_table_lookup(clients->all, tether_text_in(frame, "to")), frame, at);
  } else if (strcmp(type, "problem") == 0 && strcmp(tether_text_in(frame, "code"), "signal.target") != 0) {
    tether_clients_repeat(clients, at);
  }
}

void tether_clients_lost(struct tether_clients *clients) { clients->is_welcome = false; }

void tether_clients_signal(struct tether_clients *clients, const char *session, const char *data, double at) {
  struct client *client = g_hash_table_lookup(clients->all, session);
  if (client == NULL || client->standing == ENDED) return;
  post(tether_outbound_push(&client->outbound, clients->own_epoch + client->epoch, data, at), client);
}

static void due(struct client *client, double at) {
  bool names_gap;
  if (tether_inbound_is_due(&client->inbound, at, &names_gap)) acknowledge(client, names_gap);
  if (at >= client->doubt_at) {
    client->doubts += 1;
    client->doubt_at = client->doubts < doubts_most ? at + ldexp(minute_ms, client->doubts) : INFINITY;
    wake(client);
  }
  if (client->standing == ONLINE && tether_outbound_due(&client->outbound, at, post, client)) wake(client);
}

void tether_clients_due(struct tether_clients *clients, double at) {
  GHashTableIter every;
  struct client *client;
  if (!clients->is_welcome) return;
  g_hash_table_iter_init(&every, clients->all);
  while (g_hash_table_iter_next(&every, NULL, (gpointer *)&client)) due(client, at);
}

char *tether_clients_received(struct tether_clients *clients) {
  g_autoptr(GString) all = g_string_new("{");
  GHashTableIter every;
  struct client *client;
  g_hash_table_iter_init(&every, clients->all);
  while (g_hash_table_iter_next(&every, NULL, (gpointer *)&client)) {
    if (client->inbound.stream == 0) continue;
    g_autofree char *received = tether_inbound_received(&client->inbound, false);
    g_string_append_printf(all, "%s\"%s\":%s", all->len > 1 ? "," : "", client->session, received);
  }
  return g_strdup(g_string_append_c(all, '}')->str);
}

struct tether_clients *tether_clients_new(const struct tether_clients_hooks *hooks) {
  struct tether_clients *clients = g_new0(struct tether_clients, 1);
  clients->hooks = *hooks;
  clients->all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_client);
  return clients;
}

void tether_clients_free(struct tether_clients *clients) {
  g_hash_table_unref(clients->all);
  g_free(clients);
}
