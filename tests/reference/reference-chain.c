/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reference-chain.h"

#include <math.h>
#include <string.h>

static void
close_paths (int n, bool reach[REFERENCE_MAX][REFERENCE_MAX])
{
  for (int k = 0; k < n; k++)
    for (int i = 0; i < n; i++)
      for (int j = 0; j < n; j++)
        if (reach[i][k] && reach[k][j])
          reach[i][j] = true;
}

static void
classify (ReferenceChain *chain, const double *flow)
{
  bool reach[REFERENCE_MAX][REFERENCE_MAX] = { 0 };
  const int n = chain->n;

  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      reach[i][j] = i == j || flow[i * n + j] > 0;
  close_paths (n, reach);
  for (int i = 0; i < n; i++) {
    bool returns = true;
    int first = i, members = 0;

    for (int j = 0; j < n; j++) {
      returns = returns && (!reach[i][j] || reach[j][i]);
      members += reach[i][j];
      if (reach[i][j] && j < first)
        first = j;
    }
    chain->class[i] = !returns ? REFERENCE_LIVE : members == 1 ? REFERENCE_END : REFERENCE_LOOP;
    chain->loop[i] = returns && members > 1 ? first : -1;
  }
}

/* factor[k][k]: what leaves k when those before it are gone; left and right of it as in the library, but nothing is
 * left out. */
static void
eliminate (ReferenceChain *chain)
{
  const int m = chain->n_live;
  long double exit[REFERENCE_MAX] = { 0 };

  for (int a = 0; a < m; a++) {
    for (int b = 0; b < m; b++)
      chain->factor[a][b] = chain->share[chain->live[a]][chain->live[b]];
    for (int j = 0; j < chain->n; j++)
      if (chain->class[j] != REFERENCE_LIVE)
        exit[a] += chain->share[chain->live[a]][j];
  }
  for (int k = 0; k < m; k++) {
    long double pivot = exit[k];

    for (int j = k + 1; j < m; j++)
      pivot += chain->factor[k][j];
    chain->factor[k][k] = pivot;
    for (int i = k + 1; i < m; i++) {
      for (int j = k + 1; j < m; j++)
        chain->factor[i][j] += chain->factor[i][k] * chain->factor[k][j] / pivot;
      exit[i] += chain->factor[i][k] * exit[k] / pivot;
    }
  }
}

void
reference_chain_init (ReferenceChain *chain, int n, const double *flow)
{
  memset (chain, 0, sizeof *chain);
  chain->n = n;
  classify (chain, flow);
  for (int i = 0; i < n; i++) {
    long double sum = 0;

    for (int j = 0; j < n; j++)
      sum += j == i ? 0 : flow[i * n + j];
    for (int j = 0; j < n; j++)
      chain->share[i][j] = j == i || sum == 0 ? 0 : flow[i * n + j] / sum;
    if (chain->class[i] == REFERENCE_LIVE)
      chain->live[chain->n_live++] = i;
  }
  eliminate (chain);
}

void
reference_chain_forward (const ReferenceChain *chain, const long double *boundary, const long double *source,
                         long double *x)
{
  const int m = chain->n_live;
  long double r[REFERENCE_MAX];

  for (int i = 0; i < chain->n; i++)
    x[i] = chain->class[i] != REFERENCE_LIVE && boundary != NULL ? boundary[i] : 0;
  for (int a = 0; a < m; a++) {
    const int i = chain->live[a];

    r[a] = source != NULL ? source[i] : 0;
    for (int j = 0; j < chain->n; j++)
      if (chain->class[j] != REFERENCE_LIVE)
        r[a] += chain->share[i][j] * x[j];
    for (int k = 0; k < a; k++)
      r[a] += chain->factor[a][k] * r[k] / chain->factor[k][k];
  }
  for (int a = m - 1; a >= 0; a--) {
    for (int j = a + 1; j < m; j++)
      r[a] += chain->factor[a][j] * r[j];
    r[a] /= chain->factor[a][a];
    x[chain->live[a]] = r[a];
  }
}

void
reference_chain_visits (const ReferenceChain *chain, const long double *source, const long double *own, long double *y)
{
  const int m = chain->n_live;
  long double r[REFERENCE_MAX];

  for (int i = 0; i < chain->n; i++)
    y[i] = own != NULL ? own[i] : 0;
  for (int a = 0; a < m; a++)
    r[a] = source[chain->live[a]];
  for (int k = 0; k < m; k++) {
    r[k] /= chain->factor[k][k];
    for (int j = k + 1; j < m; j++)
      r[j] += chain->factor[k][j] * r[k];
  }
  for (int k = m - 1; k >= 0; k--)
    for (int i = k + 1; i < m; i++)
      r[k] += chain->factor[i][k] / chain->factor[k][k] * r[i];
  for (int a = 0; a < m; a++)
    y[chain->live[a]] = r[a];
  for (int j = 0; j < chain->n; j++)
    for (int a = 0; a < m && chain->class[j] != REFERENCE_LIVE; a++)
      y[j] += r[a] * chain->share[chain->live[a]][j];
}

/* Gauss with the largest pivot; a row without one belongs to a component whose levels float: that unknown is 0. */
static void
solve_dense (int n, long double a[REFERENCE_MAX][REFERENCE_MAX + 1], long double *x)
{
  int row_of[REFERENCE_MAX];
  bool used[REFERENCE_MAX] = { false };

  for (int k = 0; k < n; k++) {
    int pivot = -1;

    for (int i = 0; i < n; i++)
      if (!used[i] && (pivot < 0 || fabsl (a[i][k]) > fabsl (a[pivot][k])))
        pivot = i;
    row_of[k] = pivot;
    used[pivot] = true;
    for (int i = 0; i < n; i++) {
      const long double f = i == pivot ? 0 : a[i][k] / a[pivot][k];

      for (int j = k; j <= n && f != 0; j++)
        a[i][j] -= f * a[pivot][j];
    }
  }
  for (int k = 0; k < n; k++)
    x[k] = a[row_of[k]][n] / a[row_of[k]][k];
}

bool
reference_levels (int n, const double *flow, long double *level, long double *incoherence)
{
  long double a[REFERENCE_MAX][REFERENCE_MAX + 1] = { 0 };
  bool reach[REFERENCE_MAX][REFERENCE_MAX] = { 0 };
  long double above = 0, below = 0;

  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      reach[i][j] = i == j || flow[i * n + j] > 0 || flow[j * n + i] > 0;
  close_paths (n, reach);
  for (int i = 0; i < n; i++) {
    bool first = true;

    for (int j = 0; j < i; j++)
      first = first && !reach[i][j];
    for (int j = 0; j < n && !first; j++) {
      const long double in = j == i ? 0 : flow[j * n + i], out = j == i ? 0 : flow[i * n + j];

      a[i][i] += in + out;
      a[i][j] -= in + out;
      a[i][n] += in - out;
    }
    if (first)
      a[i][i] = 1;
  }
  solve_dense (n, a, level);
  for (int i = 0; i < n; i++) {
    long double lowest = INFINITY;

    for (int j = 0; j < n; j++)
      if (reach[i][j])
        lowest = fminl (lowest, level[j]);
    a[0][i] = level[i] - lowest;
  }
  for (int i = 0; i < n; i++)
    level[i] = a[0][i];
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      const long double step = i == j ? 1 : level[j] - level[i] - 1;

      above += flow[i * n + j] * step * step;
      below += flow[i * n + j];
    }
  *incoherence = below > 0 ? above / below : 0;
  return below > 0;
}
