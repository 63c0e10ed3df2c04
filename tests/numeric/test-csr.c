/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"

Test (csr, adds_sorts_and_drops)
{
  const gint32 from[] = { 2, 0, 2, 0, 1, 2, 0 }, to[] = { 1, 2, 0, 2, 1, 1, 1 };
  const double value[] = { 1, 2, 3, 4, 5, 0.5, 0 };
  double diagonal[3];
  g_auto (VcnCsr) csr = { 0 };

  cr_assert (vcn_csr_from_triples (&csr, 3, 7, from, to, value, diagonal, 1, NULL, NULL));
  cr_assert_arr_eq (csr.start, ((guint64[]) { 0, 1, 1, 3 }), 4 * sizeof (guint64));
  cr_assert_arr_eq (csr.column, ((guint32[]) { 2, 0, 1 }), 3 * sizeof (guint32));
  cr_assert (csr.value[0] == 6 && csr.value[1] == 3 && csr.value[2] == 1.5);
  cr_assert (diagonal[0] == 0 && diagonal[1] == 5 && diagonal[2] == 0);
}

static VcnCsr
shuffled (guint32 n, guint64 m, const gint32 *from, const gint32 *to, const double *value, guint64 seed,
          guint n_threads)
{
  VC_BUFFER (gint32) a = vc_buffer_new (gint32, m);
  VC_BUFFER (gint32) b = vc_buffer_new (gint32, m);
  VC_BUFFER (double) v = vc_buffer_new (double, m);
  VcnCsr csr;

  for (guint64 k = 0; k < m; k++) {
    const guint64 other = seed == 0 ? k : test_random (&seed) % (k + 1);

    a[k] = a[other], b[k] = b[other], v[k] = v[other];
    a[other] = from[k], b[other] = to[k], v[other] = value[k];
  }
  cr_assert (vcn_csr_from_triples (&csr, n, m, a, b, v, NULL, n_threads, NULL, NULL));
  return csr;
}

static void
expect_same (const VcnCsr *a, const VcnCsr *b)
{
  cr_assert_eq (a->n, b->n);
  cr_assert_arr_eq (a->start, b->start, (a->n + 1) * sizeof *a->start);
  cr_assert_arr_eq (a->column, b->column, a->start[a->n] * sizeof *a->column);
  cr_assert_arr_eq (a->value, b->value, a->start[a->n] * sizeof *a->value);
}

/* Many parallel entries and one long row: the order of the triples and the threads leave no trace, not in the last bit.
 */
Test (csr, order_and_threads_never_show)
{
  const guint32 n = 3000;
  const guint64 m = 40000;
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, m);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, m);
  VC_BUFFER (double) value = vc_buffer_new (double, m);
  guint64 seed = 1;
  g_auto (VcnCsr) first = { 0 };

  for (guint64 k = 0; k < m; k++) {
    from[k] = (gint32) (k % 3 == 0 ? 7 : test_below (&seed, n));
    to[k] = (gint32) test_below (&seed, k % 5 == 0 ? 4 : n);
    value[k] = test_uniform (&seed) * (k % 11 == 0 ? 1e16 : 1);
  }
  first = shuffled (n, m, from, to, value, 0, 1);
  for (guint64 k = 1; k < 8; k++) {
    g_auto (VcnCsr) other = shuffled (n, m, from, to, value, k, (guint) k);

    expect_same (&first, &other);
  }
  for (guint32 i = 0; i < n; i++)
    for (guint64 k = first.start[i] + 1; k < first.start[i + 1]; k++)
      cr_assert_lt (first.column[k - 1], first.column[k]);
}

Test (csr, transposed_twice_is_itself)
{
  double flow[144];
  guint64 seed = 3;
  g_auto (VcnCsr) once = { 0 }, twice = { 0 };

  for (guint k = 0; k < 144; k++)
    flow[k] = test_below (&seed, 3);
  g_auto (VcnCsr) csr = test_csr (12, flow, NULL);
  cr_assert (vcn_csr_transpose (&once, &csr, 1, NULL, NULL));
  for (guint32 i = 0; i < 12; i++)
    for (guint64 k = once.start[i]; k < once.start[i + 1]; k++)
      cr_assert (once.value[k] == flow[once.column[k] * 12 + i]);
  cr_assert (vcn_csr_transpose (&twice, &once, 1, NULL, NULL));
  expect_same (&csr, &twice);
}

/* In order of row and column, as many as `longest` parallel; one more, or some zeros, and all must be sorted. The same
 * in no order at all is the same matrix. */
