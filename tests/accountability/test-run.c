/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options, cancelling, threads, the order of rows, and what tables say of themselves. */
#include "score-checks.h"

#include <criterion/criterion.h>
#include <math.h>

#include "accountability/vc-accountability-private.h"
#include "valuechain/vc-csv-reader.h"
#include "valuechain/vc-error.h"

#define SCORE "measure=accountability"

/* People in units under managers, with more pairs and rows than fit into a chunk of any kind. */
static char *
large (guint n, gboolean backwards)
{
  static const char *const states[] = { "kept", "kept", "broken", "open", "withdrawn" };
  g_autoptr (GString) text = g_string_new ("party k customer\n");

  for (guint i = 0; i < 7; i++)
    g_string_append_printf (text, "party u%u unit%s\n", i, i > 0 ? " unit=u0" : "");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "party p%05u person unit=u%u manager=p%05u\n", i, i % 7, i / 5);
  for (guint row = 0; row < 3 * n; row++) {
    const guint k = backwards ? 3 * n - 1 - row : row, i = k % n, j = (i * 7 + k / n + 1) % n;
    const char *state = states[k * k % 5];

    if (i != j)
      g_string_append_printf (
        text, "commitment p%05u p%05u state=%s made=2025-%02u-%02u due=2025-%02u-01%s%s weight=%u.%u\n", i,
        k % 11       ? j
        : i / 5 == i ? j
                     : i / 5,
        state, 1 + k % 6, 1 + k % 28, 2 + k % 9, state[0] != 'o' ? " closed=2025-08-0" : "",
        state[0] != 'o' ? (k % 2 ? "1" : "2") : "", k % 3, k % 10);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dump (const char *text, const char *options)
{
  g_autoptr (VcScores) scores = chains_score (text, options);

  return chains_dump (scores);
}

Test (accountability_run, options)
{
  g_autoptr (VcMeasure) measure = VC_MEASURE (vc_accountability_new ());
  g_autoptr (GError) error = NULL;
  g_autofree char *at = NULL;
  VcGrouping group_by;
  double half_life, confidence;

  cr_assert_str_eq (vc_measure_get_name (measure), "accountability");
  g_object_get (measure, "at", &at, "group-by", &group_by, "half-life", &half_life, "confidence", &confidence, NULL);
  cr_assert_null (at);
  cr_assert (group_by == VC_GROUPING_NONE && half_life == 0 && confidence == 0.95);
  cr_assert (vc_measure_set_option (measure, "at", "2025-06-30", &error));
  cr_assert (vc_measure_set_option (measure, "half-life", "90", &error));
  g_object_get (measure, "at", &at, NULL);
  cr_assert_str_eq (at, "2025-06-30");
  cr_assert_not (vc_measure_set_option (measure, "half-life", "-1", &error));
  cr_assert (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION));
  g_clear_error (&error);
  cr_assert_not (vc_measure_set_option (measure, "confidence", "1", &error));
}

static void
count_warning (const char *domain, GLogLevelFlags level, const char *message, gpointer n)
{
  ++*(guint *) n;
}

/* As text it is an error; as a property GObject warns, and nothing changes. */
Test (accountability_run, confidence_and_half_life_stay_in_their_range)
{
  static const char *const texts[] = { "0", "1", "-1", "1.5", "nan", "inf", "1e-300" };
  static const double wrong[] = { 0, 1, -1, 1.5, NAN, INFINITY };
  g_autoptr (VcMeasure) measure = VC_MEASURE (vc_accountability_new ());
  double confidence, half_life;
  guint n_warnings = 0;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    cr_expect_not (vc_measure_set_option (measure, "confidence", texts[i], &error), "%s", texts[i]);
    cr_expect (g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION));
  }
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_handler ("GLib-GObject", G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL, count_warning, &n_warnings);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_object_set (measure, "confidence", wrong[i], NULL);
  g_object_set (measure, "half-life", NAN, NULL);
  g_object_set (measure, "half-life", -1.0, NULL);
  g_object_get (measure, "confidence", &confidence, "half-life", &half_life, NULL);
  cr_expect (confidence == 0.95 && half_life == 0, "%g %g", confidence, half_life);
  cr_expect_eq (n_warnings, G_N_ELEMENTS (wrong) + 2);
}

Test (accountability_run, same_bits_for_any_number_of_threads)
{
  static const char *const options[] = { SCORE, SCORE " group-by=unit", SCORE " half-life=30" };
  g_autofree char *text = large (6000, FALSE);
  g_autoptr (VcChain) chain = chains_new (text);

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    assert_same_bits_for_any_threads (chain, options[i]);
}

