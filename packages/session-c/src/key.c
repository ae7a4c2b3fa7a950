#include "key.h"

#include <openssl/rand.h>
#include <string.h>

static char *encode(const guchar *bytes, gsize length) {
  char *text = g_base64_encode(bytes, length);
  text[strcspn(text, "=")] = '\0';
  return g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
}

static char *hash(const char *text) {
  guchar digest[32];
  if (EVP_Digest(text, strlen(text), digest, NULL, EVP_sha256(), NULL) != 1) g_error("OpenSSL has no SHA-256.");
  return encode(digest, sizeof digest);
}

char *tether_random_text(void) {
  guchar bytes[12];
  if (RAND_bytes(bytes, sizeof bytes) != 1) g_error("OpenSSL has no randomness.");
  return encode(bytes, sizeof bytes);
}

EVP_PKEY *tether_key_new(void) {
  EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
  if (key == NULL) g_error("OpenSSL makes no Ed25519 key.");
  return key;
}

EVP_PKEY *tether_key_of_seed(const char *seed) {
  gsize length;
  g_autofree char *padded = g_strconcat(seed, "=", NULL);
  g_autofree guchar *bytes = g_base64_decode(g_strdelimit(g_strdelimit(padded, "-", '+'), "_", '/'), &length);
  return length == 32 ? EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, bytes, length) : NULL;
}

char *tether_key_seed(EVP_PKEY *key) {
  guchar seed[32];
  gsize length = sizeof seed;
  if (EVP_PKEY_get_raw_private_key(key, seed, &length) != 1) g_error("The key has no seed.");
  char *text = encode(seed, length);
  OPENSSL_cleanse(seed, sizeof seed);
  return text;
}

char *tether_key_jwk(EVP_PKEY *key) {
  guchar bytes[32];
  gsize length = sizeof bytes;
  if (EVP_PKEY_get_raw_public_key(key, bytes, &length) != 1) g_error("The key has no public one.");
  g_autofree char *x = encode(bytes, length);
  return g_strdup_printf("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}", x);
}

char *tether_key_id(EVP_PKEY *key) {
  g_autofree char *jwk = tether_key_jwk(key);
  return hash(jwk);
}

char *tether_key_sign(EVP_PKEY *key, const char *header, const char *claims) {
  guchar bytes[64];
  gsize length = sizeof bytes;
  g_autofree char *head = encode((const guchar *)header, strlen(header));
  g_autofree char *body = encode((const guchar *)claims, strlen(claims));
  g_autofree char *text = g_strdup_printf("%s.%s", head, body);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  const bool is_signed = EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
                         EVP_DigestSign(context, bytes, &length, (const guchar *)text, strlen(text)) == 1;
  EVP_MD_CTX_free(context);
  if (!is_signed) g_error("The key does not sign.");
  g_autofree char *signature = encode(bytes, length);
  return g_strdup_printf("%s.%s", text, signature);
}

bool tether_key_verify(const uint8_t key[32], const char *text, size_t length, const uint8_t signature[64]) {
  EVP_PKEY *public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  const bool is_signed = public != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL, public) == 1 &&
                         EVP_DigestVerify(context, signature, 64, (const guchar *)text, length) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(public);
  return is_signed;
}

char *tether_code_hash(const char *code) {
  g_autoptr(GString) normal = g_string_new(NULL);
  for (; *code != '\0'; code += 1) {
    const char letter = g_ascii_toupper(*code);
    if (letter == '-' || g_ascii_isspace(letter)) continue;
    g_string_append_c(normal, letter == 'O' ? '0' : letter == 'I' || letter == 'L' ? '1' : letter);
  }
  const bool is_code = normal->len == 28 && strspn(normal->str, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == 28;
  return is_code ? hash(normal->str) : NULL;
}
