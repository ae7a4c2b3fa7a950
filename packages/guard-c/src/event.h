#ifndef TETHER_EVENT_H
#define TETHER_EVENT_H

#include "json.h"
#include "state.h"

enum tether_event_type {
  TETHER_PERMIT_SHOWN,
  TETHER_COMMANDED,
  TETHER_STOP_ORDERED,
  TETHER_CHANNELS_OPENED,
  TETHER_RESUMED,
  TETHER_CLOCK_SAMPLED,
  TETHER_CHANNELS_CLOSED,
  TETHER_WELCOMED,
  TETHER_NOTICED,
  TETHER_SIGNALLING_LOST,
  TETHER_STOP_DONE,
  TETHER_FAILED,
  TETHER_LATCH_WRITTEN,
  TETHER_PICTURE_ANNOUNCED,
  TETHER_DUE,
  TETHER_SESSION_ENDED
};

/** The holder of control, by the broker's word. */
struct tether_notice {
  int64_t epoch;
  bool has_session, is_released;
  struct tether_id session;
};

/** Something that happened to a guard at `at`. Of the further fields each type has those that are named behind it. */
struct tether_event {
  enum tether_event_type type;
  double at;
  /** Of all that comes on channels: which pair of them. */
  uint32_t pair;
  /** permitShown. Without `has_permit` its signature did not hold. */
  struct tether_id session;
  bool has_permit;
  struct tether_permit permit;
  /** commanded, resumed. */
  int64_t epoch, seq;
  /** commanded: `sent_at` by the operator's clock, `picture_at` by the robot's. */
  double sent_at, picture_at;
  bool has_picture;
  struct tether_text command;
  /** stopOrdered. `has_press`: it may come by another way too. */
  bool has_press;
  struct tether_press press;
  /** resumed: the number of the stop. */
  uint32_t stop;
  /** clockSampled: `t0` as it was asked, `t1` by the operator's clock. */
  double t0, t1;
  /** welcomed. */
  double server_time;
  /** welcomed with one, noticed. */
  bool has_notice;
  struct tether_notice notice;
  /** stopDone. */
  uint32_t turn;
  struct tether_stages stages;
  /** latchWritten. */
  bool is_kept;
};

enum tether_message_type {
  TETHER_ACCEPTED,
  TETHER_REFUSED,
  TETHER_RENEW,
  TETHER_STOPPED,
  TETHER_LATCHED,
  TETHER_RESUMED_FROM,
  TETHER_CLOCK,
  TETHER_STATE
};

/** A message on `tether.events` to the operator. Of the further fields each type has those that SPEC.md's table names. */
struct tether_message {
  enum tether_message_type type;
  int64_t epoch, seq;
  bool has_stop;
  uint32_t stop;
  bool is_kept, is_moving;
  enum tether_refusal refusal;
  enum tether_reason reason;
  double t0, latency_ms;
  struct tether_stages stages;
  bool has_age, has_round_trip, has_blind_time;
  double age_ms, round_trip_ms, blind_ms, limit;
  uint32_t dropped[TETHER_DROPS];
};

/** Of a command that is obeyed. `limit`: the share of its speed that it may be given, for the time in which its operator was blind. R23 */
struct tether_obeyed {
  int64_t epoch, seq;
  double age_ms, limit;
  bool has_blind_ms;
  double blind_ms;
};

enum tether_effect_type { TETHER_SEND, TETHER_BROADCAST, TETHER_DRIVE };

/** Something to do: a message to send on a pair of channels or to everyone, or a command to give to the driver. */
struct tether_effect {
  enum tether_effect_type type;
  uint32_t pair;
  struct tether_message message;
  struct tether_text command;
  struct tether_obeyed obeyed;
  struct tether_bounds bounds;
};

/** Deadlines make three effects at most, before and after the event, which makes two. */
enum { tether_effects_most = 8 };

struct tether_effects {
  size_t count;
  struct tether_effect list[tether_effects_most];
};

#endif
