#include "json.h"
#include "number.h"
#include "unicode.h"

#include <stdint.h>
#include <string.h>

static const size_t most_units = 65536;
static const unsigned most_depth = 64;

struct parser {
  const char *at;
  const char *end;
};

static void blanks(struct parser *p) {
  while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r')) p->at += 1;
}

static bool word(struct parser *p, const char *is) {
  const size_t length = strlen(is);
  if ((size_t)(p->end - p->at) < length || memcmp(p->at, is, length) != 0) return false;
  p->at += length;
  return true;
}

static bool escape(struct parser *p) {
  if (p->at >= p->end) return false;
  const char c = *p->at;
  p->at += 1;
  if (c != 'u') return memchr("\"\\/bfnrt", c, 8) != NULL;
  for (int digit = 0; digit < 4; digit += 1) {
    if (p->at >= p->end) return false;
    const char d = *p->at;
    if (!((d >= '0' && d <= '9') || (d >= 'a' && d <= 'f') || (d >= 'A' && d <= 'F'))) return false;
    p->at += 1;
  }
  return true;
}

static bool string(struct parser *p) {
  if (p->at >= p->end || *p->at != '"') return false;
  p->at += 1;
  while (p->at < p->end) {
    const unsigned char c = (unsigned char)*p->at;
    p->at += 1;
    if (c == '"') return true;
    if (c < 0x20 || (c == '\\' && !escape(p))) return false;
  }
  return false;
}

static bool scalar(struct parser *p) {
  if (p->at >= p->end) return false;
  switch (*p->at) {
    case '"': return string(p);
    case 't': return word(p, "true");
    case 'f': return word(p, "false");
    case 'n': return word(p, "null");
    default: break;
  }
  double number;
  const size_t length = tether_number_read(p->at, (size_t)(p->end - p->at), &number);
  p->at += length;
  return length > 0;
}

static bool name(struct parser *p) {
  blanks(p);
  if (!string(p)) return false;
  blanks(p);
  if (p->at >= p->end || *p->at != ':') return false;
  p->at += 1;
  return true;
}

/** Reads values until the outermost one is over. A bit of `objects` says for each that is open whether it is an object. */
static bool value(struct parser *p) {
  uint64_t objects = 0;
  unsigned depth = 0;
  for (;;) {
    blanks(p);
    bool is_open = false;
    if (p->at < p->end && (*p->at == '{' || *p->at == '[')) {
      const bool is_object = *p->at == '{';
      if (depth == most_depth) return false;
      p->at += 1;
      depth += 1;
      objects = (objects << 1) | (is_object ? 1u : 0u);
      blanks(p);
      is_open = p->at < p->end && *p->at != (is_object ? '}' : ']');
      if (is_open && is_object && !name(p)) return false;
      if (is_open) continue;
    } else if (!scalar(p)) {
      return false;
    }
    for (;;) {
      if (depth == 0) return true;
      blanks(p);
      if (p->at >= p->end) return false;
      const bool is_object = (objects & 1u) != 0;
      const char c = *p->at;
      p->at += 1;
      if (c == ',') {
        if (is_object && !name(p)) return false;
        break;
      }
      if (c != (is_object ? '}' : ']')) return false;
      depth -= 1;
      objects >>= 1;
    }
  }
}

bool tether_json_is_valid(struct tether_text text) {
  /* A unit has three bytes at most. */
  if (text.length > most_units * 3 || tether_unicode_units(text.at, text.length) > most_units) return false;
  struct parser p = {text.at, text.at + text.length};
  if (!value(&p)) return false;
  blanks(&p);
  return p.at == p.end;
}
