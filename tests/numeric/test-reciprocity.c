/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "numeric-helpers.h"

#include "numeric/vcn-reciprocity.h"

#define MAX_NODES 40

static VcnReciprocity
measure (guint32 n, const double *flow, VcnNull null)
{
  const VcnConfigurationOptions options = { null, 1e-11, 2000, 1 };
  g_auto (VcnCsr) flows = test_csr (n, flow, NULL);
  g_autoptr (GError) error = NULL;
  VcnReciprocity found;

  cr_assert (vcn_reciprocity (&found, &flows, &options, NULL, NULL, &error), "%s", error ? error->message : "");
  return found;
}

static double
kernel (VcnNull null, double u)
{
  return null == VCN_NULL_COUNTS ? 1 / expm1 (u) : 1 / u;
}

/* The model's equations, pair by pair: what each node sends and receives, and what goes both ways. */
static void
check_equations (const VcnConfiguration *model, double tolerance)
{
  double mutual = 0;

  for (guint32 i = 0; i < model->n; i++) {
    double out = 0, in = 0;

    for (guint32 j = 0; j < model->n; j++) {
      const double others = model->many[j] - (i == j);

      out += others > 0 ? others * kernel (model->null, model->alpha[i] + model->beta[j]) : 0;
      in += others > 0 ? others * kernel (model->null, model->alpha[j] + model->beta[i]) : 0;
      if (others > 0)
        mutual += model->many[i] * others
                  * kernel (model->null, model->alpha[i] + model->beta[i] + model->alpha[j] + model->beta[j]);
    }
    cr_assert (fabs (out - model->out[i]) <= tolerance * model->out[i], "%u sends %.17g for %.17g", i, out,
               model->out[i]);
    cr_assert (fabs (in - model->in[i]) <= tolerance * model->in[i], "%u receives %.17g for %.17g", i, in,
               model->in[i]);
  }
  cr_assert (vc_test_close (vcn_configuration_mutual (model, 1, TEST_NOBODY), mutual, 1e-12));
}

/* Who socialises with whom in a faculty (Nepusz, Petroczi, Negyessy, Bazso 2008, 81 people): what each says and is said
 * of. */
static const double faculty_out[]
  = { 22, 61,  14, 36,  96, 56, 92, 16, 19, 91,  0,  24, 80, 66, 58, 47, 24, 44, 78, 69, 100, 25, 62, 17, 10, 76, 67,
      36, 243, 16, 112, 12, 83, 25, 60, 28, 131, 20, 51, 36, 16, 60, 81, 15, 14, 70, 20, 31,  57, 52, 75, 81, 2,  13,
      18, 32,  48, 22,  8,  8,  24, 96, 24, 44,  4,  10, 4,  67, 63, 25, 28, 41, 12, 52, 44,  38, 74, 20, 55, 45, 34 };
static const double faculty_in[] = { 21,  88, 6,  37,  46, 36, 88, 28, 14,  100, 2,  52,  76, 44,  18, 61, 16,
                                     63,  56, 66, 119, 27, 56, 23, 17, 66,  83,  16, 136, 16, 133, 27, 56, 24,
                                     87,  25, 41, 35,  40, 40, 35, 84, 52,  2,   31, 68,  38, 26,  70, 66, 40,
                                     48,  23, 84, 22,  56, 43, 50, 29, 16,  30,  40, 30,  37, 15,  24, 12, 58,
                                     105, 41, 18, 24,  14, 32, 57, 35, 119, 9,   82, 55,  25 };

Test (reciprocity, faculty)
{
  const double *const strengths[2] = { faculty_out, faculty_in };

  for (VcnNull null = VCN_NULL_COUNTS; null <= VCN_NULL_AMOUNTS; null++) {
    const VcnConfigurationOptions options = { null, 1e-12, 1000, 1 };
    g_auto (VcnConfiguration) model = { 0 };

    cr_assert (vcn_configuration_fit (&model, G_N_ELEMENTS (faculty_out), strengths, &options, NULL, NULL));
    cr_expect_leq (model.residual, 1e-12);
    check_equations (&model, 4e-12);
    if (null == VCN_NULL_COUNTS)
      cr_expect (vc_test_close (vcn_configuration_mutual (&model, 1, TEST_NOBODY) / 3730, .271599706440958, 1e-13));
  }
}

