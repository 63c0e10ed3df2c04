/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>

#include "table/vc-number-private.h"
#include "valuechain/valuechain.h"

#define SECOND G_GINT64_CONSTANT (1000000)
#define NOTHING G_MININT64

typedef struct {
  const char *text;
  gint64 expected; /* NOTHING: see `result` */
  VcParseResult result;
} Case;

static const Case cases[] = {
  { "1970-01-01", 0 },
  { "1970-01-01T00:00:00Z", 0 },
  { "1970-01-01 00:00", 0 },
  { "1969-12-31T23:59:59.999999Z", -1 },
  { "1969-12-31T23:59:59.9999999Z", -1 },
  { "2016-02-29T01:16:00.5", 1456708560 * SECOND + 500000 },
  { "2016-02-29T01:16:00.123456789Z", 1456708560 * SECOND + 123456 },
  { "2016-02-29T02:16:00+01:00", 1456708560 * SECOND },
  { "2016-02-28T20:16-05", 1456708560 * SECOND },
  { "0001-01-01", G_GINT64_CONSTANT (-62135596800) * SECOND },
  { "9999-12-31T23:59:59.999999Z", G_GINT64_CONSTANT (253402300799) * SECOND + 999999 },
  { "2000-02-29", 951782400 * SECOND },
  { "2015-02-29", NOTHING, VC_PARSE_RANGE },
  { "1900-02-29", NOTHING, VC_PARSE_RANGE },
  { "2016-04-31", NOTHING, VC_PARSE_RANGE },
  { "2016-13-01", NOTHING, VC_PARSE_RANGE },
  { "2016-00-01", NOTHING, VC_PARSE_RANGE },
  { "2016-01-00", NOTHING, VC_PARSE_RANGE },
  { "0000-01-01", NOTHING, VC_PARSE_RANGE },
  { "0001-01-01T00:00+01:00", NOTHING, VC_PARSE_RANGE },
  { "9999-12-31T23:59-01:00", NOTHING, VC_PARSE_RANGE },
  { "2016-01-01T24:00:00", NOTHING, VC_PARSE_RANGE },
  { "2016-12-31T23:59:60Z", NOTHING, VC_PARSE_RANGE },
  { "2016-01-01T00:60", NOTHING, VC_PARSE_RANGE },
  { "2016-01-01T00:00+24:00", NOTHING, VC_PARSE_RANGE },
  { "2016-01-01T00:00+00:60", NOTHING, VC_PARSE_RANGE },
  { "", NOTHING, VC_PARSE_SYNTAX },
  { "2016", NOTHING, VC_PARSE_SYNTAX },
  { "2016-1-1", NOTHING, VC_PARSE_SYNTAX },
  { "2016-01-01T", NOTHING, VC_PARSE_SYNTAX },
  { "2016-01-01T00", NOTHING, VC_PARSE_SYNTAX },
  { "2016-01-01t00:00", NOTHING, VC_PARSE_SYNTAX },
  { "2016-01-01T00:00:00.", NOTHING, VC_PARSE_SYNTAX },
  { "2016-01-01T00:00:00.1234567890", NOTHING, VC_PARSE_SYNTAX },
  { "2016-01-01T00:00:00,5", NOTHING, VC_PARSE_SYNTAX },
  { "2016-01-01T00:00:00+0100", NOTHING, VC_PARSE_SYNTAX },
  { "2016-01-01T00:00:00ZZ", NOTHING, VC_PARSE_SYNTAX },
  { "2016-01-01Z", NOTHING, VC_PARSE_SYNTAX },
  { " 2016-01-01", NOTHING, VC_PARSE_SYNTAX },
  { "+2016-01-01", NOTHING, VC_PARSE_SYNTAX },
};

Test (time, iso_8601)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 value = NOTHING;
    VcParseResult result = vc_parse_time (cases[i].text, strlen (cases[i].text), &value);

    cr_expect_eq (result, cases[i].result, "%s", cases[i].text);
    if (result == VC_PARSE_OK)
      cr_expect_eq (value, cases[i].expected, "%s: %" G_GINT64_FORMAT, cases[i].text, value);
  }
}

/* GDateTime is the witness for each day of 400 years, and random moments of all years. */
Test (time, agrees_with_the_calendar_and_back)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (12);
  const gint64 first = G_GINT64_CONSTANT (-62135596800), seconds = G_GINT64_CONSTANT (315537897600);

  for (guint i = 0; i < 200000; i++) {
    gint64 second = i < 146097 ? (gint64) i * 86400 : first + (gint64) (g_rand_double (rand) * (double) seconds);
    g_autoptr (GDateTime) witness = g_date_time_new_from_unix_utc (second);
    g_autofree char *expected = g_date_time_format (witness, "%Y-%m-%dT%H:%M:%SZ");
    g_autofree char *padded = g_strdup_printf ("%04d%s", g_date_time_get_year (witness), strchr (expected, '-'));
    char buffer[VC_NUMBER_SIZE];
    gint64 value = NOTHING;

    vc_format_time (second * SECOND, buffer);
    cr_assert_str_eq (buffer, padded);
    cr_assert_eq (vc_parse_time (padded, strlen (padded), &value), VC_PARSE_OK);
    cr_assert_eq (value, second * SECOND);
  }
}

