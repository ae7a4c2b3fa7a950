#include "stage.h"

#include <math.h>
#include <string.h>

bool tether_is_urgent(enum tether_reason reason, bool is_ending) {
  return is_ending || reason == TETHER_STOP || reason == TETHER_LEAVING || reason == TETHER_DRIVER_FAILED;
}

static void pass(struct tether_runner *runner, enum tether_stage stage, enum tether_became became, double at) {
  runner->passed.list[runner->passed.count] = (struct tether_stage_result){stage, became, at - runner->began_at};
  runner->passed.count += 1;
}

static enum tether_run run(struct tether_runner *runner, struct tether_stages_env env, enum tether_stage stage, uint32_t *number) {
  runner->runs += 1;
  *number = runner->runs;
  return env.run(env.context, stage, runner->reason, *number);
}

static void wait_for(struct tether_runner *runner, enum tether_stage stage, double within_ms, double at) {
  runner->stage = stage;
  runner->began_at = at;
  runner->late_at = at + within_ms;
}

/** The stop was over, or late: `safe` begins, and then only the stop is waited for. */
static void safe(struct tether_runner *runner, struct tether_stages_env env, double at) {
  if (!env.manoeuvre->has_safe) {
    runner->is_safe_over = true;
    wait_for(runner, TETHER_STAGE_STOP, HUGE_VAL, at);
    return;
  }
  wait_for(runner, TETHER_STAGE_SAFE, env.manoeuvre->safe_within_ms, at);
  const enum tether_run said = run(runner, env, TETHER_STAGE_SAFE, &runner->safe_run);
  if (said == TETHER_RUN_RUNNING) return;
  pass(runner, TETHER_STAGE_SAFE, said == TETHER_RUN_DONE ? TETHER_BECAME_DONE : TETHER_BECAME_FAILED, at);
  runner->is_safe_over = true;
  wait_for(runner, TETHER_STAGE_STOP, HUGE_VAL, at);
}

static void stopped(struct tether_runner *runner, struct tether_stages_env env, double at) {
  runner->is_stop_done = true;
  if (runner->is_safe_over || runner->stage != TETHER_STAGE_STOP) return;
  pass(runner, TETHER_STAGE_STOP, TETHER_BECAME_DONE, at);
  safe(runner, env, at);
}

/** Tells the driver to stop, and again 100 ms after it failed. R10 */
static void stop(struct tether_runner *runner, struct tether_stages_env env, double at) {
  runner->again_at = HUGE_VAL;
  const enum tether_run said = run(runner, env, TETHER_STAGE_STOP, &runner->stop_run);
  if (said == TETHER_RUN_DONE) stopped(runner, env, at);
  if (said == TETHER_RUN_FAILED) runner->again_at = at + TETHER_STOP_AGAIN_MS;
}

static void begin_stop(struct tether_runner *runner, struct tether_stages_env env, double at) {
  const bool is_staged = env.manoeuvre->has_slow || env.manoeuvre->has_safe;
  runner->is_stop_begun = true;
  runner->is_safe_over = !is_staged;
  wait_for(runner, TETHER_STAGE_STOP, is_staged ? env.manoeuvre->stop_within_ms : HUGE_VAL, at);
  stop(runner, env, at);
}

static bool is_over(struct tether_runner *runner) {
  if (runner->is_running && runner->is_stop_done && runner->is_safe_over) {
    runner->is_running = false;
    return true;
  }
  return false;
}

bool tether_runner_begin(struct tether_runner *runner, struct tether_stages_env env, const struct tether_state *state, double at) {
  const uint32_t runs = runner->runs;
  memset(runner, 0, sizeof *runner);
  runner->runs = runs;
  runner->is_running = true;
  runner->is_urgent = tether_is_urgent(state->reason, state->is_ending);
  runner->turn = state->turn;
  runner->reason = state->reason;
  runner->again_at = HUGE_VAL;
  if (env.manoeuvre->has_slow && !runner->is_urgent) {
    wait_for(runner, TETHER_STAGE_SLOW, env.manoeuvre->slow_within_ms, at);
    const enum tether_run said = run(runner, env, TETHER_STAGE_SLOW, &runner->slow_run);
    if (said == TETHER_RUN_RUNNING) return false;
    pass(runner, TETHER_STAGE_SLOW, said == TETHER_RUN_DONE ? TETHER_BECAME_DONE : TETHER_BECAME_FAILED, at);
  }
  begin_stop(runner, env, at);
  return is_over(runner);
}

bool tether_runner_done(struct tether_runner *runner, struct tether_stages_env env, uint32_t number, bool is_good, double at) {
  if (!runner->is_running || number == 0) return false;
  const enum tether_became became = is_good ? TETHER_BECAME_DONE : TETHER_BECAME_FAILED;
  if (number == runner->slow_run && runner->stage == TETHER_STAGE_SLOW) {
    pass(runner, TETHER_STAGE_SLOW, became, at);
    begin_stop(runner, env, at);
  } else if (number == runner->stop_run && !runner->is_stop_done) {
    if (is_good) stopped(runner, env, at);
    else runner->again_at = at + TETHER_STOP_AGAIN_MS;
  } else if (number == runner->safe_run && runner->stage == TETHER_STAGE_SAFE) {
    pass(runner, TETHER_STAGE_SAFE, became, at);
    runner->is_safe_over = true;
    wait_for(runner, TETHER_STAGE_STOP, HUGE_VAL, at);
  }
  return is_over(runner);
}

bool tether_runner_due(struct tether_runner *runner, struct tether_stages_env env, double at) {
  if (!runner->is_running) return false;
  if (at >= runner->again_at) stop(runner, env, at);
  if (at >= runner->late_at) {
    pass(runner, runner->stage, TETHER_BECAME_LATE, at);
    if (runner->stage == TETHER_STAGE_SLOW) {
      begin_stop(runner, env, at);
    } else if (runner->stage == TETHER_STAGE_STOP) {
      safe(runner, env, at);
    } else {
      runner->is_safe_over = true;
      wait_for(runner, TETHER_STAGE_STOP, HUGE_VAL, at);
    }
  }
  return is_over(runner);
}

double tether_runner_deadline(const struct tether_runner *runner) {
  if (!runner->is_running) return HUGE_VAL;
  return runner->again_at < runner->late_at ? runner->again_at : runner->late_at;
}
