#ifndef TETHER_SIGNING_KEY_H
#define TETHER_SIGNING_KEY_H

#include <glib.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>

/* Ed25519 keys. Texts that are returned are the caller's. */

EVP_PKEY *tether_key_new(void);
/** The key of a seed in base64url, or null. */
EVP_PKEY *tether_key_of_seed(const char *seed);
char *tether_key_seed(EVP_PKEY *key);
/** The public key as a JWK, its fields in the order of RFC 7638. */
char *tether_key_jwk(EVP_PKEY *key);
/** `kid`. K1.1 */
char *tether_key_id(EVP_PKEY *key);
/** A compact JWS of a header and claims in JSON. */
char *tether_key_sign(EVP_PKEY *key, const char *header, const char *claims);
/** Whether a public key signed a text: what a guard asks for. */
bool tether_key_verify(const uint8_t key[32], const char *text, size_t length, const uint8_t signature[64]);

/** The hash of a one-time code in its normal form, or null where it is none. N3.1 */
char *tether_code_hash(const char *code);
/** A random text of 96 bits. */
char *tether_random_text(void);

#endif
