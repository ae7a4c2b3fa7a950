#ifndef TETHER_GUARD_H
#define TETHER_GUARD_H

#include "drive.h"
#include "machine.h"
#include "message.h"
#include "permit.h"
#include "stage.h"

/*
 * Stands between all operators and the robot's driver. In doubt the robot stops.
 *
 * A guard is one struct of the caller's, and allocates nothing. It has no clock: each call is told `at`, in ms by a clock that is never set
 * (as CLOCK_MONOTONIC); one that goes back counts as standing still. It is for one thread. After each call `tether_guard_deadline` says when
 * `tether_guard_due` must be called at the latest. Nothing stops the robot if the program hangs: the driver needs a watchdog of its own.
 */

/** Why a stop by order is or is not in force any more, for the `report` to the broker. P13 */
struct tether_latch {
  bool in_force;
  /** The session whose word it is; null where it is not known. */
  const struct tether_id *session;
  /** The field `by` of the broker's `stop`, a JSON object; empty where there was none. */
  struct tether_text by;
};

/**
 * The functions that the guard calls. A hook may call `tether_guard_stop`, `_stopped`, `_fail`, `_close`, `_leave`, `_end` and `_lost`, which then act
 * once it returned, and no other function of the guard.
 */
struct tether_hooks {
  void *context;
  /** Obeys a command, at once. False stops the robot. */
  bool (*command)(void *context, const struct tether_drive *drive);
  /** Begins a stage: at least `TETHER_STAGE_STOP`, which stops the robot and is over when it stands. R10, R26 */
  tether_run_stage run;
  tether_verify verify;
  /** Sends text on a channel of a pair. `is_news`: only if nothing waits there to be sent. R13 */
  void (*send)(void *context, uint32_t pair, enum tether_channel channel, struct tether_text text, bool is_news);
  /** Remembers beyond the program whether a stop is in force; answers whether it did. Where it could not it is asked again. R18 */
  bool (*keep)(void *context, bool in_force);
  /** A stop by order came into force, or its holder resumed. May be null, as the next one. */
  void (*latched)(void *context, const struct tether_latch *latch);
  /** The robot stands. `latency_ms`: since the reason was known. */
  void (*stopped)(void *context, enum tether_reason reason, double latency_ms, const struct tether_stages *stages);
};

struct tether_pair {
  uint32_t number;
  /** Whether one of the two channels has closed. */
  bool is_closed;
  struct tether_id session;
};

enum { tether_queue_most = 8 };

/** Callers may read `state` between calls, and no other field. A guard has 45 KB. */
struct tether_guard {
  struct tether_state state;
  struct tether_hooks hooks;
  struct tether_manoeuvre manoeuvre;
  const struct tether_declaration *declaration;
  bool limits_speed;
  double at, keep_at;
  size_t key_count;
  struct tether_key keys[tether_keys_most];
  uint32_t pair_count;
  struct tether_pair pairs[tether_pairs_most];
  struct tether_button_presses presses;
  struct tether_runner runner;
  struct tether_text by;
  bool is_busy, is_overrun;
  size_t queue_count;
  struct tether_event queue[tether_queue_most];
};

struct tether_options {
  /** The id of the robot. */
  const char *robot;
  /** A stop by order is in force from before, or may be: it holds until the holder resumes. R18 */
  bool is_stopped;
  /** The driver obeys `limit` by itself: commands come as they were sent, but for the policy's highest speeds. */
  bool limits_speed;
  /** Null where there are none. It is copied. */
  const struct tether_manoeuvre *manoeuvre;
  /** The declaration of the robot; null where it declares nothing. */
  const struct tether_declaration *declaration;
};

void tether_guard_begin(struct tether_guard *guard, const struct tether_hooks *hooks, const struct tether_options *options, double at);

/** A frame of the broker: `welcome`, `control.changed` and `stop` count, any other is nothing to it. */
void tether_guard_frame(struct tether_guard *guard, double at, struct tether_text frame);
/** The robot's connection to the broker is lost. */
void tether_guard_lost(struct tether_guard *guard, double at);

/** Takes the channels with a client's session once both are open. Answers their number, or 0 where there is no room or `session` is none. */
uint32_t tether_guard_open(struct tether_guard *guard, double at, const char *session);
void tether_guard_message(struct tether_guard *guard, double at, uint32_t pair, enum tether_channel channel, struct tether_text text);
/**
 * Takes a message that came on one channel while the other is not there yet. A stop is obeyed at once; of anything else the answer is false, and the caller
 * keeps it for `tether_guard_message` once both are open. W1.1
 */
bool tether_guard_early(struct tether_guard *guard, double at, const char *session, enum tether_channel channel, struct tether_text text);
/** Call it when one of the two channels closed: the other is good for a stop alone. R7.1, R9 */
void tether_guard_close(struct tether_guard *guard, double at, uint32_t pair);
/** Gives both channels up: nothing on them is heard any more. */
void tether_guard_leave(struct tether_guard *guard, double at, uint32_t pair);

/** Stops the robot as a stop by order does: it holds until the holder resumes. */
void tether_guard_stop(struct tether_guard *guard, double at);
/** A stage that the driver went on with is over. `is_good`: it was done. A stop that was not is begun again. */
void tether_guard_stopped(struct tether_guard *guard, double at, uint32_t run, bool is_good);
/** The driver cannot do what it was told. */
void tether_guard_fail(struct tether_guard *guard, double at);
/** Stops the robot for good; over when the state's phase is `TETHER_ENDED`. */
void tether_guard_end(struct tether_guard *guard, double at);

/** When `tether_guard_due` is to be called next; infinite where time alone changes nothing. */
double tether_guard_deadline(const struct tether_guard *guard);
void tether_guard_due(struct tether_guard *guard, double at);

/** Tells every client the driver's own telemetry, a JSON value of at most 16 KB, but for those whose channel is behind. */
void tether_guard_telemetry(struct tether_guard *guard, struct tether_text telemetry);
/**
 * Tells every client when a picture of a stream was taken, by its RTP timestamp. From the first on, commands are limited by how old theirs
 * is. `stream` is the id of the track, of letters, digits, `-` and `_`. R22, R34
 */
void tether_guard_picture(struct tether_guard *guard, double at, const char *stream, uint32_t rtp, double taken_at);

#endif
