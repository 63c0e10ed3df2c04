/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"

#include "numeric/vcn-krackhardt.h"

#define MAX_NODES 12

static VcnKrackhardt
measure_lines (guint32 n, guint64 m, const gint32 *from, const gint32 *to)
{
  VC_BUFFER (double) one = vc_buffer_new (double, m);
  g_auto (VcnCsr) lines = { 0 };
  g_autoptr (GError) error = NULL;
  VcnKrackhardt found;

  for (guint64 k = 0; k < m; k++)
    one[k] = 1;
  cr_assert (vcn_csr_from_triples (&lines, n, m, from, to, one, NULL, 1, NULL, &error), "%s",
             error ? error->message : "");
  cr_assert (vcn_krackhardt (&found, &lines, 1, NULL, &error), "%s", error ? error->message : "");
  return found;
}

static gboolean
is_value (VcnFigure figure, double expected, double tolerance)
{
  return isnan (expected) ? figure.status != VC_STATUS_OK && isnan (figure.value)
                          : figure.status == VC_STATUS_OK && fabs (figure.value - expected) <= tolerance;
}

static void
expect (VcnKrackhardt found, const double *expected, double tolerance)
{
  cr_expect (is_value (found.connectedness, expected[0], tolerance), "connectedness %.12g for %.12g",
             found.connectedness.value, expected[0]);
  cr_expect (is_value (found.hierarchy, expected[1], tolerance), "hierarchy %.12g for %.12g", found.hierarchy.value,
             expected[1]);
  cr_expect (is_value (found.efficiency, expected[2], tolerance), "efficiency %.12g for %.12g", found.efficiency.value,
             expected[2]);
  cr_expect (is_value (found.lub, expected[3], tolerance), "lub %.12g for %.12g", found.lub.value, expected[3]);
}

/* Krackhardt's high-tech managers (1987): who reports to whom, from superior to subordinate and the other way round,
 * where those have a bound of which one is above the other: 36 of 210 pairs. */
Test (krackhardt, reports)
{
  const gint32 below[] = { 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21 };
  const gint32 above[] = { 2, 7, 14, 2, 14, 21, 21, 14, 18, 18, 21, 14, 7, 14, 2, 21, 7, 14, 14, 7 };
  gint32 from[20], to[20];

  for (guint k = 0; k < 20; k++) {
    from[k] = above[k] - 1;
    to[k] = below[k] - 1;
  }
  expect (measure_lines (21, 20, from, to), (double[]) { 1, 1, 1, 1 }, 0);
  expect (measure_lines (21, 20, to, from), (double[]) { 1, 1, 1, .0842105263 }, 5e-11);
}

/* An out-tree of seven and its reverse, where 10 of 21 pairs have a least upper bound (the package sna 2.7 looks for
 * the highest one, and finds 8); a circle; two lines apart; both at once; one node, none, no lines. */
Test (krackhardt, known)
{
  const gint32 up[] = { 0, 0, 1, 1, 2, 2 }, down[] = { 1, 2, 3, 4, 5, 6 }, ring[] = { 0, 1, 2 }, next[] = { 1, 2, 0 };
  const gint32 first[] = { 0, 2 }, second[] = { 1, 3 };

  expect (measure_lines (7, 6, up, down), (double[]) { 1, 1, 1, 1 }, 0);
  expect (measure_lines (7, 6, down, up), (double[]) { 1, 1, 1, .266666667 }, 5e-10);
  expect (measure_lines (3, 3, ring, next), (double[]) { 1, 0, .75, 1 }, 0);
  expect (measure_lines (4, 2, first, second), (double[]) { 1 / 3., 1, 1, NAN }, 1e-15);
  expect (measure_lines (5, 3, ring, next), (double[]) { .3, 0, .75, 1 }, 1e-15);
  expect (measure_lines (4, 0, NULL, NULL), (double[]) { 0, NAN, NAN, NAN }, 0);
  expect (measure_lines (1, 0, NULL, NULL), (double[]) { NAN, NAN, NAN, NAN }, 0);
  expect (measure_lines (0, 0, NULL, NULL), (double[]) { NAN, NAN, NAN, NAN }, 0);
  cr_expect_eq (measure_lines (1, 0, NULL, NULL).connectedness.status, VC_STATUS_TOO_FEW);
  cr_expect_eq (measure_lines (4, 0, NULL, NULL).hierarchy.status, VC_STATUS_EMPTY);
}

