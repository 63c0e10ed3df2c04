/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Special functions, all of them Boost.Math's. Boost is kept well, its licence (BSL-1.0) suits a library that
 * proprietary programs link, and what is used of it is headers alone: nothing is linked. What else Debian has is under
 * the GPL (GSL, R's), or has no inverse of the incomplete beta function (libm, libcerf). Arithmetic in doubles
 * throughout, so that systems with another long double answer alike. NaN outside the domain. */

/* x with P(X <= x) = p for X ~ Beta(a, b); 0 < a, b; 0 <= p <= 1. */
double vcn_beta_quantile (double a, double b, double p);
/* P(X <= x) for X ~ Beta(a, b); 0 < a, b; 0 <= x <= 1. */
double vcn_beta_share    (double a, double b, double x);
/* z with P(|Z| <= z) = level for Z ~ N(0, 1); 0 < level < 1. */
double vcn_normal_within (double level);
/* The first two derivatives of log Gamma(x), 0 < x. */
double vcn_digamma       (double x);
double vcn_trigamma      (double x);
/* log Gamma(x), 0 < x. */
double vcn_log_gamma     (double x);

G_END_DECLS
