/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-number-private.h"

#include <string.h>

#include "valuechain/vc-error.h"
#include "vc-time-private.h"

/* One character a directive; what is literal is escaped by '\1'. */
#define LITERAL '\1'
/* Seconds: more than any year that can be written has. */
#define LARGEST_EPOCH G_GINT64_CONSTANT (1000000000000)

struct _VcTimeFormat
{
  char *directives;
  int zone; /* minutes east of UTC, where the text does not say */
};

/* What a text says before it is put together. */
typedef struct {
  VcMoment moment;
  int day_of_year;
  int half; /* of the day: -1 where not said */
  gint64 epoch;
  gboolean has_epoch;
  gboolean before_epoch; /* a sign says so: of "-0.5" the whole seconds do not */
} Reading;

static const char *const month_names[] = { "january", "february", "march",     "april",   "may",      "june",
                                           "july",    "august",   "september", "october", "november", "december" };

/* Directives that stand for others. */
static const char *
expansion (char directive)
{
  switch (directive) {
    case 'T':
      return "%H:%M:%S";
    case 'R':
      return "%H:%M";
    case 'F':
      return "%Y-%m-%d";
    case 'D':
      return "%m/%d/%y";
    case 'h':
      return "%b";
    default:
      return NULL;
  }
}

static gboolean
append_directives (GString *compiled, const char *format, GError **error)
{
  for (const char *p = format; *p != '\0'; p++) {
    if (g_ascii_isspace (*p)) {
      g_string_append_c (compiled, 'n');
    } else if (*p != '%') {
      g_string_append_c (compiled, LITERAL);
      g_string_append_c (compiled, *p);
    } else if (expansion (*++p) != NULL) {
      append_directives (compiled, expansion (*p), NULL);
    } else if (*p == '%') {
      g_string_append_c (compiled, LITERAL);
      g_string_append_c (compiled, '%');
    } else if (*p != '\0' && strchr ("YmdHMSfyIpbBjzZsent", *p) != NULL) {
      g_string_append_c (compiled, *p);
    } else {
      g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT, "the time format has an unknown directive after %%");
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
has (const char *directives, const char *any_of)
{
  for (const char *p = directives; *p != '\0'; p++) {
    if (*p == LITERAL)
      p++;
    else if (strchr (any_of, *p) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* A format that cannot name a moment would read every field as the same one. */
static gboolean
is_complete (const char *d)
{
  gboolean day = has (d, "j") || (has (d, "mbB") && has (d, "de"));

  return has (d, "s") || (has (d, "Yy") && day && has (d, "I") == has (d, "p"));
}

VcTimeFormat *
vc_time_format_new (const char *format, GError **error)
{
  g_autoptr (GString) compiled = g_string_new (NULL);
  VcTimeFormat *self;

  if (!append_directives (compiled, format, error))
    return NULL;
  if (!is_complete (compiled->str)) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT,
                 "the time format lacks a year, a month or a day, or has only one of %%I and %%p");
    return NULL;
  }
  self = g_new0 (VcTimeFormat, 1);
  self->directives = g_string_free (g_steal_pointer (&compiled), FALSE);
  return self;
}

void
vc_time_format_free (VcTimeFormat *self)
{
  if (self == NULL)
    return;
  g_free (self->directives);
  g_free (self);
}

static const char *
skip_space (const char *p, const char *end)
{
  while (p < end && g_ascii_isspace (*p))
    p++;
  return p;
}

static const char *
scan_word (const char *p, const char *end, const char *word, gsize length)
{
  return (gsize) (end - p) >= length && g_ascii_strncasecmp (p, word, length) == 0 ? p + length : NULL;
}

/* Whole names first: "mar" is the beginning of "march". */
static const char *
scan_month (const char *p, const char *end, int *month)
{
  for (guint pass = 0; pass < 2; pass++) {
    for (int i = 0; i < 12; i++) {
      const char *after = scan_word (p, end, month_names[i], pass == 0 ? strlen (month_names[i]) : 3);

      if (after != NULL) {
        *month = i + 1;
        return after;
      }
    }
  }
  return NULL;
}

static const char *
scan_half (const char *p, const char *end, int *half)
{
  const char *after = scan_word (p, end, "am", 2);

  *half = after == NULL;
  return after != NULL ? after : scan_word (p, end, "pm", 2);
}

static const char *
scan_zone_name (const char *p, const char *end)
{
  static const char *const names[] = { "UTC", "GMT", "Z" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (scan_word (p, end, names[i], strlen (names[i])) != NULL)
      return p + strlen (names[i]);
  return NULL;
}

static const char *
scan_short_year (const char *p, const char *end, int *year)
{
  p = vc_scan_number (p, end, 2, 2, year);
  *year += *year < 69 ? 2000 : 1900; /* as POSIX has it */
  return p;
}

static const char *
scan_half_hour (const char *p, const char *end, int *hour)
{
  p = vc_scan_number (p, end, 1, 2, hour);
  *hour = *hour >= 1 && *hour <= 12 ? *hour % 12 : 24;
  return p;
}

static const char *
scan_epoch (const char *p, const char *end, Reading *reading)
{
  const char *first = p;

  reading->before_epoch = p < end && *p == '-';
  if (reading->before_epoch)
    p++;
  while (p < end && g_ascii_isdigit (*p))
    p++;
  reading->has_epoch = TRUE;
  /* What is no number or too large becomes a year out of range. */
  if (vc_parse_int64 (first, (gsize) (p - first), &reading->epoch) != VC_PARSE_OK
      || reading->epoch != CLAMP (reading->epoch, -LARGEST_EPOCH, LARGEST_EPOCH))
    reading->epoch = LARGEST_EPOCH;
  return p == first ? NULL : p;
}

static const char *
scan_directive (char directive, const char *p, const char *end, Reading *reading)
{
  VcMoment *moment = &reading->moment;

  switch (directive) {
    case 'Y':
      return vc_scan_number (p, end, 4, 4, &moment->year);
    case 'y':
      return scan_short_year (p, end, &moment->year);
    case 'm':
      return vc_scan_number (p, end, 1, 2, &moment->month);
    case 'b':
    case 'B':
      return scan_month (p, end, &moment->month);
    case 'd':
      return vc_scan_number (p, end, 1, 2, &moment->day);
    case 'e':
      return vc_scan_number (skip_space (p, end), end, 1, 2, &moment->day);
    case 'j':
      return vc_scan_number (p, end, 1, 3, &reading->day_of_year);
    case 'H':
      return vc_scan_number (p, end, 1, 2, &moment->hour);
    case 'I':
      return scan_half_hour (p, end, &moment->hour);
    case 'p':
      return scan_half (p, end, &reading->half);
    case 'M':
      return vc_scan_number (p, end, 1, 2, &moment->minute);
    case 'S':
      return vc_scan_number (p, end, 1, 2, &moment->second);
    case 'f':
      return vc_scan_fraction (p, end, &moment->microsecond);
    case 'z':
      return vc_scan_zone (p, end, TRUE, moment);
    case 'Z':
      moment->zone = 0;
      return scan_zone_name (p, end);
    case 's':
      return scan_epoch (p, end, reading);
    default: /* n, t and space */
      return skip_space (p, end);
  }
}

static VcParseResult
finish (Reading *reading, gint64 *value)
{
  VcMoment *moment = &reading->moment;

  if (reading->has_epoch) {
    *value = reading->epoch * 1000000 + (reading->before_epoch ? -moment->microsecond : moment->microsecond);
    return vc_time_can_be_text (*value) ? VC_PARSE_OK : VC_PARSE_RANGE;
  }
  if (reading->half == 1 && moment->hour < 12)
    moment->hour += 12;
  if (reading->day_of_year < 0)
    return vc_moment_to_time (moment, value);
  return vc_moment_set_day_of_year (moment, reading->day_of_year) ? vc_moment_to_time (moment, value) : VC_PARSE_RANGE;
}

void
vc_time_format_set_zone (VcTimeFormat *self, int zone)
{
  self->zone = zone;
}

VcParseResult
vc_time_format_parse (const VcTimeFormat *self, const char *text, gsize length, gint64 *value)
{
  const char *end = text + length;
  const char *p = text;
  Reading reading = { .moment = { .month = 1, .day = 1, .zone = self->zone }, .day_of_year = -1, .half = -1 };

  for (const char *d = self->directives; *d != '\0' && p != NULL; d++) {
    if (*d == LITERAL) {
      d++;
      p = p < end && *p == *d ? p + 1 : NULL;
    } else {
      p = scan_directive (*d, p, end, &reading);
    }
  }
  return p != end ? VC_PARSE_SYNTAX : finish (&reading, value);
}
