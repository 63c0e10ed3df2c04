/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options, grouping, cancelling, threads, and what tables say of themselves. */
#include "score-checks.h"

#include <criterion/criterion.h>
#include <math.h>

#include "alignment/vc-alignment-private.h"
#include "base/vc-progress-private.h"
#include "valuechain/vc-error.h"

static const char company[]
  = "currency EUR\nunit-of-effort hour\n"
    "party k customer\nparty l customer\n"
    "party shop unit effort=2\nparty a person unit=shop effort=4\nparty b person unit=shop manager=a\n"
    "party lab unit unit=shop\nparty c person unit=lab\nparty d person\n"
    "work a k 3\nwork b a 1\nwork b b 1\nwork c b 2\nwork c d 1\nwork a a 1\nwork d c 1\nwork d a 1\nwork shop l 2\n"
    "instruction k a 1\ninstruction a b 3\n"
    "receipt k 70\nreceipt l 9\n";

/* Large enough for several chunks. */
static char *
long_line (guint n)
{
  g_autoptr (GString) text = g_string_new ("party k customer\nparty z person\n");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "party p%05u person unit=u%u\n", i, i % 7);
  for (guint i = 0; i < 7; i++)
    g_string_append_printf (text, "party u%u unit\n", i);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (
      text, "work p%05u p%05u %u\nwork p%05u p%05u %u\nwork p%05u %s 0.1\ninstruction p%05u p%05u 1\n", i,
      (i * 7 + 1) % n, i % 5 + 1, i, (i + n - 3) % n, i % 3 + 1, i, i % 11 == 0 ? "k" : "z", i, (i * 3 + 1) % n);
  g_string_append (text, "receipt k 1000\n");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_close (double found, double expected)
{
  cr_assert (fabs (found - expected) <= 1e-13, "%.17g is not %.17g", found, expected);
}

Test (alignment_run, groups_by_unit)
{
  g_autoptr (VcScores) apart = chains_score (company, NULL);
  g_autoptr (VcScores) scores = chains_score (company, "group-by=unit");
  double a = chains_figure (apart, "parties", "a", "level"), b = chains_figure (apart, "parties", "b", "level");
  double shop = chains_figure (apart, "parties", "shop", "level");

  cr_assert_eq (vc_table_get_n_rows (vc_scores_get_table (scores, "parties")), 3u);
  /* shop with a and b; lab, though it is of the shop, with c; d alone. */
  assert_close (chains_figure (scores, "parties", "shop", "effort"), 2 + 4 + 1);
  assert_close (chains_figure (scores, "parties", "shop", "reach"), (2 * 1 + 4 * 0.75 + 1) / 7.0);
  assert_close (chains_figure (scores, "parties", "shop", "undelivered"), 1 / 7.0);
  assert_close (chains_figure (scores, "parties", "shop", "rework"), 2 / 8.0);
  assert_close (chains_figure (scores, "parties", "shop", "distance"), (2 * 1 + 3 * 1 + 1 * 2) / 6.0);
  assert_close (chains_figure (scores, "parties", "shop", "level"), (2 * shop + 4 * a + b) / 7);
  assert_close (chains_figure (scores, "parties", "shop", "pull"), 1);
  assert_close (chains_figure (scores, "parties", "lab", "effort"), 3);
  assert_close (chains_figure (scores, "parties", "shop", "revenue")
                  + chains_figure (scores, "parties", "lab", "revenue")
                  + chains_figure (scores, "parties", "d", "revenue"),
                79);
}

Test (alignment_run, groups_flows_by_pair)
{
  g_autoptr (VcScores) apart = chains_score (company, NULL);
  g_autoptr (VcScores) scores = chains_score (company, "group-by=unit");

  cr_assert_eq (vc_table_get_n_rows (vc_scores_get_table (scores, "flows")), 7u);
  assert_close (chains_flow (scores, "shop", "shop", "amount"), 1);
  assert_close (chains_flow (scores, "shop", "k", "amount"), 3);
  assert_close (chains_flow (scores, "shop", "k", "carried"), chains_flow (apart, "a", "k", "carried"));
  assert_close (chains_flow (scores, "lab", "shop", "reaching"), chains_flow (apart, "c", "b", "reaching"));
  for (guint i = 0; i < 2; i++) {
    const char *customer = i == 0 ? "k" : "l";

    cr_assert (chains_figure (scores, "customers", customer, "effort")
               == chains_figure (apart, "customers", customer, "effort"));
  }
}

