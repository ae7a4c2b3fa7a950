#include "robot.h"

#include <libsoup/soup.h>
#include <string.h>

/** How far the server's clock is ahead of this machine's, in ms. E6 */
static double ahead_ms;
static GMutex one_at_a_time;

static double wall_ms(void) { return (double)g_get_real_time() / 1000; }

/** An answer that is no problem of this service is final for nobody. E11 */
static void refuse(struct refusal *refusal, guint status, SoupMessage *message, JsonObject *body) {
  static const guint final[] = {400, 401, 403, 404, 410, 413, 422};
  const char *code = text_in(body, "code"), *after = soup_message_headers_get_one(soup_message_get_response_headers(message), "Retry-After");
  g_strlcpy(refusal->code, code, sizeof refusal->code);
  refusal->server_time = number_in(body, "serverTime");
  refusal->retry_after_ms = after != NULL ? g_ascii_strtod(after, NULL) * 1000 : 0;
  for (gsize at = 0; at < G_N_ELEMENTS(final); at += 1) refusal->is_final |= status == final[at];
  if (strcmp(code, "assertion.expired") == 0 || strcmp(code, "assertion.replayed") == 0) refusal->is_final = FALSE;
  if (strcmp(code, "session.superseded") == 0) refusal->is_final = TRUE;
}

static JsonObject *post(const char *path, const char *text, struct refusal *refusal) {
  g_autofree char *url = g_strconcat(identity.origin, path, NULL);
  g_autoptr(SoupSession) http = soup_session_new_with_options("timeout", 15, NULL);
  g_autoptr(SoupMessage) message = soup_message_new("POST", url);
  g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
  g_autoptr(JsonParser) parser = json_parser_new();
  *refusal = (struct refusal){.code = "unreachable"};
  if (message == NULL) return NULL;
  soup_message_set_request_body_from_bytes(message, "application/json", body);
  g_autoptr(GBytes) answer = soup_session_send_and_read(http, message, NULL, NULL);
  if (answer == NULL || !json_parser_load_from_data(parser, g_bytes_get_data(answer, NULL), (gssize)g_bytes_get_size(answer), NULL)) return NULL;
  JsonNode *root = json_parser_get_root(parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root)) return NULL;
  const guint status = soup_message_get_status(message);
  const char *type = soup_message_headers_get_content_type(soup_message_get_response_headers(message), NULL);
  if (status / 100 == 2) return json_object_ref(json_node_get_object(root));
  if (g_strcmp0(type, "application/problem+json") == 0) refuse(refusal, status, message, json_node_get_object(root));
  return NULL;
}

static char *proof(EVP_PKEY *key, const char *subject) {
  const gint64 at = (gint64)((wall_ms() + ahead_ms) / 1000);
  g_autofree char *claims = g_strdup_printf("{\"sub\":\"%s\",\"aud\":\"%s\",\"iat\":%" G_GINT64_FORMAT ",\"exp\":%" G_GINT64_FORMAT "}", subject,
                                            identity.origin, at, at + 60);
  return key_sign(key, "{\"alg\":\"EdDSA\",\"typ\":\"tether-proof+jwt\"}", claims);
}

static char *assertion(EVP_PKEY *key) {
  const gint64 at = (gint64)((wall_ms() + ahead_ms) / 1000);
  g_autofree char *kid = key_id(key), *jti = random_text();
  g_autofree char *header = g_strdup_printf("{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"%s\"}", kid);
  g_autofree char *claims = g_strdup_printf("{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"jti\":\"%s\",\"iat\":%" G_GINT64_FORMAT
                                            ",\"exp\":%" G_GINT64_FORMAT "}", identity.robot, identity.robot, identity.origin, jti, at, at + 60);
  return key_sign(key, header, claims);
}

/** What is asked: a body is made for each try, as it is dated. */
struct question {
  const char *path, *code, *use, *instance;
  EVP_PKEY *key, *next;
};

