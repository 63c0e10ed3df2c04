/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <math.h>
#include <stdbool.h>

/* Relative to the larger of both, absolute below 1: |a - b| <= rel max(1, |a|, |b|). NaN is close to nothing. */
static inline bool
vc_test_close (double a, double b, double rel)
{
  return fabs (a - b) <= rel * fmax (1, fmax (fabs (a), fabs (b)));
}
