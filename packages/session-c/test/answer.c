/* Lets a test call what has no clock and no socket: a JSON line is a call, and answered with a line for each hook and an empty one. */

#include "../src/clients.h"
#include "../src/key.h"
#include "../src/pacing.h"
#include "../src/silence.h"

#include <stdio.h>
#include <string.h>

static struct tether_clients *clients;
static struct tether_silence silence = {.is_heard = true};

static void tell(const char *hook, const char *name, const char *value) {
  printf("{\"hook\":\"%s\",\"%s\":%s}\n", hook, name, value);
}

static void tell_text(const char *hook, const char *name, const char *value) {
  g_autofree char *quoted = value != NULL ? tether_quoted(value) : g_strdup("null");
  tell(hook, name, quoted);
}

static void say(void *context, char *frame) {
  tell("say", "frame", frame);
  g_free(frame);
}

static void signalled(void *context, const char *client, JsonObject *data) {
  g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), data);
  g_autofree char *text = json_to_string(node, FALSE);
  tell("signalled", "data", text);
}

static void gone(void *context, const char *client) { tell_text("gone", "client", client); }
static void wake(void *context) { tell("wake", "is", "true"); }

static void begin(void) {
  if (clients != NULL) tether_clients_free(clients);
  clients = tether_clients_new(&(struct tether_clients_hooks){NULL, say, signalled, gone, wake});
}

static void sign(JsonObject *call) {
  EVP_PKEY *key = tether_key_of_seed(tether_text_in(call, "seed"));
  g_autofree char *jwk = tether_key_jwk(key), *kid = tether_key_id(key), *seed = tether_key_seed(key);
  g_autofree char *jws = tether_key_sign(key, tether_text_in(call, "header"), tether_text_in(call, "claims"));
  tell("signed", "jwk", jwk);
  tell_text("signed", "kid", kid);
  tell_text("signed", "seed", seed);
  tell_text("signed", "jws", jws);
  EVP_PKEY_free(key);
}

static void verify(JsonObject *call) {
  gsize key_length, length;
  g_autofree guchar *key = g_base64_decode(tether_text_in(call, "key"), &key_length);
  g_autofree guchar *signature = g_base64_decode(tether_text_in(call, "signature"), &length);
  const char *text = tether_text_in(call, "text");
  tell("verified", "holds", tether_key_verify(key, text, strlen(text), signature) ? "true" : "false");
}

static void signal_to(JsonObject *call, double at) {
  const char *problem = tether_clients_signal(clients, tether_text_in(call, "to"), tether_text_in(call, "data"), at);
  if (problem != NULL) tell_text("problem", "code", problem);
}

static void wait_after(JsonArray *ended) {
  struct tether_pacing pacing = {0};
  for (guint at = 0; at < tether_count_of(ended); at += 1) {
    JsonObject *one = tether_object_at(ended, at);
    const double lived_ms = json_object_get_null_member(one, "livedMs") ? -1 : tether_number_in(one, "livedMs");
    g_autofree char *bound = g_strdup_printf("%.0f", tether_pacing_bound(&pacing, lived_ms, tether_retry_of(tether_object_in(one, "retry"))));
    tell("wait", "boundMs", bound);
  }
}

static void act(JsonObject *call) {
  const char *what = tether_text_in(call, "do");
  const double at = tether_number_in(call, "at");
  if (g_str_equal(what, "begin")) begin();
  if (g_str_equal(what, "lost")) tether_clients_lost(clients);
  if (g_str_equal(what, "due")) tether_clients_due(clients, at);
  if (g_str_equal(what, "repeat")) tether_clients_repeat(clients, at);
  if (g_str_equal(what, "frame")) tether_clients_hear(clients, tether_object_in(call, "frame"), at, 0);
  if (g_str_equal(what, "signal")) signal_to(call, at);
  if (g_str_equal(what, "sign")) sign(call);
  if (g_str_equal(what, "verify")) verify(call);
  if (g_str_equal(what, "heard")) silence.is_heard = true;
  if (g_str_equal(what, "silence")) tell("silence", "isOver", tether_silence_is_over(&silence, at) ? "true" : "false");
  if (g_str_equal(what, "wait")) wait_after(tether_array_in(call, "ended"));
  if (g_str_equal(what, "received")) {
    g_autofree char *received = tether_clients_received(clients);
    tell("received", "of", received);
  }
  if (g_str_equal(what, "code")) {
    g_autofree char *hash = tether_code_hash(tether_text_in(call, "code"));
    tell_text("code", "hash", hash);
  }
}

int main(void) {
  static char line[1 << 20];
  while (fgets(line, sizeof line, stdin) != NULL) {
    g_autoptr(JsonObject) call = tether_object_of(line, -1);
    act(call);
    printf("\n");
    fflush(stdout);
  }
  if (clients != NULL) tether_clients_free(clients);
  return 0;
}
