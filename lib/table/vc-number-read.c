/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-number-private.h"

#include <math.h>
#include <string.h>

#include "vc-powers-private.h"

/* Decimal to binary in three steps, each only where the one before cannot tell:
 *
 * 1. Clinger (1990): up to 2^53 and times a power of ten that is a double, one rounded operation is the answer.
 * 2. Eisel and Lemire (Lemire 2021): the product with the 128 leading bits of the power of ten. The table cuts off, so
 * the true value lies in an interval of known width above the product; where the whole interval rounds to one double,
 * that is the answer.
 * 3. Otherwise (about one in 2^60 of random texts, and true ties) integers of any length are compared, as in AlgorithmM
 * of Clinger.
 */

#define MANTISSA_BITS 53
#define LOWEST_EXPONENT (-1074) /* of the last bit of a subnormal */
#define WORD_DIGITS 19          /* decimal digits that a 64-bit word always holds */
/* A tie between doubles has at most 767 significant digits (and fewer bytes than this); what follows can only break it
 * upwards. */
#define MOST_DIGITS 800

/* A checked text: digits with the point taken out, times 10^exponent. Leading zeros are skipped. */
typedef struct {
  const char *digits;  /* the first that is not zero; a point may stand among them */
  const char *end;     /* of the digits */
  gsize n_digits;      /* from the first that is not zero */
  gsize n_fraction;    /* digits after the point */
  gint64 exponent;     /* as written, cut off at EXPONENT_CAP */
  guint64 word;        /* the first WORD_DIGITS of them */
  gboolean negative;
} Decimal;

#define EXPONENT_CAP G_GINT64_CONSTANT (100000000000)

static inline gboolean
is_digit (char c)
{
  return (guint8) (c - '0') < 10;
}

/* Whether digits may stand before a point: at least one, no needless zero in front. */
static inline gboolean
is_whole (const char *first, const char *end)
{
  return end > first && (*first != '0' || end - first == 1);
}

static const char *
scan_exponent (const char *p, const char *end, gint64 *exponent)
{
  gboolean negative = FALSE;
  gint64 value = 0;
  const char *first;

  if (p < end && (*p == '+' || *p == '-'))
    negative = *p++ == '-';
  first = p;
  for (; p < end && is_digit (*p); p++)
    if (value < EXPONENT_CAP)
      value = 10 * value + (*p - '0');
  *exponent = negative ? -value : value;
  return p == first ? NULL : p;
}

/* Digits into a word, which is of use only where it can hold them all. */
static inline const char *
take_digits (const char *p, const char *end, guint64 *word)
{
  guint64 sum = *word;

  for (; p < end && is_digit (*p); p++)
    sum = 10 * sum + (guint64) (*p - '0');
  *word = sum;
  return p;
}

/* The first digits that a word holds of more. */
static guint64
first_digits (const Decimal *decimal)
{
  guint64 word = 0;
  guint n = 0;

  for (const char *p = decimal->digits; n < WORD_DIGITS; p++)
    if (*p != '.')
      word = 10 * word + (guint64) (*p - '0'), n++;
  return word;
}

/* Sets what there is of digits from `first` to the end, a point among them or not. */
static inline void
set_digits (Decimal *decimal, const char *first, gsize n)
{
  for (; first < decimal->end && (*first == '0' || *first == '.'); first++)
    n -= *first == '0';
  decimal->digits = first;
  decimal->n_digits = n;
  if (n > WORD_DIGITS)
    decimal->word = first_digits (decimal);
}

static gboolean
scan_decimal (const char *text, gsize length, Decimal *decimal)
{
  const char *end = text + length;
  const char *p = text;
  const char *first;

  *decimal = (Decimal) { 0 };
  if (p < end && *p == '-')
    p++, decimal->negative = TRUE;
  first = p;
  p = take_digits (p, end, &decimal->word);
  if (!is_whole (first, p))
    return FALSE;
  if (p < end && *p == '.') {
    const char *point = p++;

    p = take_digits (p, end, &decimal->word);
    decimal->n_fraction = (gsize) (p - point) - 1;
    if (decimal->n_fraction == 0)
      return FALSE;
  }
  decimal->end = p;
  set_digits (decimal, first, (gsize) (p - first) - (decimal->n_fraction > 0));
  if (p < end && (*p == 'e' || *p == 'E'))
    p = scan_exponent (p + 1, end, &decimal->exponent);
  return p == end;
}

