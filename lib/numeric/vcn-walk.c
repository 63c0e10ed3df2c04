/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-walk.h"

#include <math.h>
#include <string.h>

#include "vcn-bound.h"

/* No bound needs to be better. */
#define NEGLIGIBLE 1e-13

/* What nobody handed on anything to has nothing. */
static void
clear_column (gpointer data, guint column)
{
  VcnWalk *walk = data;
  const guint32 n = walk->self->flows->n;

  memset (walk->error[column], 0, n * sizeof (double));
  if (walk->transposed)
    memset (walk->inflow[column], 0, n * sizeof (VcnSum));
}

/* What only eliminations need is as long as their largest block. */
gboolean
vcn_walk_init (VcnWalk *walk, VcnAbsorb *self, const VcnMonitor *monitor, GError **error)
{
  guint32 largest = 0, eliminated = 0;

  for (guint32 c = 0; c < self->n_blocks; c++) {
    const guint32 size = self->first[c + 1] - self->first[c];

    largest = MAX (largest, size);
    if (!vcn_absorb_is_iterated (self, c))
      eliminated = MAX (eliminated, size);
  }
  walk->self = self;
  walk->bounded = G_MAXUINT32;
  walk->monitor = walk->look.monitor = monitor;
  walk->check = vc_buffer_new (VcnSum, walk->transposed ? eliminated : 0);
  walk->r = vc_buffer_new (double, eliminated);
  walk->v = vc_buffer_new (double, eliminated);
  walk->one = vc_buffer_new (double, eliminated);
  if (walk->check == NULL || walk->r == NULL || walk->v == NULL || walk->one == NULL)
    return vcn_fail_memory (error);
  for (guint k = 0; k < walk->n_columns; k++) {
    walk->b[k] = vc_buffer_new (double, largest);
    walk->y[k] = vc_buffer_new (double, largest);
    walk->b_error[k] = vc_buffer_new (double, largest);
    walk->y_error[k] = vc_buffer_new (double, largest);
    walk->error[k] = vc_buffer_new (double, self->flows->n);
    walk->inflow[k] = walk->transposed ? vc_buffer_new (VcnSum, self->flows->n) : NULL;
    if (walk->b[k] == NULL || walk->y[k] == NULL || walk->b_error[k] == NULL || walk->y_error[k] == NULL
        || walk->error[k] == NULL || (walk->transposed && walk->inflow[k] == NULL))
      return vcn_fail_memory (error);
  }
  vcn_walk_columns (walk, self->flows->n, clear_column);
  return vcn_monitor_step (monitor, 0, error);
}

void
vcn_walk_clear (VcnWalk *walk)
{
  for (guint k = 0; k < VCN_COLUMNS; k++) {
    vc_buffer_free (walk->b[k]);
    vc_buffer_free (walk->y[k]);
    vc_buffer_free (walk->inflow[k]);
    vc_buffer_free (walk->b_error[k]);
    vc_buffer_free (walk->y_error[k]);
    vc_buffer_free (walk->error[k]);
  }
  vc_buffer_free (walk->r);
  vc_buffer_free (walk->v);
  vc_buffer_free (walk->one);
  vc_buffer_free (walk->check);
}

static void
note (VcnWalk *walk, guint column, double residual, double x)
{
  walk->residual[column] = vcn_larger (walk->residual[column], fabs (residual));
  walk->largest[column] = vcn_larger (walk->largest[column], fabs (x));
}

typedef struct {
  VcnWalk      *walk;
  const double *b, *y;
  guint         n_parts;
} Check;

