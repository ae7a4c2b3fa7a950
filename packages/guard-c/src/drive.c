#include "drive.h"

#include <math.h>
#include <string.h>

static bool number_of(struct tether_text value, double *number) { return tether_json_number(value, number) && fabs(*number) < HUGE_VAL; }

/** A value that is no finite number counts as 0: a driver may read `"9"` as a speed. R24 */
static double speed_of(struct tether_text value) {
  double number;
  return number_of(value, &number) ? number : 0;
}

static double share_of(double speed, bool has_most, double most, double share) {
  if (!has_most || !(fabs(speed) > most)) return share;
  return most / fabs(speed) < share ? most / fabs(speed) : share;
}

static void limit_speeds(struct tether_text command, const struct tether_bounds *bounds, double limit, struct tether_drive *drive) {
  struct tether_text value;
  drive->has_linear = tether_json_field(command, "linear", &value);
  if (drive->has_linear) drive->linear = speed_of(value);
  drive->has_angular = tether_json_field(command, "angular", &value);
  if (drive->has_angular) drive->angular = speed_of(value);
  double share = share_of(drive->linear, bounds->has_max_linear, bounds->max_linear, 1);
  share = share_of(drive->angular, bounds->has_max_angular, bounds->max_angular, share);
  drive->linear = drive->linear * share * limit;
  drive->angular = drive->angular * share * limit;
}

void tether_limit(const struct tether_declaration *declaration, struct tether_text command, const struct tether_bounds *bounds, double limit,
                  struct tether_drive *drive) {
  drive->command = command;
  drive->button = -1;
  drive->has_linear = drive->has_angular = false;
  drive->linear = drive->angular = 0;
  memset(drive->axes, 0, sizeof drive->axes);
  memset(drive->keeps, 0, sizeof drive->keeps);
  if (declaration == NULL) {
    limit_speeds(command, bounds, limit, drive);
    return;
  }
  double share = 1;
  for (size_t at = 0; at < declaration->axis_count; at += 1) {
    const struct tether_axis *axis = &declaration->axes[at];
    struct tether_text value;
    double speed = 0;
    const bool is_named = tether_json_field(command, axis->name, &value) && number_of(value, &speed);
    if (!is_named) speed = 0;
    if (speed > axis->most) speed = axis->most;
    if (speed < axis->least) speed = axis->least;
    /* How fast an axis goes to a position is not known here. */
    drive->keeps[at] = axis->is_position && (!is_named || limit < 1);
    if (axis->is_position) {
      drive->axes[at] = speed;
      continue;
    }
    if (axis->kind == TETHER_LINEAR) share = share_of(speed, bounds->has_max_linear, bounds->max_linear, share);
    if (axis->kind == TETHER_ANGULAR) share = share_of(speed, bounds->has_max_angular, bounds->max_angular, share);
    drive->axes[at] = speed;
  }
  for (size_t at = 0; at < declaration->axis_count; at += 1)
    if (!declaration->axes[at].is_position) drive->axes[at] = drive->axes[at] * share * limit;
}
