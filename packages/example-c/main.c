/* A robot with wheels: example-c FOLDER API CODE. README.md says what it leaves out. */

#include "robot.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct tether_guard guard;
struct identity identity;
GMainLoop *loop;

double now_ms(void) { return (double)g_get_monotonic_time() / 1000; }

char *quoted(const char *text) {
  g_autoptr(JsonNode) node = json_node_init_string(json_node_alloc(), text);
  return json_to_string(node, FALSE);
}

const char *text_in(JsonObject *object, const char *name) {
  JsonNode *node = object != NULL ? json_object_get_member(object, name) : NULL;
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
  return text != NULL ? text : "";
}

double number_in(JsonObject *object, const char *name) {
  JsonNode *node = object != NULL ? json_object_get_member(object, name) : NULL;
  return node != NULL && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_double(node) : 0;
}

JsonObject *object_in(JsonObject *object, const char *name) {
  JsonNode *node = object != NULL ? json_object_get_member(object, name) : NULL;
  return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

/* The wheels stand in for a motor controller: replace these two with what your hardware takes. It needs a watchdog of its own. */

static bool command(void *context, const struct tether_drive *drive) {
  printf("wheels: %g, %g\n", drive->linear, drive->angular);
  return fflush(stdout) == 0;
}

static enum tether_run run(void *context, enum tether_stage stage, enum tether_reason reason, uint32_t number) {
  return printf("wheels: 0, 0\n") > 0 && fflush(stdout) == 0 ? TETHER_RUN_DONE : TETHER_RUN_FAILED;
}

static char *latch_path(void) { return g_build_filename(identity.folder, "stopped", NULL); }

static bool keep(void *context, bool in_force) {
  g_autofree char *path = latch_path();
  if (!in_force) return unlink(path) == 0 || errno == ENOENT;
  return g_file_set_contents_full(path, "a stop is in force\n", -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, NULL);
}

static void latched(void *context, const struct tether_latch *latch) {
  g_autoptr(GString) stop = g_string_new("{\"inForce\":");
  g_string_append(stop, latch->in_force ? "true" : "false");
  if (latch->session != NULL) g_string_append_printf(stop, ",\"session\":\"%s\"", latch->session->text);
  if (latch->by.length > 0) g_string_append_printf(stop, ",\"by\":%.*s", (int)latch->by.length, latch->by.at);
  session_report(g_strdup_printf("%s}", stop->str));
}

/** Does what time alone brings. */
static gboolean tick(gpointer data) {
  const double at = now_ms();
  if (at >= tether_guard_deadline(&guard)) tether_guard_due(&guard, at);
  session_tick(at);
  return data == NULL;
}

static gboolean quit(gpointer data) {
  session_leave();
  g_main_loop_quit(loop);
  return G_SOURCE_REMOVE;
}

int main(int count, char **words) {
  static const struct tether_hooks hooks = {.command = command, .run = run, .verify = key_verify, .send = link_send, .keep = keep, .latched = latched};
  struct ticket refused = {.code = "disk"};
  if (count < 4 || !identity_load(words[1])) return 2;
  for (guint wait = 1; !enroll(words[2], words[3], &refused); wait = MIN(wait * 2, 15)) {
    if (refused.is_final) return fprintf(stderr, "%s\n", refused.code), 1;
    g_usleep(wait * G_USEC_PER_SEC / 2);
  }
  /* A stop of before is in force, and so is one that may have been: a folder that cannot be read tells of none. R18 */
  g_autofree char *path = latch_path();
  const bool is_stopped = access(path, F_OK) == 0 || errno != ENOENT;
  loop = g_main_loop_new(NULL, FALSE);
  link_begin();
  tether_guard_begin(&guard, &hooks, &(struct tether_options){.robot = identity.robot, .is_stopped = is_stopped}, now_ms());
  session_report(g_strdup(is_stopped ? "{\"inForce\":true}" : "{\"inForce\":false}"));
  g_timeout_add(10, tick, NULL);
  g_unix_signal_add(SIGTERM, quit, NULL);
  g_unix_signal_add(SIGINT, quit, NULL);
  session_begin();
  g_main_loop_run(loop);
  tether_guard_end(&guard, now_ms());
  return 0;
}