/* As defined: reach is a closure, and the bounds of each pair are looked through one by one. */
static void
by_definition (guint n, const gboolean *line, double *expected)
{
  gboolean reach[MAX_NODES][MAX_NODES], weak[MAX_NODES][MAX_NODES];
  double joined = 0, mutual = 0, reached = 0, lines = 0, edges = 0, spare = 0, missing = 0, bounds = 0;

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++) {
      reach[i][j] = i == j || line[i * n + j];
      weak[i][j] = i == j || line[i * n + j] || line[j * n + i];
      lines += i != j && line[i * n + j];
    }
  for (guint k = 0; k < n; k++)
    for (guint i = 0; i < n; i++)
      for (guint j = 0; j < n; j++) {
        reach[i][j] |= reach[i][k] && reach[k][j];
        weak[i][j] |= weak[i][k] && weak[k][j];
      }
  for (guint i = 0; i < n; i++) {
    double others = 0;

    for (guint j = 0; j < n; j++) {
      gboolean has_least = FALSE;

      others += i != j && weak[i][j];
      for (guint u = 0; u < n && !has_least; u++) {
        has_least = reach[u][i] && reach[u][j];
        for (guint v = 0; v < n; v++)
          has_least &= !(reach[v][i] && reach[v][j]) || reach[v][u];
      }
      if (j >= i)
        continue;
      joined += weak[i][j];
      mutual += reach[i][j] && reach[j][i];
      reached += reach[i][j] || reach[j][i];
      missing += weak[i][j] && !has_least;
    }
    edges += others / (others + 1);
    spare += others * others / (others + 1);
    bounds += others * (others - 1) / 2 / (others + 1);
  }
  expected[0] = n > 1 ? joined / (n * (n - 1) / 2.) : NAN;
  expected[1] = reached > 0 ? 1 - mutual / reached : NAN;
  expected[2] = spare > 0 ? 1 - (lines - edges) / spare : NAN;
  expected[3] = bounds > 1e-9 ? 1 - missing / bounds : NAN;
}

static void
compare (guint n, const gboolean *line)
{
  gint32 from[MAX_NODES * MAX_NODES], to[MAX_NODES * MAX_NODES];
  double expected[4];
  guint m = 0;

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      if (i != j && line[i * n + j]) {
        from[m] = (gint32) i;
        to[m++] = (gint32) j;
      }
  by_definition (n, line, expected);
  expect (measure_lines (n, m, from, to), expected, 1e-12);
}

/* All networks of up to four nodes, and random ones of more: by definition. */
Test (krackhardt, definition_exhaustive)
{
  for (guint n = 1; n <= 4; n++)
    for (guint code = 0; code < 1u << n * (n - 1); code++) {
      gboolean line[MAX_NODES * MAX_NODES] = { 0 };
      guint bit = 0;

      for (guint i = 0; i < n; i++)
        for (guint j = 0; j < n; j++)
          line[i * n + j] = i != j && (code >> bit++ & 1);
      compare (n, line);
    }
}

Test (krackhardt, definition_random)
{
  guint64 seed = 21;

  for (guint k = 0; k < 3000; k++) {
    const guint n = 2 + test_below (&seed, MAX_NODES - 1), rarity = 2 + test_below (&seed, 12),
                upwards = test_below (&seed, 3);
    gboolean line[MAX_NODES * MAX_NODES] = { 0 };

    for (guint i = 0; i < n; i++)
      for (guint j = 0; j < n; j++)
        line[i * n + j] = i != j && (upwards > 0 || i < j) && test_below (&seed, rarity) == 0;
    compare (n, line);
  }
}

/* A tree of a million is a tree; where two of the same superior have another one in common, only they have no least
 * upper bound. */
Test (krackhardt, large)
{
  enum { N = 1000000 };
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, N + 1);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, N + 1);
  VcnKrackhardt found;

  for (gint32 i = 1; i < N; i++) {
    from[i - 1] = (i - 1) / 7;
    to[i - 1] = i;
  }
  expect (measure_lines (N, N - 1, from, to), (double[]) { 1, 1, 1, 1 }, 0);
  from[N - 1] = from[N] = 3;
  to[N - 1] = N - 1;
  to[N] = N - 2;
  found = measure_lines (N, N + 1, from, to);
  cr_expect (found.hierarchy.value == 1 && found.lub.value == 1 - 1 / ((N - 1.) * (N - 2.) / 2));
  cr_expect (found.efficiency.value == 1 - 2 / ((N - 1.) * (N - 1.)));
}

typedef struct {
  guint left;
} Patience;

static gboolean
look (gpointer data, double fraction)
{
  Patience *patience = data;

  return patience->left > 0 && patience->left-- > 0;
}

/* Everybody has two superiors: on any number of threads alike, and it can be cancelled anywhere. */
Test (krackhardt, threads_and_cancellation)
{
  enum { N = 2000, M = 2 * N };
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, M);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, M);
  VC_BUFFER (double) one = vc_buffer_new (double, M);
  guint64 seed = 4;
  g_auto (VcnCsr) lines = { 0 };
  VcnKrackhardt found[2];
  gboolean done = FALSE;
  guint steps = 0;

  for (guint k = 0; k < M; k++) {
    to[k] = (gint32) (k / 2);
    from[k] = k < 2 ? 0 : (gint32) test_below (&seed, k / 2);
    one[k] = 1;
  }
  cr_assert (vcn_csr_from_triples (&lines, N, M, from, to, one, NULL, 1, NULL, NULL));
  cr_assert (vcn_krackhardt (&found[0], &lines, 1, NULL, NULL) && vcn_krackhardt (&found[1], &lines, 3, NULL, NULL));
  cr_expect (found[0].lub.value == found[1].lub.value && found[0].hierarchy.value == 1);
  for (; !done; steps++) {
    Patience patience = { steps };
    g_autoptr (GError) error = NULL;

    done = vcn_krackhardt (&found[1], &lines, 1, &(VcnMonitor) { look, &patience }, &error);
    cr_expect (done || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  }
  cr_expect_gt (steps, 3u);
  cr_expect_eq (found[1].lub.value, found[0].lub.value);
}
