#include "pacing.h"

#include <math.h>
#include <string.h>

enum { first_ms = 500, most_ms = 15000 };

struct tether_retry tether_retry_of(JsonObject *retry) {
  return (struct tether_retry){.is_now = strcmp(tether_text_in(retry, "policy"), "now") == 0,
                               .after_ms = (double)MAX(0, tether_whole_in(retry, "afterMs"))};
}

double tether_pacing_bound(struct tether_pacing *pacing, double lived_ms, struct tether_retry retry) {
  const bool has_lasted = lived_ms >= tether_settled_ms;
  if (has_lasted) pacing->failures = 0;
  if (has_lasted && retry.is_now) return 0;
  const double bound_ms = MIN(ldexp(first_ms, pacing->failures), most_ms);
  pacing->failures += 1;
  return MAX(bound_ms, retry.after_ms);
}
