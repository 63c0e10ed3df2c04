/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The walks of largest share. That they are the right ones, in the right order, is for the twin of the whole
 * explanation to say (tests/alignment/compare_paths.py); here is what only a large or a hostile network shows. */
#include "numeric-helpers.h"

#include "numeric/vcn-paths.h"
#include "numeric/vcn-wide.h"

typedef struct {
  VcnCsr  flows;
  double *outflow;
  guint8 *is_end;
} Network;

static void
network_clear (Network *self)
{
  vcn_csr_clear (&self->flows);
  vc_buffer_free (self->outflow);
  vc_buffer_free (self->is_end);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Network, network_clear)

/* Who passes nothing on is an end. */
static Network
network_new (guint32 n, guint64 n_flows, const gint32 *from, const gint32 *to, const double *amount)
{
  Network self = { .outflow = vc_buffer_new (double, n), .is_end = vc_buffer_new (guint8, n) };

  cr_assert (vcn_csr_from_triples (&self.flows, n, n_flows, from, to, amount, NULL, 1, NULL, NULL));
  for (guint32 i = 0; i < n; i++) {
    self.outflow[i] = 0;
    for (guint64 k = self.flows.start[i]; k < self.flows.start[i + 1]; k++)
      self.outflow[i] += self.flows.value[k];
    self.is_end[i] = self.flows.start[i] == self.flows.start[i + 1];
  }
  return self;
}

static gboolean
find (const Network *network, guint32 n_paths, guint32 max_steps, VcnPaths *paths, const VcnMonitor *monitor,
      GError **error)
{
  const VcnStart start = { 0, FALSE, 1, 1 };
  const VcnWalks walks = { &network->flows, network->outflow, network->is_end, &start, 1, n_paths, max_steps };

  return vcn_paths_find (paths, &walks, monitor, error);
}

/* Layers of two nodes, each of which passes half to either node of the next: more ties than anybody can count. */
static Network
ladder_new (guint32 n_layers)
{
  const guint32 n = 2 * n_layers + 1;
  g_autofree gint32 *from = g_new (gint32, 4 * n_layers), *to = g_new (gint32, 4 * n_layers);
  g_autofree double *amount = g_new (double, 4 * n_layers);
  guint32 m = 0;

  for (guint32 i = 0; i + 2 < n; i++)
    for (guint32 k = 1; k <= 2; k++) {
      const guint32 next = i == 0 ? k : (i + 1) / 2 * 2 + k;

      from[m] = (gint32) i;
      to[m] = (gint32) next;
      amount[m++] = 1;
    }
  return network_new (n, m, from, to, amount);
}

Test (paths, that_are_all_alike_come_by_their_nodes)
{
  g_auto (Network) ladder = ladder_new (20);
  g_auto (VcnPaths) paths = { 0 };

  cr_assert (find (&ladder, 1000, 100000, &paths, NULL, NULL));
  cr_assert_eq (paths.n, 1000u);
  cr_assert_not (paths.is_whole);
  /* The lower node first: the nodes of a path are the digits of its number. */
  for (guint32 p = 0; p < paths.n; p++) {
    cr_assert_eq (paths.first[p + 1] - paths.first[p], 21u);
    cr_assert (paths.share[p] == 0x1p-20);
    for (guint32 layer = 0; layer < 20; layer++)
      cr_assert_eq (paths.node[paths.first[p] + 1 + layer], 2 * layer + 1 + (p >> (19 - layer) & 1));
  }
}

/* Of two ways that are worth as much, a node's best is the shorter, though the longer is found first: 1 by 3 to 4, or
 * to 5. */