/* A ring: nothing comes back, and a quarter would by chance. All alike: m / (1 + 2 m) of counts, half of amounts. */
Test (reciprocity, known)
{
  const double ring[9] = { [0 * 3 + 1] = 1, [1 * 3 + 2] = 1, [2 * 3 + 0] = 1 };
  double all[25];
  VcnReciprocity found = measure (3, ring, VCN_NULL_COUNTS);

  cr_expect (found.r == 0 && vc_test_close (found.null, 1 / 4., 1e-11) && vc_test_close (found.rho, -1 / 3., 1e-11));
  for (guint i = 0; i < 25; i++)
    all[i] = 3;
  found = measure (5, all, VCN_NULL_COUNTS);
  cr_expect (found.r == 1 && vc_test_close (found.null, 3 / 7., 1e-11) && found.rho == 1 && found.total == 60);
  found = measure (5, all, VCN_NULL_AMOUNTS);
  cr_expect (found.r == 1 && vc_test_close (found.null, 0.5, 1e-11) && found.rho == 1);
}

static void
random_flows (guint32 n, double *flow, gboolean whole, guint64 *seed)
{
  const guint spread = test_below (seed, 12);

  for (guint32 k = 0; k < n * n; k++) {
    const double amount = test_below (seed, 3) == 0 ? exp (test_uniform (seed) * spread) : 0;

    flow[k] = whole ? ceil (amount) : amount;
  }
}

/* Each of many networks, small and uneven, obeys its equations, node by node; r is what differs between both ways;
 * neither unit nor names matter. */
Test (reciprocity, equations_of_random_networks)
{
  guint64 seed = 77;
  guint n_solved = 0, n_missed = 0;

  for (guint k = 0; k < 400; k++) {
    const guint32 n = 3 + test_below (&seed, k < 300 ? 6 : MAX_NODES - 3);
    const VcnNull null = k % 2 == 0 ? VCN_NULL_COUNTS : VCN_NULL_AMOUNTS;
    const VcnConfigurationOptions options = { null, 1e-11, 5000, 1 };
    double flow[MAX_NODES * MAX_NODES], out[MAX_NODES] = { 0 }, in[MAX_NODES] = { 0 }, apart = 0;
    const double *const strengths[2] = { out, in };
    g_auto (VcnConfiguration) model = { 0 };
    VcnReciprocity found;

    random_flows (n, flow, null == VCN_NULL_COUNTS, &seed);
    for (guint32 i = 0; i < n; i++)
      for (guint32 j = 0; j < n; j++) {
        out[i] += i != j ? flow[i * n + j] : 0;
        in[j] += i != j ? flow[i * n + j] : 0;
        apart += i < j ? fabs (flow[i * n + j] - flow[j * n + i]) : 0;
      }
    cr_assert (vcn_configuration_fit (&model, n, strengths, &options, NULL, NULL));
    if (model.alpha != NULL && model.residual <= 1e-11) {
      check_equations (&model, 1e-10);
      n_solved++;
    }
    n_missed += model.residual > 1e-11;
    found = measure (n, flow, null);
    cr_expect (found.status == VC_STATUS_EMPTY || vc_test_close (found.r, 1 - apart / found.total, 1e-14));
  }
  cr_expect_gt (n_solved, 300u);
  /* Without acceleration nine. */
  cr_expect_leq (n_missed, 4u, "%u missed", n_missed);
}

/* The slow twin: what each node sends, then what each receives, in turn, pair by pair, from below by Newton's method on
 * a convex function; answers what flows both ways. */
static void
solve_rows (guint32 n, const double *target, const double *others, double *t)
{
  for (guint32 i = 0; i < n; i++) {
    double sent = INFINITY, squares;

    if (!(target[i] > 0))
      continue;
    t[i] = -INFINITY;
    for (guint32 j = 0; j < n; j++)
      t[i] = j != i ? MAX (t[i], 1 / target[i] - others[j]) : t[i];
    for (guint k = 0; k < 100 && sent > target[i] * (1 + 1e-15); k++) {
      sent = squares = 0;
      for (guint32 j = 0; j < n; j++) {
        const double flow = j != i ? 1 / (t[i] + others[j]) : 0;

        sent += flow;
        squares += flow * flow;
      }
      t[i] += (sent - target[i]) / squares;
    }
  }
}

