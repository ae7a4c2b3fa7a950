/* A robot with wheels: example-c FOLDER API CODE. README.md says what it leaves out. */

#include "../session-c/src/key.h"
#include "robot.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdio.h>
#include <unistd.h>

struct tether_guard guard;
struct tether_session *session;

static GMainLoop *loop;
/** The file that is there while a stop by order is in force. */
static char *latch_path;

double now_ms(void) { return (double)g_get_monotonic_time() / 1000; }

/*
 * The wheels stand in for a motor controller: replace these two functions with what your hardware takes. It needs a
 * watchdog of its own, which stops the motors when this program hangs or dies.
 */

static bool drive(void *context, const struct tether_drive *drive) {
  printf("wheels: %g, %g\n", drive->linear, drive->angular);
  return fflush(stdout) == 0;
}

static enum tether_run stop(void *context, enum tether_stage stage, enum tether_reason reason, uint32_t number) {
  printf("wheels: 0, 0\n");
  return fflush(stdout) == 0 ? TETHER_RUN_DONE : TETHER_RUN_FAILED;
}

static bool verify(void *context, const uint8_t key[32], struct tether_text text, const uint8_t signature[64]) {
  return tether_key_verify(key, text.at, text.length, signature);
}

/** A stop is in force beyond this program, also where the power fails. R18 */
static bool keep(void *context, bool in_force) {
  const GFileSetContentsFlags flags = G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE;
  if (!in_force) return unlink(latch_path) == 0 || errno == ENOENT;
  return g_file_set_contents_full(latch_path, "a stop is in force\n", -1, flags, 0600, NULL);
}

/** Says who stopped the robot or resumed. P13 */
static void latched(void *context, const struct tether_latch *latch) {
  g_autoptr(GString) report = g_string_new(NULL);
  g_string_printf(report, "{\"inForce\":%s", latch->in_force ? "true" : "false");
  if (latch->session != NULL) g_string_append_printf(report, ",\"session\":\"%s\"", latch->session->text);
  if (latch->by.length > 0) g_string_append_printf(report, ",\"by\":%.*s", (int)latch->by.length, latch->by.at);
  g_string_append_c(report, '}');
  tether_session_report(session, report->str);
}

static void on_frame(void *context, const char *text, size_t length) {
  tether_guard_frame(&guard, now_ms(), (struct tether_text){text, length});
}

static void on_lost(void *context) { tether_guard_lost(&guard, now_ms()); }

static void on_ended(void *context, const char *why) {
  fprintf(stderr, "It stays down: %s\n", why);
  g_main_loop_quit(loop);
}

/** Does what time alone brings. */
static gboolean tick(gpointer data) {
  if (now_ms() >= tether_guard_deadline(&guard)) tether_guard_due(&guard, now_ms());
  return G_SOURCE_CONTINUE;
}

static gboolean quit(gpointer data) {
  tether_session_leave(session);
  g_main_loop_quit(loop);
  return G_SOURCE_REMOVE;
}

/** Tries until it is enrolled, or refused for good. */
static bool enroll(struct tether_identity *identity, const char *api, const char *code) {
  struct tether_failure failure;
  for (guint wait_ms = 500; !tether_enroll(identity, api, code, &failure); wait_ms = MIN(wait_ms * 2, 15000)) {
    fprintf(stderr, "It is not enrolled: %s\n", failure.code);
    if (failure.is_final) return false;
    g_usleep((gulong)(MAX(wait_ms, failure.retry_after_ms) * 1000));
  }
  return true;
}

static void run(struct tether_identity *identity) {
  const struct tether_hooks guard_hooks = {
      .command = drive, .run = stop, .verify = verify, .send = link_send, .keep = keep, .latched = latched};
  const struct tether_session_hooks session_hooks = {
      .frame = on_frame, .lost = on_lost, .signalled = link_signalled, .gone = link_close, .ended = on_ended};
  /* A stop of before is in force, and so is one that may have been: a folder that cannot be read tells of none. R18 */
  const bool is_stopped = access(latch_path, F_OK) == 0 || errno != ENOENT;
  const struct tether_options options = {.robot = tether_identity_robot(identity), .is_stopped = is_stopped};
  loop = g_main_loop_new(NULL, FALSE);
  links_begin();
  tether_guard_begin(&guard, &guard_hooks, &options, now_ms());
  session = tether_session_new(&session_hooks, identity, "[\"video\"]");
  tether_session_report(session, is_stopped ? "{\"inForce\":true}" : "{\"inForce\":false}");
  g_timeout_add(10, tick, NULL);
  g_unix_signal_add(SIGTERM, quit, NULL);
  g_unix_signal_add(SIGINT, quit, NULL);
  g_main_loop_run(loop);
  tether_guard_end(&guard, now_ms());
  tether_session_free(session);
}

int main(int count, char **words) {
  if (count < 4) return fprintf(stderr, "Usage: example-c FOLDER API CODE\n"), 2;
  struct tether_identity *identity = tether_identity_open(words[1]);
  if (identity == NULL) return fprintf(stderr, "The folder cannot be read.\n"), 2;
  if (!enroll(identity, words[2], words[3])) return 1;
  latch_path = g_build_filename(words[1], "stopped", NULL);
  run(identity);
  tether_identity_free(identity);
  return 0;
}
