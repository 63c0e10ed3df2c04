/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  VC_PARSE_OK,
  VC_PARSE_SYNTAX,
  VC_PARSE_RANGE,
} VcParseResult;

/* Decimal text to the nearest binary64, exactly (ties to even), whatever the locale. Grammar:
 * -?digits[.digits][(e|E)[+-]?digits], digits without needless leading zeros; nothing else: no spaces, no nan, no inf,
 * no hex. -0 is 0. Overflow is RANGE; underflow gives the nearest value. */
VcParseResult vc_parse_double (const char *text, gsize length, double *value);
VcParseResult vc_parse_int64  (const char *text, gsize length, gint64 *value);
/* ISO 8601: date, or date and time with T or space, optional fraction of up to 9 digits, optional Z or +hh[:mm];
 * without a zone: UTC. Microseconds since 1970. */
VcParseResult vc_parse_time   (const char *text, gsize length, gint64 *value);

/* The same where a time without a zone is of a clock `zone` minutes east of UTC. */
VcParseResult vc_parse_local_time (const char *text, gsize length, int zone, gint64 *value);
/* Minutes east of UTC, of "Z", "+hh" or "+hh:mm". FALSE: it is none of these. */
gboolean      vc_parse_zone   (const char *text, int *zone);

/* Whether a time is in the years 1 to 9999, as all that text can say are; others are written in a form that is not
 * read. */
gboolean      vc_time_can_be_text (gint64 value);

#define VC_NUMBER_SIZE 32
/* Shortest decimal text that reads back to the same bits (as JSON wants it; integers up to 2^53 without exponent).
 * Returns the length. */
gsize         vc_format_double (double value, char buffer[VC_NUMBER_SIZE]);
/* ISO 8601 in UTC with as many fraction digits as needed (0, 3 or 6), "Z" at the end. */
gsize         vc_format_time   (gint64 value, char buffer[VC_NUMBER_SIZE]);

/* A time format compiled once: %Y %m %d %H %M %S %f %y %I %p %b %B %j %z %Z(UTC,GMT,Z) %T %F %D %R %s %e %n %t %%;
 * English month names; numbers may lack leading zeros, as in strptime(). */
typedef struct _VcTimeFormat VcTimeFormat;
VcTimeFormat *vc_time_format_new   (const char *format, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void          vc_time_format_free  (VcTimeFormat *self);
/* The zone of times that do not say theirs, in minutes east of UTC; 0 at first. */
void          vc_time_format_set_zone (VcTimeFormat *self, int zone);
VcParseResult vc_time_format_parse (const VcTimeFormat *self, const char *text, gsize length, gint64 *value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcTimeFormat, vc_time_format_free)

G_END_DECLS