Test (accountability_run, same_bits_in_any_order_of_rows)
{
  static const char *const options[] = { SCORE, SCORE " group-by=unit", SCORE " half-life=30" };
  g_autofree char *forwards = large (700, FALSE), *backwards = large (700, TRUE);

  cr_assert_str_neq (forwards, backwards);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++) {
    g_autofree char *a = dump (forwards, options[i]), *b = dump (backwards, options[i]);

    cr_assert_str_eq (a, b, "%s", options[i]);
  }
}

/* A third each is kept, overdue and broken. */
static char *
many (guint n)
{
  static const char *const rows[]
    = { "state=kept closed_by=b reopened=0 weight=0.1", "state=open due=2025-01-01", "state=broken weight=3" };
  GString *text = g_string_new ("party a person\nparty b person\ncommitment b a made=2025-02-01\n");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "commitment a b %s\n", rows[i % 3]);
  return g_string_free (text, FALSE);
}

/* The summary adds records up by ranges, of which there are three here. */
Test (accountability_run, many_records)
{
  const guint n = 150000;
  g_autofree char *text = many (n), *first = NULL, *second = NULL;
  g_autoptr (VcScores) scores = chains_score (text, SCORE " threads=2");

  cr_assert (fabs (chains_figure (scores, "summary", "kept", "value") - 0.1 / 4.1) < 1e-15);
  cr_assert (fabs (chains_figure (scores, "summary", "kept", "n") - n * (4.1 / 3) * (4.1 / 3) / (10.01 / 3)) < 1e-8);
  cr_assert (chains_figure (scores, "summary", "overdue", "value") == n / 3);
  cr_assert (chains_figure (scores, "summary", "closed_by_owed", "value") == 1
             && chains_figure (scores, "summary", "reopened", "value") == 0);
  first = chains_dump (scores);
  second = dump (text, SCORE " threads=1");
  cr_assert_str_eq (first, second);
}

/* All that there is between two, one of them in a unit in a unit: each table has a row of all records. */
static VcChain *
one_desk (guint n)
{
  g_autoptr (GString) text
    = g_string_new ("party top unit\nparty u unit unit=top\nparty a person unit=u\nparty b person manager=a\n");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text,
                            "commitment a b made=2025-01-01 due=2025-02-01 closed=2025-01-%02uT%02u:%02u:%02uZ"
                            " state=kept weight=0.%u\n",
                            2 + i % 28, i / 28 % 24, i / 672 % 60, i / 40320 % 60, 1 + i % 9);
  return chains_new (text->str);
}

static gboolean
count_by_stage (gpointer data, double fraction, const char *stage)
{
  GHashTable *counts = data;

  g_hash_table_insert (counts, g_strdup (stage),
                       GINT_TO_POINTER (GPOINTER_TO_INT (g_hash_table_lookup (counts, stage)) + 1));
  return TRUE;
}

/* By stage; of a run, then of an explanation. */
static GHashTable *
count_looks (guint n)
{
  g_autoptr (VcChain) chain = one_desk (n);
  g_autoptr (VcAccountability) measure
    = g_object_new (VC_TYPE_ACCOUNTABILITY, "threads", 1, "half-life", 30.0, NULL);
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (VcScores) scores = NULL, explained = NULL;
  VcmWatch watch;

  vcm_watch_init (&watch, count_by_stage, counts);
  scores = vc_accountability_run_watched (measure, chain, &watch, NULL);
  explained = vc_accountability_explain_watched (measure, chain, "a", &watch, NULL);
  cr_assert (scores != NULL && explained != NULL);
  return counts;
}

/* Nobody waits longer for a run to stop because there are more records: each loop over all of them looks. The numbers
 * are those of the loops, by what they count for a record; a loop that no longer looks is missed here. */
Test (accountability_run, looks_more_often_where_there_are_more_records)
{
  static const struct {
    const char *stage;
    gint        looks;
  } least[] = { { "records", 46 },   { "lines", 1 },      { "summary", 36 },     { "pairs", 1 },
                { "parties", 35 },   { "functions", 70 }, { "explanation", 114 } };
  g_autoptr (GHashTable) few = count_looks (3), lots = count_looks (270000);

  for (guint i = 0; i < G_N_ELEMENTS (least); i++) {
    const gint more = GPOINTER_TO_INT (g_hash_table_lookup (lots, least[i].stage))
                      - GPOINTER_TO_INT (g_hash_table_lookup (few, least[i].stage));

    cr_expect_geq (more, least[i].looks, "%s: %d", least[i].stage, more);
  }
}

static VcScores *
run (gpointer measure, VcChain *chain, VcmWatch *watch, GError **error)
{
  return vc_accountability_run_watched (measure, chain, watch, error);
}

