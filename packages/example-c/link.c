#define GST_USE_UNSTABLE_API
#include "robot.h"

#include <gst/gst.h>
#include <gst/sdp/sdp.h>
#include <gst/webrtc/webrtc.h>
#include <string.h>

/** A peer connection. It lives in the main loop; what webrtcbin's threads tell is put there by `later`, which keeps it. */
struct link {
  int references;
  struct peer *peer;
  GstElement *pipeline, *webrtc;
  char *fingerprint;
  GObject *channels[2];
  GQueue early;
  uint32_t pair;
  gboolean is_unrestartable;
};

/** Something that a thread of webrtcbin told about a link. */
struct told {
  struct link *link;
  GObject *channel;
  char *text;
  void (*act)(struct told *told);
};

static GHashTable *pairs;

static void release(struct link *link) {
  if (!g_atomic_int_dec_and_test(&link->references)) return;
  g_free(link->fingerprint);
  g_queue_clear_full(&link->early, g_free);
  g_free(link);
}

static struct link *keep(struct link *link) {
  g_atomic_int_inc(&link->references);
  return link;
}

static void listen(gpointer object, const char *to, GCallback callback, struct link *link) {
  g_signal_connect_data(object, to, callback, keep(link), (GClosureNotify)(GCallback)release, 0);
}

static gboolean carry_out(gpointer data) {
  struct told *told = data;
  if (told->link->peer != NULL) told->act(told);
  release(told->link);
  g_clear_object(&told->channel);
  g_free(told->text);
  g_free(told);
  return G_SOURCE_REMOVE;
}

static void later(struct link *link, GObject *channel, char *text, void (*act)(struct told *)) {
  struct told *told = g_new(struct told, 1);
  *told = (struct told){keep(link), channel != NULL ? g_object_ref(channel) : NULL, text, act};
  g_idle_add_full(G_PRIORITY_DEFAULT, carry_out, told, NULL);
}

static enum tether_channel channel_of(struct told *told) {
  g_autofree char *label = NULL;
  g_object_get(told->channel, "label", &label, NULL);
  return strcmp(label, "tether.control") == 0 ? TETHER_ON_CONTROL : TETHER_ON_EVENTS;
}

static void heard(struct told *told) {
  struct link *link = told->link;
  const enum tether_channel channel = channel_of(told);
  const struct tether_text text = tether_text_of(told->text);
  if (link->pair != 0) tether_guard_message(&guard, now_ms(), link->pair, channel, text);
  else if (!tether_guard_early(&guard, now_ms(), link->peer->session, channel, text) && link->early.length < 16) /* W1.1 */
    g_queue_push_tail(&link->early, g_strconcat(channel == TETHER_ON_CONTROL ? "c" : "e", told->text, NULL));
}

static void opened(struct told *told) {
  struct link *link = told->link;
  link->channels[channel_of(told)] = told->channel;
  if (link->pair != 0 || link->channels[0] == NULL || link->channels[1] == NULL) return;
  link->pair = guard.pair_count + 1;
  g_hash_table_insert(pairs, GUINT_TO_POINTER(link->pair), link);
  if (tether_guard_open(&guard, now_ms(), link->peer->session) == 0) g_hash_table_remove(pairs, GUINT_TO_POINTER(link->pair)), link->pair = 0;
  for (char *text; link->pair != 0 && (text = g_queue_pop_head(&link->early)) != NULL; g_free(text))
    tether_guard_message(&guard, now_ms(), link->pair, text[0] == 'c' ? TETHER_ON_CONTROL : TETHER_ON_EVENTS, tether_text_of(text + 1));
}

static void closed(struct told *told) { tether_guard_close(&guard, now_ms(), told->link->pair); }

static void on_text(GObject *channel, char *text, struct link *link) { later(link, channel, g_strdup(text), heard); }
static void on_open(GObject *channel, struct link *link) { later(link, channel, NULL, opened); }
static void on_close(GObject *channel, struct link *link) { later(link, channel, NULL, closed); }

