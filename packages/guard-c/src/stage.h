#ifndef TETHER_STAGE_H
#define TETHER_STAGE_H

#include "state.h"

/** How the driver answers when it is asked for a stage. `RUNNING`: it says later, by the number of the run, that it is done. */
enum tether_run { TETHER_RUN_DONE, TETHER_RUN_FAILED, TETHER_RUN_RUNNING };

/** Begins a stage. `run` is the number by which its end is told. */
typedef enum tether_run (*tether_run_stage)(void *context, enum tether_stage stage, enum tether_reason reason, uint32_t run);

/** The stages before and after the stop, of a robot that declares some. Durations in ms. R26 */
struct tether_manoeuvre {
  bool has_slow, has_safe;
  double slow_within_ms;
  /** How long the stop may take before `safe` begins beside it. */
  double stop_within_ms;
  double safe_within_ms;
};

/** A stop that is carried out: at most one at a time. */
struct tether_runner {
  bool is_running, is_urgent;
  uint32_t turn;
  enum tether_reason reason;
  /** The stage that is waited for, since when and until when; `TETHER_STAGE_STOP` without a deadline once the rest is over. */
  enum tether_stage stage;
  double began_at, late_at;
  bool is_stop_begun, is_stop_done, is_safe_over;
  double again_at;
  /** The runs of the stages that were begun. */
  uint32_t runs, slow_run, stop_run, safe_run;
  struct tether_stages passed;
};

/** The calls by which a runner reaches its guard. */
struct tether_stages_env {
  const struct tether_manoeuvre *manoeuvre;
  tether_run_stage run;
  void *context;
};

/** Whether there is no time to slow down: after an order, with a driver that does not obey, and where the session ended meanwhile. */
bool tether_is_urgent(enum tether_reason reason, bool is_ending);
/** Begins the stop that a state is in. Answers whether it is over already, as the functions below do. */
bool tether_runner_begin(struct tether_runner *runner, struct tether_stages_env env, const struct tether_state *state, double at);
/** A run is over. One that belongs to no stage that is waited for says nothing. */
bool tether_runner_done(struct tether_runner *runner, struct tether_stages_env env, uint32_t run, bool is_good, double at);
/** Does what is due: a stop that failed is begun again, and a stage that is late brings the next. */
bool tether_runner_due(struct tether_runner *runner, struct tether_stages_env env, double at);
double tether_runner_deadline(const struct tether_runner *runner);

#endif
