/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-envelope.h"

#include "vcn-private.h"

double
vcn_envelope_lay_out (guint32 n, const guint32 *low, guint64 begin, guint64 *row)
{
  double cost = 0;
  guint64 end = begin;

  /* row[k] first holds the last node whose low is k, then the largest of these up to k, then the end of its row. */
  for (guint32 k = 0; k < n; k++)
    row[k] = k;
  for (guint32 i = 0; i < n; i++)
    row[low[i]] = MAX (row[low[i]], i);
  for (guint32 k = 1; k < n; k++)
    row[k] = MAX (row[k], row[k - 1]);
  for (guint32 k = 0; k < n; k++) {
    const guint64 high = row[k];

    cost += (double) (high - k) * (double) (high - k);
    row[k] = end;
    end += high - low[k] + 1;
  }
  row[n] = end;
  return cost;
}

/* Takes node k out: what went to it goes where its own flow goes. Where the pivot vanished, only that is written. */
static void
eliminate (const VcnEnvelope *self, double *exits, guint32 k)
{
  const guint32 high = vcn_envelope_high (self, k);
  double *right = vcn_envelope_row (self, k) + (k - self->low[k]);
  double pivot = exits[k];

  for (guint32 j = 1; j <= high - k; j++)
    pivot += right[j];
  right[0] = pivot;
  if (!(pivot > 0))
    return;
  for (guint32 j = 1; j <= high - k; j++)
    right[j] /= pivot;
  exits[k] /= pivot;
  for (guint32 i = k + 1; i <= high; i++) {
    double *row = vcn_envelope_row (self, i) + k - self->low[i];
    double share;

    if (self->low[i] > k || row[0] == 0)
      continue;
    share = row[0];
    for (guint32 j = 1; j <= high - k; j++)
      row[j] += share * right[j];
    exits[i] += share * exits[k];
  }
}

gboolean
vcn_envelope_factorize (const VcnEnvelope *self, double *exits, const VcnMonitor *monitor, GError **error)
{
  double work = 0;

  for (guint32 k = 0; k < self->n; k++) {
    const double width = vcn_envelope_high (self, k) - k + 1;

    eliminate (self, exits, k);
    if (!(vcn_envelope_row (self, k)[k - self->low[k]] > 0))
      return vcn_fail_vanished (error);
    work += width * width;
    if (work > 2e7) {
      work = 0;
      if (!vcn_monitor_step (monitor, (double) k / self->n, error))
        return FALSE;
    }
  }
  return TRUE;
}

void
vcn_envelope_solve (const VcnEnvelope *self, double *x)
{
  for (guint32 k = 0; k < self->n; k++) {
    const double *row = vcn_envelope_row (self, k);
    const guint32 low = self->low[k];
    double sum = x[k];

    for (guint32 j = low; j < k; j++)
      sum += row[j - low] * x[j];
    x[k] = sum / row[k - low];
  }
  for (guint32 k = self->n; k-- > 0;) {
    const double *right = vcn_envelope_row (self, k) + (k - self->low[k]);
    const guint32 high = vcn_envelope_high (self, k);
    double sum = x[k];

    for (guint32 j = k + 1; j <= high; j++)
      sum += right[j - k] * x[j];
    x[k] = sum;
  }
}

void
vcn_envelope_solve_t (const VcnEnvelope *self, double *x)
{
  for (guint32 k = 0; k < self->n; k++) {
    const double *right = vcn_envelope_row (self, k) + (k - self->low[k]);
    const guint32 high = vcn_envelope_high (self, k);

    for (guint32 j = k + 1; j <= high; j++)
      x[j] += right[j - k] * x[k];
  }
  for (guint32 k = self->n; k-- > 0;) {
    const double *row = vcn_envelope_row (self, k);
    const guint32 low = self->low[k];

    x[k] /= row[k - low];
    for (guint32 j = low; j < k; j++)
      x[j] += row[j - low] * x[k];
  }
}