static double
slow_mutual (guint32 n, const double *out, const double *in, guint *rounds)
{
  double alpha[MAX_NODES], beta[MAX_NODES], mutual = 0, moved = INFINITY;

  for (guint32 i = 0; i < n; i++) {
    alpha[i] = out[i] > 0 ? 0 : INFINITY;
    beta[i] = in[i] > 0 ? n / in[i] : INFINITY;
  }
  for (*rounds = 0; moved > 1e-13 && *rounds < 100000; ++*rounds) {
    double before[MAX_NODES], shift;

    memcpy (before, alpha, sizeof before);
    solve_rows (n, out, beta, alpha);
    solve_rows (n, in, alpha, beta);
    moved = 0;
    shift = alpha[0] - before[0];
    for (guint32 i = 1; i < n; i++)
      moved = isfinite (alpha[i]) ? MAX (moved, fabs (alpha[i] - before[i] - shift) * out[i] / n) : moved;
  }
  for (guint32 i = 0; i < n; i++)
    for (guint32 j = 0; j < n; j++)
      mutual += i != j ? 1 / (alpha[i] + beta[i] + alpha[j] + beta[j]) : 0;
  return mutual;
}

/* Weights that decay, and few who owe much: here the iteration alone takes hundreds of rounds. */
Test (reciprocity, few_rounds)
{
  enum { N = 40, M = 10 * N };
  guint64 seed = 21;
  guint slow = 0;

  for (guint k = 0; k < 20; k++) {
    const VcnConfigurationOptions options = { VCN_NULL_AMOUNTS, 1e-12, 2000, 1 };
    const guint spread = 2 + k % 14;
    double out[N] = { 0 }, in[N] = { 0 }, mutual;
    const double *const strengths[2] = { out, in };
    g_auto (VcnConfiguration) model = { 0 };
    guint rounds;

    for (guint m = 0; m < M; m++) {
      const guint32 from = (guint32) (N * pow (test_uniform (&seed), 3)),
                    to = (guint32) (N * pow (test_uniform (&seed), 3));
      const double weight = exp (-test_uniform (&seed) * spread);

      out[from] += from != to ? weight : 0;
      in[to] += from != to ? weight : 0;
    }
    cr_assert (vcn_configuration_fit (&model, N, strengths, &options, NULL, NULL));
    mutual = slow_mutual (N, out, in, &rounds);
    slow += rounds;
    cr_expect_leq (model.iterations, 30u);
    cr_expect_leq (model.residual, 1e-12);
    cr_expect (vc_test_close (vcn_configuration_mutual (&model, 1, TEST_NOBODY), mutual, 1e-10));
  }
  cr_expect_geq (slow, 20 * 300u);
}

Test (reciprocity, unit_and_names)
{
  enum { N = 12 };
  double flow[N * N], turned[N * N], scaled[N * N];
  guint64 seed = 5;
  VcnReciprocity found, other;

  random_flows (N, flow, FALSE, &seed);
  for (guint i = 0; i < N; i++)
    for (guint j = 0; j < N; j++) {
      turned[(N - 1 - i) * N + N - 1 - j] = flow[i * N + j];
      scaled[i * N + j] = flow[i * N + j] * 1024;
    }
  found = measure (N, flow, VCN_NULL_AMOUNTS);
  other = measure (N, scaled, VCN_NULL_AMOUNTS);
  cr_expect (other.r == found.r && vc_test_close (other.null, found.null, 1e-10));
  other = measure (N, turned, VCN_NULL_AMOUNTS);
  cr_expect (vc_test_close (other.r, found.r, 1e-15) && vc_test_close (other.null, found.null, 1e-10));
}

/* Where one node has a part in all that flows, so has it in the null; two nodes; nothing; nothing sent back to anybody.
 */
Test (reciprocity, hubs_and_nothing)
{
  const double two[4] = { 0, 3, 5, 0 }, nothing[9] = { 0 };
  const double star[16] = { 0, 2, 3, 4, 1, 0, 0, 0, 6, 0, 0, 0, 4, 0, 0, 0 }, outward[9] = { 0, 2, 3 };
  VcnReciprocity found = measure (2, two, VCN_NULL_COUNTS);

  cr_expect (found.r == 6 / 8. && vc_test_close (found.null, 2 * (15 / 24. / (1 - 15 / 24.)) / 8, 1e-15)
             && found.null_status == VC_STATUS_OK);
  found = measure (4, star, VCN_NULL_COUNTS);
  cr_expect (vc_test_close (found.r, 2 * (1 + 3 + 4) / 20., 1e-15));
  cr_expect (vc_test_close (found.null, 2 * (1 / 2. + 9 / 5. + 16 / 9.) / 20, 1e-14));
  found = measure (4, star, VCN_NULL_AMOUNTS);
  cr_expect (vc_test_close (found.null, 2 * (2 / 3. + 2 + 2) / 20, 1e-14));
  found = measure (3, outward, VCN_NULL_COUNTS);
  cr_expect (found.r == 0 && found.null == 0 && found.rho == 0 && found.null_status == VC_STATUS_OK);
  found = measure (3, nothing, VCN_NULL_COUNTS);
  cr_expect (found.status == VC_STATUS_EMPTY && found.null_status == VC_STATUS_EMPTY && isnan (found.r)
             && isnan (found.null) && isnan (found.rho));
}

