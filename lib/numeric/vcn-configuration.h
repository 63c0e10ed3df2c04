/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-look.h"

G_BEGIN_DECLS

/* The weighted configuration model: of all networks without self flows whose nodes send and receive on average what
 * they did, the one that says least else (Squartini, Garlaschelli 2011, New J. Phys. 13:083001). From i to j flows on
 * average 1 / (exp (u) - 1) in whole units, or 1 / u of a real amount, where u = alpha_i + beta_j. */
typedef enum {
  VCN_NULL_COUNTS,  /* flows are whole numbers: another unit is another model */
  VCN_NULL_AMOUNTS, /* flows are real: the unit does not matter */
} VcnNull;

typedef struct {
  VcnNull null;
  double  tolerance;      /* on the residual */
  guint   max_iterations;
  guint   n_threads;      /* 0: all processors; never changes a bit of the result */
} VcnConfigurationOptions;

/* Nodes that send and receive alike are alike, and are solved as one CLASS. */
typedef struct {
  guint32 n;            /* classes, of nodes that send or receive anything */
  double *many;         /* n: nodes of the class */
  double *out, *in;     /* n: what each of them sends and receives */
  double *alpha, *beta; /* n: infinite where it sends or receives nothing; NULL where a HUB has a part in every flow, so
                           that each flow is known */
  guint32 hub;          /* its class, else n */
  VcnNull null;
  /* Largest |mean - given| / given of what a node sends or receives, computed again after the solution. */
  double  residual;
  guint   iterations;
} VcnConfiguration;

/* `out` and `in` of n nodes add up to the same. Both sides in turn are solved, each node by itself (as Sinkhorn, Knopp
 * 1967 do), which falls towards the one solution from anywhere, but by little in each round where some nodes deal
 * mostly with each other. So the senders' offsets are accelerated (VcnAnderson), the receivers' follow: 1,000,000 nodes
 * that all differ take some 20 iterations instead of 130 to 250, ones of very uneven strengths 30 instead of thousands.
 * Sums over all others are polynomials in pieces, each within 1e-17 of itself: an iteration takes O(n_classes), not its
 * square. What stands in the end is put into all equations again. Where it does not get below the tolerance, the
 * residual says so; that is no error. Errors (VC_MEASURE_ERROR): NO_MEMORY; being stopped. */
gboolean vcn_configuration_fit (VcnConfiguration *self, guint32 n, const double *const strengths[2],
                                const VcnConfigurationOptions *options, const VcnMonitor *monitor, GError **error);
void     vcn_configuration_clear (VcnConfiguration *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcnConfiguration, vcn_configuration_clear)

/* What on average flows both ways: sum over i != j of the mean of min (w_ij, w_ji). NAN where memory cannot be had;
 * anything where it was stopped, which `look` says. */
double   vcn_configuration_mutual (const VcnConfiguration *self, guint n_threads, VcnLook *look);

G_END_DECLS
