#include "robot.h"

#include <gst/gst.h>
#include <string.h>

/** `stun:host:port` and `turn:host:port?transport=udp` as webrtcbin has them. */
static void add_server(GstElement *webrtc, const char *url, JsonObject *server) {
  g_autofree char *user = g_uri_escape_string(text_in(server, "username"), NULL, FALSE);
  g_autofree char *word = g_uri_escape_string(text_in(server, "credential"), NULL, FALSE);
  const char *rest = strchr(url, ':');
  gboolean is_added;
  if (rest == NULL) return;
  g_autofree char *scheme = g_strndup(url, (gsize)(rest - url));
  g_autofree char *stun = g_strdup_printf("stun://%s", rest + 1), *turn = g_strdup_printf("%s://%s:%s@%s", scheme, user, word, rest + 1);
  if (g_str_has_prefix(url, "stun:")) g_object_set(webrtc, "stun-server", stun, NULL);
  if (g_str_has_prefix(url, "turn")) g_signal_emit_by_name(webrtc, "add-turn-server", turn, &is_added);
}

void ice_add_servers(void *webrtc) {
  for (guint at = 0; session_ice_servers() != NULL && at < json_array_get_length(session_ice_servers()); at += 1) {
    JsonObject *server = json_array_get_object_element(session_ice_servers(), at);
    JsonNode *urls = json_object_get_member(server, "urls");
    if (urls != NULL && JSON_NODE_HOLDS_VALUE(urls)) add_server(webrtc, json_node_get_string(urls), server);
    for (guint n = 0; urls != NULL && JSON_NODE_HOLDS_ARRAY(urls) && n < json_array_get_length(json_node_get_array(urls)); n += 1)
      add_server(webrtc, json_array_get_string_element(json_node_get_array(urls), n), server);
  }
}
