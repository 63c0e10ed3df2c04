/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-number-private.h"

#include <string.h>

#include "vc-time-private.h"

#define SECOND G_GINT64_CONSTANT (1000000)
#define DAY (86400 * SECOND)
#define NO_ZONE G_MAXINT

/* Days since 1970-01-01 in the Gregorian calendar, carried on in both directions. Counted in years from 1 March, so
 * that the leap day is the last of a year, and in eras of 400 years (146,097 days). */
static gint64
days_from_civil (gint64 year, int month, int day)
{
  gint64 y = month <= 2 ? year - 1 : year;
  gint64 era = (y >= 0 ? y : y - 399) / 400;
  gint64 year_of_era = y - era * 400;
  gint64 day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static gboolean
is_leap_year (int year)
{
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
month_length (int year, int month)
{
  static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  return month == 2 && is_leap_year (year) ? 29 : lengths[month - 1];
}

gboolean
vc_time_can_be_text (gint64 value)
{
  return value >= days_from_civil (1, 1, 1) * DAY && value < days_from_civil (10000, 1, 1) * DAY;
}

/* Leap seconds are refused: time as counted here has none, and to move one would reorder records. */
VcParseResult
vc_moment_to_time (const VcMoment *moment, gint64 *value)
{
  gint64 seconds;

  if (moment->year < 1 || moment->year > 9999 || moment->month < 1 || moment->month > 12 || moment->day < 1
      || moment->day > month_length (moment->year, moment->month) || moment->hour > 23 || moment->minute > 59
      || moment->second > 59 || moment->zone == NO_ZONE)
    return VC_PARSE_RANGE;
  seconds = days_from_civil (moment->year, moment->month, moment->day) * 86400
            + (moment->hour * 60 + moment->minute - moment->zone) * 60 + moment->second;
  *value = seconds * SECOND + moment->microsecond;
  return vc_time_can_be_text (*value) ? VC_PARSE_OK : VC_PARSE_RANGE;
}

gboolean
vc_moment_set_day_of_year (VcMoment *moment, int day)
{
  if (day < 1 || moment->year < 1 || day > 365 + is_leap_year (moment->year))
    return FALSE;
  for (moment->month = 1; day > month_length (moment->year, moment->month); moment->month++)
    day -= month_length (moment->year, moment->month);
  moment->day = day;
  return TRUE;
}

static inline gboolean
is_digit (char c)
{
  return (guint8) (c - '0') < 10;
}

const char *
vc_scan_number (const char *p, const char *end, int least, int most, int *value)
{
  int n = 0;

  *value = 0;
  for (; n < most && p + n < end && is_digit (p[n]); n++)
    *value = 10 * *value + (p[n] - '0');
  return n < least ? NULL : p + n;
}

const char *
vc_scan_fraction (const char *p, const char *end, int *microsecond)
{
  int n = 0;

  *microsecond = 0;
  for (; n < 9 && p + n < end && is_digit (p[n]); n++)
    if (n < 6)
      *microsecond = 10 * *microsecond + (p[n] - '0');
  for (int i = n; i < 6; i++)
    *microsecond *= 10;
  return n == 0 ? NULL : p + n;
}

/* `compact`: +hhmm is a zone too. */
const char *
vc_scan_zone (const char *p, const char *end, gboolean compact, VcMoment *moment)
{
  int sign, hours, minutes = 0;

  if (p < end && *p == 'Z') {
    moment->zone = 0;
    return p + 1;
  }
  if (p == end || (*p != '+' && *p != '-'))
    return NULL;
  sign = *p == '-' ? -1 : 1;
  p = vc_scan_number (p + 1, end, 2, 2, &hours);
  if (p != NULL && p < end && *p == ':')
    p = vc_scan_number (p + 1, end, 2, 2, &minutes);
  else if (p != NULL && compact && p < end && is_digit (*p))
    p = vc_scan_number (p, end, 2, 2, &minutes);
  moment->zone = hours > 23 || minutes > 59 ? NO_ZONE : sign * (hours * 60 + minutes);
  return p;
}

gboolean
vc_parse_zone (const char *text, int *zone)
{
  const char *end = text + strlen (text);
  VcMoment moment = { .zone = NO_ZONE };

  if (vc_scan_zone (text, end, FALSE, &moment) != end || moment.zone == NO_ZONE)
    return FALSE;
  *zone = moment.zone;
  return TRUE;
}

static inline const char *
scan_literal (const char *p, const char *end, char c)
{
  return p != NULL && p < end && *p == c ? p + 1 : NULL;
}

static inline const char *
scan_part (const char *p, const char *end, char before, int *value)
{
  p = scan_literal (p, end, before);
  return p == NULL ? NULL : vc_scan_number (p, end, 2, 2, value);
}

static const char *
scan_clock (const char *p, const char *end, VcMoment *moment)
{
  p = vc_scan_number (p, end, 2, 2, &moment->hour);
  if (p != NULL)
    p = scan_part (p, end, ':', &moment->minute);
  if (p != NULL && p < end && *p == ':') {
    p = scan_part (p, end, ':', &moment->second);
    if (p != NULL && p < end && *p == '.')
      p = vc_scan_fraction (p + 1, end, &moment->microsecond);
  }
  if (p != NULL && p < end)
    p = vc_scan_zone (p, end, FALSE, moment);
  return p;
}

VcParseResult
vc_parse_time (const char *text, gsize length, gint64 *value)
{
  return vc_parse_local_time (text, length, 0, value);
}

VcParseResult
vc_parse_local_time (const char *text, gsize length, int zone, gint64 *value)
{
  const char *end = text + length;
  VcMoment moment = { .month = 1, .day = 1, .zone = zone };
  const char *p = vc_scan_number (text, end, 4, 4, &moment.year);

  if (p != NULL)
    p = scan_part (p, end, '-', &moment.month);
  if (p != NULL)
    p = scan_part (p, end, '-', &moment.day);
  if (p != NULL && p < end)
    p = *p == 'T' || *p == ' ' ? scan_clock (p + 1, end, &moment) : NULL;
  return p != end ? VC_PARSE_SYNTAX : vc_moment_to_time (&moment, value);
}

static char *
put_number (char *p, gint64 number, int width)
{
  for (int i = width; i-- > 0; number /= 10)
    p[i] = (char) ('0' + number % 10);
  return p + width;
}

static char *
put_year (char *p, gint64 year)
{
  if (year >= 0 && year <= 9999)
    return put_number (p, year, 4);
  *p++ = year < 0 ? '-' : '+';
  return put_number (p, ABS (year), 6);
}

/* The inverse of days_from_civil(). */
static char *
put_date (char *p, gint64 days)
{
  gint64 z = days + 719468;
  gint64 era = (z >= 0 ? z : z - 146096) / 146097;
  gint64 day_of_era = z - era * 146097;
  gint64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  gint64 month = (5 * day_of_year + 2) / 153; /* from March */
  gint64 day = day_of_year - (153 * month + 2) / 5 + 1;

  p = put_year (p, year_of_era + era * 400 + (month >= 10));
  *p++ = '-';
  p = put_number (p, month < 10 ? month + 3 : month - 9, 2);
  *p++ = '-';
  return put_number (p, day, 2);
}

/* Years outside 0000 to 9999, which other sources than text can hold, have a sign and six digits, as ISO 8601 extends
 * them. */
gsize
vc_format_time (gint64 value, char buffer[VC_NUMBER_SIZE])
{
  gint64 days = value / DAY - (value % DAY < 0);
  gint64 rest = value % DAY + (value % DAY < 0 ? DAY : 0);
  gint64 fraction = rest % SECOND;
  gint64 seconds = rest / SECOND;
  char *p = put_date (buffer, days);

  *p++ = 'T';
  p = put_number (p, seconds / 3600, 2);
  *p++ = ':';
  p = put_number (p, seconds / 60 % 60, 2);
  *p++ = ':';
  p = put_number (p, seconds % 60, 2);
  if (fraction != 0) {
    *p++ = '.';
    p = fraction % 1000 == 0 ? put_number (p, fraction / 1000, 3) : put_number (p, fraction, 6);
  }
  *p++ = 'Z';
  *p = '\0';
  return (gsize) (p - buffer);
}
