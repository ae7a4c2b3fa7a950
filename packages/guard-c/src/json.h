#ifndef TETHER_JSON_H
#define TETHER_JSON_H

#include <stdbool.h>
#include <stddef.h>

/** Part of a text that somebody else owns: it may be read as long as that text stands. */
struct tether_text {
  const char *at;
  size_t length;
};

/** The items of an array or an object that are still to come. */
struct tether_items {
  const char *at;
  const char *end;
};

struct tether_text tether_text_of(const char *text);

/** Whether a text is one JSON value (RFC 8259) of at most 65,536 UTF-16 units, nested at most 64 deep. R25 */
bool tether_json_is_valid(struct tether_text text);

/* The functions below take a value of a text that is valid; of any other their answers mean nothing, but they read nothing beyond it. */

bool tether_json_is_object(struct tether_text value);
bool tether_json_is_array(struct tether_text value);
bool tether_json_is_null(struct tether_text value);
/** Whether it is `true` or `false`, and which. */
bool tether_json_boolean(struct tether_text value, bool *is_true);
/** Whether it is a number. One beyond what a double holds is infinite. */
bool tether_json_number(struct tether_text value, double *number);
/** Whether it is the string `text`, which is ASCII. */
bool tether_json_is_string(struct tether_text value, const char *text);
/**
 * Whether it is a string of well-formed Unicode (A12) without a zero in it, that has at most `most` characters (code points) and fits into
 * `size` bytes of UTF-8 with a zero behind it. `count` is told how many it has.
 */
bool tether_json_string(struct tether_text value, char *into, size_t size, size_t most, size_t *count);

/** Whether it is a string of well-formed Unicode, and how many characters it has. */
bool tether_json_characters(struct tether_text value, size_t *count);

struct tether_items tether_json_items(struct tether_text value);
/** The next item: its value, and in an object its name, a string as it is written. False where there is none. */
bool tether_json_next(struct tether_items *items, struct tether_text *name, struct tether_text *value);
/** The field `name` of an object. Of several the last counts, as it does in JavaScript and Python. */
bool tether_json_field(struct tether_text object, const char *name, struct tether_text *value);

#endif
