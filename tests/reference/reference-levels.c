/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reference-levels.h"

#include <math.h>
#include <stdlib.h>

/* w: weights; p: weights times the step from row to column. */
static void
take_out (long n, long k, long double *w, long double *p)
{
  long double whole = 0;

  for (long i = 0; i < k; i++)
    whole += w[k * n + i];
  for (long i = 0; i < k; i++)
    for (long j = 0; j < k; j++)
      if (i != j && w[k * n + i] > 0 && w[k * n + j] > 0) {
        const long double more = w[k * n + i] / whole * w[k * n + j];

        w[i * n + j] += more;
        p[i * n + j] += more * (p[k * n + j] / w[k * n + j] - p[k * n + i] / w[k * n + i]);
      }
  for (long i = 0; i < k; i++)
    if (w[k * n + i] > 0) {
      p[k * n + i] /= w[k * n + i];
      w[k * n + i] /= whole;
    }
}

static int
find (const int *component, int i)
{
  while (component[i] != i)
    i = component[i];
  return i;
}

/* `component`: n to work in. */
static void
shift (int n, long m, const int32_t *from, const int32_t *to, const double *amount, int *component, long double *lowest,
       long double *level)
{
  for (int i = 0; i < n; i++) {
    component[i] = i;
    lowest[i] = INFINITY;
  }
  for (long k = 0; k < m; k++)
    if (amount[k] > 0)
      component[find (component, from[k])] = find (component, to[k]);
  for (int i = 0; i < n; i++)
    lowest[find (component, i)] = fminl (lowest[find (component, i)], level[i]);
  for (int i = 0; i < n; i++)
    level[i] -= lowest[find (component, i)];
}

int
reference_wide_levels (int n_parties, long m, const int32_t *from, const int32_t *to, const double *amount,
                       long double *level)
{
  const long n = n_parties;
  long double *w = calloc ((size_t) (n * n), sizeof *w), *p = calloc ((size_t) (n * n), sizeof *p);
  int *component = calloc ((size_t) n, sizeof *component);

  for (long k = 0; w != NULL && p != NULL && k < m; k++)
    if (from[k] != to[k]) {
      w[from[k] * n + to[k]] += amount[k];
      w[to[k] * n + from[k]] += amount[k];
      p[from[k] * n + to[k]] += amount[k];
      p[to[k] * n + from[k]] -= amount[k];
    }
  if (w != NULL && p != NULL && component != NULL) {
    for (long k = n - 1; k > 0; k--)
      take_out (n, k, w, p);
    for (long k = 0; k < n; k++) {
      level[k] = 0;
      for (long i = 0; i < k; i++)
        if (w[k * n + i] > 0)
          level[k] += w[k * n + i] * (level[i] - p[k * n + i]);
    }
    shift (n_parties, m, from, to, amount, component, w, level);
  }
  free (p);
  free (w);
  free (component);
  return p != NULL && w != NULL && component != NULL;
}
