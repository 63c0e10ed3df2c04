/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes are a network: the first says how many parties and which method, each later one is the amount of one flow,
 * 0 for most. All must agree with the slow twin, or be refused for a reason. */
#include <gio/gio.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "../reference/reference-chain.h"
#include "../reference/reference-levels.h"
#include "numeric/vcn-absorb.h"
#include "numeric/vcn-trophic.h"
#include "valuechain/vc-error.h"

#define MAX_PARTIES 24

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct {
  guint32 n;
  int     method;
  gint32  from[MAX_PARTIES * MAX_PARTIES], to[MAX_PARTIES * MAX_PARTIES];
  double  flow[MAX_PARTIES * MAX_PARTIES];
} Network;

/* Amounts from 2^-40 to 2^40; even bytes are none. */
static void
read_network (Network *network, const uint8_t *data, size_t size)
{
  network->n = 1 + data[0] % MAX_PARTIES;
  network->method = data[0] / MAX_PARTIES % 3;
  for (guint32 k = 0; k < network->n * network->n; k++) {
    const uint8_t byte = k + 1 < size ? data[k + 1] : 0;

    network->from[k] = (gint32) (k / network->n);
    network->to[k] = (gint32) (k % network->n);
    network->flow[k] = byte & 1 ? ldexp (1, (byte >> 1) % 81 - 40) : 0;
  }
}

static gboolean
build (const Network *network, VcnCsr *flows)
{
  return vcn_csr_from_triples (flows, network->n, (guint64) network->n * network->n, network->from, network->to,
                               network->flow, NULL, 1, NULL, NULL);
}

/* Levels are never refused: so few parties are eliminated. */
static void
compare_levels (const Network *network, const VcnCsr *flows)
{
  double level[MAX_PARTIES];
  long double expected[MAX_PARTIES];
  VcnTrophicProof proof;

  if (!vcn_trophic (flows, NULL, 1e-12, 500, 1, level, &proof, NULL, NULL)
      || !reference_wide_levels ((int) network->n, (long) network->n * network->n, network->from, network->to,
                                 network->flow, expected))
    abort ();
  for (guint32 i = 0; i < network->n; i++)
    if (!(fabsl (level[i] - expected[i]) <= 1e-13L * fmaxl (1, expected[i]))) {
      g_printerr ("level %u: %.17g, not %.17Lg\n", i, level[i], expected[i]);
      abort ();
    }
}

static void
expect_close (guint32 n, const double *got, const long double *expected, const VcnProof *proof)
{
  double largest = 1;

  for (guint32 i = 0; i < n; i++)
    largest = fmax (largest, got[i]);
  for (guint32 i = 0; i < n; i++)
    if (!(fabsl (got[i] - expected[i]) <= proof->bound * largest * 1.01L)) {
      g_printerr ("%u: %.17g, not %.17Lg, bound %g\n", i, got[i], expected[i], proof->bound);
      abort ();
    }
}

static gboolean
refused (const GError *error)
{
  if (!g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NO_CONVERGENCE)) {
    g_printerr ("%s\n", error->message);
    abort ();
  }
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcnAbsorb) chain = NULL;
  g_auto (VcnCsr) flows = { 0 };
  double one[MAX_PARTIES], x[MAX_PARTIES], steps[MAX_PARTIES];
  long double ones[REFERENCE_MAX], exact[REFERENCE_MAX], exact_steps[REFERENCE_MAX];
  static ReferenceChain twin;
  Network network;
  VcnProof proof;

  if (size == 0)
    return 0;
  read_network (&network, data, size);
  if (!build (&network, &flows))
    abort ();
  compare_levels (&network, &flows);
  for (guint32 i = 0; i < network.n; i++)
    one[i] = (double) (ones[i] = i % 3);
  reference_chain_init (&twin, (int) network.n, network.flow);
  chain = vcn_absorb_new (&flows, &(VcnAbsorbOptions) { 1e-12, 500, 1, network.method }, NULL, &error);
  if ((chain == NULL || !vcn_absorb_forward (chain, VCN_ONE_END (one, x, steps), &proof, NULL, &error))
      && refused (error))
    return 0;
  reference_chain_forward (&twin, ones, NULL, exact);
  reference_chain_forward (&twin, NULL, exact, exact_steps);
  expect_close (network.n, x, exact, &proof);
  expect_close (network.n, steps, exact_steps, &proof);
  if (!vcn_absorb_visits (chain, one, x, steps, &proof, NULL, &error) && refused (error))
    return 0;
  reference_chain_visits (&twin, ones, ones, exact);
  reference_chain_visits (&twin, exact, NULL, exact_steps);
  expect_close (network.n, x, exact, &proof);
  expect_close (network.n, steps, exact_steps, &proof);
  return 0;
}
