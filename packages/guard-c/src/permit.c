#include "permit.h"

#include "number.h"

#include <math.h>
#include <string.h>

static const double safe_most = 9007199254740991.0;

static int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool tether_base64url(struct tether_text text, uint8_t *into, size_t size, size_t *length) {
  uint32_t bits = 0;
  unsigned count = 0;
  *length = 0;
  if (text.length % 4 == 1) return false;
  for (size_t at = 0; at < text.length; at += 1) {
    const int digit = digit_of(text.at[at]);
    if (digit < 0) return false;
    bits = ((bits << 6) | (uint32_t)digit) & 0xffffu;
    count += 6;
    if (count < 8) continue;
    if (*length == size) return false;
    count -= 8;
    into[*length] = (uint8_t)(bits >> count);
    *length += 1;
  }
  return true;
}

bool tether_id_read(struct tether_text value, const char *prefix, struct tether_id *id) {
  static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  size_t count;
  memset(id, 0, sizeof *id);
  if (!tether_json_string(value, id->text, sizeof id->text, 30, &count) || count != 30) return false;
  if (memcmp(id->text, prefix, 4) != 0 || id->text[4] > '7') return false;
  for (size_t at = 4; at < 30; at += 1)
    if (memchr(alphabet, id->text[at], sizeof alphabet - 1) == NULL) return false;
  return true;
}

static bool id(struct tether_text claims, const char *name, const char *prefix, struct tether_id *into) {
  struct tether_text value;
  return tether_json_field(claims, name, &value) && tether_id_read(value, prefix, into);
}

static bool whole(struct tether_text claims, const char *name, double least, double *number) {
  struct tether_text value;
  return tether_json_field(claims, name, &value) && tether_json_number(value, number) && tether_number_is_whole(*number, least, safe_most);
}

/** A claim that may be left out, or be null where `may_be_null`; false where it is there and no number. */
static bool optional(struct tether_text claims, const char *name, bool is_whole, bool may_be_null, bool *has, double *number) {
  struct tether_text value;
  *has = false;
  if (!tether_json_field(claims, name, &value)) return true;
  if (tether_json_is_null(value)) return may_be_null;
  *has = tether_json_number(value, number) && fabs(*number) < HUGE_VAL;
  return *has && (!is_whole || tether_number_is_whole(*number, -safe_most, safe_most));
}

static bool claims_of(struct tether_text claims, struct tether_permit *permit) {
  struct tether_bounds *bounds = &permit->terms.bounds;
  struct tether_text user;
  size_t count;
  double epoch;
  bool has_stop_ms;
  memset(permit, 0, sizeof *permit);
  if (!tether_json_is_valid(claims)) return false;
  if (!id(claims, "robot", "rob_", &permit->robot) || !id(claims, "session", "cse_", &permit->session)) return false;
  if (!tether_json_field(claims, "user", &user) || !tether_json_characters(user, &count)) return false;
  if (!whole(claims, "epoch", 1, &epoch) || !whole(claims, "issuedAt", -safe_most, &permit->terms.issued_at)) return false;
  if (!whole(claims, "expiresAt", -safe_most, &permit->terms.expires_at) || !whole(claims, "deadmanMs", -safe_most, &permit->terms.deadman_ms)) return false;
  if (!whole(claims, "maxAgeMs", -safe_most, &permit->terms.max_age_ms)) return false;
  if (!optional(claims, "blindMs", true, true, &bounds->has_blind_ms, &bounds->blind_ms)) return false;
  if (!optional(claims, "stopMs", true, false, &has_stop_ms, &bounds->stop_ms)) return false;
  if (!optional(claims, "maxLinear", false, true, &bounds->has_max_linear, &bounds->max_linear)) return false;
  if (!optional(claims, "maxAngular", false, true, &bounds->has_max_angular, &bounds->max_angular)) return false;
  if (!has_stop_ms) bounds->stop_ms = TETHER_STOP_MS_USUAL;
  permit->epoch = (int64_t)epoch;
  return true;
}

/** The key that the header names, where it names nothing that a guard must refuse. R1.1 */
static const struct tether_key *key_of(struct tether_text header, const struct tether_key *keys, size_t count) {
  struct tether_text alg, typ, kid, crit;
  if (!tether_json_is_valid(header) || tether_json_field(header, "crit", &crit)) return NULL;
  if (!tether_json_field(header, "alg", &alg) || !tether_json_is_string(alg, "EdDSA")) return NULL;
  if (!tether_json_field(header, "typ", &typ) || !tether_json_is_string(typ, "tether-permit")) return NULL;
  if (!tether_json_field(header, "kid", &kid)) return NULL;
  for (size_t at = 0; at < count; at += 1)
    if (tether_json_is_string(kid, keys[at].kid)) return &keys[at];
  return NULL;
}

bool tether_permit_read(struct tether_text jws, const struct tether_key *keys, size_t key_count, tether_verify verify, void *context,
                        struct tether_permit *permit) {
  char text[tether_permit_most + 1];
  uint8_t bytes[tether_permit_most], signature[64];
  size_t count, length;
  if (!tether_json_string(jws, text, sizeof text, tether_permit_most, &count)) return false;
  const char *first = strchr(text, '.'), *second = first != NULL ? strchr(first + 1, '.') : NULL;
  if (second == NULL || strchr(second + 1, '.') != NULL) return false;
  const struct tether_text header = {text, (size_t)(first - text)}, body = {first + 1, (size_t)(second - first - 1)};
  if (!tether_base64url(tether_text_of(second + 1), signature, sizeof signature, &length) || length != sizeof signature) return false;
  if (!tether_base64url(header, bytes, sizeof bytes, &length)) return false;
  const struct tether_key *key = key_of((struct tether_text){(const char *)bytes, length}, keys, key_count);
  if (key == NULL || !verify(context, key->bytes, (struct tether_text){text, (size_t)(second - text)}, signature)) return false;
  return tether_base64url(body, bytes, sizeof bytes, &length) && claims_of((struct tether_text){(const char *)bytes, length}, permit);
}
