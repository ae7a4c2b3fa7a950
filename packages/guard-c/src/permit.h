#ifndef TETHER_PERMIT_H
#define TETHER_PERMIT_H

#include "json.h"
#include "state.h"

/** A key that signs permits, as `welcome` gives it: its id, and the bytes of an Ed25519 public key. */
struct tether_key {
  char kid[64];
  uint8_t bytes[32];
};

/** Whether `signature` is Ed25519's (RFC 8032) of `text` by the key: the caller's, as by `EVP_DigestVerify`. */
typedef bool (*tether_verify)(void *context, const uint8_t key[32], struct tether_text text, const uint8_t signature[64]);

/** Decodes base64url without padding (RFC 4648 §5). Answers whether it is that, and fits. */
bool tether_base64url(struct tether_text text, uint8_t *into, size_t size, size_t *length);
/** Reads the id of a robot (`rob_`) or a client session (`cse_`) with its prefix. */
bool tether_id_read(struct tether_text value, const char *prefix, struct tether_id *id);
/**
 * The claims of a permit, a JSON string, if one of the keys signed it. Whether it is valid now is the machine's to say. R1, R1.1
 * It takes 8 KB of stack.
 */
bool tether_permit_read(struct tether_text jws, const struct tether_key *keys, size_t key_count, tether_verify verify, void *context,
                        struct tether_permit *permit);

#endif