/* Of a part of the rows, each by itself. */
static void
check_part (gpointer data, guint part)
{
  const Check *check = data;
  VcnWalk *walk = check->walk;
  const VcnAbsorb *self = walk->self;
  const guint32 first = vcn_walk_first (walk), n = vcn_walk_size (walk);
  const guint32 end = (guint32) ((guint64) n * (part + 1) / check->n_parts);
  guint64 done = 0, *count = check->n_parts == 1 ? &walk->done : &done;

  for (guint32 p = (guint32) ((guint64) n * part / check->n_parts); p < end; p++) {
    const guint32 i = self->order[first + p];
    VcnSum sum = { check->b[p], 0 };

    if (!vcn_walk_look (walk, i, count))
      return;
    for (guint64 k = self->flows->start[i]; k < self->flows->start[i + 1]; k++) {
      const guint32 q = self->position[self->flows->column[k]] - first;

      if (q < n)
        vcn_sum_add (&sum, vcn_absorb_share (self, i, k) * check->y[q]);
    }
    vcn_sum_add (&sum, -check->y[p]);
    walk->r[p] = vcn_sum_total (&sum);
  }
}

/* r = b + P' y - y, by compensated sums. */
static void
check_transposed (VcnWalk *walk, const double *b, const double *y)
{
  const VcnAbsorb *self = walk->self;
  const guint32 first = vcn_walk_first (walk), n = vcn_walk_size (walk);

  for (guint32 p = 0; p < n; p++)
    walk->check[p] = (VcnSum) { b[p], 0 };
  for (guint32 p = 0; p < n; p++) {
    const guint32 i = self->order[first + p];

    if (!vcn_walk_look (walk, i, &walk->done))
      return;
    for (guint64 k = self->flows->start[i]; k < self->flows->start[i + 1]; k++) {
      const guint32 q = self->position[self->flows->column[k]] - first;

      if (q < n)
        vcn_sum_add (&walk->check[q], vcn_absorb_share (self, i, k) * y[p]);
    }
  }
  for (guint32 p = 0; p < n; p++) {
    vcn_sum_add (&walk->check[p], -y[p]);
    walk->r[p] = vcn_sum_total (&walk->check[p]);
  }
}

/* The same, or r = b + P y - y. */
static void
check_block (VcnWalk *walk, const double *b, const double *y)
{
  Check check = { walk, b, y, vcn_walk_n_parts (walk) };

  if (walk->transposed)
    check_transposed (walk, b, y);
  else if (check.n_parts == 1)
    check_part (&check, 0);
  else
    vc_parallel (walk->self->options.n_threads, check.n_parts, check_part, &check);
}

/* A priori, each answer is right relative to itself: taking a node out perturbs flows by a few roundings of a row each,
 * n of which are in each of the products whose sums' quotient an answer is (the matrix tree theorem); an error of b
 * passes as it is. Of twigs only the height counts: what leaves at one, and how it is divided, is 13 roundings more
 * wrong than at those that hang on it, and an answer has a quotient of that for each step up and down; in the core what
 * they pass on is a flow as others. */
static double
a_priori (const VcnWalk *walk, guint column)
{
  const VcnAbsorb *self = walk->self;
  const VcnTwigs *twigs = &self->twigs[walk->block];
  const guint32 first = vcn_walk_first (walk), end = first + vcn_walk_size (walk);
  const double n = end - first - twigs->n, height = twigs->height;
  double width = 0, most = 0;

  for (guint32 p = 0; p < end - first; p++) {
    const double b = walk->b[column][p], error = walk->b_error[column][p];

    if (p >= twigs->n)
      width = MAX (width, (double) (self->row[first + p + 1] - self->row[first + p]));
    if (error > 0)
      most = MAX (most, b > 0 ? error / b : INFINITY);
  }
  return most + 2 * VCN_ROUNDING * (n * n * (width + 8) + 8 * n)
         + (height > 0 ? 32 * VCN_ROUNDING * (height + 1) * (height + 1 + n) : 0);
}