static char *body_of(const struct question *asked) {
  if (asked->code != NULL) {
    g_autofree char *hash = code_hash(asked->code), *public = key_public(asked->key), *proved = proof(asked->key, hash), *code = quoted(asked->code);
    return g_strdup_printf("{\"code\":%s,\"publicKey\":%s,\"proof\":\"%s\"}", code, public, proved);
  }
  g_autofree char *said = assertion(asked->key);
  if (asked->use != NULL) return g_strdup_printf("{\"assertion\":\"%s\",\"use\":\"%s\",\"instance\":\"%s\"}", said, asked->use, asked->instance);
  g_autofree char *public = key_public(asked->next), *proved = proof(asked->next, identity.robot);
  return g_strdup_printf("{\"assertion\":\"%s\",\"publicKey\":%s,\"proof\":\"%s\"}", said, public, proved);
}

/** Asks, and once more by the server's clock where this machine's is wrong. E6 */
static JsonObject *ask(const struct question *asked, struct refusal *refusal) {
  g_autofree char *first = body_of(asked);
  JsonObject *answer = post(asked->path, first, refusal);
  if (answer != NULL || strcmp(refusal->code, "assertion.clock") != 0 || refusal->server_time <= 0) return answer;
  ahead_ms = refusal->server_time - wall_ms();
  g_autofree char *second = body_of(asked);
  return post(asked->path, second, refusal);
}

/** The key is on the disk before it is used, so that the same code finishes what was cut off. N5 */
gboolean enroll(const char *api, const char *code, struct refusal *refusal) {
  if (identity.robot[0] != '\0') return TRUE;
  identity.origin = g_strndup(api, strlen(api) - (g_str_has_suffix(api, "/") ? 1 : 0));
  if (identity.key == NULL) identity.key = key_new();
  if (!identity_save()) return FALSE;
  JsonObject *answer = ask(&(struct question){.path = "/v1/enrollments/redeem", .code = code, .key = identity.key}, refusal);
  if (answer == NULL) return FALSE;
  identity.robot = g_strdup(text_in(object_in(answer, "robot"), "id"));
  identity.origin = g_strdup(text_in(object_in(answer, "api"), "origin"));
  json_object_unref(answer);
  return identity_save();
}

static JsonObject *buy(EVP_PKEY *key, const char *use, const char *instance, struct refusal *refusal) {
  return ask(&(struct question){.path = "/v1/tickets/robot", .use = use, .instance = instance, .key = key}, refusal);
}

/** Announces the next key, and buys by it: that makes it the active one. K1, K2.1 */
static JsonObject *rotate(const char *use, const char *instance, gboolean may_be_known) {
  g_autofree char *path = g_strdup_printf("/v1/robots/%s/credentials", identity.robot);
  struct refusal refusal;
  JsonObject *got = may_be_known ? buy(identity.next, use, instance, &refusal) : NULL;
  if (got == NULL) {
    JsonObject *announced = ask(&(struct question){.path = path, .key = identity.key, .next = identity.next}, &refusal);
    if (announced == NULL) return NULL;
    json_object_unref(announced);
    got = buy(identity.next, use, instance, &refusal);
  }
  if (got == NULL) return NULL;
  identity.key = identity.next;
  identity.next = NULL;
  identity_save();
  return got;
}

struct ticket *ticket_buy(const char *use, const char *instance, struct refusal *refusal) {
  g_autoptr(GMutexLocker) alone = g_mutex_locker_new(&one_at_a_time);
  JsonObject *got = identity.next != NULL ? rotate(use, instance, TRUE) : NULL;
  if (got == NULL) got = buy(identity.key, use, instance, refusal);
  if (got == NULL) return NULL;
  JsonObject *credential = object_in(got, "credential");
  if (identity.next == NULL && credential != NULL && number_in(got, "serverTime") >= number_in(credential, "rotateAfter")) {
    identity.next = key_new();
    JsonObject *better = identity_save() ? rotate(use, instance, FALSE) : NULL;
    if (better != NULL) {
      json_object_unref(got);
      got = better;
    }
  }
  struct ticket *ticket = g_new(struct ticket, 1);
  *ticket = (struct ticket){g_strdup(text_in(got, "ticket")), g_strdup(text_in(got, "url"))};
  json_object_unref(got);
  return ticket;
}
