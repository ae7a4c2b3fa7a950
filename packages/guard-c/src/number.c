#include "number.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static bool is_digit(const char *text, size_t length, size_t at) { return at < length && text[at] >= '0' && text[at] <= '9'; }

static double power_of_two(int exponent) {
  double power = 1;
  for (; exponent < 0; exponent += 1) power /= 2;
  return power;
}

/** The highest power of 5 that 63 bits hold. */
static const int most_digits = 27;

/** `mantissa` / 10^`digits`, rounded once: 62 bits of the quotient by 5^`digits` at least, and one that says whether there is a rest. */
static double quotient(uint64_t mantissa, int digits) {
  uint64_t divisor = 1;
  for (int power = 0; power < digits; power += 1) divisor *= 5;
  uint64_t whole = mantissa / divisor, rest = mantissa % divisor;
  int shift = -digits;
  while (whole < (UINT64_C(1) << 62)) {
    const bool carries = (rest >> 63) != 0;
    rest <<= 1;
    const bool fits = carries || rest >= divisor;
    if (fits) rest -= divisor;
    whole = (whole << 1) | (fits ? 1u : 0u);
    shift -= 1;
  }
  return (double)(whole | (rest != 0 ? 1u : 0u)) * power_of_two(shift);
}

static double scaled(uint64_t mantissa, long exponent) {
  if (mantissa == 0) return 0;
  if (exponent < 0 && exponent >= -most_digits) return quotient(mantissa, (int)-exponent);
  double number = (double)mantissa;
  for (; exponent > 0 && number < HUGE_VAL; exponent -= 1) number *= 10;
  for (; exponent < 0 && number > 0; exponent += 1) number /= 10;
  return number;
}

size_t tether_number_read(const char *text, size_t length, double *number) {
  size_t at = 0;
  const bool is_negative = length > 0 && text[0] == '-';
  if (is_negative) at += 1;
  if (!is_digit(text, length, at)) return 0;
  uint64_t mantissa = 0;
  long exponent = 0, counted = 0;
  const bool is_zero = text[at] == '0';
  bool is_fraction = false;
  for (;;) {
    const char digit = text[at];
    if (counted < 19) {
      mantissa = mantissa * 10 + (uint64_t)(digit - '0');
      if (mantissa > 0) counted += 1;
      if (is_fraction) exponent -= 1;
    } else if (!is_fraction) {
      exponent += 1;
    }
    at += 1;
    if (is_zero && !is_fraction && is_digit(text, length, at)) break;
    if (is_digit(text, length, at)) continue;
    if (is_fraction || at + 1 >= length || text[at] != '.' || !is_digit(text, length, at + 1)) break;
    is_fraction = true;
    at += 1;
  }
  if (at < length && (text[at] == 'e' || text[at] == 'E')) {
    size_t digit = at + 1;
    const bool is_small = digit < length && text[digit] == '-';
    if (digit < length && (text[digit] == '-' || text[digit] == '+')) digit += 1;
    if (is_digit(text, length, digit)) {
      long by = 0;
      for (; is_digit(text, length, digit); digit += 1) by = by < 100000 ? by * 10 + (text[digit] - '0') : by;
      exponent += is_small ? -by : by;
      at = digit;
    }
  }
  const double value = scaled(mantissa, exponent);
  *number = is_negative ? -value : value;
  return at;
}

static size_t write_whole(uint64_t whole, char *into) {
  char digits[20];
  size_t count = 0;
  do {
    digits[count] = (char)('0' + whole % 10);
    count += 1;
    whole /= 10;
  } while (whole > 0);
  for (size_t at = 0; at < count; at += 1) into[at] = digits[count - 1 - at];
  return count;
}

size_t tether_number_write(double number, char into[tether_number_size]) {
  const double size = number < 0 ? -number : number;
  if (!(size < 9223372036854775808.0)) {
    memcpy(into, "null", 4);
    return 4;
  }
  size_t length = 0;
  if (number < 0) into[length++] = '-';
  const uint64_t whole = (uint64_t)size;
  const size_t digits = write_whole(whole, into + length);
  length += digits;
  uint64_t fraction = (uint64_t)((size - (double)whole) * 18446744073709551616.0);
  if (fraction == 0) return length;
  into[length++] = '.';
  size_t counted = whole > 0 ? digits : 0;
  for (int places = 0; fraction != 0 && counted < 19 && places < most_digits; places += 1) {
    const uint64_t low = (fraction & 0xffffffffu) * 10, high = (fraction >> 32) * 10 + (low >> 32);
    const char digit = (char)(high >> 32);
    fraction = (high << 32) | (low & 0xffffffffu);
    into[length++] = (char)('0' + digit);
    if (counted > 0 || digit > 0) counted += 1;
  }
  return length;
}

bool tether_number_is_whole(double number, double least, double most) {
  return number >= least && number <= most && (double)(int64_t)number == number;
}
