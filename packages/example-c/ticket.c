#include "robot.h"

#include <libsoup/soup.h>
#include <string.h>

/** How far the server's clock is ahead of this machine's, in ms. E6 */
static double ahead_ms;
static GMutex one_at_a_time;

/** What is asked. Its body is made for each try, as it is dated. */
struct question {
  const char *path, *code, *use, *instance;
  EVP_PKEY *key, *next;
};

static double wall_ms(void) { return (double)g_get_real_time() / 1000; }

static void refuse(struct ticket *ticket, guint status, const char *retry_after, JsonObject *body) {
  static const guint final[] = {400, 401, 403, 404, 410, 413, 422};
  g_strlcpy(ticket->code, text_in(body, "code"), sizeof ticket->code);
  ticket->server_time = number_in(body, "serverTime");
  ticket->retry_after_ms = retry_after != NULL ? g_ascii_strtod(retry_after, NULL) * 1000 : 0;
  for (gsize at = 0; at < G_N_ELEMENTS(final); at += 1) ticket->is_final |= status == final[at];
  if (strcmp(ticket->code, "assertion.expired") == 0 || strcmp(ticket->code, "assertion.replayed") == 0) ticket->is_final = FALSE;
  if (strcmp(ticket->code, "session.superseded") == 0) ticket->is_final = TRUE;
}

/** An answer that is no problem of this service is final for nobody. E11 */
static JsonObject *post(const char *path, const char *text, struct ticket *ticket) {
  g_autofree char *url = g_strconcat(identity.origin, path, NULL);
  g_autoptr(SoupSession) http = soup_session_new_with_options("timeout", 15, NULL);
  g_autoptr(SoupMessage) message = soup_message_new("POST", url);
  g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
  g_autoptr(JsonParser) parser = json_parser_new();
  *ticket = (struct ticket){.use = ticket->use, .code = "unreachable"};
  if (message == NULL) return NULL;
  soup_message_set_request_body_from_bytes(message, "application/json", body);
  g_autoptr(GBytes) answer = soup_session_send_and_read(http, message, NULL, NULL);
  if (answer == NULL || !json_parser_load_from_data(parser, g_bytes_get_data(answer, NULL), (gssize)g_bytes_get_size(answer), NULL)) return NULL;
  JsonNode *root = json_parser_get_root(parser);
  SoupMessageHeaders *headers = soup_message_get_response_headers(message);
  const guint status = soup_message_get_status(message);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root)) return NULL;
  if (status / 100 == 2) return json_object_ref(json_node_get_object(root));
  if (g_strcmp0(soup_message_headers_get_content_type(headers, NULL), "application/problem+json") == 0)
    refuse(ticket, status, soup_message_headers_get_one(headers, "Retry-After"), json_node_get_object(root));
  return NULL;
}

static char *dated(EVP_PKEY *key, const char *header, const char *claims) {
  const long long at = (long long)((wall_ms() + ahead_ms) / 1000);
  g_autofree char *all = g_strdup_printf("{%s,\"aud\":\"%s\",\"iat\":%lld,\"exp\":%lld}", claims, identity.origin, at, at + 60);
  return key_sign(key, header, all);
}

static char *proof(EVP_PKEY *key, const char *subject) {
  g_autofree char *claims = g_strdup_printf("\"sub\":\"%s\"", subject);
  return dated(key, "{\"alg\":\"EdDSA\",\"typ\":\"tether-proof+jwt\"}", claims);
}

static char *assertion(EVP_PKEY *key) {
  g_autofree char *kid = key_id(key), *jti = random_text();
  g_autofree char *header = g_strdup_printf("{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"%s\"}", kid);
  g_autofree char *claims = g_strdup_printf("\"iss\":\"%s\",\"sub\":\"%s\",\"jti\":\"%s\"", identity.robot, identity.robot, jti);
  return dated(key, header, claims);
}

