#include "robot.h"

#include <openssl/rand.h>
#include <string.h>

static char *base64url(const guchar *bytes, gsize length) {
  char *text = g_base64_encode(bytes, length);
  text[strcspn(text, "=")] = '\0';
  return g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
}

static char *sha256(const char *text) {
  guchar hash[32];
  EVP_Digest(text, strlen(text), hash, NULL, EVP_sha256(), NULL);
  return base64url(hash, sizeof hash);
}

char *random_text(void) {
  guchar bytes[12];
  if (RAND_bytes(bytes, sizeof bytes) != 1) g_error("There is no randomness.");
  return base64url(bytes, sizeof bytes);
}

EVP_PKEY *key_new(void) { return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"); }

/** The fields are in the order that RFC 7638 asks for. K1.1 */
char *key_public(EVP_PKEY *key) {
  guchar bytes[32];
  gsize length = sizeof bytes;
  EVP_PKEY_get_raw_public_key(key, bytes, &length);
  g_autofree char *x = base64url(bytes, length);
  return g_strdup_printf("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}", x);
}

char *key_id(EVP_PKEY *key) {
  g_autofree char *public = key_public(key);
  return sha256(public);
}

char *key_sign(EVP_PKEY *key, const char *header, const char *claims) {
  guchar mark[64];
  gsize length = sizeof mark;
  g_autofree char *head = base64url((const guchar *)header, strlen(header)), *body = base64url((const guchar *)claims, strlen(claims));
  g_autofree char *text = g_strdup_printf("%s.%s", head, body);
  EVP_MD_CTX *sign = EVP_MD_CTX_new();
  if (EVP_DigestSignInit(sign, NULL, NULL, NULL, key) != 1 || EVP_DigestSign(sign, mark, &length, (guchar *)text, strlen(text)) != 1)
    g_error("The key does not sign.");
  EVP_MD_CTX_free(sign);
  g_autofree char *signature = base64url(mark, length);
  return g_strdup_printf("%s.%s", text, signature);
}

bool key_verify(void *context, const uint8_t key[32], struct tether_text text, const uint8_t signature[64]) {
  EVP_PKEY *public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
  EVP_MD_CTX *verify = EVP_MD_CTX_new();
  const bool holds = public != NULL && EVP_DigestVerifyInit(verify, NULL, NULL, NULL, public) == 1 &&
                     EVP_DigestVerify(verify, signature, 64, (const guchar *)text.at, text.length) == 1;
  EVP_MD_CTX_free(verify);
  EVP_PKEY_free(public);
  return holds;
}

/** N3.1 */
char *code_hash(const char *code) {
  g_autoptr(GString) normal = g_string_new(NULL);
  for (; *code != '\0'; code += 1) {
    const char c = g_ascii_toupper(*code);
    if (c != '-' && !g_ascii_isspace(c)) g_string_append_c(normal, c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c);
  }
  return sha256(normal->str);
}

static char *seed_of(EVP_PKEY *key) {
  guchar seed[32];
  gsize length = sizeof seed;
  if (key == NULL || EVP_PKEY_get_raw_private_key(key, seed, &length) != 1) return g_strdup("");
  return base64url(seed, length);
}

static EVP_PKEY *key_of(const char *text) {
  guchar seed[32];
  gsize length;
  if (!tether_base64url(tether_text_of(text), seed, sizeof seed, &length) || length != sizeof seed) return NULL;
  return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, length);
}

gboolean identity_save(void) {
  g_autofree char *path = g_build_filename(identity.folder, "robot.json", NULL), *key = seed_of(identity.key), *next = seed_of(identity.next);
  g_autofree char *text = g_strdup_printf("{\"robot\":\"%s\",\"origin\":\"%s\",\"key\":\"%s\",\"next\":\"%s\"}", identity.robot, identity.origin, key, next);
  /* The old file or the new one is there, also where the power fails meanwhile. */
  return g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, NULL);
}

gboolean identity_load(const char *folder) {
  g_autofree char *path = g_build_filename(folder, "robot.json", NULL);
  g_autoptr(JsonParser) parser = json_parser_new();
  identity = (struct identity){g_strdup(folder), g_strdup(""), g_strdup(""), NULL, NULL};
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) return g_mkdir_with_parents(folder, 0700) == 0;
  if (!json_parser_load_from_file(parser, path, NULL)) return FALSE;
  JsonObject *kept = json_node_get_object(json_parser_get_root(parser));
  identity.robot = g_strdup(text_in(kept, "robot"));
  identity.origin = g_strdup(text_in(kept, "origin"));
  identity.key = key_of(text_in(kept, "key"));
  identity.next = key_of(text_in(kept, "next"));
  return identity.key != NULL;
}
