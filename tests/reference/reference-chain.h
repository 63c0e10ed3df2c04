/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>

/* The slow and obvious twin of the absorbing chain: dense, in long double, one elimination without subtraction over all
 * live nodes at once. `flow` is n x n by rows, its diagonal ignored. */
#define REFERENCE_MAX 64

enum { REFERENCE_LIVE, REFERENCE_END, REFERENCE_LOOP };

typedef struct {
  int         n;
  int         class[REFERENCE_MAX];
  int         loop[REFERENCE_MAX]; /* first member, or -1 */
  long double share[REFERENCE_MAX][REFERENCE_MAX];
  long double factor[REFERENCE_MAX][REFERENCE_MAX];
  int         live[REFERENCE_MAX]; /* live nodes */
  int         n_live;
} ReferenceChain;

void reference_chain_init    (ReferenceChain *chain, int n, const double *flow);
/* boundary and source may be NULL. */
void reference_chain_forward (const ReferenceChain *chain, const long double *boundary, const long double *source,
                              long double *x);
void reference_chain_visits (const ReferenceChain *chain, const long double *source, const long double *own,
                             long double *y);
/* Levels and incoherence by Gauss with pivoting; false where there is no flow. */
bool reference_levels        (int n, const double *flow, long double *level, long double *incoherence);
