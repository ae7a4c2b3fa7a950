#include "ticket.h"

#include "field.h"
#include "key.h"

#include <libsoup/soup.h>
#include <string.h>

enum { retry_after_most_ms = 300000 };
/** What `serverTime` may be at most: a later instant is none. R19 */
static const double instant_most = 8.64e15;

/** The parts of a question. The body is made for each try, as its signature is dated. */
typedef char *(*body_of)(struct tether_identity *identity, EVP_PKEY *key, const char *about);

static double wall_ms(void) { return (double)g_get_real_time() / 1000; }

static char *dated(struct tether_identity *identity, EVP_PKEY *key, const char *header, const char *claims) {
  const long long at = (long long)((wall_ms() + identity->ahead_ms) / 1000);
  g_autofree char *all =
      g_strdup_printf("{%s,\"aud\":\"%s\",\"iat\":%lld,\"exp\":%lld}", claims, identity->origin, at, at + 60);
  return tether_key_sign(key, header, all);
}

static char *proof(struct tether_identity *identity, EVP_PKEY *key, const char *subject) {
  g_autofree char *claims = g_strdup_printf("\"sub\":\"%s\"", subject);
  return dated(identity, key, "{\"alg\":\"EdDSA\",\"typ\":\"tether-proof+jwt\"}", claims);
}

static char *assertion(struct tether_identity *identity, EVP_PKEY *key) {
  g_autofree char *kid = tether_key_id(key), *jti = tether_random_text();
  g_autofree char *header = g_strdup_printf("{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"%s\"}", kid);
  g_autofree char *claims =
      g_strdup_printf("\"iss\":\"%s\",\"sub\":\"%s\",\"jti\":\"%s\"", identity->robot, identity->robot, jti);
  return dated(identity, key, header, claims);
}

static char *body_of_code(struct tether_identity *identity, EVP_PKEY *key, const char *code) {
  g_autofree char *hash = tether_code_hash(code), *quoted = tether_quoted(code), *jwk = tether_key_jwk(key);
  g_autofree char *proved = proof(identity, key, hash);
  return g_strdup_printf("{\"code\":%s,\"publicKey\":%s,\"proof\":\"%s\"}", quoted, jwk, proved);
}

static char *body_of_next_key(struct tether_identity *identity, EVP_PKEY *key, const char *robot) {
  g_autofree char *said = assertion(identity, key), *jwk = tether_key_jwk(identity->next);
  g_autofree char *proved = proof(identity, identity->next, robot);
  return g_strdup_printf("{\"assertion\":\"%s\",\"publicKey\":%s,\"proof\":\"%s\"}", said, jwk, proved);
}

/** `wanted`: the fields that say what the ticket is for. */
static char *body_of_ticket(struct tether_identity *identity, EVP_PKEY *key, const char *wanted) {
  g_autofree char *said = assertion(identity, key);
  return g_strdup_printf("{\"assertion\":\"%s\",%s}", said, wanted);
}

static struct tether_failure failure_of(guint status, const char *retry_after, const char *code) {
  static const guint final[] = {400, 401, 403, 404, 410, 413, 422};
  const double wanted_ms = retry_after != NULL ? g_ascii_strtod(retry_after, NULL) * 1000 : 0;
  /* What is no number waits for nothing, and a robot is not kept away for good by a header. */
  struct tether_failure failure = {.retry_after_ms = wanted_ms > 0 ? MIN(wanted_ms, retry_after_most_ms) : 0};
  g_strlcpy(failure.code, code, sizeof failure.code);
  for (gsize at = 0; at < G_N_ELEMENTS(final); at += 1) failure.is_final |= status == final[at];
  /* The next assertion is another. */
  if (strcmp(code, "assertion.expired") == 0 || strcmp(code, "assertion.replayed") == 0) failure.is_final = false;
  if (strcmp(code, "session.superseded") == 0) failure.is_final = true;
  return failure;
}

/** An answer that is no problem of this service is final for nobody. E11 */
static JsonObject *post(const char *url, const char *body, struct tether_failure *failure, double *server_time) {
  g_autoptr(SoupSession) http = soup_session_new_with_options("timeout", 15, NULL);
  g_autoptr(SoupMessage) message = soup_message_new("POST", url);
  g_autoptr(GBytes) bytes = g_bytes_new(body, strlen(body));
  *failure = (struct tether_failure){.code = "unreachable"};
  *server_time = 0;
  if (message == NULL) return NULL;
  soup_message_set_request_body_from_bytes(message, "application/json", bytes);
  g_autoptr(GBytes) told = soup_session_send_and_read(http, message, NULL, NULL);
  if (told == NULL) return NULL;
  g_autoptr(JsonObject) answer = tether_object_of(g_bytes_get_data(told, NULL), (gssize)g_bytes_get_size(told));
  if (answer == NULL) return NULL;
  if (SOUP_STATUS_IS_SUCCESSFUL(soup_message_get_status(message))) return g_steal_pointer(&answer);
  SoupMessageHeaders *headers = soup_message_get_response_headers(message);
  const char *type = soup_message_headers_get_content_type(headers, NULL);
  if (g_strcmp0(type, "application/problem+json") != 0) return NULL;
  const char *retry_after = soup_message_headers_get_one(headers, "Retry-After");
  *failure = failure_of(soup_message_get_status(message), retry_after, tether_text_in(answer, "code"));
  *server_time = tether_number_in(answer, "serverTime");
  return NULL;
}

