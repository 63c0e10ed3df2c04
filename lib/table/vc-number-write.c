/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-number-private.h"

#include <math.h>
#include <string.h>

#include "vc-powers-private.h"

#define MANTISSA_BITS 53
#define EXPONENT_OFFSET 1075 /* of the last bit */
/* Numbers with their point in here are written without an exponent. */
#define LOWEST_PLAIN (-5)
#define HIGHEST_PLAIN 17

typedef struct {
  guint64 digits;
  int exponent; /* of ten */
} Shortest;

static inline int
floor_shift (int x, int by)
{
  return x >= 0 ? x >> by : -((-x + (1 << by) - 1) >> by);
}

/* The leading bits of 10^q, rounded up: what the proof of Schubfach asks for. */
static VcPower
power_above (int q)
{
  VcPower power = *vc_power_of_ten (q);

  if (q < 0 || q > VC_POWER_HIGHEST_EXACT) {
    power.low++;
    power.high += power.low == 0;
  }
  return power;
}

/* power * x / 2^128, with the last bit set if anything was cut off. */
static guint64
round_to_odd (VcPower power, guint64 x)
{
  unsigned __int128 low = (unsigned __int128) power.low * x;
  unsigned __int128 high = (unsigned __int128) power.high * x + (guint64) (low >> 64);

  return (guint64) (high >> 64) | ((guint64) high > 1);
}

/* Schubfach (Giulietti 2020): of the decimals that read back as c * 2^q, the shortest, and of these the nearest.
 * `lowest` is said of powers of two, whose lower neighbour is at half the distance. */
static Shortest
schubfach (guint64 c, int q, gboolean lowest)
{
  /* floor (log10 (2^q)), or of 3/4 of it. */
  int k = floor_shift (q * 1262611 - (lowest ? 524031 : 0), 22);
  int h = q + vc_power_log2 (-k) + 1;
  VcPower power = power_above (-k);
  guint64 odd = c & 1; /* the interval's ends belong to even mantissas only */
  guint64 lower = round_to_odd (power, (4 * c - 2 + lowest) << h) + odd;
  guint64 middle = round_to_odd (power, (4 * c) << h);
  guint64 upper = round_to_odd (power, (4 * c + 2) << h) - odd;
  guint64 s = middle / 4;
  gboolean below, above;

  if (s >= 10) {
    guint64 ten = s / 10;

    below = lower <= 40 * ten;
    above = 40 * ten + 40 <= upper;
    if (below != above)
      return (Shortest) { ten + above, k + 1 };
  }
  below = lower <= 4 * s;
  above = 4 * s + 4 <= upper;
  if (below == above)
    above = middle > 4 * s + 2 || (middle == 4 * s + 2 && (s & 1) != 0);
  return (Shortest) { s + above, k };
}

static Shortest
shortest (guint64 bits)
{
  guint64 fraction = bits & ((G_GUINT64_CONSTANT (1) << (MANTISSA_BITS - 1)) - 1);
  int exponent = (int) (bits >> (MANTISSA_BITS - 1) & 0x7ff);
  guint64 c = exponent == 0 ? fraction : fraction | G_GUINT64_CONSTANT (1) << (MANTISSA_BITS - 1);
  int q = MAX (exponent, 1) - EXPONENT_OFFSET;
  Shortest result;

  /* A whole number of up to 53 bits is its own shortest text but for zeros at its end. */
  if (q <= 0 && q > -MANTISSA_BITS && (c & ((G_GUINT64_CONSTANT (1) << -q) - 1)) == 0)
    result = (Shortest) { c >> -q, 0 };
  else
    result = schubfach (c, q, fraction == 0 && exponent > 1);
  while (result.digits % 10 == 0)
    result.digits /= 10, result.exponent++;
  return result;
}

static gsize
put_digits (char *buffer, guint64 number)
{
  char reversed[20];
  gsize n = 0;

  do
    reversed[n++] = (char) ('0' + number % 10);
  while ((number /= 10) != 0);
  for (gsize i = 0; i < n; i++)
    buffer[i] = reversed[n - 1 - i];
  return n;
}

/* `point`: digits before the decimal point. */
static gsize
put_plain (char *buffer, const char *digits, gsize n, int point)
{
  char *p = buffer;

  if (point <= 0) {
    *p++ = '0';
    *p++ = '.';
    memset (p, '0', (gsize) -point);
    p += -point;
    memcpy (p, digits, n);
    return (gsize) (p - buffer) + n;
  }
  if ((gsize) point >= n) {
    memcpy (p, digits, n);
    memset (p + n, '0', (gsize) point - n);
    return (gsize) point;
  }
  memcpy (p, digits, (gsize) point);
  p[point] = '.';
  memcpy (p + point + 1, digits + point, n - (gsize) point);
  return n + 1;
}

static gsize
put_scientific (char *buffer, const char *digits, gsize n, int exponent)
{
  char *p = buffer;

  *p++ = digits[0];
  if (n > 1) {
    *p++ = '.';
    memcpy (p, digits + 1, n - 1);
    p += n - 1;
  }
  *p++ = 'e';
  if (exponent < 0)
    *p++ = '-';
  p += put_digits (p, (guint64) ABS (exponent));
  return (gsize) (p - buffer);
}

/* -0 is written as 0, as it is read. */
gsize
vc_format_double (double value, char buffer[VC_NUMBER_SIZE])
{
  char digits[20];
  char *p = buffer;
  guint64 bits;
  Shortest number;
  gsize n;
  int point;

  g_return_val_if_fail (isfinite (value), 0);

  if (value == 0) {
    memcpy (buffer, "0", 2);
    return 1;
  }
  memcpy (&bits, &value, sizeof bits);
  if (bits >> 63 != 0)
    *p++ = '-';
  number = shortest (bits & G_MAXINT64);
  n = put_digits (digits, number.digits);
  point = (int) n + number.exponent;
  if (point > LOWEST_PLAIN && point <= HIGHEST_PLAIN)
    p += put_plain (p, digits, n, point);
  else
    p += put_scientific (p, digits, n, point - 1);
  *p = '\0';
  return (gsize) (p - buffer);
}
