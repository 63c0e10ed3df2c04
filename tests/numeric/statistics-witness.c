/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For test-statistics-witness.py: a line of words in, a line of numbers out.
 *
 *   wilson KEPT BROKEN SQUARES        paired BOTH FIRST SECOND NEITHER       beta A B P
 *   newcombe KEPT BROKEN KEPT BROKEN  survival UNTIL TIME END WEIGHT ...     log-rank SAMPLE TIME END WEIGHT ... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "numeric/vcn-log-rank.h"
#include "numeric/vcn-rate.h"
#include "numeric/vcn-special.h"
#include "numeric/vcn-survival.h"

#define MOST 200
#define Z (vcn_normal_within (0.95))

typedef struct {
  guint64 n;
  double  time[MOST], weight[MOST];
  guint8  end[MOST];
} Rows;

static VcnSpells
to_spells (const Rows *rows)
{
  return (VcnSpells) { rows->n, rows->time, rows->end, rows->weight };
}

static void
add_row (Rows *rows, char **words)
{
  rows->time[rows->n] = g_ascii_strtod (words[0], NULL);
  rows->end[rows->n] = (guint8) atoi (words[1]);
  rows->weight[rows->n++] = g_ascii_strtod (words[2], NULL);
}

static void
tell (VcnFigure figure)
{
  printf ("%.17g %.17g %.17g ", figure.value, figure.low, figure.high);
}

static VcnFigure
rate (const double *counts)
{
  return vcn_wilson (&(VcnRate) { counts[0], counts[1], counts[0] + counts[1] }, Z);
}

static void
tell_survival (char **words)
{
  Rows rows = { 0 };
  VcnSpells spells;
  VcnLook look = { NULL, 0, FALSE };
  g_auto (VcnSurvival) survival = { 0 };

  for (char **word = words + 2; *word != NULL; word += 3)
    add_row (&rows, word);
  spells = to_spells (&rows);
  if (!vcn_survival_fit (&survival, &spells, 1, &look, NULL))
    exit (1);
  tell (vcn_survival_median (&survival, Z, &look));
  tell (vcn_survival_mean (&survival, g_ascii_strtod (words[1], NULL), Z));
  for (guint64 i = 0; i < survival.n_steps; i++) {
    double low, high;

    vcn_step_limits (&survival.steps[i], Z, &low, &high);
    printf ("%.17g %.17g %.17g %.17g %.17g ", survival.steps[i].time, survival.steps[i].value,
            survival.steps[i].variance, low, high);
  }
}

static void
tell_log_rank (char **words)
{
  Rows rows[2] = { { 0 }, { 0 } };
  VcnLogRank test;

  for (char **word = words + 1; *word != NULL; word += 4)
    add_row (&rows[atoi (word[0])], word + 1);
  if (!vcn_log_rank (&test, (VcnSpells[]) { to_spells (&rows[0]), to_spells (&rows[1]) }, 1, NULL, NULL))
    exit (1);
  printf ("%d %.17g %.17g %.17g %.17g %.17g", test.status == VC_STATUS_OK, test.observed[0], test.expected[0],
          test.variance, test.chi_square, test.p);
}

static void
tell_rates (char **words)
{
  double numbers[4] = { 0 };
  VcnFigure a, b;

  for (guint k = 0; k < 4 && words[k + 1] != NULL; k++)
    numbers[k] = g_ascii_strtod (words[k + 1], NULL);
  a = rate (numbers);
  b = rate (numbers + 2);
  if (strcmp (words[0], "wilson") == 0)
    tell (vcn_wilson (&(VcnRate) { numbers[0], numbers[1], numbers[2] }, Z));
  else if (strcmp (words[0], "newcombe") == 0)
    tell (vcn_newcombe (&a, &b));
  else if (strcmp (words[0], "paired") == 0)
    tell (vcn_newcombe_paired (&(VcnPairs) { numbers[0], numbers[1], numbers[2], numbers[3] }, Z));
  else
    printf ("%.17g", vcn_beta_quantile (numbers[0], numbers[1], numbers[2]));
}

int
main (void)
{
  char line[65536];

  while (fgets (line, sizeof line, stdin) != NULL) {
    g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", -1);

    if (strcmp (words[0], "survival") == 0)
      tell_survival (words);
    else if (strcmp (words[0], "log-rank") == 0)
      tell_log_rank (words);
    else
      tell_rates (words);
    printf ("\n");
  }
  return 0;
}
