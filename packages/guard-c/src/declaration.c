#include "drive.h"
#include "message.h"

#include <math.h>
#include <string.h>

static const char *const kinds[] = {"differential", "holonomic", "ackermann", "arm", "ptz", "none"};
static const double most_bound = 1e6;
enum { telemetry_most = 32 };

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/** Reads the name of an axis or a button: a letter and up to 31 letters, digits and `_`, and never `press`. R35 */
static bool name_of(struct tether_text row, const char *field, char name[33]) {
  struct tether_text value;
  size_t count;
  if (!tether_json_field(row, field, &value) || !tether_json_string(value, name, 33, 32, &count) || !is_letter(name[0])) return false;
  for (const char *at = name; *at != '\0'; at += 1)
    if (!is_letter(*at) && !(*at >= '0' && *at <= '9') && *at != '_') return false;
  return strlen(name) == count && strcmp(name, "press") != 0;
}

static bool is_word(struct tether_text row, const char *field, size_t most, bool is_needed) {
  struct tether_text value;
  size_t count;
  if (!tether_json_field(row, field, &value)) return !is_needed;
  return tether_json_characters(value, &count) && count >= 1 && count <= most;
}

static bool bound(struct tether_text row, const char *field, double *number) {
  struct tether_text value;
  return tether_json_field(row, field, &value) && tether_json_number(value, number) && fabs(*number) <= most_bound;
}

static bool axis_of(struct tether_text row, struct tether_declaration *declaration) {
  struct tether_axis *axis = &declaration->axes[declaration->axis_count];
  struct tether_text unit;
  if (!name_of(row, "name", axis->name) || !is_word(row, "unit", 32, true) || !is_word(row, "title", 32, false)) return false;
  struct tether_text by;
  const bool has_by = tether_json_field(row, "by", &by);
  axis->is_position = has_by && tether_json_is_string(by, "position");
  if (has_by && !axis->is_position && !tether_json_is_string(by, "speed")) return false;
  if (!bound(row, "least", &axis->least) || !bound(row, "most", &axis->most)) return false;
  if (axis->is_position ? axis->most < axis->least : axis->least > 0 || axis->most < 0) return false;
  tether_json_field(row, "unit", &unit);
  axis->kind = tether_json_is_string(unit, "m/s") ? TETHER_LINEAR : tether_json_is_string(unit, "rad/s") ? TETHER_ANGULAR : TETHER_UNBOUNDED;
  for (size_t at = 0; at < declaration->axis_count; at += 1)
    if (strcmp(declaration->axes[at].name, axis->name) == 0) return false;
  declaration->axis_count += 1;
  return true;
}

static bool button_of(struct tether_text row, struct tether_declaration *declaration) {
  char *button = declaration->buttons[declaration->button_count];
  if (!name_of(row, "name", button) || !is_word(row, "title", 32, false)) return false;
  for (size_t at = 0; at < declaration->button_count; at += 1)
    if (strcmp(declaration->buttons[at], button) == 0) return false;
  declaration->button_count += 1;
  return true;
}

/** A field of the telemetry: its name is not among those before it. */
static bool is_field(struct tether_text row, struct tether_items before, size_t earlier) {
  char own[4 * 64 + 1], other[4 * 64 + 1];
  struct tether_text name, value;
  size_t count;
  if (!is_word(row, "name", 64, true) || !is_word(row, "unit", 32, false) || !is_word(row, "title", 32, false)) return false;
  tether_json_field(row, "name", &value);
  tether_json_string(value, own, sizeof own, 64, &count);
  for (; earlier > 0 && tether_json_next(&before, &name, &row); earlier -= 1)
    if (tether_json_field(row, "name", &value) && tether_json_string(value, other, sizeof other, 64, &count) && strcmp(own, other) == 0) return false;
  return true;
}

bool tether_declaration_read(struct tether_declaration *declaration, struct tether_text text) {
  struct tether_text kind, rows, name, row;
  memset(declaration, 0, sizeof *declaration);
  declaration->text = text;
  if (!tether_json_is_valid(text) || !tether_json_field(text, "kind", &kind)) return false;
  size_t known = 0;
  while (known < sizeof kinds / sizeof kinds[0] && !tether_json_is_string(kind, kinds[known])) known += 1;
  if (known == sizeof kinds / sizeof kinds[0]) return false;
  if (!tether_json_field(text, "axes", &rows) || !tether_json_is_array(rows)) return false;
  struct tether_items items = tether_json_items(rows);
  while (tether_json_next(&items, &name, &row))
    if (declaration->axis_count == tether_axes_most || !axis_of(row, declaration)) return false;
  if (!tether_json_field(text, "buttons", &rows) || !tether_json_is_array(rows)) return false;
  items = tether_json_items(rows);
  while (tether_json_next(&items, &name, &row))
    if (declaration->button_count == tether_buttons_most || !button_of(row, declaration)) return false;
  if (!tether_json_field(text, "telemetry", &rows) || !tether_json_is_array(rows)) return false;
  items = tether_json_items(rows);
  for (size_t count = 0; tether_json_next(&items, &name, &row); count += 1)
    if (count == telemetry_most || !is_field(row, tether_json_items(rows), count)) return false;
  return true;
}

/** The index of the button of a press and its key, or -1. */
static int press_of(const struct tether_declaration *declaration, struct tether_text press, char key[tether_press_key_size]) {
  char name[33];
  if (!name_of(press, "button", name) || !tether_key_of(press, "key", key)) return -1;
  for (size_t at = 0; at < declaration->button_count; at += 1)
    if (strcmp(declaration->buttons[at], name) == 0) return (int)at;
  return -1;
}

bool tether_is_declared(const struct tether_declaration *declaration, struct tether_text command) {
  struct tether_text name, value;
  char key[tether_press_key_size];
  if (!tether_json_is_object(command)) return false;
  struct tether_items items = tether_json_items(command);
  while (tether_json_next(&items, &name, &value)) {
    bool is_known = tether_json_is_string(name, "press");
    /* Of several fields of one name the last counts. */
    if (is_known && (!tether_json_field(command, "press", &value) || press_of(declaration, value, key) < 0)) return false;
    for (size_t at = 0; !is_known && at < declaration->axis_count; at += 1) is_known = tether_json_is_string(name, declaration->axes[at].name);
    if (!is_known) return false;
  }
  return true;
}

int tether_take_press(struct tether_button_presses *presses, const struct tether_declaration *declaration, struct tether_text command) {
  struct tether_text press;
  char key[tether_press_key_size];
  if (!tether_json_field(command, "press", &press)) return -1;
  const int button = press_of(declaration, press, key);
  if (button < 0) return -1;
  for (size_t at = 0; at < presses->count; at += 1)
    if (strcmp(presses->keys[at], key) == 0) return -1;
  if (presses->count == tether_button_presses_most) {
    memmove(presses->keys, presses->keys + 1, sizeof presses->keys - sizeof presses->keys[0]);
    presses->count -= 1;
  }
  memcpy(presses->keys[presses->count], key, sizeof key);
  presses->count += 1;
  return button;
}