/* The level of those who have no effort counts equally; a loop makes what passes in its unit undefined. */
Test (alignment_run, groups_without_effort_and_with_loops)
{
  g_autoptr (VcScores) scores
    = chains_score ("party u unit\nparty v unit\nparty a person\n"
                    "party e person unit=u\nparty f person unit=u\nparty g person unit=v\nparty h person unit=v\n"
                    "work a e 1\nwork a f 3\nwork a g 1\nwork g h 1\nwork h g 1\n",
                    "group-by=unit");
  g_autoptr (VcScores) apart
    = chains_score ("party a person\nparty e person\nparty f person\nparty g person\nparty h person\n"
                    "work a e 1\nwork a f 3\nwork a g 1\nwork g h 1\nwork h g 1\n",
                    NULL);

  assert_close (chains_figure (scores, "parties", "u", "level"),
                (chains_figure (apart, "parties", "e", "level") + chains_figure (apart, "parties", "f", "level")) / 2);
  cr_assert (isnan (chains_figure (scores, "parties", "u", "reach")));
  cr_assert (isnan (chains_flow (scores, "v", "v", "carried")));
  assert_close (chains_flow (scores, "v", "v", "amount"), 2);
  assert_close (chains_flow (scores, "a", "u", "carried"), 4);
}

Test (alignment_run, options)
{
  g_autoptr (VcMeasure) measure = VC_MEASURE (vc_alignment_new ());
  g_autoptr (GError) error = NULL;
  VcGrouping group_by;
  double tolerance;

  cr_assert_str_eq (vc_measure_get_name (measure), "alignment");
  cr_assert (vc_measure_set_option (measure, "group-by", "unit", &error));
  cr_assert (vc_measure_set_option (measure, "tolerance", "1e-10", &error));
  g_object_get (measure, "group-by", &group_by, "tolerance", &tolerance, NULL);
  cr_assert_eq (group_by, VC_GROUPING_UNIT);
  cr_assert (tolerance == 1e-10);
  cr_assert_not (vc_measure_set_option (measure, "tolerance", "0", &error));
  cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION));
  g_clear_error (&error);
  cr_assert_not (vc_measure_set_option (measure, "group-by", "customer", &error));
  cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION));
}

Test (alignment_run, scores_tell_the_options)
{
  g_autoptr (VcScores) scores = chains_score (company, "group-by=unit threads=2");
  g_autoptr (GVariant) options = g_variant_ref (vc_scores_get_options (scores));
  const char *group_by = NULL;

  cr_assert (g_variant_lookup (options, "group-by", "&s", &group_by));
  cr_assert_str_eq (group_by, "unit");
  cr_assert_not (g_variant_lookup (options, "threads", "t", NULL), "it never changes a result");
  cr_assert_str_eq (vc_scores_get_measure (scores), "alignment");
}

/* What tables are made of, as the guide has it. */
Test (alignment_run, columns_have_units_and_descriptions)
{
  g_autoptr (VcScores) scores = chains_score (company, NULL);

  assert_tables (scores, (const char *const[]) { "summary", "parties", "sinks", "customers", "flows", NULL });
  cr_assert_str_eq (vc_column_get_unit (vc_table_lookup_column (vc_scores_get_table (scores, "parties"), "effort")),
                    "hour");
  cr_assert_str_eq (vc_column_get_unit (vc_table_lookup_column (vc_scores_get_table (scores, "parties"), "reach")),
                    "share");
  cr_assert_str_eq (vc_column_get_unit (vc_table_lookup_column (vc_scores_get_table (scores, "parties"), "revenue")),
                    "EUR");
  cr_assert_str_eq (
    vc_column_get_unit (vc_table_lookup_column (vc_scores_get_table (scores, "customers"), "receipts_per_effort")),
    "EUR/hour");
}

Test (alignment_run, proof)
{
  g_autoptr (VcScores) scores = chains_score (company, NULL);

  cr_assert (chains_proof (scores, "forward_residual") <= 1e-12);
  cr_assert (chains_proof (scores, "backward_residual") <= 1e-12);
  cr_assert (chains_proof (scores, "instructions_residual") <= 1e-12);
  cr_assert (chains_proof (scores, "levels_residual") <= 1e-12);
  cr_assert (chains_proof (scores, "work_loops") == 0);
  cr_assert (chains_proof (scores, "work_ends") == 3);
  cr_assert (chains_proof (scores, "work_live") == 5);
}

