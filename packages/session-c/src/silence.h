#ifndef TETHER_SILENCE_H
#define TETHER_SILENCE_H

#include <stdbool.h>

/** A connection whose other end answers no ping for so long is lost, though its socket says nothing of it. */
enum { tether_silence_ms = 80000 };

struct tether_silence {
  /** Something came, be it a pong, since it was looked at. */
  bool is_heard;
  double over_at;
};

/** Whether nothing came for so long, which is answered once. It is looked at often: what came counts from then. */
bool tether_silence_is_over(struct tether_silence *silence, double at);

#endif
