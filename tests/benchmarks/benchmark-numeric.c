/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"
#include "numeric/vcn-absorb.h"
#include "numeric/vcn-trophic.h"

/* benchmark-numeric FILE [THREADS]: times each stage on one network, the best of three runs. FILE: the numbers of nodes
 * and flows (guint64), boundary (n doubles), then all from (gint32), all to (gint32), all amounts (double). Prints
 * "stage seconds residual bound iterations" a line. `again` is to 1e-10, all else to 1e-12. */
typedef struct {
  guint64 n, m;
  double *boundary, *value;
  gint32 *from, *to;
} Network;

static void *
slurp (FILE *file, gsize n, gsize size)
{
  void *data = vc_buffer_alloc (n, size);

  if (data == NULL || fread (data, size, n, file) != n)
    exit (2);
  return data;
}

static Network
load (const char *path)
{
  FILE *file = fopen (path, "rb");
  Network network;
  guint64 *counts;

  if (file == NULL)
    exit (2);
  counts = slurp (file, 2, sizeof *counts);
  network.n = counts[0];
  network.m = counts[1];
  network.boundary = slurp (file, network.n, sizeof (double));
  network.from = slurp (file, network.m, sizeof (gint32));
  network.to = slurp (file, network.m, sizeof (gint32));
  network.value = slurp (file, network.m, sizeof (double));
  vc_buffer_free (counts);
  fclose (file);
  return network;
}

#define RUNS 3

typedef struct {
  const char *name;
  double      seconds; /* the least so far */
  gboolean    has_proof;
  VcnProof    proof;
} Stage;

static Stage stages[8];
static guint n_stages; /* of this run */
static gint64 clock_;

static void
note (const char *name, double seconds, const VcnProof *proof)
{
  Stage *stage = &stages[n_stages++];

  stage->seconds = stage->name == NULL || seconds < stage->seconds ? seconds : stage->seconds;
  stage->name = name;
  stage->has_proof = proof != NULL;
  if (proof != NULL)
    stage->proof = *proof;
}

static void
expect (const char *name, gboolean done, const GError *error)
{
  if (done)
    return;
  printf ("%s failed: %s\n", name, error != NULL ? error->message : "?");
  exit (1);
}

static void
lap (const char *name, const VcnProof *proof, gboolean done, const GError *error)
{
  expect (name, done, error);
  note (name, (double) (g_get_monotonic_time () - clock_) * 1e-6, proof);
  clock_ = g_get_monotonic_time ();
}

static void
print_stages (void)
{
  for (guint k = 0; k < n_stages; k++) {
    const VcnProof *proof = &stages[k].proof;

    printf ("%-10s %.4f", stages[k].name, stages[k].seconds);
    if (stages[k].has_proof)
      printf (" %.2e %.2e %u %s", proof->residual, proof->bound, proof->iterations,
              proof->method != NULL ? proof->method : "");
    printf ("\n");
  }
}

/* Reach and distance once more, as SciPy solves for reach: to 1e-10, the best of three on what has been made ready. */
static void
solve_again (const Network *network, const VcnCsr *flows, guint n_threads)
{
  const VcnAbsorbOptions options = { 1e-10, 1000, n_threads, 0 };
  VC_BUFFER (double) reach = vc_buffer_new0 (double, network->n);
  VC_BUFFER (double) steps = vc_buffer_new0 (double, network->n);
  g_autoptr (GError) error = NULL;
  g_autoptr (VcnAbsorb) chain = vcn_absorb_new (flows, &options, NULL, &error);
  double best = G_MAXDOUBLE;
  VcnProof proof;

  expect ("new", chain != NULL, error);
  for (guint k = 0; k < RUNS; k++) {
    const gint64 begin = g_get_monotonic_time ();

    expect ("again",
            vcn_absorb_forward (chain, VCN_ONE_END (network->boundary, reach, steps), &proof, NULL, &error), error);
    best = MIN (best, (double) (g_get_monotonic_time () - begin) * 1e-6);
  }
  note ("again", best, &proof);
  clock_ = g_get_monotonic_time ();
}

static void
solve (const Network *network, const VcnCsr *flows, guint n_threads)
{
  const VcnAbsorbOptions options = { 1e-12, 1000, n_threads, 0 };
  VcnAbsorb *chain;
  double *x[5];
  const double *boundary[] = { network->boundary, NULL, network->boundary };
  VcnProof proof;
  GError *error = NULL;
  gboolean done;

  for (guint k = 0; k < 5; k++)
    x[k] = vc_buffer_new0 (double, network->n);
  clock_ = g_get_monotonic_time ();
  chain = vcn_absorb_new (flows, &options, NULL, &error);
  lap ("new", NULL, chain != NULL, error);
  done = vcn_absorb_forward (chain, VCN_ONE_END (network->boundary, x[0], x[1]), &proof, NULL, &error);
  lap ("moments", &proof, done, error);
  done = vcn_absorb_visits (chain, vcn_absorb_outflow (chain), x[2], x[3], &proof, NULL, &error);
  lap ("visits", &proof, done, error);
  /* As an alignment asks: what is supported comes from what arrives. */
  boundary[1] = x[3];
  done = vcn_absorb_forward (chain, &(VcnEnds) { 3, boundary, x, x[4] }, &proof, NULL, &error);
  lap ("forward 4", &proof, done, error);
  vcn_absorb_free (chain);
  lap ("free", NULL, TRUE, NULL);
  for (guint k = 0; k < 5; k++)
    vc_buffer_free (x[k]);
  solve_again (network, flows, n_threads);
}

static void
run (const Network *network, guint n_threads)
{
  g_auto (VcBufferScope) buffers = { 0 };
  g_auto (VcParallelScope) threads = { 0 };
  g_auto (VcnCsr) flows = { 0 };
  VC_BUFFER (double) level = vc_buffer_new0 (double, network->n);
  VcnTrophicProof trophic;
  GError *error = NULL;
  gboolean done;

  /* As a measure does. */
  vc_buffer_scope_open (&buffers);
  vc_parallel_scope_open (&threads);
  n_stages = 0;
  clock_ = g_get_monotonic_time ();
  done = vcn_csr_from_triples (&flows, (guint32) network->n, network->m, network->from, network->to, network->value,
                               NULL, n_threads, NULL, &error);
  lap ("triples", NULL, done, error);
  solve (network, &flows, n_threads);
  done = vcn_trophic (&flows, NULL, 1e-12, 1000, n_threads, level, &trophic, NULL, &error);
  lap ("trophic", &(VcnProof) { trophic.residual, trophic.incoherence, trophic.iterations, 0, 0, NULL }, done, error);
}

int
main (int argc, char **argv)
{
  const guint n_threads = argc > 2 ? (guint) atoi (argv[2]) : 0;
  const Network network = load (argc > 1 ? argv[1] : "/dev/null");

  for (guint k = 0; k < RUNS; k++)
    run (&network, n_threads);
  print_stages ();
  return 0;
}
