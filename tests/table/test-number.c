/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <float.h>
#include <math.h>

#include "table/vc-number-private.h"

static guint64
bits_of (double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

static void
expect_double (const char *text, double expected)
{
  double value = NAN;

  cr_expect_eq (vc_parse_double (text, strlen (text), &value), VC_PARSE_OK, "%s", text);
  cr_expect_eq (bits_of (value), bits_of (expected), "%s: %a, not %a", text, value, expected);
}

Test (number, edges_are_read_to_the_nearest_double)
{
  expect_double ("0", 0);
  expect_double ("-0", 0);
  expect_double ("-0.000e5", 0);
  expect_double ("0.1", 0x1.999999999999ap-4);
  expect_double ("-12.34", -12.34);
  expect_double ("9007199254740993", 0x1p53);
  expect_double ("9007199254740993.0", 0x1p53);
  expect_double ("9007199254740993.000000000000000000000000000000000001", 0x1.0000000000001p53);
  expect_double ("9007199254740995", 0x1.0000000000002p53);
  expect_double ("1.7976931348623157e308", DBL_MAX);
  expect_double ("1.7976931348623158e308", DBL_MAX);
  expect_double ("2.2250738585072014e-308", DBL_MIN);
  expect_double ("2.2250738585072011e-308", 0x0.fffffffffffffp-1022);
  expect_double ("5e-324", 0x1p-1074);
  expect_double ("4.9e-324", 0x1p-1074);
  expect_double ("2.4703282292062327e-324", 0);
  expect_double ("2.4703282292062328e-324", 0x1p-1074);
  expect_double ("1e-400", 0);
  expect_double ("-1e-999999999999", 0);
  expect_double ("0e999999999999", 0);
  expect_double ("1e22", 1e22);
  expect_double ("1e23", 0x1.52d02c7e14af6p+76);
  expect_double ("8.5e00000000000000000000000000000000000000000001", 85);
}

static const struct {
  const char *text;
  VcParseResult result;
} refused[] = {
  { "", VC_PARSE_SYNTAX },
  { "-", VC_PARSE_SYNTAX },
  { "+5", VC_PARSE_SYNTAX },
  { " 5", VC_PARSE_SYNTAX },
  { "5 ", VC_PARSE_SYNTAX },
  { "007", VC_PARSE_SYNTAX },
  { "-00", VC_PARSE_SYNTAX },
  { "1_000", VC_PARSE_SYNTAX },
  { "0x10", VC_PARSE_SYNTAX },
  { "0x1p3", VC_PARSE_SYNTAX },
  { "nan", VC_PARSE_SYNTAX },
  { "NaN(123)", VC_PARSE_SYNTAX },
  { "inf", VC_PARSE_SYNTAX },
  { "-infinity", VC_PARSE_SYNTAX },
  { "1.", VC_PARSE_SYNTAX },
  { ".5", VC_PARSE_SYNTAX },
  { "1e", VC_PARSE_SYNTAX },
  { "1e+", VC_PARSE_SYNTAX },
  { "1,5", VC_PARSE_SYNTAX },
  { "1.5x", VC_PARSE_SYNTAX },
  { "1.5.5", VC_PARSE_SYNTAX },
  { "--1", VC_PARSE_SYNTAX },
  { "1e5.5", VC_PARSE_SYNTAX },
  { "e5", VC_PARSE_SYNTAX },
  { "\xef\xbc\x91\xef\xbc\x92", VC_PARSE_SYNTAX },
  { "\xd9\xa1", VC_PARSE_SYNTAX },
  { "1e400", VC_PARSE_RANGE },
  { "-1e400", VC_PARSE_RANGE },
  { "1e999999999", VC_PARSE_RANGE },
  { "1e99999999999999999999", VC_PARSE_RANGE },
  { "1.7976931348623159e308", VC_PARSE_RANGE },
};

Test (number, what_is_no_number_is_refused)
{
  double value;

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    cr_expect_eq (vc_parse_double (refused[i].text, strlen (refused[i].text), &value), refused[i].result, "%s",
                  refused[i].text);
}

/* 2^-1074 and half of it, in full, and one digit more; a million zeros before the point of an exponent. */
Test (number, long_texts_are_exact)
{
  g_autofree char *zeros = g_strnfill (1000000, '0');
  g_autofree char *small = g_strdup_printf ("0.%s1e1000001", zeros);
  g_autofree char *large = g_strdup_printf ("1%se-1000000", zeros);
  g_autofree char *half = g_strdup_printf ("%.1100f", 0x1p-1074); /* exact, whatever the C library's rounding */
  g_autofree char *nines = g_strnfill (5000, '9');
  g_autofree char *below = g_strdup_printf ("0.%s", nines);
  g_autofree char *tie = g_strdup_printf ("%.54f", 0.5 + 0x1p-54);
  g_autofree char *above = g_strdup_printf ("%s%s1", tie, zeros);

  expect_double (small, 1);
  expect_double (large, 1);
  expect_double (half, 0x1p-1074);
  expect_double (below, 1);
  expect_double (tie, 0.5 + 0x1p-54);
  expect_double (above, 0.5 + 0x1p-54);
  expect_double ("0.500000000000000055511151231257827021181583404541015625", 0.5);
  expect_double ("0.5000000000000000555111512312578270211815834045410156250000000001", 0x1.0000000000001p-1);
  expect_double ("0.500000000000000166533453693773481063544750213623046875", 0x1.0000000000002p-1);
}

Test (number, integers)
{
  gint64 value = 1;

  cr_expect_eq (vc_parse_int64 ("9223372036854775807", 19, &value), VC_PARSE_OK);
  cr_expect_eq (value, G_MAXINT64);
  cr_expect_eq (vc_parse_int64 ("-9223372036854775808", 20, &value), VC_PARSE_OK);
  cr_expect_eq (value, G_MININT64);
  cr_expect_eq (vc_parse_int64 ("-0", 2, &value), VC_PARSE_OK);
  cr_expect_eq (value, 0);
  cr_expect_eq (vc_parse_int64 ("9223372036854775808", 19, &value), VC_PARSE_RANGE);
  cr_expect_eq (vc_parse_int64 ("-9223372036854775809", 20, &value), VC_PARSE_RANGE);
  cr_expect_eq (vc_parse_int64 ("99999999999999999999999", 23, &value), VC_PARSE_RANGE);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    cr_expect_eq (vc_parse_int64 (refused[i].text, strlen (refused[i].text), &value), VC_PARSE_SYNTAX, "%s",
                  refused[i].text);
}

Test (number, are_written_as_short_as_can_be)
{
  static const struct {
    double value;
    const char *text;
  } cases[] = {
    { 0, "0" },
    { -0.0, "0" },
    { 1, "1" },
    { -1.5, "-1.5" },
    { 0.1, "0.1" },
    { 0.3, "0.3" },
    { 0.1 + 0.2, "0.30000000000000004" },
    { 100, "100" },
    { 1e15, "1000000000000000" },
    { 0x1p53, "9007199254740992" },
    { -0x1.fffffffffffffp52, "-9007199254740991" },
    { 123456789012345680.0, "1.2345678901234568e17" },
    { 1e22, "1e22" },
    { 1e23, "1e23" },
    { 0.00001, "0.00001" },
    { 0.000001, "1e-6" },
    { 5e-324, "5e-324" },
    { DBL_MIN, "2.2250738585072014e-308" },
    { DBL_MAX, "1.7976931348623157e308" },
    { 9.5367431640625e-07, "9.5367431640625e-7" },
    { 0x1p-1073, "1e-323" },
    { 299792458, "299792458" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    char buffer[VC_NUMBER_SIZE];

    cr_expect_eq (vc_format_double (cases[i].value, buffer), strlen (cases[i].text));
    cr_expect_str_eq (buffer, cases[i].text);
  }
}

/* Random bits, powers of two and their neighbours. The witness is the C library: 17 digits of printf, strtod of ours,
 * and no shorter text of printf reads back. */
static void
round_trip (double value)
{
  char buffer[VC_NUMBER_SIZE], digits[64];
  gsize length = vc_format_double (value, buffer);
  gsize n = 0;
  double back;

  cr_assert_lt (length, (gsize) VC_NUMBER_SIZE);
  cr_assert_eq (bits_of (strtod (buffer, NULL)), bits_of (value), "%s", buffer);
  cr_assert_eq (vc_parse_double (buffer, length, &back), VC_PARSE_OK, "%s", buffer);
  cr_assert_eq (bits_of (back), bits_of (value), "%s", buffer);
  g_snprintf (digits, sizeof digits, "%.19e", value);
  cr_assert_eq (vc_parse_double (digits, strlen (digits), &back), VC_PARSE_OK, "%s", digits);
  cr_assert_eq (bits_of (back), bits_of (value), "%s", digits);
  for (const char *p = buffer; *p != '\0' && *p != 'e'; p++)
    n += g_ascii_isdigit (*p);
  for (const char *p = buffer + (*buffer == '-'); *p == '0' || *p == '.'; p++)
    n -= *p == '0';
  g_snprintf (digits, sizeof digits, "%.*e", (int) MAX (n, 2) - 2, value);
  if (strchr (buffer, 'e') != NULL && n > 1)
    cr_assert_neq (bits_of (strtod (digits, NULL)), bits_of (value), "%s is shorter than %s", digits, buffer);
}

Test (number, random_bits_survive)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (53);

  for (guint i = 0; i < 50000; i++) {
    guint64 bits = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
    double value;

    memcpy (&value, &bits, sizeof value);
    if (isfinite (value) && value != 0)
      round_trip (value);
  }
}

Test (number, powers_of_two_and_their_neighbours_survive)
{
  for (int e = -1074; e <= 1023; e++) {
    double power = ldexp (1, e);

    round_trip (power);
    round_trip (nextafter (power, INFINITY));
    if (power > 0x1p-1074)
      round_trip (nextafter (power, 0));
  }
}

/* Halfway between doubles, written out in full: to even; and with a digit more or less. */
Test (number, halfway_texts_go_to_even)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (54);

  for (guint i = 0; i < 5000; i++) {
    guint64 mantissa = ((guint64) g_rand_int (rand) << 32 | g_rand_int (rand)) >> 11 | G_GUINT64_CONSTANT (1) << 52;
    int exponent = g_rand_int_range (rand, -300, 300);
    long double tie = ldexpl ((long double) mantissa + 0.5L, exponent);
    g_autofree char *text = g_strdup_printf ("%.400Lf", tie);
    g_autofree char *above = g_strconcat (text, "1", NULL);
    double even = ldexp ((double) (mantissa + (mantissa & 1)), exponent);

    if (strtold (text, NULL) != tie)
      continue; /* too small for so many digits */
    expect_double (text, even);
    expect_double (above, ldexp ((double) (mantissa + 1), exponent));
  }
}
