/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-sum.h"

#define CHUNK ((gsize) 4096)
#define LEVELS 64

/* A binary counter of partial sums: chunk by chunk, equal numbers of chunks are merged, as in a tree whose shape only n
 * decides. */
typedef struct {
  VcnSum partial[LEVELS];
  guint64 n_chunks;
} Tree;

static void
tree_push (Tree *tree, VcnSum sum)
{
  guint level = 0;

  for (guint64 bits = tree->n_chunks++; bits & 1; bits >>= 1, level++) {
    VcnSum left = tree->partial[level];

    vcn_sum_add (&left, sum.sum);
    left.carry += sum.carry;
    sum = left;
  }
  tree->partial[level] = sum;
}

static double
tree_total (const Tree *tree)
{
  VcnSum sum = { 0, 0 };

  for (guint level = 0; level < LEVELS; level++) {
    if (!(tree->n_chunks >> level & 1))
      continue;
    vcn_sum_add (&sum, tree->partial[level].sum);
    sum.carry += tree->partial[level].carry;
  }
  return vcn_sum_total (&sum);
}

static VcnSum
sum_chunk (const double *values, gsize n)
{
  VcnSum sum = { 0, 0 };

  for (gsize i = 0; i < n; i++)
    vcn_sum_add (&sum, values[i]);
  return sum;
}

double
vcn_sum (const double *values, gsize n)
{
  Tree tree;

  /* A tree of one chunk, as nearly all are. */
  if (n <= CHUNK) {
    const VcnSum sum = sum_chunk (values, n);

    return vcn_sum_total (&sum);
  }
  tree.n_chunks = 0;
  for (gsize begin = 0; begin < n; begin += CHUNK)
    tree_push (&tree, sum_chunk (values + begin, MIN (CHUNK, n - begin)));
  return tree_total (&tree);
}

double
vcn_dot (const double *a, const double *b, gsize n)
{
  Tree tree;

  tree.n_chunks = 0;
  for (gsize begin = 0; begin < n; begin += CHUNK) {
    VcnSum sum = { 0, 0 };
    gsize end = MIN (n, begin + CHUNK);

    for (gsize i = begin; i < end; i++)
      vcn_sum_add (&sum, a[i] * b[i]);
    tree_push (&tree, sum);
  }
  return tree_total (&tree);
}
