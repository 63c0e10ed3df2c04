/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "numeric/vcn-rate.h"
#include "numeric/vcn-reciprocity.h"
#include "numeric/vcn-special.h"
#include "numeric/vcn-survival.h"

/* benchmark-statistics rates|survival|reciprocity FILE [THREADS]: times one statistic, best of seven. FILE: the number
 * of rows or of nodes and flows (guint64), then columns one after the other: kept, broken, kept, broken of both sides
 * (double); time (double) and end (guint8); from, to (gint32) and amount (double). Prints a line of "name value". */
#define ROUNDS 7

static void *
slurp (FILE *file, gsize n, gsize size)
{
  void *data = vc_buffer_alloc (n, size);

  if (data == NULL || fread (data, size, n, file) != n)
    exit (2);
  return data;
}

static guint64
slurp_count (FILE *file)
{
  guint64 n;

  if (fread (&n, sizeof n, 1, file) != 1)
    exit (2);
  return n;
}

static double
seconds_since (gint64 begin)
{
  return (double) (g_get_monotonic_time () - begin) * 1e-6;
}

static void
time_rates (FILE *file, guint n_threads)
{
  const guint64 n = slurp_count (file);
  const double *cells = slurp (file, 4 * n, sizeof *cells);
  VC_BUFFER (double) answers = vc_buffer_new (double, 9 * n);
  double best = G_MAXDOUBLE, first[3] = { 0 };

  for (guint round = 0; round < ROUNDS; round++) {
    const gint64 begin = g_get_monotonic_time ();
    const VcnComparison comparison
      = { n,
          vcn_normal_within (0.95),
          { cells, cells + n, NULL, { answers, answers + n, answers + 2 * n } },
          { cells + 2 * n, cells + 3 * n, NULL, { answers + 3 * n, answers + 4 * n, answers + 5 * n } },
          { answers + 6 * n, answers + 7 * n, answers + 8 * n } };

    vcn_compare (&comparison, n_threads);
    best = MIN (best, seconds_since (begin));
    for (guint k = 0; k < 3; k++)
      first[k] = answers[(6 + k) * n];
  }
  printf ("seconds %.6f value %.17g low %.17g high %.17g\n", best, first[0], first[1], first[2]);
}

/* The estimate with its errors, and the median with its limits; then the limits of each step. */
static void
time_survival (FILE *file, guint n_threads)
{
  const guint64 n = slurp_count (file);
  const double *time = slurp (file, n, sizeof *time);
  const guint8 *end = slurp (file, n, sizeof *end);
  const VcnSpells spells = { n, time, end, NULL };
  const double z = vcn_normal_within (0.95);
  g_auto (VcBufferScope) buffers = { 0 };
  double best = G_MAXDOUBLE, best_of_limits = G_MAXDOUBLE;
  VcnLook look = { NULL, 0, FALSE };
  VcnFigure median;

  /* As a measure does. */
  vc_buffer_scope_open (&buffers);
  for (guint round = 0; round < ROUNDS; round++) {
    gint64 begin = g_get_monotonic_time ();
    g_auto (VcnSurvival) survival = { 0 };
    double low, high;

    if (!vcn_survival_fit (&survival, &spells, n_threads, &look, NULL))
      exit (1);
    median = vcn_survival_median (&survival, z, &look);
    best = MIN (best, seconds_since (begin));
    begin = g_get_monotonic_time ();
    for (guint64 i = 0; i < survival.n_steps; i++)
      vcn_step_limits (&survival.steps[i], z, &low, &high);
    best_of_limits = MIN (best_of_limits, seconds_since (begin));
  }
  printf ("seconds %.6f limits %.6f value %.17g low %.17g high %.17g\n", best, best_of_limits, median.value, median.low,
          median.high);
}

static void
time_reciprocity (FILE *file, guint n_threads)
{
  const VcnConfigurationOptions options = { VCN_NULL_COUNTS, 1e-10, 10000, n_threads };
  const guint64 n = slurp_count (file), m = slurp_count (file);
  const gint32 *from = slurp (file, m, sizeof *from), *to = slurp (file, m, sizeof *to);
  const double *amount = slurp (file, m, sizeof *amount);
  double best = G_MAXDOUBLE;
  g_auto (VcnCsr) flows = { 0 };
  VcnReciprocity found;

  if (!vcn_csr_from_triples (&flows, (guint32) n, m, from, to, amount, NULL, n_threads, NULL, NULL))
    exit (1);
  for (guint round = 0; round < ROUNDS; round++) {
    const gint64 begin = g_get_monotonic_time ();

    if (!vcn_reciprocity (&found, &flows, &options, NULL, NULL, NULL))
      exit (1);
    best = MIN (best, seconds_since (begin));
  }
  printf ("seconds %.6f r %.17g null %.17g residual %.3g iterations %u\n", best, found.r, found.null, found.residual,
          found.iterations);
}

int
main (int argc, char **argv)
{
  const char *what = argc > 2 ? argv[1] : "";
  FILE *file = argc > 2 ? fopen (argv[2], "rb") : NULL;
  const guint n_threads = argc > 3 ? (guint) atoi (argv[3]) : 0;

  if (file == NULL)
    return 2;
  if (strcmp (what, "rates") == 0)
    time_rates (file, n_threads);
  else if (strcmp (what, "survival") == 0)
    time_survival (file, n_threads);
  else
    time_reciprocity (file, n_threads);
  fclose (file);
  return 0;
}