Test (paths, that_are_shorter_come_first)
{
  const gint32 from[] = { 0, 0, 1, 1, 2, 2, 3 }, to[] = { 1, 2, 3, 5, 5, 6, 4 };
  const double amount[] = { 1, 1, 1, 1, 1, 1, 1 };
  const guint32 expected[] = { 0, 1, 5, 0, 2, 5, 0, 2, 6, 0, 1, 3, 4 };
  g_auto (Network) network = network_new (7, 7, from, to, amount);
  g_auto (VcnPaths) paths = { 0 };

  cr_assert (find (&network, 10, 1000, &paths, NULL, NULL));
  cr_assert_eq (paths.n, 4u);
  cr_assert (paths.is_whole);
  cr_assert_arr_eq (paths.node, expected, sizeof expected);
}

Test (paths, stay_within_the_steps_they_may_remember)
{
  g_auto (Network) ladder = ladder_new (20);
  g_autoptr (GError) error = NULL;

  for (guint32 most = 1; most <= 1024; most *= 2) {
    g_auto (VcnPaths) paths = { 0 };

    cr_assert_not (find (&ladder, 1000, most, &paths, NULL, &error));
    cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_LIMIT), "%u", most);
    g_clear_error (&error);
  }
}

/* Shares below what is looked for are left to the remainder. */
Test (paths, whose_share_is_hardly_above_0_are_left_out)
{
  g_auto (Network) ladder = ladder_new (960), longer = ladder_new (961);
  g_auto (VcnPaths) paths = { 0 }, none = { 0 };

  cr_assert (find (&ladder, 3, 100000, &paths, NULL, NULL));
  cr_assert_eq (paths.n, 3u);
  cr_assert (paths.share[2] == 0x1p-960);
  cr_assert (find (&longer, 3, 100000, &none, NULL, NULL));
  cr_assert_eq (none.n, 0u);
  cr_assert_not (none.is_whole);
}

/* A round trip that hardly anything leaves: path r goes round r times. */
Test (paths, go_round_and_round)
{
  const gint32 from[] = { 0, 1, 1 }, to[] = { 1, 0, 2 };
  const double amount[] = { 1, 1048575, 1 };
  g_auto (Network) circle = network_new (3, 3, from, to, amount);
  g_auto (VcnPaths) paths = { 0 };

  cr_assert (find (&circle, 500, 1000000, &paths, NULL, NULL));
  cr_assert_eq (paths.n, 500u);
  for (guint32 p = 0; p < paths.n; p++) {
    const long double share = powl (1048575.0L / 1048576, p) / 1048576;

    cr_assert_eq (paths.first[p + 1] - paths.first[p], 2 * p + 3);
    cr_assert (fabsl (paths.share[p] - share) <= 0x1p-53L * share * 1.01L, "path %u: %a", p, paths.share[p]);
  }
}

/* One line of a million, on each of whose nodes a little leaves: each step is looked at once or twice. */
Test (paths, may_be_very_long, .timeout = 60)
{
  const guint32 n = 1000000;
  g_autofree gint32 *from = g_new (gint32, 2 * n), *to = g_new (gint32, 2 * n);
  g_autofree double *amount = g_new (double, 2 * n);
  g_auto (Network) line = { 0 };
  g_auto (VcnPaths) paths = { 0 };
  guint64 m = 0;

  for (guint32 i = 0; i + 2 < n; i++) {
    from[m] = (gint32) i;
    to[m] = (gint32) i + 1;
    amount[m++] = 1e9;
    from[m] = (gint32) i;
    to[m] = (gint32) n - 1;
    amount[m++] = 1;
  }
  line = network_new (n, m, from, to, amount);
  cr_assert (find (&line, 10, 10000000, &paths, NULL, NULL));
  cr_assert_eq (paths.n, 10u);
  cr_assert_eq (paths.first[1], n - 1);
  cr_assert (fabs (paths.share[0] - exp (-1e-3)) < 1e-8);
  for (guint32 p = 1; p < 10; p++)
    cr_assert_eq (paths.first[p + 1] - paths.first[p], p + 1, "then those that leave at once");
}

