#include "client.h"

#include <math.h>
#include <string.h>

enum { doubts_most = 6, minute_ms = 60000, kept_most = 256, data_most = 28 * 1024 };

/** Sends a frame, which it takes. */
static void say(const struct tether_client *client, char *frame) {
  client->clients->hooks.say(client->clients->hooks.context, frame);
}

static void wake(const struct tether_client *client) { client->clients->hooks.wake(client->clients->hooks.context); }

static void post(const struct tether_kept *kept, gpointer data) {
  struct tether_client *client = data;
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

static void acknowledge(struct tether_client *client, bool names_gap) {
  g_autofree char *received = tether_inbound_received(&client->inbound, names_gap);
  say(client, g_strdup_printf("{\"type\":\"ack\",\"to\":\"%s\",\"received\":%s}", client->session, received));
}

void tether_client_take(struct tether_client *client, JsonObject *frame, double at) {
  const struct tether_clients_hooks *hooks = &client->clients->hooks;
  if (client->standing == TETHER_ENDED) return;
  tether_inbound_take(&client->inbound, frame, at);
  for (JsonObject *data; (data = tether_inbound_next(&client->inbound, at)) != NULL; json_object_unref(data))
    hooks->signalled(hooks->context, client->session, data);
}

struct tether_client *tether_client_new(struct tether_clients *clients, const char *session) {
  struct tether_client *client = g_new(struct tether_client, 1);
  *client = (struct tether_client){.clients = clients, .session = g_strdup(session), .instance = g_strdup("")};
  client->doubt_at = INFINITY;
  tether_inbound_begin(&client->inbound);
  return client;
}

void tether_client_free(gpointer data) {
  struct tether_client *client = data;
  tether_outbound_drop(&client->outbound);
  tether_inbound_end(&client->inbound);
  g_free(client->session);
  g_free(client->instance);
  g_free(client);
}

void tether_client_give_up(struct tether_client *client) {
  const struct tether_clients_hooks *hooks = &client->clients->hooks;
  tether_outbound_drop(&client->outbound);
  hooks->gone(hooks->context, client->session);
}

void tether_client_stand(struct tether_client *client, enum tether_standing standing, JsonObject *told, double at, double ahead_ms) {
  const long long epoch = tether_whole_in(told, "epoch");
  const char *instance = tether_text_in(told, "instance");
  if (client == NULL || epoch < client->epoch || (epoch == client->epoch && standing < client->standing)) return; /* P8 */
  const bool is_another = instance[0] != '\0' && client->instance[0] != '\0' && strcmp(instance, client->instance) != 0;
  const bool has_ended = standing == TETHER_ENDED && client->standing != TETHER_ENDED;
  const bool is_new = epoch > client->epoch || standing != client->standing;
  client->epoch = epoch;
  client->standing = standing;
  client->doubts = 0;
  client->is_doubted = false;
  client->doubt_at = standing == TETHER_AWAY ? tether_number_in(told, "backBy") - ahead_ms + minute_ms : INFINITY;
  if (is_another || has_ended) tether_client_give_up(client);
  if (instance[0] != '\0') {
    g_free(client->instance);
    client->instance = g_strdup(instance);
  }
  if (standing == TETHER_ONLINE && is_new) tether_outbound_resend(&client->outbound, at); /* S6 */
}

void tether_client_undelivered(struct tether_client *client, JsonObject *frame, double at) {
  const char *reason = tether_text_in(frame, "reason");
  const long long seq = tether_whole_in(frame, "seq");
  if (tether_whole_in(frame, "stream") != client->outbound.stream) return;
  if (strcmp(reason, "busy") == 0) tether_outbound_postpone(&client->outbound, seq, at);
  if (strcmp(reason, "ended") == 0) tether_outbound_drop(&client->outbound);
}

void tether_client_doubt(struct tether_client *client) {
  if (client->standing != TETHER_AWAY || client->is_doubted) return;
  client->is_doubted = true;
  wake(client);
}

const char *tether_client_signal(struct tether_client *client, const char *data, double at) {
  if (client->standing == TETHER_ENDED) return "signal.target";
  if (strlen(data) > data_most) return "frame.too-large"; /* S11 */
  if (client->outbound.kept.length >= kept_most) return "signal.backlog"; /* S5.1 */
  post(tether_outbound_push(&client->outbound, client->clients->own_epoch + client->epoch, data, at), client);
  return NULL;
}

void tether_client_due(struct tether_client *client, double at) {
  bool names_gap;
  if (tether_inbound_is_due(&client->inbound, at, &names_gap)) acknowledge(client, names_gap);
  if (at >= client->doubt_at) {
    client->doubts += 1;
    client->doubt_at = client->doubts < doubts_most ? at + ldexp(minute_ms, client->doubts) : INFINITY;
    wake(client);
  }
  if (client->standing == TETHER_ONLINE && tether_outbound_due(&client->outbound, at, post, client)) wake(client);
}
