#ifndef TETHER_STATE_H
#define TETHER_STATE_H

#include "limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The state of a guard. Instants are in ms by the robot's own clock, which is never set, unless said otherwise. R4.7 */

/** The id of a robot or a client session: a prefix and 26 characters. */
struct tether_id {
  char text[32];
};

bool tether_id_is(const struct tether_id *one, const struct tether_id *other);

enum tether_reason {
  TETHER_DEADMAN,
  TETHER_EPOCH,
  TETHER_STOP,
  TETHER_PERMIT_OVER,
  TETHER_SIGNALLING_AWAY,
  TETHER_RELEASED,
  TETHER_LEAVING,
  TETHER_CHANNEL_CLOSED,
  TETHER_DRIVER_FAILED,
  TETHER_BLIND
};

enum tether_refusal {
  TETHER_REFUSED_INVALID,
  TETHER_REFUSED_OVER,
  TETHER_REFUSED_EPOCH_OLD,
  TETHER_REFUSED_SIGNALLING_AWAY,
  TETHER_REFUSED_ROBOT_OTHER,
  TETHER_REFUSED_SESSION_OTHER
};

/** Why a command was not obeyed. */
enum tether_drop { TETHER_DROP_EPOCH, TETHER_DROP_STOPPED, TETHER_DROP_SEQ, TETHER_DROP_CLOCK, TETHER_DROP_LATE, TETHER_DROP_BLIND, TETHER_DROPS };

/** How a stop came: by the broker's frame, or on one of the channels. Bits, as a press has several. */
enum tether_way { TETHER_BY_FRAME = 1, TETHER_BY_EVENTS = 2, TETHER_BY_CONTROL = 4 };

/** Idle: nobody may drive. Armed: the holder may. Driving: a command was obeyed. Stopping: the driver has not stopped yet. Ended: for good. */
enum tether_phase { TETHER_IDLE, TETHER_ARMED, TETHER_DRIVING, TETHER_STOPPING, TETHER_ENDED };

enum tether_stage { TETHER_STAGE_SLOW, TETHER_STAGE_STOP, TETHER_STAGE_SAFE };
enum tether_became { TETHER_BECAME_DONE, TETHER_BECAME_LATE, TETHER_BECAME_FAILED };

/** How one stage of the end of valid control went. R26 */
struct tether_stage_result {
  enum tether_stage stage;
  enum tether_became became;
  double took_ms;
};

struct tether_stages {
  size_t count;
  struct tether_stage_result list[tether_stages_most];
};

/** Speeds in m/s and rad/s. */
struct tether_bounds {
  bool has_blind_ms, has_max_linear, has_max_angular;
  double blind_ms, stop_ms, max_linear, max_angular;
};

/** The terms of a permit: its time, by the broker's clock, and the robot's policy as it was then. */
struct tether_terms {
  double issued_at, expires_at, deadman_ms, max_age_ms;
  struct tether_bounds bounds;
};

/** The claims of a permit. */
struct tether_permit {
  struct tether_id robot, session;
  int64_t epoch;
  struct tether_terms terms;
};

struct tether_sample {
  double at, round_trip_ms, offset_ms;
};

/** A press of stop that was counted at `at`. Its name is the session and the key. */
struct tether_press {
  char name[sizeof(struct tether_id) + tether_press_key_size];
  bool is_once;
  double at;
  unsigned ways;
};

struct tether_holder {
  /** The pair of channels that it is obeyed on. */
  uint32_t pair;
  struct tether_id session;
  int64_t epoch;
  struct tether_terms terms;
  double ask_at, question_at, tell_at;
  size_t sample_count, asked_count;
  struct tether_sample samples[tether_samples_most];
  /** Questions for its clock that are not answered yet. */
  double asked[tether_clock_first];
  uint32_t questions;
  /** Of the last command that was obeyed. */
  bool has_age, has_blind_time;
  double age_ms, blind_ms, limit, picture_at;
  uint32_t dropped[TETHER_DROPS];
};

struct tether_state {
  enum tether_phase phase;
  struct tether_id robot;
  /** The broker's clock minus the robot's; the epoch that its last notice named, 0 before any. */
  struct {
    bool is_online;
    double away_at, ahead_ms;
    int64_t epoch;
  } broker;
  /**
   * The highest epoch known, the one session that may drive in it, the highest command obeyed in it, and the terms of the newest permit that
   * was accepted in it: an older one that is shown again brings back nothing that was changed since. R1.2
   */
  struct {
    int64_t epoch;
    bool has_session, has_terms;
    struct tether_id session;
    int64_t seq;
    struct tether_terms terms;
  } fence;
  /** Stops by order are numbered. A latched one holds until the holder resumes from it; `is_kept`: the next program will know of it. */
  struct {
    uint32_t number;
    bool is_latched, is_kept;
    size_t press_count;
    struct tether_press presses[tether_presses_most];
  } order;
  bool announces_pictures;
  /** Counts the stops, so that the end of one is not taken for that of another. */
  uint32_t turn;
  /** The session that may drive, or may once the robot stands. */
  bool has_holder;
  struct tether_holder holder;
  double last_at;
  /** While it stops: why, since when, whether the holder was not told yet that it may drive, and whether it is for good. */
  enum tether_reason reason;
  double since;
  bool must_greet, is_ending;
};

#endif
