#include "unicode.h"

static const uint32_t unknown = 0xfffd;

bool tether_is_half(uint32_t code) { return code >= 0xd800 && code <= 0xdfff; }

static bool hex_of(const char *at, const char *end, uint32_t *code) {
  if (end - at < 4) return false;
  *code = 0;
  for (int digit = 0; digit < 4; digit += 1) {
    const char c = at[digit];
    const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (value < 0) return false;
    *code = *code * 16 + (uint32_t)value;
  }
  return true;
}

static uint32_t escaped(struct tether_unicode *reader) {
  if (reader->at >= reader->end) return unknown;
  const char c = *reader->at;
  reader->at += 1;
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'u': break;
    default: return (unsigned char)c;
  }
  uint32_t high, low;
  if (!hex_of(reader->at, reader->end, &high)) return unknown;
  reader->at += 4;
  if (high < 0xd800 || high > 0xdbff || reader->end - reader->at < 6) return high;
  if (reader->at[0] != '\\' || reader->at[1] != 'u' || !hex_of(reader->at + 2, reader->end, &low)) return high;
  if (low < 0xdc00 || low > 0xdfff) return high;
  reader->at += 6;
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/** The code point that begins at `at`, and how many bytes it has. */
static uint32_t decoded(const unsigned char *at, size_t length, size_t *bytes) {
  const unsigned char first = at[0];
  const size_t wanted = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  *bytes = 1;
  if (wanted == 1) return first;
  if (wanted == 0 || wanted > length) return unknown;
  uint32_t code = first & (0x7fu >> wanted);
  for (size_t next = 1; next < wanted; next += 1) {
    if ((at[next] & 0xc0) != 0x80) return unknown;
    code = (code << 6) | (at[next] & 0x3fu);
  }
  const bool is_long = (wanted == 3 && code < 0x800) || (wanted == 4 && code < 0x10000);
  if (is_long || code > 0x10ffff || tether_is_half(code)) return unknown;
  *bytes = wanted;
  return code;
}

bool tether_unicode_next(struct tether_unicode *reader, uint32_t *code) {
  if (reader->at >= reader->end) return false;
  if (*reader->at == '\\') {
    reader->at += 1;
    *code = escaped(reader);
    return true;
  }
  size_t bytes;
  *code = decoded((const unsigned char *)reader->at, (size_t)(reader->end - reader->at), &bytes);
  reader->at += bytes;
  return true;
}

bool tether_unicode_write(uint32_t code, char *into, size_t size, size_t *length) {
  const size_t bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  if (size - *length < bytes) return false;
  if (bytes == 1) {
    into[*length] = (char)code;
  } else {
    for (size_t next = bytes - 1; next > 0; next -= 1) {
      into[*length + next] = (char)(0x80 | (code & 0x3f));
      code >>= 6;
    }
    into[*length] = (char)((0xf00u >> bytes) | code);
  }
  *length += bytes;
  return true;
}

size_t tether_unicode_units(const char *text, size_t length) {
  size_t units = 0, bytes;
  for (size_t at = 0; at < length; at += bytes) units += decoded((const unsigned char *)text + at, length - at, &bytes) > 0xffff ? 2 : 1;
  return units;
}
