/* A session of a program's own: robot FOLDER API CODE. It tells of each hook in a line, and takes a command from each line of its input. */

#include "../src/session.h"

#include <gio/gio.h>
#include <stdio.h>

static GMainLoop *loop;
static struct tether_session *session;

static void tell(const char *hook, const char *text) {
  g_autofree char *quoted = tether_quoted(text);
  printf("{\"hook\":\"%s\",\"text\":%s}\n", hook, quoted);
  fflush(stdout);
}

static void on_frame(void *context, const char *text, size_t length) {
  g_autoptr(JsonObject) frame = tether_object_of(text, (gssize)length);
  tell("frame", tether_text_in(frame, "type"));
}

static void on_lost(void *context) { tell("lost", ""); }
static void on_signalled(void *context, const char *client, JsonObject *data) { tell("signalled", tether_text_in(data, "kind")); }
static void on_gone(void *context, const char *client) { tell("gone", client); }
static void on_ended(void *context, const char *why) { tell("ended", why); }

static gboolean on_input(GIOChannel *input, GIOCondition condition, gpointer data) {
  g_autofree char *line = NULL;
  gsize end;
  if (g_io_channel_read_line(input, &line, NULL, &end, NULL) != G_IO_STATUS_NORMAL) {
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
  }
  line[end] = '\0';
  g_auto(GStrv) word = g_strsplit(line, " ", 3);
  if (g_str_equal(word[0], "report")) tether_session_report(session, word[1]);
  if (g_str_equal(word[0], "signal")) tether_session_signal(session, word[1], word[2]);
  if (g_str_equal(word[0], "wake")) tether_session_wake(session);
  if (g_str_equal(word[0], "leave")) tether_session_leave(session);
  return G_SOURCE_CONTINUE;
}

int main(int count, char **words) {
  const struct tether_session_hooks hooks = {
      .frame = on_frame, .lost = on_lost, .signalled = on_signalled, .gone = on_gone, .ended = on_ended};
  struct tether_identity *identity = count > 3 ? tether_identity_open(words[1]) : NULL;
  struct tether_failure failure;
  if (identity == NULL) return 2;
  if (!tether_enroll(identity, words[2], words[3], &failure)) {
    tell(failure.is_final ? "refused" : "unanswered", failure.code);
    tether_identity_free(identity);
    return 1;
  }
  tell("enrolled", tether_identity_robot(identity));
  g_autoptr(GIOChannel) input = g_io_channel_unix_new(0);
  g_io_add_watch(input, G_IO_IN | G_IO_HUP, on_input, NULL);
  loop = g_main_loop_new(NULL, FALSE);
  session = tether_session_new(&hooks, identity, "[\"video\"]");
  /* A ticket may still be asked for when both are given up. */
  g_main_loop_run(loop);
  tether_session_free(session);
  tether_identity_free(identity);
  g_main_loop_unref(loop);
  return 0;
}