static void on_channel(GstElement *webrtc, GObject *channel, struct link *link) {
  g_autofree char *label = NULL;
  GstWebRTCDataChannelState state;
  g_object_get(channel, "label", &label, "ready-state", &state, NULL);
  if (g_strcmp0(label, "tether.control") != 0 && g_strcmp0(label, "tether.events") != 0) return;
  listen(channel, "on-message-string", G_CALLBACK(on_text), link);
  listen(channel, "on-open", G_CALLBACK(on_open), link);
  listen(channel, "on-close", G_CALLBACK(on_close), link);
  if (state == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN) later(link, channel, NULL, opened);
}

void link_send(void *context, uint32_t pair, enum tether_channel channel, struct tether_text text, bool is_news) {
  struct link *link = g_hash_table_lookup(pairs, GUINT_TO_POINTER(pair));
  g_autofree char *own = g_strndup(text.at, text.length);
  guint64 waiting = 0;
  if (link == NULL) return;
  g_object_get(link->channels[channel], "buffered-amount", &waiting, NULL);
  if (waiting == 0 || !is_news) gst_webrtc_data_channel_send_string_full(GST_WEBRTC_DATA_CHANNEL(link->channels[channel]), own, NULL);
}

static void send(struct told *told) {
  peer_signal(told->link->peer, told->text);
  told->text = NULL;
}

static void on_candidate(GstElement *webrtc, guint line, char *candidate, struct link *link) {
  g_autofree char *text = quoted(candidate);
  later(link, NULL, g_strdup_printf("{\"kind\":\"candidate\",\"candidate\":%s,\"sdpMid\":null,\"sdpMLineIndex\":%u}", text, line), send);
}

/** This stack cannot restart ICE for an answerer: the client makes a new peer connection. W8 */
static void broken(struct link *link) {
  if (link == NULL || link->is_unrestartable) return;
  link->is_unrestartable = TRUE;
  peer_signal(link->peer, g_strdup("{\"kind\":\"refused\",\"problem\":\"peer.unrestartable\",\"retryAfterMs\":0}"));
}

static void look(struct told *told) {
  GstWebRTCICEConnectionState state;
  g_object_get(told->link->webrtc, "ice-connection-state", &state, NULL);
  if (state == GST_WEBRTC_ICE_CONNECTION_STATE_DISCONNECTED || state == GST_WEBRTC_ICE_CONNECTION_STATE_FAILED) broken(told->link);
}

static void on_state(GstElement *webrtc, GParamSpec *spec, struct link *link) {
  later(link, NULL, NULL, look);
}

