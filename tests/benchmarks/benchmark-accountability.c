/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* benchmark-accountability FOLDER [THREADS [HALF_LIFE]]: reads a chain folder and scores its accountability, by records
 * whose weight halves with so many days; prints seconds, peak bytes and the rounds of the null model as JSON. */
#include <stdlib.h>
#include <string.h>

#include <valuechain/valuechain.h>

/* Of this program: getrusage() would count what its parent had before it became this one. */
static double
peak_bytes (void)
{
  g_autofree char *status = NULL;
  const char *peak;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL) || (peak = strstr (status, "VmHWM:")) == NULL)
    return 0;
  return 1024.0 * (double) g_ascii_strtoull (peak + strlen ("VmHWM:"), NULL, 10);
}

static guint64
null_rounds (VcScores *scores)
{
  GVariant *proof = vc_scores_get_proof (scores);
  guint64 rounds = 0;

  (void) g_variant_lookup (proof, "null_iterations", "t", &rounds);
  return rounds;
}

static double
seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

int
main (int argc, char **argv)
{
  g_autoptr (VcSource) source = NULL;
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (VcMeasure) measure = VC_MEASURE (vc_accountability_new ());
  g_autoptr (VcScores) scores = NULL;
  g_autoptr (GError) error = NULL;
  double n, read, read_peak, score;
  gint64 start;

  if (argc < 2)
    return EXIT_FAILURE;
  source = VC_SOURCE (vc_folder_new (argv[1]));
  vc_measure_set_threads (measure, argc > 2 ? (guint) atoi (argv[2]) : 0);
  g_object_set (measure, "half-life", argc > 3 ? g_ascii_strtod (argv[3], NULL) : 0, NULL);
  start = g_get_monotonic_time ();
  chain = vc_source_load (source, NULL, NULL, &error);
  if (chain == NULL)
    g_error ("%s", error->message);
  read = seconds_since (start);
  read_peak = peak_bytes ();
  n = (double) vc_table_get_n_rows (vc_chain_get_commitments (chain));
  start = g_get_monotonic_time ();
  scores = vc_measure_run (measure, chain, NULL, NULL, &error);
  if (scores == NULL)
    g_error ("%s", error->message);
  score = seconds_since (start);
  g_print ("{\"commitments\": %.0f, \"read\": %.3f, \"score\": %.3f, \"read_bytes_each\": %.1f, \"bytes_each\": %.1f, "
           "\"null_rounds\": %" G_GUINT64_FORMAT "}\n",
           n, read, score, read_peak / n, peak_bytes () / n, null_rounds (scores));
  return EXIT_SUCCESS;
}
