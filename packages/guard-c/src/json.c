#include "json.h"

#include "number.h"
#include "unicode.h"

#include <string.h>

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static const char *skip_blanks(const char *at, const char *end) {
  while (at < end && is_blank(*at)) at += 1;
  return at;
}

/** The end of the string that begins at `at`. */
static const char *skip_string(const char *at, const char *end) {
  for (at += 1; at < end; at += 1) {
    if (*at == '"') return at + 1;
    if (*at == '\\' && at + 1 < end) at += 1;
  }
  return end;
}

static const char *skip_value(const char *at, const char *end) {
  size_t depth = 0;
  while (at < end) {
    const char c = *at;
    if (c == '"') {
      at = skip_string(at, end);
    } else if (c == '{' || c == '[') {
      depth += 1;
      at += 1;
      continue;
    } else if (c == '}' || c == ']') {
      at += 1;
      if (depth > 0) depth -= 1;
    } else if (depth > 0) {
      at += 1;
      continue;
    } else {
      while (at < end && !is_blank(*at) && *at != ',' && *at != '}' && *at != ']') at += 1;
    }
    if (depth == 0) return at;
  }
  return end;
}

static struct tether_text between(const char *at, const char *end) { return (struct tether_text){at, (size_t)(end - at)}; }

static struct tether_text trimmed(struct tether_text value) {
  const char *end = value.at + value.length;
  const char *at = skip_blanks(value.at, end);
  while (end > at && is_blank(end[-1])) end -= 1;
  return between(at, end);
}

static bool begins(struct tether_text value, char with) {
  const struct tether_text own = trimmed(value);
  return own.length > 0 && own.at[0] == with;
}

static bool is_word(struct tether_text value, const char *word) {
  const struct tether_text own = trimmed(value);
  return own.length == strlen(word) && memcmp(own.at, word, own.length) == 0;
}

struct tether_text tether_text_of(const char *text) { return (struct tether_text){text, strlen(text)}; }
bool tether_json_is_object(struct tether_text value) { return begins(value, '{'); }
bool tether_json_is_array(struct tether_text value) { return begins(value, '['); }
bool tether_json_is_null(struct tether_text value) { return is_word(value, "null"); }

bool tether_json_boolean(struct tether_text value, bool *is_true) {
  *is_true = is_word(value, "true");
  return *is_true || is_word(value, "false");
}

bool tether_json_number(struct tether_text value, double *number) {
  const struct tether_text own = trimmed(value);
  return tether_number_read(own.at, own.length, number) == own.length && own.length > 0;
}

bool tether_json_is_string(struct tether_text value, const char *text) {
  if (!begins(value, '"')) return false;
  struct tether_text own = trimmed(value);
  struct tether_unicode reader = {own.at + 1, own.at + own.length - 1};
  uint32_t code;
  while (tether_unicode_next(&reader, &code)) {
    if (*text == '\0' || code != (uint32_t)(unsigned char)*text) return false;
    text += 1;
  }
  return *text == '\0';
}

bool tether_json_string(struct tether_text value, char *into, size_t size, size_t most, size_t *count) {
  if (!begins(value, '"') || size == 0) return false;
  struct tether_text own = trimmed(value);
  struct tether_unicode reader = {own.at + 1, own.at + own.length - 1};
  size_t length = 0;
  uint32_t code;
  *count = 0;
  while (tether_unicode_next(&reader, &code)) {
    *count += 1;
    if (code == 0 || tether_is_half(code) || *count > most || !tether_unicode_write(code, into, size - 1, &length)) return false;
  }
  into[length] = '\0';
  return true;
}

bool tether_json_characters(struct tether_text value, size_t *count) {
  if (!begins(value, '"')) return false;
  const struct tether_text own = trimmed(value);
  struct tether_unicode reader = {own.at + 1, own.at + own.length - 1};
  uint32_t code;
  *count = 0;
  while (tether_unicode_next(&reader, &code)) {
    if (tether_is_half(code)) return false;
    *count += 1;
  }
  return true;
}

struct tether_items tether_json_items(struct tether_text value) {
  const struct tether_text own = trimmed(value);
  if (own.length < 2 || (own.at[0] != '{' && own.at[0] != '[')) return (struct tether_items){own.at, own.at};
  return (struct tether_items){own.at + 1, own.at + own.length - 1};
}

bool tether_json_next(struct tether_items *items, struct tether_text *name, struct tether_text *value) {
  const char *at = skip_blanks(items->at, items->end);
  if (at < items->end && *at == ',') at = skip_blanks(at + 1, items->end);
  if (at >= items->end) return false;
  const char *after = skip_value(at, items->end);
  *name = between(at, after);
  const char *colon = skip_blanks(after, items->end);
  if (colon < items->end && *colon == ':') {
    at = skip_blanks(colon + 1, items->end);
    after = skip_value(at, items->end);
  }
  *value = between(at, after);
  items->at = after;
  return true;
}

bool tether_json_field(struct tether_text object, const char *name, struct tether_text *value) {
  if (!tether_json_is_object(object)) return false;
  struct tether_items items = tether_json_items(object);
  struct tether_text one_name, one;
  bool is_there = false;
  while (tether_json_next(&items, &one_name, &one)) {
    if (!tether_json_is_string(one_name, name)) continue;
    *value = one;
    is_there = true;
  }
  return is_there;
}
