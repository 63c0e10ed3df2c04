/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <math.h>

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"
#include "vcn-csr.h"

G_BEGIN_DECLS

/* What has fewer nodes is not worth a second thread. */
#define VCN_SERIAL 16384

/* What all kernels say when they cannot go on. Each answers FALSE. */
static inline gboolean
vcn_fail_memory (GError **error)
{
  g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NO_MEMORY, "not enough memory for the computation");
  return FALSE;
}

static inline gboolean
vcn_fail_value (GError **error, const char *what, guint64 index)
{
  g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NOT_FINITE,
               "%s %" G_GUINT64_FORMAT " is not a finite number of at least 0", what, index);
  return FALSE;
}

static inline gboolean
vcn_fail_residual (GError **error, double residual, guint iterations)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NO_CONVERGENCE,
               "a residual of %s was left after %u iterations, more than the tolerance",
               g_ascii_formatd (text, sizeof text, "%g", residual), iterations);
  return FALSE;
}

static inline gboolean
vcn_fail_vanished (GError **error)
{
  g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NO_CONVERGENCE,
                       "amounts of flow differ too widely: what leaves a loop vanishes beside what circulates in it");
  return FALSE;
}

static inline gboolean
vcn_fail_cancelled (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the computation was cancelled");
  return FALSE;
}

/* TRUE: go on. */
static inline gboolean
vcn_monitor_step (const VcnMonitor *monitor, double fraction, GError **error)
{
  if (monitor == NULL || monitor->step == NULL || monitor->step (monitor->data, fraction))
    return TRUE;
  return vcn_fail_cancelled (error);
}

/* The larger; infinity where either is not a number, so that it shows in the end. */
static inline double
vcn_larger (double a, double b)
{
  return b <= a ? a : b > a ? b : (double) INFINITY;
}

/* Finite and not negative; NaN fails both comparisons. */
static inline gboolean
vcn_is_weight (double value)
{
  return value >= 0 && value <= G_MAXDOUBLE;
}

G_END_DECLS