static void
stop_everywhere (const char *text, VcGrouping group_by)
{
  g_autoptr (VcChain) chain = chains_new (text);
  g_autoptr (VcAccountability) measure
    = g_object_new (VC_TYPE_ACCOUNTABILITY, "group-by", group_by, "half-life", 30.0, NULL);

  cr_assert_geq (stop_at_every_look (run, measure, chain), 6u, "each stage looks");
}

Test (accountability_run, stops_wherever_it_is_cancelled)
{
  g_autofree char *text = large (300, FALSE);

  stop_everywhere (text, VC_GROUPING_NONE);
  stop_everywhere (text, VC_GROUPING_UNIT);
  stop_everywhere ("", VC_GROUPING_NONE);
}

static gboolean
turn (gpointer data, double fraction, const char *stage)
{
  g_object_set (data, "group-by", VC_GROUPING_UNIT, "at", "1999-01-01", "half-life", 1.0, "confidence", 0.5, NULL);
  return TRUE;
}

/* What is told is what was used, whatever happens to the measure meanwhile. */
Test (accountability_run, options_are_read_once)
{
  g_autofree char *text = large (50, FALSE);
  g_autoptr (VcChain) chain = chains_new (text);
  g_autoptr (VcAccountability) measure = vc_accountability_new ();
  g_autoptr (VcScores) scores = NULL;
  g_autoptr (VcScores) expected = chains_score_chain (chain, SCORE);
  double confidence;
  g_autofree char *a = NULL, *b = NULL;
  VcmWatch watch;

  vcm_watch_init (&watch, turn, measure);
  scores = vc_accountability_run_watched (measure, chain, &watch, NULL);
  cr_assert_not_null (scores);
  a = chains_dump (scores);
  b = chains_dump (expected);
  cr_assert_str_eq (a, b);
  cr_assert (g_variant_lookup (vc_scores_get_options (scores), "confidence", "d", &confidence) && confidence == 0.95);
}

Test (accountability_run, every_column_says_what_it_is)
{
  g_autoptr (VcScores) scores = chains_score (
    "party u unit\nparty a person unit=u\nparty b person manager=a\ncommitment a b state=kept\n", SCORE);

  assert_tables (scores, (const char *const[]) { "summary", "pairs", "lines", "parties", "functions", NULL });
}

/* Due times do not say how far the records go. */
Test (accountability_run, latest_time_in_the_data)
{
  g_autoptr (VcScores) scores = chains_score ("party a person\nparty b person\n"
                                              "commitment a b state=open made=2025-01-01 due=2025-02-01\ncommitment a "
                                              "b state=open made=2025-01-02 due=2030-01-01\n",
                                              SCORE);
  const char *at;

  cr_assert (g_variant_lookup (vc_scores_get_proof (scores), "at", "&s", &at));
  cr_assert_str_eq (at, "2025-01-02T00:00:00Z");
  cr_assert (chains_proof (scores, "records_overdue") == 0);
}

/* Flows and receipts do. */
Test (accountability_run, latest_time_of_flows_and_receipts)
{
  static const struct {
    const char *text, *at;
    void      (*add) (VcChainBuilder *builder, VcTable *table, const char *origin);
  } tables[] = {
    { "from,to,at\na,k,2025-03-01\n", "2025-03-01T00:00:00Z", vc_chain_builder_add_flows },
    { "customer,amount,at\nk,1,2025-04-01\n", "2025-04-01T00:00:00Z", vc_chain_builder_add_receipts },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autoptr (VcChainBuilder) builder = chains_read_builder (
      "party a person\nparty k customer\ncommitment a k state=open made=2025-01-01 due=2025-02-01\n");
    g_autoptr (VcCsvReader) reader = vc_csv_reader_new ();
    g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (tables[i].text, -1, NULL);
    g_autoptr (VcChain) chain = NULL;
    g_autoptr (VcScores) scores = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (VcTable) table = NULL;
    const char *at;

    vc_csv_reader_add_column (reader, "amount", VC_COLUMN_TYPE_DOUBLE, FALSE);
    table = vc_csv_reader_read_stream (reader, stream, "table", NULL, NULL);
    tables[i].add (builder, table, NULL);
    chain = vc_chain_builder_build (builder, NULL, NULL, &error);
    cr_assert_not_null (chain, "%s", error != NULL ? error->message : "");
    scores = chains_score_chain (chain, SCORE);
    cr_assert (g_variant_lookup (vc_scores_get_proof (scores), "at", "&s", &at));
    cr_assert_str_eq (at, tables[i].at);
    cr_assert (chains_proof (scores, "records_overdue") == 1);
  }
}
