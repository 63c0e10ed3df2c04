/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-private.h"

G_BEGIN_DECLS

/* A step of long work that several threads may share: each counts what it did (arcs, rows) and looks at the monitor
 * from time to time, so that loops may tell each row. Started at VCN_LOOK_EVERY, a count looks at once. */
typedef struct {
  const VcnMonitor *monitor;
  double            fraction; /* of the work, as the monitor is told */
  gint              stopped;  /* atomic */
} VcnLook;

/* Some 10 ms at most, where memory is met at random. */
#define VCN_LOOK_EVERY ((guint64) 1 << 18)

/* TRUE: go on. After the first FALSE nobody asks the monitor again. */
static inline gboolean
vcn_look (VcnLook *self, guint64 *done, guint64 more)
{
  *done += more;
  if (*done < VCN_LOOK_EVERY)
    return TRUE;
  *done = 0;
  if (!g_atomic_int_get (&self->stopped) && !vcn_monitor_step (self->monitor, self->fraction, NULL))
    g_atomic_int_set (&self->stopped, TRUE);
  return !g_atomic_int_get (&self->stopped);
}

/* Asks at once. */
static inline gboolean
vcn_look_now (VcnLook *self)
{
  guint64 done = VCN_LOOK_EVERY;

  return vcn_look (self, &done, 0);
}

/* Whether one of those who share it was told to stop: for loops whose inner loops look. */
static inline gboolean
vcn_look_is_stopped (VcnLook *self)
{
  return g_atomic_int_get (&self->stopped);
}

/* Once all threads are done. FALSE and an error where one was stopped. */
static inline gboolean
vcn_look_end (VcnLook *self, GError **error)
{
  return !vcn_look_is_stopped (self) || vcn_fail_cancelled (error);
}

G_END_DECLS
