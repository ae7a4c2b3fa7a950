#ifndef TETHER_UNICODE_H
#define TETHER_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The inside of a JSON string that is still to be read. */
struct tether_unicode {
  const char *at;
  const char *end;
};

/** Whether a code is half of a surrogate pair, alone. */
bool tether_is_half(uint32_t code);
/** The next code point; bytes that are no UTF-8 are U+FFFD, as a browser reads them. False at the end. */
bool tether_unicode_next(struct tether_unicode *reader, uint32_t *code);
/** Appends the code point's UTF-8. False where it does not fit. */
bool tether_unicode_write(uint32_t code, char *into, size_t size, size_t *length);
/** The UTF-16 units of a text. */
size_t tether_unicode_units(const char *text, size_t length);

#endif
