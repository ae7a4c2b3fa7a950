#define GST_USE_UNSTABLE_API
#include "robot.h"

#include <gst/gst.h>
#include <gst/sdp/sdp.h>
#include <gst/webrtc/webrtc.h>
#include <stdio.h>
#include <string.h>

/** A message that came on one channel before the other was open. W1.1 */
struct early {
  enum tether_channel channel;
  char *text;
};

/**
 * A peer connection. It lives in the main loop; what webrtcbin's threads tell is put there by `later`. Whoever may
 * still tell something keeps it, so it is counted.
 */
struct link {
  char *client;
  bool is_closed;
  GstElement *pipeline, *webrtc;
  /** The client's last offer. */
  char *offer;
  GObject *channels[2];
  GQueue early;
  /** The guard's number of the two channels; 0 before both are open. */
  uint32_t pair;
  bool is_unrestartable;
};

/** Something that a thread of webrtcbin told about a link. */
struct told {
  struct link *link;
  GObject *channel;
  char *text;
  void (*act)(struct told *told);
};

/** By the client, and by the guard's number; and the candidates of each client that came before their description. */
static GHashTable *links, *pairs, *early_candidates;

void links_begin(void) {
  gst_init(NULL, NULL);
  links = g_hash_table_new(g_str_hash, g_str_equal);
  pairs = g_hash_table_new(NULL, NULL);
  early_candidates = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
}

static void free_early(gpointer data) {
  struct early *early = data;
  g_free(early->text);
  g_free(early);
}

static void clear(gpointer data) {
  struct link *link = data;
  g_queue_clear_full(&link->early, free_early);
  g_free(link->client);
  g_free(link->offer);
}

static void release(gpointer link) { g_atomic_rc_box_release_full(link, clear); }

static void release_closure(gpointer link, GClosure *closure) { release(link); }

static void listen(gpointer object, const char *to, GCallback callback, struct link *link) {
  g_signal_connect_data(object, to, callback, g_atomic_rc_box_acquire(link), release_closure, 0);
}

static gboolean carry_out(gpointer data) {
  struct told *told = data;
  if (!told->link->is_closed) told->act(told);
  release(told->link);
  g_clear_object(&told->channel);
  g_free(told->text);
  g_free(told);
  return G_SOURCE_REMOVE;
}

/** Has the main loop do something. It takes the text. */
static void later(struct link *link, GObject *channel, char *text, void (*act)(struct told *)) {
  struct told *told = g_new(struct told, 1);
  *told = (struct told){.link = g_atomic_rc_box_acquire(link), .text = text, .act = act};
  g_set_object(&told->channel, channel);
  g_idle_add_full(G_PRIORITY_DEFAULT, carry_out, told, NULL);
}

/* The channels. */

static enum tether_channel channel_of(GObject *channel) {
  g_autofree char *label = NULL;
  g_object_get(channel, "label", &label, NULL);
  return g_str_equal(label, "tether.control") ? TETHER_ON_CONTROL : TETHER_ON_EVENTS;
}

static void heard(struct told *told) {
  struct link *link = told->link;
  const enum tether_channel channel = channel_of(told->channel);
  const struct tether_text text = tether_text_of(told->text);
  if (link->pair != 0) {
    tether_guard_message(&guard, now_ms(), link->pair, channel, text);
  } else if (!tether_guard_early(&guard, now_ms(), link->client, channel, text) && link->early.length < 16) {
    struct early *early = g_new(struct early, 1);
    *early = (struct early){channel, g_steal_pointer(&told->text)};
    g_queue_push_tail(&link->early, early);
  }
}

static void opened(struct told *told) {
  struct link *link = told->link;
  g_set_object(&link->channels[channel_of(told->channel)], told->channel);
  if (link->pair != 0 || link->channels[0] == NULL || link->channels[1] == NULL) return;
  /* The guard speaks while it opens: its number must be known by then. */
  link->pair = guard.pair_count + 1;
  g_hash_table_insert(pairs, GUINT_TO_POINTER(link->pair), link);
  if (tether_guard_open(&guard, now_ms(), link->client) == 0) {
    g_hash_table_remove(pairs, GUINT_TO_POINTER(link->pair));
    link->pair = 0;
  }
  for (struct early *early; link->pair != 0 && (early = g_queue_pop_head(&link->early)) != NULL; free_early(early))
    tether_guard_message(&guard, now_ms(), link->pair, early->channel, tether_text_of(early->text));
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
  guint64 waiting = 0;
  if (link == NULL) return;
  g_object_get(link->channels[channel], "buffered-amount", &waiting, NULL);
  if (is_news && waiting > 0) return;
  g_autofree char *own = g_strndup(text.at, text.length);
  gst_webrtc_data_channel_send_string_full(GST_WEBRTC_DATA_CHANNEL(link->channels[channel]), own, NULL);
}

/* Signals to the client. */

