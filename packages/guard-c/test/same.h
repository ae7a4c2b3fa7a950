#ifndef TETHER_TEST_SAME_H
#define TETHER_TEST_SAME_H

#include "../src/json.h"

/** Whether two JSON values are the same: numbers by their values, fields in any order. */
bool is_same(struct tether_text one, struct tether_text other);

#endif
