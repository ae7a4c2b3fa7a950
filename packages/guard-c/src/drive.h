#ifndef TETHER_DRIVE_H
#define TETHER_DRIVE_H

#include "event.h"

/** The bounds of a speed reach across 0, and at 0 it rests. An axis by position is told where to go. R35 */
struct tether_axis {
  char name[33];
  bool is_position;
  /** The other bounds of the policy: speeds in m/s, in rad/s, or neither. */
  enum { TETHER_UNBOUNDED, TETHER_LINEAR, TETHER_ANGULAR } kind;
  double least, most;
};

/** The declaration of a robot. `text` is the caller's, and is sent as it stands to each client. */
struct tether_declaration {
  struct tether_text text;
  size_t axis_count, button_count;
  struct tether_axis axes[tether_axes_most];
  char buttons[tether_buttons_most][33];
};

/** The latest presses of buttons that commands told of. */
struct tether_button_presses {
  size_t count;
  char keys[tether_button_presses_most][tether_press_key_size];
};

/** A command that is obeyed, as the driver may be given it. */
struct tether_drive {
  /** As it was sent: not limited. It may be read until the hook returns. */
  struct tether_text command;
  struct tether_obeyed obeyed;
  /** Of a robot that declared nothing: its speeds, limited, where the command names them. R23, R24 */
  bool has_linear, has_angular;
  double linear, angular;
  /** Of one that did: every axis, in the declaration's order, limited. R36 */
  double axes[tether_axes_most];
  /** The axis is by position, and keeps to the last it was given: nothing in `axes` is meant for it. */
  bool keeps[tether_axes_most];
  /** The index of a button that is pressed anew, or -1. R37 */
  int button;
};

/** Reads a declaration; false for what is none. It and the text must stand as long as the guard. */
bool tether_declaration_read(struct tether_declaration *declaration, struct tether_text text);
/** Whether a command names declared axes and presses a declared button, and nothing else. R36, R37 */
bool tether_is_declared(const struct tether_declaration *declaration, struct tether_text command);
/** Limits a command by the policy and by `limit`, the share of its speed. Without a declaration its `linear` and `angular` count. */
void tether_limit(const struct tether_declaration *declaration, struct tether_text command, const struct tether_bounds *bounds, double limit,
                  struct tether_drive *drive);
/** The index of the button of a press that no command told of before, or -1. */
int tether_take_press(struct tether_button_presses *presses, const struct tether_declaration *declaration, struct tether_text command);

#endif