/* Senders that never receive and receivers that never send: nothing can come back. */
Test (reciprocity, one_way)
{
  const double flow[16] = { 0, 0, 2, 3, 0, 0, 4, 1 };
  const VcnReciprocity found = measure (4, flow, VCN_NULL_COUNTS);

  cr_expect (found.r == 0 && found.null == 0 && found.rho == 0 && found.null_status == VC_STATUS_OK);
}

static gboolean
refuse (gpointer data, double fraction)
{
  return (*(guint *) data)-- > 0;
}

Test (reciprocity, errors)
{
  const double ring[9] = { [0 * 3 + 1] = 1.5, [1 * 3 + 2] = 1, [2 * 3 + 0] = 2 },
               much[9] = { 0, 1e308, 0, 0, 0, 1e308, 1e308 };
  VcnConfigurationOptions options = { VCN_NULL_COUNTS, 1e-10, 100, 1 };
  g_auto (VcnCsr) flows = test_csr (3, ring, NULL), too_much = test_csr (3, much, NULL);
  g_autoptr (GError) error = NULL, overflow = NULL;
  VcnReciprocity found;
  double nodes[3];

  cr_expect (!vcn_reciprocity (&found, &flows, &options, NULL, NULL, &error));
  cr_expect (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION));
  options.null = VCN_NULL_AMOUNTS;
  cr_expect (!vcn_reciprocity (&found, &too_much, &options, NULL, NULL, &overflow));
  cr_expect (g_error_matches (overflow, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NOT_FINITE));
  for (guint k = 0; k < 5; k++) {
    guint steps = k;
    g_autoptr (GError) cancelled = NULL;

    cr_expect (!vcn_reciprocity (&found, &flows, &options, NULL, &(VcnMonitor) { refuse, &steps }, &cancelled));
    cr_expect (g_error_matches (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED), "step %u", k);
  }
  options.max_iterations = 0;
  cr_assert (vcn_reciprocity (&found, &flows, &options, nodes, NULL, NULL));
  cr_expect (found.status == VC_STATUS_OK && found.r == 0 && found.null_status == VC_STATUS_NOT_CONVERGED
             && isnan (found.null) && isnan (found.rho));
  cr_expect (nodes[0] == 0 && nodes[1] == 0 && nodes[2] == 0);
}

/* Thousands of nodes, on any number of threads the same bits; each node's own share. */
Test (reciprocity, threads)
{
  enum { N = 3000, M = 40000 };
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, M);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, M);
  VC_BUFFER (double) amount = vc_buffer_new (double, M);
  VC_BUFFER (double) nodes = vc_buffer_new (double, N + 1);
  guint64 seed = 9;
  VcnConfigurationOptions options = { VCN_NULL_COUNTS, 1e-10, 1000, 1 };
  g_auto (VcnCsr) flows = { 0 };
  VcnReciprocity found[2];
  double mutual = 0;

  for (guint k = 0; k < M; k++) {
    from[k] = (gint32) (N * test_uniform (&seed) * test_uniform (&seed));
    to[k] = (gint32) (N * test_uniform (&seed) * test_uniform (&seed));
    amount[k] = 1 + test_below (&seed, 20);
  }
  cr_assert (vcn_csr_from_triples (&flows, N + 1, M, from, to, amount, NULL, 1, NULL, NULL));
  for (guint k = 0; k < 2; k++, options.n_threads = 3)
    cr_assert (vcn_reciprocity (&found[k], &flows, &options, nodes, NULL, NULL));
  cr_expect (found[0].null == found[1].null && found[0].residual == found[1].residual && found[0].residual <= 1e-10);
  for (guint32 i = 0; i < N; i++) {
    double sent = 0;

    for (guint64 k = flows.start[i]; k < flows.start[i + 1]; k++)
      sent += flows.value[k];
    cr_assert ((sent > 0) == !isnan (nodes[i]));
    mutual += sent > 0 ? sent * nodes[i] : 0;
  }
  cr_expect (isnan (nodes[N]) && vc_test_close (mutual, found[0].mutual, 1e-12));
}