static void
expect_order_to_be_seen (guint32 longest, gboolean has_zeros)
{
  const guint32 n = 200000;
  const guint64 m = 300000;
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, m);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, m);
  VC_BUFFER (double) value = vc_buffer_new (double, m);
  VC_BUFFER (double) diagonal = vc_buffer_new (double, n);
  guint64 seed = 21, row = 3;

  for (guint64 k = 0; k < m;) {
    const guint32 n_parallel = test_below (&seed, 100) == 0 || k == 131070 ? longest : 1;
    const guint32 column = test_below (&seed, 8) == 0 ? (guint32) row : test_below (&seed, n);
    const gboolean is_next = k > 0 && from[k - 1] == (gint32) row && (gint32) column > to[k - 1];

    row += k > 0 && !is_next;
    cr_assert_lt (row, n - 5);
    for (guint32 i = 0; i < n_parallel && k < m; i++, k++) {
      from[k] = (gint32) row;
      to[k] = (gint32) column;
      value[k] = has_zeros && k % 1000 == 0 ? 0 : test_uniform (&seed) * (k % 11 == 0 ? 1e16 : 1);
    }
  }
  g_auto (VcnCsr) sorted = shuffled (n, m, from, to, value, 1, 1);
  for (guint n_threads = 1; n_threads < 4; n_threads++) {
    g_auto (VcnCsr) csr = { 0 };

    cr_assert (vcn_csr_from_triples (&csr, n, m, from, to, value, diagonal, n_threads, NULL, NULL));
    expect_same (&csr, &sorted);
  }
  for (guint64 k = 0; k < m; k++)
    if (from[k] == to[k])
      diagonal[from[k]] -= value[k];
  for (guint32 i = 0; i < n; i++)
    cr_assert_lt (fabs (diagonal[i]), 100, "%u", i);
}

Test (csr, order_of_triples_is_seen)
{
  expect_order_to_be_seen (24, FALSE);
  expect_order_to_be_seen (25, FALSE);
  expect_order_to_be_seen (24, TRUE);
}

/* Row by row of the transposed, in one pass over all rows for each: slow, and nothing to get wrong. */
static void
expect_transposed (const VcnCsr *csr, const VcnCsr *other)
{
  VC_BUFFER (guint64) at = vc_buffer_new (guint64, csr->n);

  memcpy (at, other->start, csr->n * sizeof *at);
  for (guint32 i = 0; i < csr->n; i++)
    for (guint64 k = csr->start[i]; k < csr->start[i + 1]; k++) {
      const guint32 j = csr->column[k] % csr->n;
      const guint64 to = at[j]++;

      cr_assert_eq (other->column[to], csr->column[k] == j ? i : i + csr->n);
      cr_assert (other->value[to] == csr->value[k]);
    }
  cr_assert_arr_eq (at, other->start + 1, csr->n * sizeof *at);
}

/* So many arcs that they are sorted in parts; one row and one column have a third of them. */
Test (csr, large_ones_are_transposed)
{
  const guint32 n = 70000;
  const guint64 m = 300000;
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, m);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, m);
  VC_BUFFER (double) value = vc_buffer_new (double, m);
  guint64 seed = 5;

  for (guint64 k = 0; k < m; k++) {
    from[k] = (gint32) (k % 3 == 0 ? 60000 : test_below (&seed, n));
    to[k] = (gint32) (k % 3 == 1 ? 131 : test_below (&seed, n));
    value[k] = test_uniform (&seed);
  }
  g_auto (VcnCsr) csr = shuffled (n, m, from, to, value, 0, 1);
  for (guint n_threads = 1; n_threads < 4; n_threads++) {
    g_auto (VcnCsr) once = { 0 }, twice = { 0 };

    cr_assert (vcn_csr_transpose (&once, &csr, n_threads, NULL, NULL));
    expect_transposed (&csr, &once);
    /* Some columns marked: they come back so. */
    for (guint64 k = 0; k < once.start[n]; k += 1 + k % 7)
      once.column[k] += n;
    cr_assert (vcn_csr_transpose (&twice, &once, n_threads, NULL, NULL));
    expect_transposed (&once, &twice);
  }
}

static void
expect_error (guint32 n, gint32 from, gint32 to, double value, int code)
{
  const gint32 a[] = { 0, from }, b[] = { 1, to };
  const double v[] = { 1, value };
  g_autoptr (GError) error = NULL;
  VcnCsr csr;

  cr_assert_not (vcn_csr_from_triples (&csr, n, 2, a, b, v, NULL, 1, NULL, &error));
  cr_assert (g_error_matches (error, VC_MEASURE_ERROR, code), "%s", error->message);
  cr_assert_null (csr.start);
}

Test (csr, refuses)
{
  const gint32 zero[] = { 0, 0 }, one[] = { 1, 1 };
  const double most[] = { G_MAXDOUBLE, G_MAXDOUBLE };
  g_autoptr (GError) error = NULL;
  VcnCsr csr;

  expect_error (2, 0, 1, NAN, VC_MEASURE_ERROR_NOT_FINITE);
  expect_error (2, 0, 1, INFINITY, VC_MEASURE_ERROR_NOT_FINITE);
  expect_error (2, 0, 1, -1e-300, VC_MEASURE_ERROR_NOT_FINITE);
  expect_error (2, 0, 2, 1, VC_MEASURE_ERROR_LIMIT);
  expect_error (2, -1, 0, 1, VC_MEASURE_ERROR_LIMIT);
  cr_assert_not (vcn_csr_from_triples (&csr, 2, 2, zero, one, most, NULL, 1, NULL, &error));
  cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NOT_FINITE));
}

Test (csr, of_nothing)
{
  g_auto (VcnCsr) csr = { 0 };

  cr_assert (vcn_csr_from_triples (&csr, 0, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL));
  cr_assert (csr.n == 0 && csr.start[0] == 0);
}