static gboolean
count_down (gpointer data, double fraction)
{
  gint *left = data;

  cr_assert (fraction >= 0 && fraction <= 1);
  return g_atomic_int_add (left, -1) > 0;
}

Test (paths, stop_wherever_they_are_cancelled)
{
  g_auto (Network) ladder = ladder_new (900);
  gboolean is_found = FALSE;
  gint looks = 0;

  for (; !is_found; looks++) {
    g_auto (VcnPaths) paths = { 0 };
    g_autoptr (GError) error = NULL;
    gint left = looks;
    const VcnMonitor monitor = { count_down, &left };

    is_found = find (&ladder, 20, 10000000, &paths, &monitor, &error);
    if (!is_found)
      cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
    cr_assert_lt (looks, 1000);
  }
  cr_assert_geq (looks, 4);
}

/* Against long double arithmetic, which has 11 digits more than a double, and against the order of the factors. */
Test (paths, products_have_twice_the_digits)
{
  guint64 dice = 7;

  for (guint round = 0; round < 2000; round++) {
    VcnWide one = { 1, 0 }, other = { 1, 0 };
    VcnWide factors[12];
    long double product = 1;

    for (guint i = 0; i < G_N_ELEMENTS (factors); i++) {
      const double part = 1 + test_below (&dice, 1000), whole = part + test_below (&dice, 1000);

      factors[i] = vcn_wide_ratio (part, whole);
      product *= (long double) part / whole;
      one = vcn_wide_times (one, factors[i]);
    }
    for (guint i = G_N_ELEMENTS (factors); i-- > 0;)
      other = vcn_wide_times (factors[i], other);
    cr_assert (one.high == other.high, "%a %a", one.high, other.high);
    cr_assert (fabs (one.low - other.low) <= 0x1p-96 * one.high);
    cr_assert (fabsl ((long double) one.high + one.low - product) <= 0x1p-59L * product);
  }
}

enum { FACTORS = 5 };

/* Their product, in a random order and in random groups. */
static VcnWide
multiply (const VcnWide factors[FACTORS], guint64 *seed)
{
  VcnWide left[FACTORS];

  memcpy (left, factors, sizeof left);
  for (guint n = FACTORS; n > 1; n--) {
    const guint i = test_below (seed, n), j = (i + 1 + test_below (seed, n - 1)) % n;
    const VcnWide product = vcn_wide_times (left[i], left[j]);

    left[MIN (i, j)] = product;
    left[MAX (i, j)] = left[n - 1];
  }
  return left[0];
}

/* Factors whose product is the middle between two doubles: without vcn_wide_round() it falls on either side, by the
 * order of the factors, and ways alike were not. */
Test (paths, shares_in_the_middle_between_two_doubles)
{
  guint64 seed = 9;
  guint n_middles = 0, n_apart = 0;

  while (n_middles < 2000) {
    const guint64 a = (1 << 26) + 2 * test_below (&seed, 1 << 25) + 1;
    const guint64 b = (1 << 26) + 2 * test_below (&seed, 1 << 25) + 1;
    const VcnWide factors[FACTORS]
      = { vcn_wide_ratio (1, 3), vcn_wide_ratio (1, 7), vcn_wide_ratio (1, 11),
          vcn_wide_ratio (3. * (double) a, 0x1p30), vcn_wide_ratio (77. * (double) b, 0x1p34) };
    const VcnWide first = multiply (factors, &seed);
    gboolean is_apart = FALSE;

    if (a * b < G_GUINT64_CONSTANT (1) << 53)
      continue;
    for (guint k = 0; k < 24; k++) {
      const VcnWide share = multiply (factors, &seed);

      is_apart = is_apart || share.high != first.high;
      cr_assert_eq (vcn_wide_round (share), vcn_wide_round (first), "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, a, b);
    }
    n_middles++;
    n_apart += is_apart;
  }
  cr_assert_gt (n_apart, 500u, "%u", n_apart);
}
