/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>
#include <math.h>

#include "valuechain/vc-status.h"

G_BEGIN_DECLS

/* A figure with its interval. Where the status is not VC_STATUS_OK, none is a number unless the function says so. */
typedef struct {
  double   value, low, high;
  /* Records behind it; of weighted ones as many alike as would say as much (Kish 1965): (sum w)^2 / sum w^2. */
  double   n;
  VcStatus status;
} VcnFigure;

static inline VcnFigure
vcn_figure_undefined (double n, VcStatus status)
{
  return (VcnFigure) { (double) NAN, (double) NAN, (double) NAN, n, status };
}

/* Columns of figures; undefined where the value is not a number. */
typedef struct {
  double *value, *low, *high;
  double *n; /* NULL: not wanted */
} VcnBand;

G_END_DECLS
