#include "robot.h"

#include <gst/gst.h>

/** `stun:host:port` and `turn:host:port?transport=udp`, as webrtcbin has them: with `//`, and with the user inside. */
static void add_server(GstElement *webrtc, const char *url, JsonObject *server) {
  g_auto(GStrv) part = g_strsplit(url, ":", 2);
  if (part[0] == NULL || part[1] == NULL) return;
  if (g_str_equal(part[0], "stun")) {
    g_autofree char *stun = g_strdup_printf("stun://%s", part[1]);
    g_object_set(webrtc, "stun-server", stun, NULL);
  } else if (g_str_has_prefix(part[0], "turn")) {
    g_autofree char *user = g_uri_escape_string(tether_text_in(server, "username"), NULL, FALSE);
    g_autofree char *word = g_uri_escape_string(tether_text_in(server, "credential"), NULL, FALSE);
    g_autofree char *turn = g_strdup_printf("%s://%s:%s@%s", part[0], user, word, part[1]);
    gboolean is_added;
    g_signal_emit_by_name(webrtc, "add-turn-server", turn, &is_added);
  }
}

void ice_add_servers(void *webrtc) {
  JsonArray *servers = tether_session_ice_servers(session);
  for (guint at = 0; at < tether_count_of(servers); at += 1) {
    JsonObject *server = tether_object_at(servers, at);
    JsonArray *urls = tether_array_in(server, "urls");
    for (guint n = 0; n < tether_count_of(urls); n += 1)
      add_server(webrtc, json_array_get_string_element(urls, n), server);
    if (urls == NULL) add_server(webrtc, tether_text_in(server, "urls"), server);
  }
}
