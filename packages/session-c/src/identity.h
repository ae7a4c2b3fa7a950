#ifndef TETHER_IDENTITY_H
#define TETHER_IDENTITY_H

#include <stdbool.h>

/** The identity of a robot: its id, the address of its broker, and its keys, kept in `robot.json` of its folder. */
struct tether_identity;

/** Why there is no answer. */
struct tether_failure {
  /** The code of a problem; `unreachable` where nobody answered, `disk` where the key could not be kept, `code` where the code is none. */
  char code[64];
  /** To ask again is of no use. E3.1 */
  bool is_final;
  /** How long to wait at least before asking again. E7 */
  double retry_after_ms;
};

/** Reads who the robot is; a folder without a robot is made. Null where the folder or the file cannot be read. */
struct tether_identity *tether_identity_open(const char *folder);
void tether_identity_free(struct tether_identity *identity);

/** Redeems a one-time code at an API unless the robot is enrolled already; waits for the answer, 15 s at most. N3 to N6 */
bool tether_enroll(struct tether_identity *identity, const char *api, const char *code, struct tether_failure *failure);
/** The robot's id; empty before it is enrolled. */
const char *tether_identity_robot(const struct tether_identity *identity);

#endif
