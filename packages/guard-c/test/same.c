#include "same.h"

#include <string.h>

static size_t items_of(struct tether_text value) {
  struct tether_items items = tether_json_items(value);
  struct tether_text name, item;
  size_t counted = 0;
  while (tether_json_next(&items, &name, &item)) counted += 1;
  return counted;
}

static bool fields_are_same(struct tether_text one, struct tether_text other) {
  struct tether_items items = tether_json_items(one);
  struct tether_text name, value, same;
  char text[64];
  size_t count;
  if (items_of(one) != items_of(other)) return false;
  while (tether_json_next(&items, &name, &value))
    if (!tether_json_string(name, text, sizeof text, 63, &count) || !tether_json_field(other, text, &same) || !is_same(value, same)) return false;
  return true;
}

static bool items_are_same(struct tether_text one, struct tether_text other) {
  struct tether_items items = tether_json_items(one), others = tether_json_items(other);
  struct tether_text name, value, same;
  if (items_of(one) != items_of(other)) return false;
  while (tether_json_next(&items, &name, &value))
    if (!tether_json_next(&others, &name, &same) || !is_same(value, same)) return false;
  return true;
}

bool is_same(struct tether_text one, struct tether_text other) {
  double number, same;
  if (tether_json_is_object(one)) return tether_json_is_object(other) && fields_are_same(one, other);
  if (tether_json_is_array(one)) return tether_json_is_array(other) && items_are_same(one, other);
  if (tether_json_number(one, &number)) return tether_json_number(other, &same) && number == same;
  return one.length == other.length && memcmp(one.at, other.at, one.length) == 0;
}
