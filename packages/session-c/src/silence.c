#include "silence.h"

#include <math.h>

bool tether_silence_is_over(struct tether_silence *silence, double at) {
  if (silence->is_heard) silence->over_at = at + tether_silence_ms;
  silence->is_heard = false;
  if (at < silence->over_at) return false;
  silence->over_at = INFINITY;
  return true;
}