static char *body_of(const struct question *asked) {
  g_autofree char *said = asked->code != NULL ? NULL : assertion(asked->key);
  if (asked->use != NULL) return g_strdup_printf("{\"assertion\":\"%s\",\"use\":\"%s\",\"instance\":\"%s\"}", said, asked->use, asked->instance);
  EVP_PKEY *key = asked->code != NULL ? asked->key : asked->next;
  g_autofree char *subject = asked->code != NULL ? code_hash(asked->code) : g_strdup(identity.robot);
  g_autofree char *own = quoted(asked->code != NULL ? asked->code : said), *public = key_public(key), *proved = proof(key, subject);
  return g_strdup_printf("{\"%s\":%s,\"publicKey\":%s,\"proof\":\"%s\"}", asked->code != NULL ? "code" : "assertion", own, public, proved);
}

/** Asks, and once more by the server's clock where this machine's is wrong. E6 */
static JsonObject *ask(const struct question *asked, struct ticket *ticket) {
  g_autofree char *first = body_of(asked);
  JsonObject *answer = post(asked->path, first, ticket);
  if (answer != NULL || strcmp(ticket->code, "assertion.clock") != 0 || ticket->server_time <= 0) return answer;
  ahead_ms = ticket->server_time - wall_ms();
  g_autofree char *second = body_of(asked);
  return post(asked->path, second, ticket);
}

/** The key is on the disk before it is used, so that the same code finishes what was cut off. N5 */
gboolean enroll(const char *api, const char *code, struct ticket *refused) {
  if (identity.robot[0] != '\0') return TRUE;
  identity.origin = g_strndup(api, strlen(api) - (g_str_has_suffix(api, "/") ? 1 : 0));
  if (identity.key == NULL) identity.key = key_new();
  g_autoptr(JsonObject) answer = NULL;
  if (identity_save()) answer = ask(&(struct question){.path = "/v1/enrollments/redeem", .code = code, .key = identity.key}, refused);
  if (answer == NULL) return FALSE;
  identity.robot = g_strdup(text_in(object_in(answer, "robot"), "id"));
  identity.origin = g_strdup(text_in(object_in(answer, "api"), "origin"));
  return identity_save();
}

static JsonObject *buy(EVP_PKEY *key, const char *instance, struct ticket *ticket) {
  return ask(&(struct question){.path = "/v1/tickets/robot", .use = ticket->use, .instance = instance, .key = key}, ticket);
}

/** Buys by the next key, which makes it the active one; before that it announces it where it may not be known. K1, K2.1 */
static JsonObject *rotate(const char *instance, struct ticket *ticket, gboolean may_be_known) {
  g_autofree char *path = g_strdup_printf("/v1/robots/%s/credentials", identity.robot);
  JsonObject *got = may_be_known ? buy(identity.next, instance, ticket) : NULL;
  if (got == NULL) {
    g_autoptr(JsonObject) announced = ask(&(struct question){.path = path, .key = identity.key, .next = identity.next}, ticket);
    if (announced != NULL) got = buy(identity.next, instance, ticket);
  }
  if (got == NULL) return NULL;
  identity.key = g_steal_pointer(&identity.next);
  identity_save();
  return got;
}

void ticket_buy(struct ticket *ticket, const char *instance) {
  g_autoptr(GMutexLocker) alone = g_mutex_locker_new(&one_at_a_time);
  g_autoptr(JsonObject) got = identity.next != NULL ? rotate(instance, ticket, TRUE) : NULL;
  if (got == NULL) got = buy(identity.key, instance, ticket);
  JsonObject *credential = object_in(got, "credential");
  if (identity.next == NULL && credential != NULL && number_in(got, "serverTime") >= number_in(credential, "rotateAfter")) {
    struct ticket other = {.use = ticket->use};
    identity.next = key_new();
    JsonObject *better = identity_save() ? rotate(instance, &other, FALSE) : NULL;
    if (better != NULL) json_object_unref(got), got = better;
  }
  if (got != NULL) ticket->text = g_strdup(text_in(got, "ticket")), ticket->url = g_strdup(text_in(got, "url"));
}
