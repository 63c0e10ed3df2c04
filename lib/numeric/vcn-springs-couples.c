/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-springs-couples.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-private.h"

#define ROWS_PER_CHUNK 16384
/* Of the weight of both, by their geometric mean: what it takes to be a couple. */
#define CLOSE 0.35f
#define SINGLE G_MAXUINT32

void
vcn_springs_couples_clear (VcnSpringsCouples *self)
{
  vc_buffer_free (self->couples);
  vc_buffer_free (self->sum);
  memset (self, 0, sizeof *self);
}

typedef struct {
  VcnSpringsCouples      *self;
  const VcnSpringsScaled *scaled;
  guint32                *nearest; /* n: who is nearest of those that are near enough, or SINGLE */
  guint32                *first;   /* by chunk: how many couples, then how many before */
} Search;

#define EACH_ROW(scaled, chunk, i) \
  guint64 i = (guint64) (chunk) * ROWS_PER_CHUNK; i < MIN ((guint64) ((chunk) + 1) * ROWS_PER_CHUNK, (scaled)->n); i++

static void
find_nearest (gpointer data, guint chunk)
{
  const Search *search = data;
  const VcnSpringsScaled *scaled = search->scaled;

  for (EACH_ROW (scaled, chunk, row)) {
    guint32 *nearest = &search->nearest[scaled->of_row[row]];
    float closest = CLOSE;

    *nearest = SINGLE;
    for (guint64 k = scaled->start[row]; k < scaled->start[row + 1]; k++)
      if (scaled->share[k] > closest) {
        closest = scaled->share[k];
        *nearest = scaled->column[k];
      }
  }
}

/* From the lower of both. */
static inline gboolean
is_couple (const guint32 *nearest, guint64 i)
{
  return nearest[i] != SINGLE && nearest[i] > i && nearest[nearest[i]] == i;
}

static void
count_couples (gpointer data, guint chunk)
{
  const Search *search = data;
  guint32 n = 0;

  for (EACH_ROW (search->scaled, chunk, i))
    n += is_couple (search->nearest, i);
  search->first[chunk] = n;
}

/* What is left of D without the partner, and the share of the partner. */
static double
other_shares (const VcnSpringsScaled *scaled, guint32 i, guint32 partner, double *share)
{
  double sum = 0;

  for (guint64 k = vcn_springs_scaled_begin (scaled, i); k < vcn_springs_scaled_end (scaled, i); k++) {
    if (scaled->column[k] == partner)
      *share += scaled->share[k];
    else
      sum += scaled->share[k] * scaled->root[scaled->column[k]];
  }
  return sum / scaled->root[i];
}

/* The inverse of two rows and columns of A, less 1, without a subtraction in its determinant. Who hangs by nothing else
 * is left alone. */
static VcnSpringsCouple
couple (const VcnSpringsScaled *scaled, guint32 i, guint32 j)
{
  double share = 0, same = 0;
  const double a = other_shares (scaled, i, j, &share), b = other_shares (scaled, j, i, &same);
  const double ratio = scaled->root[j] / scaled->root[i];
  const double determinant = a * b + share * (a / ratio + b * ratio);
  const double whole[] = { a + share * ratio, b + share / ratio };

  if (!(determinant > 0))
    return (VcnSpringsCouple) { .node = { i, j } };
  return (VcnSpringsCouple) { .node = { i, j },
                              .by = { whole[1] / determinant - 1, whole[0] / determinant - 1 },
                              .across = share / determinant };
}

static void
join_couples (gpointer data, guint chunk)
{
  const Search *search = data;
  VcnSpringsCouple *next = search->self->couples + search->first[chunk];

  for (EACH_ROW (search->scaled, chunk, i))
    if (is_couple (search->nearest, i))
      *next++ = couple (search->scaled, (guint32) i, search->nearest[i]);
}

gboolean
vcn_springs_couples_init (VcnSpringsCouples *self, const VcnSpringsScaled *scaled, GError **error)
{
  const guint n_chunks = scaled->n / ROWS_PER_CHUNK + 1;
  VC_BUFFER (guint32) nearest = vc_buffer_new (guint32, scaled->n);
  VC_BUFFER (guint32) first = vc_buffer_new (guint32, n_chunks);
  Search search = { self, scaled, nearest, first };

  if (nearest == NULL || first == NULL)
    return vcn_fail_memory (error);
  vc_parallel (scaled->n_threads, n_chunks, find_nearest, &search);
  vc_parallel (scaled->n_threads, n_chunks, count_couples, &search);
  for (guint chunk = 0; chunk < n_chunks; chunk++) {
    const guint32 n = first[chunk];

    first[chunk] = self->n;
    self->n += n;
  }
  self->n_chunks = self->n / ROWS_PER_CHUNK + 1;
  self->couples = vc_buffer_new (VcnSpringsCouple, self->n);
  self->sum = vc_buffer_new (double, self->n_chunks);
  if (self->couples == NULL || self->sum == NULL)
    return vcn_fail_memory (error);
  vc_parallel (scaled->n_threads, n_chunks, join_couples, &search);
  return TRUE;
}

typedef struct {
  const VcnSpringsCouples *self;
  const double            *r;
  float                   *p;
} Solve;

static void
solve_chunk (gpointer data, guint chunk)
{
  const Solve *solve = data;
  const VcnSpringsCouples *self = solve->self;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK;
  double product = 0;

  for (guint64 k = begin; k < MIN (begin + ROWS_PER_CHUNK, self->n); k++) {
    VcnSpringsCouple *both = &self->couples[k];
    const double a = solve->r[both->node[0]], b = solve->r[both->node[1]];

    both->more[0] = both->by[0] * a + both->across * b;
    both->more[1] = both->by[1] * b + both->across * a;
    product += a * both->more[0] + b * both->more[1];
  }
  self->sum[chunk] = product;
}

double
vcn_springs_couples_solve (VcnSpringsCouples *self, const double *r, guint n_threads)
{
  Solve solve = { self, r, NULL };
  double product = 0;

  vc_parallel (n_threads, self->n_chunks, solve_chunk, &solve);
  for (guint chunk = 0; chunk < self->n_chunks; chunk++)
    product += self->sum[chunk];
  return product;
}

static void
add_chunk (gpointer data, guint chunk)
{
  const Solve *solve = data;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK;

  for (guint64 k = begin; k < MIN (begin + ROWS_PER_CHUNK, solve->self->n); k++) {
    const VcnSpringsCouple *both = &solve->self->couples[k];

    for (guint i = 0; i < 2; i++)
      solve->p[both->node[i]] = (float) (solve->p[both->node[i]] + both->more[i]);
  }
}

void
vcn_springs_couples_add (const VcnSpringsCouples *self, float *p, guint n_threads)
{
  Solve solve = { self, NULL, p };

  vc_parallel (n_threads, self->n_chunks, add_chunk, &solve);
}
