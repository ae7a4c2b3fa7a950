#ifndef TETHER_NUMBER_H
#define TETHER_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/** The room that a written number takes at most. */
enum { tether_number_size = 48 };

/** How many characters of the text are a number as JSON has it, and its value; 0 where it begins with none. No locale counts. */
size_t tether_number_read(const char *text, size_t length, double *number);
/**
 * Writes a number so that it is read as the same: exactly where it is 0 or lies between 2^-11 and 2^63, and else to 27 places. Returns its length;
 * what is not finite, or beyond 2^63, is `null`.
 */
size_t tether_number_write(double number, char into[tether_number_size]);
/** Whether it has no fraction and lies between `least` and `most`, which are within 2^53. */
bool tether_number_is_whole(double number, double least, double most);

#endif