/* What a bound needs of the block at hand, once for all columns: v = 1 + P v, and how far that is off. */
static void
find_steps (VcnWalk *walk)
{
  const guint32 n = vcn_walk_size (walk);

  if (walk->bounded == walk->block)
    return;
  walk->bounded = walk->block;
  walk->left = 0;
  for (guint32 p = 0; p < n; p++)
    walk->v[p] = walk->one[p] = 1;
  vcn_absorb_eliminate (walk->self, walk->block, walk->transposed, walk->v, &walk->look);
  check_block (walk, walk->one, walk->v);
  for (guint32 p = 0; p < n; p++)
    walk->left = MAX (walk->left, fabs (walk->r[p]) + 4 * VCN_ROUNDING * (1 + walk->v[p]));
}

/* The a priori bound, or in blocks so large that it says little the one from the residual r. */
static void
prove_elimination (VcnWalk *walk, guint column)
{
  const guint32 n = vcn_walk_size (walk);
  const double relative = a_priori (walk, column);
  double *error = walk->y_error[column], most = 0;

  if (!vcn_walk_look_at_block (walk))
    return;
  for (guint32 p = 0; p < n; p++) {
    error[p] = relative < INFINITY ? relative * fabs (walk->y[column][p]) : INFINITY;
    most = MAX (most, fabs (walk->r[p]) + walk->b_error[column][p] + 4 * VCN_ROUNDING * fabs (walk->y[column][p]));
  }
  if (relative <= NEGLIGIBLE)
    return;
  find_steps (walk);
  for (guint32 p = 0; walk->left < 0.5 && p < n; p++)
    error[p] = MIN (error[p], most / (1 - walk->left) * walk->v[p]);
}

static void
eliminate (VcnWalk *walk, guint column)
{
  const VcnAbsorb *self = walk->self;
  const guint32 n = vcn_walk_size (walk);
  double *y = walk->y[column];

  memcpy (y, walk->b[column], n * sizeof *y);
  if (n == 1) {
    note (walk, column, 0, y[0]);
    walk->y_error[column][0] = walk->b_error[column][0];
    return;
  }
  if (!vcn_walk_look_at_block (walk))
    return;
  vcn_absorb_eliminate (self, walk->block, walk->transposed, y, &walk->look);
  check_block (walk, walk->b[column], y);
  for (guint32 p = 0; p < n; p++)
    note (walk, column, walk->r[p], y[p]);
  if (vcn_walk_look_at_block (walk))
    prove_elimination (walk, column);
}

/* Which columns are still to be found, together. */
static gboolean
iterate (VcnWalk *walk, guint n_columns, const guint *columns, GError **error)
{
  const VcnAbsorb *self = walk->self;
  VcnTask task = { .n_columns = n_columns,
                   .coupled = walk->coupled && n_columns > 1 && columns[0] == 0 && columns[1] == 1,
                   .transposed = walk->transposed,
                   .tolerance = self->options.tolerance,
                   .max_iterations = self->options.max_iterations };

  for (guint k = 0; k < n_columns; k++) {
    task.b[k] = walk->b[columns[k]];
    task.x[k] = walk->y[columns[k]];
    task.b_error[k] = walk->b_error[columns[k]];
    task.error[k] = walk->y_error[columns[k]];
  }
  if (!vcn_iteration_solve (self->iterations[walk->next_iteration], &task, walk->monitor, error))
    return FALSE;
  for (guint k = 0; k < n_columns; k++)
    note (walk, columns[k], task.residual[k], task.largest[k]);
  walk->iterations = MAX (walk->iterations, task.iterations);
  return TRUE;
}

/* The first column is known: it is the second's source. */
static void
couple (VcnWalk *walk, guint32 n)
{
  for (guint32 p = 0; p < n; p++) {
    walk->b[1][p] += walk->y[0][p];
    walk->b_error[1][p] += walk->y_error[0][p] + VCN_ROUNDING * walk->b[1][p];
  }
}

