/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vc-number-private.h"

G_BEGIN_DECLS

/* What vc-time.c and vc-time-format.c share. */
typedef struct {
  int year;
  int month;
  int day;
  int hour;
  int minute;
  int second;
  int microsecond;
  int zone; /* minutes east of UTC */
} VcMoment;

VcParseResult vc_moment_to_time (const VcMoment *moment, gint64 *value);
/* Sets month and day; FALSE: the year has no such day. */
gboolean      vc_moment_set_day_of_year (VcMoment *moment, int day);
/* The end of what was read, or NULL: not there. `least` to `most` digits (at most 9). */
const char   *vc_scan_number    (const char *p, const char *end, int least, int most, int *value);
/* One to nine digits; what is below a microsecond is cut off. */
const char   *vc_scan_fraction  (const char *p, const char *end, int *microsecond);
/* Z, +hh or +hh:mm; `compact`: or +hhmm. */
const char   *vc_scan_zone      (const char *p, const char *end, gboolean compact, VcMoment *moment);

G_END_DECLS