static void send(struct told *told) {
  const char *problem = tether_session_signal(session, told->link->client, told->text);
  if (problem != NULL) printf("no signal to %s: %s\n", told->link->client, problem);
}

static void on_candidate(GstElement *webrtc, guint line, char *candidate, struct link *link) {
  static const char form[] = "{\"kind\":\"candidate\",\"candidate\":%s,\"sdpMid\":null,\"sdpMLineIndex\":%u}";
  g_autofree char *text = tether_quoted(candidate);
  later(link, NULL, g_strdup_printf(form, text, line), send);
}

/** The stack cannot restart ICE for an answerer: the client makes a new peer connection. W8 */
static void ask_for_another(struct link *link) {
  static const char refused[] = "{\"kind\":\"refused\",\"problem\":\"peer.unrestartable\",\"retryAfterMs\":0}";
  if (!link->is_unrestartable) tether_session_signal(session, link->client, refused);
  link->is_unrestartable = true;
}

static void look_at_path(struct told *told) {
  GstWebRTCICEConnectionState state;
  g_object_get(told->link->webrtc, "ice-connection-state", &state, NULL);
  if (state != GST_WEBRTC_ICE_CONNECTION_STATE_DISCONNECTED && state != GST_WEBRTC_ICE_CONNECTION_STATE_FAILED) return;
  tether_session_wake(session);
  ask_for_another(told->link);
}

static void on_ice_state(GstElement *webrtc, GParamSpec *spec, struct link *link) {
  later(link, NULL, NULL, look_at_path);
}

/** The answer names the generation of the offer: its client may have replaced the peer connection meanwhile. W3.3 */
static void send_answer(struct told *told) {
  const char *found = strstr(told->link->offer, "a=ice-ufrag:");
  g_autofree char *ufrag = found != NULL ? g_strndup(found + 12, strcspn(found + 12, "\r\n")) : g_strdup("");
  g_autofree char *offer = tether_quoted(ufrag), *sdp = told->text;
  told->text = g_strdup_printf("{\"kind\":\"answer\",\"sdp\":%s,\"offer\":%s}", sdp, offer);
  send(told);
}