/* More of them than are sorted at once. */
Test (alignment_run, sinks_are_in_order)
{
  const guint n = 70000;
  g_autoptr (GString) text = g_string_new ("party hub person\n");
  g_autoptr (VcScores) scores = NULL;
  VcTable *sinks;
  VcColumn *efforts, *parties;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "party p%05u person\nwork hub p%05u %u\n", i, i, 1 + i * 7919 % 997);
  scores = chains_score (text->str, NULL);
  sinks = vc_scores_get_table (scores, "sinks");
  efforts = vc_table_lookup_column (sinks, "effort");
  parties = vc_table_lookup_column (sinks, "party");
  cr_assert_eq (vc_table_get_n_rows (sinks), n);
  for (guint i = 1; i < n; i++) {
    double before = vc_column_get_double (efforts, i - 1), here = vc_column_get_double (efforts, i);
    g_autofree char *last = vc_column_dup_text (parties, i - 1), *party = vc_column_dup_text (parties, i);

    cr_assert (before > here || (before == here && strcmp (last, party) < 0), "%s before %s", last, party);
  }
}

static VcScores *
run (gpointer measure, VcChain *chain, VcmWatch *watch, GError **error)
{
  return vc_alignment_run_watched (measure, chain, watch, error);
}

static void
stop_everywhere (const char *text, VcGrouping group_by)
{
  g_autoptr (VcChain) chain = chains_new (text);
  g_autoptr (VcAlignment) measure = g_object_new (VC_TYPE_ALIGNMENT, "group-by", group_by, NULL);

  cr_assert_gt (stop_at_every_look (run, measure, chain), 8u, "each stage looks");
}

Test (alignment_run, stops_wherever_it_is_cancelled)
{
  g_autofree char *text = long_line (3000);

  stop_everywhere (company, VC_GROUPING_NONE);
  stop_everywhere (company, VC_GROUPING_UNIT);
  stop_everywhere (text, VC_GROUPING_NONE);
}

static gboolean
turn (gpointer data, double fraction, const char *stage)
{
  g_object_set (data, "group-by", VC_GROUPING_UNIT, "tolerance", 1e-7, NULL);
  return TRUE;
}

/* What is told is what was used, whatever happens to the measure meanwhile. */
Test (alignment_run, options_are_read_once)
{
  g_autoptr (VcChain) chain = chains_new (company);
  g_autoptr (VcAlignment) measure = vc_alignment_new ();
  g_autoptr (VcScores) scores = NULL;
  VcmWatch watch;
  const char *group_by;
  double tolerance;

  vcm_watch_init (&watch, turn, measure);
  scores = vc_alignment_run_watched (measure, chain, &watch, NULL);
  cr_assert_not_null (scores);
  cr_assert (g_variant_lookup (vc_scores_get_options (scores), "group-by", "&s", &group_by));
  cr_assert_str_eq (group_by, "none");
  cr_assert (g_variant_lookup (vc_scores_get_options (scores), "tolerance", "d", &tolerance));
  cr_assert (tolerance == 1e-12);
  cr_assert_eq (vc_table_get_n_rows (vc_scores_get_table (scores, "parties")), 6u);
}

Test (alignment_run, cancelled_before_it_starts)
{
  g_autoptr (VcChain) chain = chains_new (company);
  g_autoptr (VcMeasure) measure = VC_MEASURE (vc_alignment_new ());
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) scores = NULL;

  g_cancellable_cancel (cancellable);
  scores = vc_measure_run (measure, chain, NULL, cancellable, &error);
  cr_assert_null (scores);
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}

Test (alignment_run, reports_progress)
{
  g_autoptr (VcChain) chain = chains_new (company);
  g_autoptr (VcMeasure) measure = VC_MEASURE (vc_alignment_new ());
  g_autoptr (VcProgress) progress = vc_progress_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (VcScores) scores = vc_measure_run (measure, chain, progress, NULL, &error);
  g_autofree char *stage = vc_progress_dup_stage (progress);

  cr_assert_not_null (scores);
  cr_assert (vc_progress_get_fraction (progress) == 1);
  cr_assert_str_eq (stage, "tables");
}

Test (alignment_run, same_bits_for_any_number_of_threads)
{
  g_autofree char *text = long_line (40000);
  g_autoptr (VcChain) chain = chains_new (text);

  assert_same_bits_for_any_threads (chain, "group-by=none");
}