/* A double from its 53 bits and the exponent of the last; 2^53 itself carries. */
static inline double
compose (guint64 mantissa, int exponent)
{
  guint64 bits = mantissa;
  double value;

  if (mantissa >> (MANTISSA_BITS - 1) != 0)
    bits += (guint64) (exponent - LOWEST_EXPONENT) << (MANTISSA_BITS - 1);
  memcpy (&value, &bits, sizeof value);
  return value;
}

/* What the product says about the value: that it is mantissa, with `exponent` the exponent of its last bit, and a rest.
 */
typedef struct {
  guint64 mantissa;
  int exponent;
  gboolean up;      /* rounds up */
  gboolean certain; /* whatever the bits that the table lacks */
} Guess;

/* Cuts a value of 64 bits `head` and 64 further ones `tail`, with the first bit at 2^top, to the bits that a double has
 * there. The true value is at least this and less than 2 units of `tail` above; equal only if `exact`. */
static Guess
cut (guint64 head, guint64 tail, gboolean rest, int top, gboolean exact)
{
  int bits = MIN (MANTISSA_BITS, top - LOWEST_EXPONENT + 1);
  Guess guess = { .exponent = MAX (top - MANTISSA_BITS + 1, LOWEST_EXPONENT), .certain = TRUE };
  guint64 low, half;

  if (bits < 0) {
    guess.certain = bits < -1 || head != G_MAXUINT64;
    return guess;
  }
  guess.mantissa = bits == 0 ? 0 : head >> (64 - bits);
  low = bits == 0 ? head : head & (G_MAXUINT64 >> bits);
  half = G_GUINT64_CONSTANT (1) << (63 - bits);
  if (low == half && tail == 0 && !rest && exact)
    guess.up = guess.mantissa & 1;
  else
    guess.up = low >= half;
  guess.certain = exact || low != half - 1 || tail < G_MAXUINT64 - 2;
  return guess;
}

/* word * 10^q, with word > 0 and q in the table. */
static Guess
multiply (guint64 word, int q)
{
  const VcPower *power = vc_power_of_ten (q);
  int shift = __builtin_clzll (word);
  unsigned __int128 high = (unsigned __int128) (word << shift) * power->high;
  unsigned __int128 low = (unsigned __int128) (word << shift) * power->low;
  int top = vc_power_log2 (q) + 64 - shift;
  guint64 head, tail;
  gboolean rest = (guint64) low != 0;

  high += (guint64) (low >> 64);
  head = (guint64) (high >> 64);
  tail = (guint64) high;
  if (head >> 63 == 0) {
    head = head << 1 | tail >> 63;
    tail = tail << 1 | (guint64) low >> 63;
    rest = (guint64) low << 1 != 0;
    top--;
  }
  return cut (head, tail, rest, top, q >= 0 && q <= VC_POWER_HIGHEST_EXACT);
}

/* Natural numbers of up to 8192 bits, for the rare texts that lie too near a tie: the largest here, 801 digits times
 * 2^1075 or 5^1143 times 54 bits, have less than 4,000. */
#define BIG_WORDS 256

typedef struct {
  guint32 words[BIG_WORDS];
  guint n;
} Big;

static void
big_multiply_add (Big *self, guint32 factor, guint32 addend)
{
  guint64 carry = addend;

  for (guint i = 0; i < self->n; i++) {
    carry += (guint64) self->words[i] * factor;
    self->words[i] = (guint32) carry;
    carry >>= 32;
  }
  if (carry != 0 && self->n < BIG_WORDS)
    self->words[self->n++] = (guint32) carry;
}

static void
big_power (Big *self, guint32 base, guint exponent)
{
  while (exponent > 0) {
    guint32 factor = 1;

    for (; exponent > 0 && factor <= G_MAXUINT32 / base; exponent--)
      factor *= base;
    big_multiply_add (self, factor, 0);
  }
}

static int
big_compare (const Big *a, const Big *b)
{
  if (a->n != b->n)
    return a->n > b->n ? 1 : -1;
  for (guint i = a->n; i-- > 0;)
    if (a->words[i] != b->words[i])
      return a->words[i] > b->words[i] ? 1 : -1;
  return 0;
}

/* All digits that can matter; a digit that stands for the rest is appended where the rest is not zero. Returns how many
 * were left out. */
static gsize
big_from_digits (Big *self, const Decimal *decimal)
{
  gsize n = 0;
  gboolean sticky = FALSE;

  for (const char *p = decimal->digits; p < decimal->end; p++) {
    if (*p == '.')
      continue;
    if (n++ < MOST_DIGITS)
      big_multiply_add (self, 10, (guint32) (*p - '0'));
    else
      sticky |= *p != '0';
  }
  if (n <= MOST_DIGITS)
    return 0;
  big_multiply_add (self, 10, sticky);
  return n - MOST_DIGITS - 1;
}