Test (time, is_written_with_the_digits_it_needs)
{
  char buffer[VC_NUMBER_SIZE];

  vc_format_time (-1, buffer);
  cr_expect_str_eq (buffer, "1969-12-31T23:59:59.999999Z");
  vc_format_time (1500000, buffer);
  cr_expect_str_eq (buffer, "1970-01-01T00:00:01.500Z");
  cr_expect_eq (vc_format_time (G_MAXINT64, buffer), 30u);
  cr_expect_str_eq (buffer, "+294247-01-10T04:00:54.775807Z");
  cr_expect_eq (vc_format_time (G_MININT64, buffer), 30u);
  cr_expect_str_eq (buffer, "-290308-12-21T19:59:05.224192Z");
}

static const struct {
  const char *format;
  Case expected;
} formatted[] = {
  { "%d/%m/%Y %H:%M", { "29/2/2016 1:16", 1456708560 * SECOND } },
  { "%d/%m/%Y %H:%M", { "29/02/2016 01:16", 1456708560 * SECOND } },
  { "%d/%m/%Y %H:%M", { "29/2/2015 1:16", NOTHING, VC_PARSE_RANGE } },
  { "%d/%m/%Y %H:%M", { "29/2/16 1:16", NOTHING, VC_PARSE_SYNTAX } },
  { "%d/%m/%Y %H:%M", { "29/2/2016 1:16 ", NOTHING, VC_PARSE_SYNTAX } },
  { "%d/%m/%Y %H:%M", { "2016-02-29", NOTHING, VC_PARSE_SYNTAX } },
  { "%d/%m/%Y %H:%M", { "", NOTHING, VC_PARSE_SYNTAX } },
  { "%D %I:%M %p", { "02/29/16 1:16 AM", 1456708560 * SECOND } },
  { "%D %I:%M %p", { "02/29/16 12:00 am", 1456704000 * SECOND } },
  { "%D %I:%M %p", { "02/29/16 12:00 PM", (1456704000 + 43200) * SECOND } },
  { "%D %I:%M %p", { "02/29/16 13:00 PM", NOTHING, VC_PARSE_RANGE } },
  { "%d %b %Y", { "29 Feb 2016", 1456704000 * SECOND } },
  { "%d %B %Y", { "29 february 2016", 1456704000 * SECOND } },
  { "%b %e %Y %T", { "Mar  1 2016 00:00:00", 1456790400 * SECOND } },
  { "%B%Y%d", { "March201601", 1456790400 * SECOND } },
  { "%Y-%j", { "2016-060", 1456704000 * SECOND } },
  { "%Y-%j", { "2015-366", NOTHING, VC_PARSE_RANGE } },
  { "%Y-%j", { "2016-0", NOTHING, VC_PARSE_RANGE } },
  { "%Y%m%d%H%M%S", { "20160229011600", 1456708560 * SECOND } },
  { "%FT%R%z", { "2016-02-29T02:16+0100", 1456708560 * SECOND } },
  { "%FT%T.%f%z", { "2016-02-29T02:16:00.25+01:00", 1456708560 * SECOND + 250000 } },
  { "%F %T %Z", { "2016-02-29 01:16:00 UTC", 1456708560 * SECOND } },
  { "%F %T %Z", { "2016-02-29 01:16:00 CET", NOTHING, VC_PARSE_SYNTAX } },
  { "%s", { "1456708560", 1456708560 * SECOND } },
  { "%s", { "-1", -SECOND } },
  { "%s.%f", { "0.5", 500000 } },
  { "%s.%f", { "-1.5", -SECOND - 500000 } },
  { "%s.%f", { "-0.25", -250000 } },
  { "%s", { "99999999999999999999", NOTHING, VC_PARSE_RANGE } },
  { "%s", { "253402300800", NOTHING, VC_PARSE_RANGE } },
  { "%s", { "-9223372036854775808", NOTHING, VC_PARSE_RANGE } },
  { "%d%%%m%%%Y", { "1%3%2016", 1456790400 * SECOND } },
  { "%d.%m.%y", { "1.3.69", -26438400 * SECOND } },
};

Test (time, formats_as_strptime_has_them)
{
  for (guint i = 0; i < G_N_ELEMENTS (formatted); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (VcTimeFormat) format = vc_time_format_new (formatted[i].format, &error);
    const Case *expected = &formatted[i].expected;
    gint64 value = NOTHING;
    VcParseResult result;

    cr_assert_not_null (format, "%s", formatted[i].format);
    result = vc_time_format_parse (format, expected->text, strlen (expected->text), &value);
    cr_expect_eq (result, expected->result, "%s of %s", formatted[i].format, expected->text);
    if (result == VC_PARSE_OK)
      cr_expect_eq (value, expected->expected, "%s of %s: %" G_GINT64_FORMAT, formatted[i].format, expected->text,
                    value);
  }
}

Test (time, formats_that_name_no_moment_are_refused)
{
  static const char *const formats[]
    = { "", "%Y", "%H:%M", "%d/%m", "%Y-%m", "%Y-%m-%d %I", "%Q", "%", "%Y-%m-%d %", "%F %H %p" };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autoptr (GError) error = NULL;

    cr_expect_null (vc_time_format_new (formats[i], &error), "%s", formats[i]);
    cr_expect (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT), "%s", formats[i]);
  }
}