static void on_answer(GstPromise *promise, gpointer data) {
  struct link *link = data;
  GstWebRTCSessionDescription *answer = NULL;
  const GstStructure *reply = gst_promise_get_reply(promise);
  if (reply != NULL) gst_structure_get(reply, "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &answer, NULL);
  if (answer != NULL) {
    g_autofree char *sdp = gst_sdp_message_as_text(answer->sdp), *text = quoted(sdp);
    later(link, NULL, g_strdup_printf("{\"kind\":\"answer\",\"sdp\":%s}", text), send);
    g_signal_emit_by_name(link->webrtc, "set-local-description", answer, NULL);
    gst_webrtc_session_description_free(answer);
  }
  gst_promise_unref(promise);
}

static void on_offer(GstPromise *promise, gpointer data) {
  struct link *link = data;
  g_signal_emit_by_name(link->webrtc, "create-answer", NULL, gst_promise_new_with_change_func(on_answer, keep(link), (GDestroyNotify)release));
  gst_promise_unref(promise);
}

/** The payload type of VP8 in an offer that has a place for video, or 0. */
static int video_of(const char *sdp) {
  g_autoptr(GRegex) vp8 = g_regex_new("m=video(?:(?!\\nm=).)*?a=rtpmap:(\\d+) VP8/", G_REGEX_DOTALL, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *type = g_regex_match(vp8, sdp, 0, &match) ? g_match_info_fetch(match, 1) : NULL;
  return type != NULL ? atoi(type) : 0;
}

static struct link *connect_to(struct peer *peer, const char *sdp) {
  const int video = video_of(sdp);
  struct link *link = g_new0(struct link, 1);
  link->references = 1, link->peer = peer, link->pipeline = gst_pipeline_new(NULL);
  link->webrtc = g_object_ref(gst_element_factory_make("webrtcbin", NULL));
  g_object_set(link->webrtc, "bundle-policy", GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, NULL);
  gst_bin_add(GST_BIN(link->pipeline), link->webrtc);
  if (video > 0) {
    g_autofree char *line = g_strdup_printf("videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=10/1 ! vp8enc deadline=1 "
                                            "keyframe-max-dist=30 ! rtpvp8pay ! application/x-rtp,media=video,encoding-name=VP8,payload=%d", video);
    GstElement *camera = gst_parse_bin_from_description(line, TRUE, NULL);
    gst_bin_add(GST_BIN(link->pipeline), camera);
    gst_element_link(camera, link->webrtc);
  }
  ice_add_servers(link->webrtc);
  listen(link->webrtc, "on-data-channel", G_CALLBACK(on_channel), link);
  listen(link->webrtc, "on-ice-candidate", G_CALLBACK(on_candidate), link);
  listen(link->webrtc, "notify::ice-connection-state", G_CALLBACK(on_state), link);
  gst_element_set_state(link->pipeline, GST_STATE_PLAYING);
  return link;
}

/** An offer with another fingerprint is of a new peer connection. W2, W6 */
static void offered(struct peer *peer, const char *sdp) {
  const char *at = strstr(sdp, "a=fingerprint:");
  g_autofree char *fingerprint = g_strndup(at != NULL ? at : "", at != NULL ? strcspn(at, "\r\n") : 0);
  GstSDPMessage *message;
  if (peer->link != NULL && strcmp(peer->link->fingerprint, fingerprint) != 0) link_close(peer);
  if (peer->link == NULL) peer->link = connect_to(peer, sdp), peer->link->fingerprint = g_steal_pointer(&fingerprint);
  if (gst_sdp_message_new_from_text(sdp, &message) != GST_SDP_OK) return;
  GstWebRTCSessionDescription *offer = gst_webrtc_session_description_new(GST_WEBRTC_SDP_TYPE_OFFER, message);
  g_signal_emit_by_name(peer->link->webrtc, "set-remote-description", offer, gst_promise_new_with_change_func(on_offer, keep(peer->link), (GDestroyNotify)release));
  gst_webrtc_session_description_free(offer);
}

static void add_candidate(struct peer *peer, JsonObject *one) {
  const char *candidate = text_in(one, "candidate");
  if (peer->link != NULL && candidate[0] != '\0')
    g_signal_emit_by_name(peer->link->webrtc, "add-ice-candidate", (guint)number_in(one, "sdpMLineIndex"), candidate);
}

void link_signalled(struct peer *peer, JsonObject *data) {
  const char *kind = text_in(data, "kind");
  if (strcmp(kind, "offer") == 0) offered(peer, text_in(data, "sdp"));
  if (strcmp(kind, "candidate") == 0) add_candidate(peer, data);
  if (strcmp(kind, "restart") == 0) broken(peer->link);
  JsonArray *list = strcmp(kind, "candidates") == 0 ? json_object_get_array_member(data, "candidates") : NULL;
  for (guint at = 0; list != NULL && at < json_array_get_length(list); at += 1) add_candidate(peer, json_array_get_object_element(list, at));
}

/** To end a pipeline takes a while, which the guard does not wait for. */
static void end(GstElement *pipeline, gpointer data) {
  struct link *link = data;
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(link->webrtc);
  release(link);
}

void link_close(struct peer *peer) {
  struct link *link = g_steal_pointer(&peer->link);
  if (link == NULL) return;
  tether_guard_leave(&guard, now_ms(), link->pair);
  g_hash_table_remove(pairs, GUINT_TO_POINTER(link->pair));
  link->peer = NULL;
  gst_element_call_async(link->pipeline, end, link, NULL);
  gst_object_unref(link->pipeline);
}

void link_begin(void) {
  gst_init(NULL, NULL);
  pairs = g_hash_table_new(NULL, NULL);
}