/* Compares the digits with mantissa + 1/2, exactly, and rounds. */
static Guess
settle (const Decimal *decimal, Guess guess)
{
  Big ours = { .n = 0 }, tie = { .n = 0 };
  int q = (int) (decimal->exponent - (gint64) decimal->n_fraction + (gint64) big_from_digits (&ours, decimal));
  guint64 middle = 2 * guess.mantissa + 1;
  int twos = guess.exponent - 1 - q; /* both sides divided by 2^q */
  int order;

  big_multiply_add (&tie, 1, (guint32) (middle >> 32));
  big_power (&tie, 2, 32);
  big_multiply_add (&tie, 1, (guint32) middle);
  big_power (q > 0 ? &ours : &tie, 5, (guint) ABS (q));
  big_power (twos < 0 ? &ours : &tie, 2, (guint) ABS (twos));
  order = big_compare (&ours, &tie);
  guess.up = order > 0 || (order == 0 && (guess.mantissa & 1) != 0);
  guess.certain = TRUE;
  return guess;
}

static VcParseResult
round_guess (Guess guess, double *value)
{
  guess.mantissa += guess.up;
  if (guess.mantissa >> MANTISSA_BITS != 0)
    guess.mantissa >>= 1, guess.exponent++;
  if (guess.exponent > 1023 - MANTISSA_BITS + 1)
    return VC_PARSE_RANGE;
  *value = compose (guess.mantissa, guess.exponent);
  return VC_PARSE_OK;
}

/* Steps two and three. */
static VcParseResult
convert (const Decimal *decimal, double *value)
{
  gboolean cut_off = decimal->n_digits > WORD_DIGITS;
  gint64 q
    = decimal->exponent - (gint64) decimal->n_fraction + (cut_off ? (gint64) decimal->n_digits - WORD_DIGITS : 0);
  gint64 magnitude = q + (gint64) MIN (decimal->n_digits, WORD_DIGITS); /* value < 10^magnitude */
  Guess guess;

  *value = 0;
  if (magnitude > 310)
    return VC_PARSE_RANGE;
  if (magnitude < -323)
    return VC_PARSE_OK;
  guess = multiply (decimal->word, (int) q);
  if (guess.certain && cut_off) {
    Guess above = multiply (decimal->word + 1, (int) q);

    guess.certain = above.certain && above.exponent == guess.exponent
                    && above.mantissa + above.up == guess.mantissa + guess.up;
  }
  return round_guess (guess.certain ? guess : settle (decimal, guess), value);
}

/* Step one. */
static inline gboolean
convert_small (const Decimal *decimal, double *value)
{
  static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
  gint64 q = decimal->exponent - (gint64) decimal->n_fraction;

  if (decimal->n_digits > WORD_DIGITS || decimal->word >> MANTISSA_BITS != 0 || q < -22 || q > 22)
    return FALSE;
  *value = q < 0 ? (double) decimal->word / powers[-q] : (double) decimal->word * powers[q];
  return TRUE;
}

VcParseResult
vc_parse_double (const char *text, gsize length, double *value)
{
  Decimal decimal;
  VcParseResult result;

  if (!scan_decimal (text, length, &decimal))
    return VC_PARSE_SYNTAX;
  if (decimal.n_digits == 0) {
    *value = 0;
    return VC_PARSE_OK;
  }
  if (!convert_small (&decimal, value)) {
    result = convert (&decimal, value);
    if (result != VC_PARSE_OK)
      return result;
  }
  if (decimal.negative && *value != 0)
    *value = -*value;
  return VC_PARSE_OK;
}

VcParseResult
vc_parse_int64 (const char *text, gsize length, gint64 *value)
{
  const char *end = text + length;
  gboolean negative = length > 0 && *text == '-';
  const char *p = text + negative;
  gint64 sum = 0;

  while (p < end && is_digit (*p))
    p++;
  if (p < end || !is_whole (text + negative, end))
    return VC_PARSE_SYNTAX;
  for (p = text + negative; p < end; p++) {
    int digit = *p - '0';

    /* Downwards, where one more number fits. */
    if (__builtin_mul_overflow (sum, 10, &sum) || __builtin_sub_overflow (sum, digit, &sum))
      return VC_PARSE_RANGE;
  }
  if (!negative && sum == G_MININT64)
    return VC_PARSE_RANGE;
  *value = negative ? sum : -sum;
  return VC_PARSE_OK;
}