static gboolean
solve_block (VcnWalk *walk, const gboolean *trivial, GError **error)
{
  const VcnAbsorb *self = walk->self;
  const guint32 n = vcn_walk_size (walk);
  const gboolean iterated = vcn_absorb_is_iterated (self, walk->block);
  guint columns[VCN_COLUMNS], n_columns = 0;

  for (guint column = 0; column < walk->n_columns; column++) {
    if (trivial[column])
      continue;
    if (walk->coupled && column == 1 && (trivial[0] || !iterated))
      couple (walk, n);
    if (iterated)
      columns[n_columns++] = column;
    else
      eliminate (walk, column);
  }
  return vcn_look_end (&walk->look, error) && (n_columns == 0 || iterate (walk, n_columns, columns, error));
}

static void
note_errors_of_column (gpointer data, guint column)
{
  VcnWalk *walk = data;
  const guint32 n = vcn_walk_size (walk);
  double most = walk->bound[column];

  for (guint32 p = 0; p < n; p++)
    most = vcn_larger (most, walk->y_error[column][p]);
  walk->bound[column] = most;
}

/* Iterations ascend by block. */
static void
count (VcnWalk *walk, const gboolean *trivial)
{
  gboolean solved = FALSE;

  for (guint column = 0; column < walk->n_columns; column++)
    solved = solved || !trivial[column];
  walk->n_components += solved;
  if (!vcn_absorb_is_iterated (walk->self, walk->block))
    return;
  walk->n_iterated += solved;
  walk->next_iteration += walk->transposed ? G_MAXUINT32 : 1;
}

gboolean
vcn_walk_run (VcnWalk *walk, void (*load) (VcnWalk *walk, gboolean *trivial), void (*store) (VcnWalk *walk),
              GError **error)
{
  const VcnAbsorb *self = walk->self;

  walk->next_iteration = walk->transposed ? self->n_iterations - 1 : 0;
  walk->done = VCN_LOOK_EVERY;
  for (guint32 c = 0; c < self->n_blocks; c++) {
    gboolean trivial[VCN_COLUMNS] = { FALSE };

    walk->look.fraction = (double) c / self->n_blocks;
    walk->block = walk->transposed ? self->n_blocks - 1 - c : c;
    load (walk, trivial);
    if (!vcn_look_end (&walk->look, error) || !solve_block (walk, trivial, error))
      return FALSE;
    vcn_walk_columns_of_block (walk, note_errors_of_column);
    store (walk);
    if (!vcn_look_end (&walk->look, error))
      return FALSE;
    count (walk, trivial);
  }
  return TRUE;
}

static const char *
join_methods (const char *method, const char *other)
{
  if (g_str_equal (method, "none") || g_str_equal (method, other))
    return other;
  return g_str_equal (other, "none") ? method : "both";
}

gboolean
vcn_walk_prove (const VcnWalk *walk, VcnProof *proof, GError **error)
{
  const guint32 n_eliminated = walk->n_components - walk->n_iterated;
  const char *method = walk->n_components == 0   ? "none"
                       : walk->n_iterated == 0   ? "elimination"
                       : n_eliminated == 0       ? "iteration"
                                                 : "both";

  for (guint k = 0; k < walk->n_columns; k++) {
    const double scale = MAX (1, walk->largest[k]), residual = walk->residual[k] / scale;

    if (!(residual <= walk->self->options.tolerance) || !(walk->largest[k] <= G_MAXDOUBLE))
      return vcn_fail_residual (error, residual, walk->iterations);
    proof->residual = MAX (proof->residual, residual);
    proof->bound = MIN (MAX (proof->bound, walk->bound[k] / scale), G_MAXDOUBLE);
  }
  proof->iterations = MAX (proof->iterations, walk->iterations);
  proof->n_components = MAX (proof->n_components, walk->n_components);
  proof->n_iterated = MAX (proof->n_iterated, walk->n_iterated);
  proof->method = join_methods (proof->method, method);
  return TRUE;
}