/** Asks, and once more by the server's clock where this machine's is wrong. E6 */
static JsonObject *ask(struct tether_identity *identity, const char *path, body_of make, EVP_PKEY *key, const char *about,
                       struct tether_failure *failure) {
  g_autofree char *url = g_strconcat(identity->origin, "/v1", path, NULL);
  double server_time;
  for (bool is_corrected = false;; is_corrected = true) {
    g_autofree char *body = make(identity, key, about);
    JsonObject *answer = post(url, body, failure, &server_time);
    if (answer != NULL || is_corrected || strcmp(failure->code, "assertion.clock") != 0) return answer;
    if (server_time <= 0 || server_time > instant_most) return NULL;
    identity->ahead_ms = server_time - wall_ms();
  }
}

static bool keep(char **field, const char *text) {
  if (text[0] == '\0') return false;
  g_free(*field);
  *field = g_strdup(text);
  return true;
}

/** The key is on the disk before it is used, so that the same code finishes what was cut off. N5, N6 */
bool tether_enroll(struct tether_identity *identity, const char *api, const char *code, struct tether_failure *failure) {
  g_autoptr(GMutexLocker) alone = g_mutex_locker_new(&identity->asking);
  g_autofree char *hash = tether_code_hash(code), *origin = g_strdup(api);
  if (identity->robot[0] != '\0') return true;
  *failure = (struct tether_failure){.code = "code", .is_final = true};
  if (hash == NULL) return false;
  if (g_str_has_suffix(origin, "/")) origin[strlen(origin) - 1] = '\0';
  keep(&identity->origin, origin);
  if (identity->key == NULL) identity->key = tether_key_new();
  *failure = (struct tether_failure){.code = "disk"};
  if (!tether_identity_save(identity)) return false;
  g_autoptr(JsonObject) answer = ask(identity, "/enrollments/redeem", body_of_code, identity->key, code, failure);
  if (answer == NULL || !keep(&identity->robot, tether_text_in(tether_object_in(answer, "robot"), "id"))) return false;
  keep(&identity->origin, tether_text_in(tether_object_in(answer, "api"), "origin"));
  if (tether_identity_save(identity)) return true;
  *failure = (struct tether_failure){.code = "disk"};
  identity->robot[0] = '\0';
  return false;
}

/** A good answer without a ticket is nobody's word, as of a guest network's page. E11 */
static JsonObject *buy(struct tether_identity *identity, EVP_PKEY *key, const char *wanted, struct tether_failure *failure) {
  g_autoptr(JsonObject) got = ask(identity, "/tickets/robot", body_of_ticket, key, wanted, failure);
  if (got != NULL && (tether_text_in(got, "ticket")[0] == '\0' || tether_text_in(got, "url")[0] == '\0')) return NULL;
  return g_steal_pointer(&got);
}

/** Buys by the next key, which makes it the active one; announces it before that where it may not be known. K1, K2.1 */
static JsonObject *buy_by_next(struct tether_identity *identity, const char *wanted, bool may_be_known) {
  struct tether_failure failure;
  g_autofree char *path = g_strdup_printf("/robots/%s/credentials", identity->robot);
  JsonObject *got = may_be_known ? buy(identity, identity->next, wanted, &failure) : NULL;
  if (got == NULL) {
    g_autoptr(JsonObject) announced = ask(identity, path, body_of_next_key, identity->key, identity->robot, &failure);
    if (announced != NULL) got = buy(identity, identity->next, wanted, &failure);
  }
  if (got == NULL) return NULL;
  EVP_PKEY_free(identity->key);
  identity->key = g_steal_pointer(&identity->next);
  /* A disk that does not take this still has both keys, and the next start finds out which one is good. */
  tether_identity_save(identity);
  return got;
}

static bool must_rotate(const struct tether_identity *identity, JsonObject *got) {
  JsonObject *credential = tether_object_in(got, "credential");
  return identity->next == NULL && credential != NULL &&
         tether_number_in(got, "serverTime") >= tether_number_in(credential, "rotateAfter");
}

struct tether_ticket tether_ticket_buy(struct tether_identity *identity, const char *use, const char *instance) {
  g_autoptr(GMutexLocker) alone = g_mutex_locker_new(&identity->asking);
  struct tether_ticket ticket = {0};
  g_autofree char *wanted = g_strdup_printf("\"use\":\"%s\",\"instance\":\"%s\"", use, instance);
  g_autoptr(JsonObject) got = identity->next != NULL ? buy_by_next(identity, wanted, true) : NULL;
  if (got == NULL) got = buy(identity, identity->key, wanted, &ticket.failure);
  if (got != NULL && must_rotate(identity, got)) {
    identity->next = tether_key_new();
    JsonObject *better = NULL;
    if (tether_identity_save(identity)) better = buy_by_next(identity, wanted, false);
    else g_clear_pointer(&identity->next, EVP_PKEY_free);
    if (better != NULL) {
      json_object_unref(got);
      got = better;
    }
  }
  if (got == NULL) return ticket;
  ticket.text = g_strdup(tether_text_in(got, "ticket"));
  ticket.url = g_strdup(tether_text_in(got, "url"));
  return ticket;
}
