/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <gio/gio.h>

#include "base/vc-buffer-private.h"
#include "numeric/vcn-absorb.h"
#include "numeric/vcn-look.h"
#include "numeric/vcn-trophic.h"
#include "valuechain/vc-error.h"
#include "reference/reference-chain.h"
#include "test-helpers.h"

/* A look at no monitor. */
#define TEST_NOBODY (&(VcnLook) { NULL, 0, FALSE })

/* A monitor that lets so many steps pass and counts them all. */
typedef struct {
  guint left, steps;
} TestFuse;

static inline gboolean
test_burn (gpointer data, double fraction)
{
  TestFuse *fuse = data;

  cr_assert (fraction >= 0 && fraction <= 1);
  fuse->steps++;
  return fuse->left-- > 0;
}

/* Counter-based, so that each case stands alone: SplitMix64. */
static inline guint64
test_random (guint64 *state)
{
  guint64 z = *state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static inline double
test_uniform (guint64 *state)
{
  return (double) (test_random (state) >> 11) * 0x1p-53;
}

static inline guint32
test_below (guint64 *state, guint32 n)
{
  return (guint32) (test_random (state) % n);
}

/* Off-diagonal entries of a dense matrix as flows. */
static inline VcnCsr
test_csr (guint32 n, const double *flow, double *diagonal)
{
  VC_BUFFER (gint32) from = vc_buffer_new (gint32, (gsize) n * n);
  VC_BUFFER (gint32) to = vc_buffer_new (gint32, (gsize) n * n);
  g_autoptr (GError) error = NULL;
  VcnCsr flows;

  for (guint32 i = 0; i < n; i++)
    for (guint32 j = 0; j < n; j++) {
      from[i * n + j] = (gint32) i;
      to[i * n + j] = (gint32) j;
    }
  cr_assert (vcn_csr_from_triples (&flows, n, (guint64) n * n, from, to, flow, diagonal, 1, NULL, &error), "%s",
             error ? error->message : "");
  return flows;
}

static inline VcnAbsorb *
test_absorb (const VcnCsr *flows, int method)
{
  const VcnAbsorbOptions options = { 1e-12, 1000, 1, method };
  g_autoptr (GError) error = NULL;
  VcnAbsorb *chain = vcn_absorb_new (flows, &options, NULL, &error);

  cr_assert_not_null (chain, "%s", error ? error->message : "");
  return chain;
}
