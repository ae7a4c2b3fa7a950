#include "outbound.h"

#include <math.h>

enum { resends_most = 6, window = 32, again_ms = 1000, unheard_ms = 3000, longest_ms = 30000 };

static double wait_ms(double first, int resent) { return ldexp(first, resent); }

struct tether_kept *tether_outbound_push(struct tether_outbound *outbound, long long stream, const char *data, double at) {
  if (outbound->stream == 0) outbound->stream = stream;
  outbound->seq += 1;
  struct tether_kept *kept = g_new(struct tether_kept, 1);
  *kept = (struct tether_kept){
      .stream = outbound->stream, .seq = outbound->seq, .data = g_strdup(data), .sent_at = at, .again_at = INFINITY};
  g_queue_push_tail(&outbound->kept, kept);
  return kept;
}

static void drop_oldest(struct tether_outbound *outbound) {
  struct tether_kept *kept = g_queue_pop_head(&outbound->kept);
  g_free(kept->data);
  g_free(kept);
}

void tether_outbound_drop(struct tether_outbound *outbound) {
  while (outbound->kept.length > 0) drop_oldest(outbound);
  outbound->stream = outbound->seq = 0;
}

void tether_outbound_acknowledge(struct tether_outbound *outbound, JsonObject *received, double at) {
  if (received == NULL || tether_whole_in(received, "stream") != outbound->stream) return;
  const long long seq = tether_whole_in(received, "seq");
  /* An ack that names no gap may miss the next signal alone. */
  const bool is_named = json_object_has_member(received, "next");
  const long long next = is_named ? tether_whole_in(received, "next") : seq + 2;
  for (struct tether_kept *kept; (kept = g_queue_peek_head(&outbound->kept)) != NULL && kept->seq <= seq;) drop_oldest(outbound);
  for (GList *item = outbound->kept.head; item != NULL; item = item->next) {
    struct tether_kept *kept = item->data;
    const bool is_missing = kept->seq < next && kept->resent < resends_most;
    if (is_missing && at - kept->sent_at >= wait_ms(again_ms, kept->resent)) kept->again_at = at;
  }
}

void tether_outbound_resend(struct tether_outbound *outbound, double at) {
  for (GList *item = outbound->kept.head; item != NULL; item = item->next) {
    struct tether_kept *kept = item->data;
    kept->resent = 0;
    kept->again_at = at;
  }
}

void tether_outbound_postpone(struct tether_outbound *outbound, long long seq, double at) {
  for (GList *item = outbound->kept.head; item != NULL; item = item->next) {
    struct tether_kept *kept = item->data;
    if (seq == 0 || kept->seq == seq) kept->again_at = at + MIN(wait_ms(again_ms, kept->resent), longest_ms);
  }
}

/** The oldest alone is sent again for not being acknowledged: its answer tells of all others. */
static bool is_unacknowledged(const struct tether_kept *oldest, double at) {
  return oldest != NULL && oldest->resent < resends_most && at >= oldest->sent_at + wait_ms(unheard_ms, oldest->resent);
}

bool tether_outbound_due(struct tether_outbound *outbound, double at, void (*send)(const struct tether_kept *kept, gpointer data), gpointer data) {
  const bool is_silent = is_unacknowledged(g_queue_peek_head(&outbound->kept), at);
  int count = 0;
  for (GList *item = outbound->kept.head; item != NULL && count < window; item = item->next, count += 1) {
    struct tether_kept *kept = item->data;
    if (at < kept->again_at && !(count == 0 && is_silent)) continue;
    kept->resent += 1;
    kept->sent_at = at;
    kept->again_at = INFINITY;
    send(kept, data);
  }
  return is_silent;
}
