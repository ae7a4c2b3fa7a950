#ifndef TETHER_LIMITS_H
#define TETHER_LIMITS_H

/* The numbers of SPEC.md's table of times and bounds that a guard needs. Durations in milliseconds. */

#define TETHER_TRUST_MS 20000.0
#define TETHER_ASK_MS 8000.0
#define TETHER_PRESS_MS 2000.0
#define TETHER_STOP_MS_USUAL 1000.0
#define TETHER_CLOCK_FIRST_MS 100.0
#define TETHER_CLOCK_EVERY_MS 2000.0
#define TETHER_STATE_EVERY_MS 1000.0
#define TETHER_SAMPLE_LIFE_MS 30000.0
#define TETHER_DRIFT_MS 20.0
#define TETHER_STOP_AGAIN_MS 100.0
#define TETHER_LATCH_AGAIN_MS 5000.0
#define TETHER_NUMBER_MOST 2147483647.0
#define TETHER_INSTANT_MOST 8.64e15

enum {
  tether_clock_first = 5,
  tether_samples_most = 8,
  tether_presses_most = 64,
  tether_stages_most = 3,
  tether_axes_most = 16,
  tether_buttons_most = 16,
  tether_button_presses_most = 64,
  tether_pairs_most = 32,
  tether_keys_most = 8,
  tether_permit_most = 4096,
  /** Of a key of a press, in characters. */
  tether_press_key_least = 16,
  tether_press_key_most = 64,
  /** In bytes of UTF-8, and a zero. */
  tether_press_key_size = 4 * tether_press_key_most + 1
};

#endif
