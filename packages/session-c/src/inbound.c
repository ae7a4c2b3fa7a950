#include "inbound.h"

#include <math.h>

enum { early_most = 256, unsaid_most = 32, gap_ms = 1000, gaps_most = 6 };
/** The client is to have it within 1 s, its way included. */
static const double ack_ms = 500;

void tether_inbound_begin(struct tether_inbound *inbound) {
  *inbound = (struct tether_inbound){.ack_at = INFINITY, .gap_at = INFINITY};
  inbound->early = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)json_object_unref);
}

void tether_inbound_end(struct tether_inbound *inbound) { g_hash_table_unref(inbound->early); }

void tether_inbound_take(struct tether_inbound *inbound, JsonObject *frame, double at) {
  const long long stream = tether_whole_in(frame, "stream"), seq = tether_whole_in(frame, "seq");
  JsonObject *data = tether_object_in(frame, "data");
  if (data == NULL || stream < inbound->stream || seq < 1) return;
  if (stream > inbound->stream) {
    inbound->stream = stream;
    inbound->seq = 0;
    inbound->gap_at = INFINITY;
    g_hash_table_remove_all(inbound->early);
  }
  /* It is further ahead than a sender may be, who still keeps it and sends it again. Kept here, it would take the place of those before it. */
  if (seq > inbound->seq + early_most) return;
  const bool is_known = seq <= inbound->seq;
  inbound->unsaid += 1;
  inbound->ack_at = MIN(inbound->ack_at, at + (is_known || inbound->unsaid >= unsaid_most ? 0 : ack_ms));
  if (is_known) return;
  g_hash_table_insert(inbound->early, GINT_TO_POINTER((int)seq), json_object_ref(data));
  if (isinf(inbound->gap_at)) {
    inbound->gap_at = at + gap_ms;
    inbound->gaps = 0;
  }
}

JsonObject *tether_inbound_next(struct tether_inbound *inbound, double at) {
  gpointer seq = GINT_TO_POINTER((int)inbound->seq + 1);
  JsonObject *data = g_hash_table_lookup(inbound->early, seq);
  if (data == NULL) return NULL;
  json_object_ref(data);
  g_hash_table_remove(inbound->early, seq);
  inbound->seq += 1;
  /* A signal that is still early lies beyond another gap. */
  inbound->gap_at = g_hash_table_size(inbound->early) > 0 ? at + gap_ms : INFINITY;
  inbound->gaps = 0;
  return data;
}

char *tether_inbound_received(struct tether_inbound *inbound, bool names_gap) {
  int next = G_MAXINT;
  GHashTableIter every;
  gpointer seq;
  g_hash_table_iter_init(&every, inbound->early);
  while (names_gap && g_hash_table_iter_next(&every, &seq, NULL)) next = MIN(next, GPOINTER_TO_INT(seq));
  g_autofree char *gap = next < G_MAXINT ? g_strdup_printf(",\"next\":%d", next) : g_strdup("");
  inbound->ack_at = INFINITY;
  inbound->unsaid = 0;
  return g_strdup_printf("{\"stream\":%lld,\"seq\":%lld%s}", inbound->stream, inbound->seq, gap);
}

bool tether_inbound_is_due(struct tether_inbound *inbound, double at, bool *names_gap) {
  *names_gap = at >= inbound->gap_at;
  if (*names_gap) {
    inbound->gaps += 1;
    inbound->gap_at = inbound->gaps < gaps_most ? at + ldexp(gap_ms, inbound->gaps) : INFINITY;
  }
  return *names_gap || at >= inbound->ack_at;
}