static void on_answer(GstPromise *promise, gpointer data) {
  struct link *link = data;
  GstWebRTCSessionDescription *answer = NULL;
  const GstStructure *reply = gst_promise_get_reply(promise);
  if (reply != NULL) gst_structure_get(reply, "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &answer, NULL);
  if (answer != NULL) {
    g_autofree char *sdp = gst_sdp_message_as_text(answer->sdp);
    later(link, NULL, tether_quoted(sdp), send_answer);
    g_signal_emit_by_name(link->webrtc, "set-local-description", answer, NULL);
    gst_webrtc_session_description_free(answer);
  }
  gst_promise_unref(promise);
}

static void on_offer_set(GstPromise *promise, gpointer data) {
  struct link *link = data;
  GstPromise *then = gst_promise_new_with_change_func(on_answer, g_atomic_rc_box_acquire(link), release);
  g_signal_emit_by_name(link->webrtc, "create-answer", NULL, then);
  gst_promise_unref(promise);
}

/** The payload type of VP8 in an offer that has a place for video, or 0. W1.3 */
static int video_of(const char *sdp) {
  g_autoptr(GRegex) vp8 = g_regex_new("m=video(?:(?!\\nm=).)*?a=rtpmap:(\\d+) VP8/", G_REGEX_DOTALL, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  if (!g_regex_match(vp8, sdp, 0, &match)) return 0;
  g_autofree char *type = g_match_info_fetch(match, 1);
  return atoi(type);
}

/** Replace it with your camera: a pipeline that ends in RTP of the payload type that the client offered. */
static GstElement *make_camera(int payload_type) {
  g_autofree char *line = g_strdup_printf(
      "videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=10/1"
      " ! vp8enc deadline=1 keyframe-max-dist=30 ! rtpvp8pay"
      " ! application/x-rtp,media=video,encoding-name=VP8,payload=%d",
      payload_type);
  return gst_parse_bin_from_description(line, TRUE, NULL);
}

static struct link *connect_to(const char *client, const char *sdp) {
  struct link *link = g_atomic_rc_box_new0(struct link);
  const int payload_type = video_of(sdp);
  link->client = g_strdup(client);
  link->pipeline = gst_pipeline_new(NULL);
  link->webrtc = gst_object_ref(gst_element_factory_make("webrtcbin", NULL));
  g_object_set(link->webrtc, "bundle-policy", GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, NULL);
  gst_bin_add(GST_BIN(link->pipeline), link->webrtc);
  if (payload_type > 0) {
    GstElement *camera = make_camera(payload_type);
    gst_bin_add(GST_BIN(link->pipeline), camera);
    gst_element_link(camera, link->webrtc);
  }
  ice_add_servers(link->webrtc);
  listen(link->webrtc, "on-data-channel", G_CALLBACK(on_channel), link);
  listen(link->webrtc, "on-ice-candidate", G_CALLBACK(on_candidate), link);
  listen(link->webrtc, "notify::ice-connection-state", G_CALLBACK(on_ice_state), link);
  gst_element_set_state(link->pipeline, GST_STATE_PLAYING);
  g_hash_table_insert(links, link->client, link);
  return link;
}

static char *fingerprint_of(const char *sdp) {
  const char *at = strstr(sdp, "a=fingerprint:");
  return at != NULL ? g_strndup(at, strcspn(at, "\r\n")) : g_strdup("");
}

/** To end a pipeline takes a while, which the guard does not wait for. */
static void end(GstElement *pipeline, gpointer data) {
  struct link *link = data;
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(link->webrtc);
  release(link);
}

static void close_link(struct link *link) {
  link->is_closed = true;
  tether_guard_leave(&guard, now_ms(), link->pair);
  g_hash_table_remove(pairs, GUINT_TO_POINTER(link->pair));
  g_hash_table_remove(links, link->client);
  /* The channels keep the link, and it kept them. */
  g_clear_object(&link->channels[0]);
  g_clear_object(&link->channels[1]);
  gst_element_call_async(link->pipeline, end, link, NULL);
  gst_object_unref(link->pipeline);
}

/** Whether a candidate belongs to the description that is there. One that does not say its generation does. */
static bool is_of(struct link *link, JsonObject *candidate) {
  const char *ufrag = tether_text_in(candidate, "ufrag");
  g_autofree char *line = g_strdup_printf("a=ice-ufrag:%s", ufrag);
  return link != NULL && (ufrag[0] == '\0' || strstr(link->offer, line) != NULL);
}

/** A candidate waits for the description of its generation. An empty one says that there are no more. W3, W3.1 */
static void take_candidate(const char *client, JsonObject *data) {
  struct link *link = g_hash_table_lookup(links, client);
  const char *candidate = tether_text_in(data, "candidate");
  if (candidate[0] == '\0') return;
  if (is_of(link, data)) {
    g_signal_emit_by_name(link->webrtc, "add-ice-candidate", (guint)tether_whole_in(data, "sdpMLineIndex"), candidate);
    return;
  }
  GPtrArray *early = g_hash_table_lookup(early_candidates, client);
  if (early == NULL) {
    early = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
    g_hash_table_insert(early_candidates, g_strdup(client), early);
  }
  if (early->len < 256) g_ptr_array_add(early, json_object_ref(data));
}

static void take_early_candidates(const char *client) {
  g_autofree char *key = NULL;
  g_autoptr(GPtrArray) early = NULL;
  if (!g_hash_table_steal_extended(early_candidates, client, (gpointer *)&key, (gpointer *)&early)) return;
  for (guint at = 0; at < early->len; at += 1) take_candidate(client, early->pdata[at]);
}

/** An offer with another fingerprint is of a new peer connection. W2, W6 */
static void take_offer(const char *client, const char *sdp) {
  struct link *link = g_hash_table_lookup(links, client);
  g_autofree char *told = fingerprint_of(sdp), *known = link != NULL ? fingerprint_of(link->offer) : NULL;
  GstSDPMessage *message;
  if (gst_sdp_message_new_from_text(sdp, &message) != GST_SDP_OK) return;
  if (link != NULL && !g_str_equal(known, told)) {
    close_link(link);
    link = NULL;
  }
  if (link == NULL) link = connect_to(client, sdp);
  g_free(link->offer);
  link->offer = g_strdup(sdp);
  GstWebRTCSessionDescription *offer = gst_webrtc_session_description_new(GST_WEBRTC_SDP_TYPE_OFFER, message);
  GstPromise *then = gst_promise_new_with_change_func(on_offer_set, g_atomic_rc_box_acquire(link), release);
  g_signal_emit_by_name(link->webrtc, "set-remote-description", offer, then);
  gst_webrtc_session_description_free(offer);
  take_early_candidates(client);
}

void link_signalled(void *context, const char *client, JsonObject *data) {
  const char *kind = tether_text_in(data, "kind");
  struct link *link = g_hash_table_lookup(links, client);
  if (g_str_equal(kind, "offer")) take_offer(client, tether_text_in(data, "sdp"));
  if (g_str_equal(kind, "restart") && link != NULL) ask_for_another(link);
  if (g_str_equal(kind, "candidate")) take_candidate(client, data);
  JsonArray *several = g_str_equal(kind, "candidates") ? tether_array_in(data, "candidates") : NULL;
  for (guint at = 0; at < tether_count_of(several); at += 1)
    if (tether_object_at(several, at) != NULL) take_candidate(client, tether_object_at(several, at));
}

void link_close(void *context, const char *client) {
  struct link *link = g_hash_table_lookup(links, client);
  g_hash_table_remove(early_candidates, client);
  if (link != NULL) close_link(link);
}
