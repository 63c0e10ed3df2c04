/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Measures and reports where memory ends. */
#include "operations.h"

#include <criterion/criterion.h>

#include "chains.h"

/* Customers, a ring of people with a chord (which is eliminated), a closed loop, who ends it, units and instructions.
 */
static VcChain *
new_chain (void)
{
  g_autoptr (GString) text = g_string_new (
    "currency EUR\nunit-of-effort h\nparty c customer\nparty d customer\nparty u unit\nparty v unit unit=u\n"
    "party m person unit=v effort=3\nparty l1 person\nparty l2 person\nparty e person\n"
    "work l1 l2 1\nwork l2 l1 2\nreceipt c 100\nreceipt d -5\ninstruction c m 1\ninstruction m p0 2\n");

  for (guint i = 0; i < 12; i++)
    g_string_append_printf (text, "party p%u person unit=%s manager=m effort=%u\n", i, i % 2 ? "u" : "v", i);
  for (guint i = 0; i < 12; i++)
    g_string_append_printf (text, "work p%u p%u 1\nwork p%u p%u 2\n", i, (i + 1) % 12, i, (i * 5 + 3) % 12);
  g_string_append (text, "work p0 c 3\nwork p5 d 1\nwork p7 l1 1\nwork p3 e 1\nwork p3 m 1\nwork p3 p3 1\n");
  return chains_new (text->str);
}

static char *
score (VcChain *chain, VcGrouping group_by, GError **error)
{
  g_autoptr (VcAlignment) measure = vc_alignment_new ();
  g_autoptr (VcScores) scores = NULL;

  g_object_set (measure, "group-by", group_by, "threads", 1, NULL);
  scores = vc_measure_run (VC_MEASURE (measure), chain, NULL, NULL, error);
  memory_disarm ();
  return scores != NULL ? chains_dump (scores) : NULL;
}

static char *
score_parties (gconstpointer data, GError **error)
{
  return score ((VcChain *) data, VC_GROUPING_NONE, error);
}

static char *
score_units (gconstpointer data, GError **error)
{
  return score ((VcChain *) data, VC_GROUPING_UNIT, error);
}

static char *
explain (gconstpointer data, GError **error)
{
  g_autoptr (VcAlignment) measure = g_object_new (VC_TYPE_ALIGNMENT, "group-by", VC_GROUPING_UNIT, "threads", 1, NULL);
  g_autoptr (VcScores) scores = vc_measure_explain (VC_MEASURE (measure), (VcChain *) data, "v", NULL, NULL, error);

  memory_disarm ();
  return scores != NULL ? chains_dump (scores) : NULL;
}

static char *
explain_records (gconstpointer data, GError **error)
{
  g_autoptr (VcMeasure) measure
    = g_object_new (VC_TYPE_ACCOUNTABILITY, "group-by", VC_GROUPING_UNIT, "half-life", 9.0, "threads", 1, NULL);
  g_autoptr (VcScores) scores = vc_measure_explain (measure, (VcChain *) data, "u", NULL, NULL, error);

  memory_disarm ();
  return scores != NULL ? chains_dump (scores) : NULL;
}

static char *
keep (VcChain *chain, VcGrouping group_by, GError **error)
{
  g_autoptr (VcMeasure) measure
    = g_object_new (VC_TYPE_ACCOUNTABILITY, "group-by", group_by, "half-life", 30.0, "threads", 1, NULL);
  g_autoptr (VcScores) scores = vc_measure_run (measure, chain, NULL, NULL, error);

  memory_disarm ();
  return scores != NULL ? chains_dump (scores) : NULL;
}

static char *
keep_of_parties (gconstpointer data, GError **error)
{
  return keep ((VcChain *) data, VC_GROUPING_NONE, error);
}

static char *
keep_of_units (gconstpointer data, GError **error)
{
  return keep ((VcChain *) data, VC_GROUPING_UNIT, error);
}

/* Under managers, in units, with all that a commitment can be. */
static VcChain *
new_promises (void)
{
  static const char *const states[] = { "kept", "broken", "open", "withdrawn" };
  g_autoptr (GString) text = g_string_new ("party k customer\nparty u unit\nparty v unit unit=u\n");

  for (guint i = 0; i < 8; i++)
    g_string_append_printf (text, "party p%u person unit=%s manager=p%u\n", i, i % 2 ? "u" : "v", i / 3);
  for (guint i = 0; i < 32; i++)
    g_string_append_printf (
      text, "commitment p%u p%u state=%s made=2025-01-01 due=2025-01-0%u weight=%u id=c%u what=w%u reopened=%u%s\n",
      i % 8, (i + 1 + i / 8) % 8, states[i / 8], 2 + i % 7, 1 + i % 3, i, i % 5, i % 2,
      i / 8 == 2 ? "" : " closed=2025-01-05 closed_by=p1");
  g_string_append (text, "commitment p3 k state=kept\n");
  return chains_new (text->str);
}

Test (faults_scores, accountability)
{
  g_autoptr (VcChain) chain = new_promises ();

  expect_no_harm (keep_of_parties, chain);
}

Test (faults_scores, accountability_by_unit)
{
  g_autoptr (VcChain) chain = new_promises ();

  expect_no_harm (keep_of_units, chain);
}

Test (faults_scores, explanation_by_records)
{
  g_autoptr (VcChain) chain = new_promises ();

  expect_no_harm (explain_records, chain);
}

Test (faults_scores, explanation)
{
  g_autoptr (VcChain) chain = new_chain ();

  expect_no_harm (explain, chain);
}

Test (faults_scores, alignment)
{
  g_autoptr (VcChain) chain = new_chain ();

  expect_no_harm (score_parties, chain);
}

Test (faults_scores, alignment_by_unit)
{
  g_autoptr (VcChain) chain = new_chain ();

  expect_no_harm (score_units, chain);
}

static char *
list_options (gconstpointer data, GError **error)
{
  g_autoptr (VcAlignment) measure = vc_alignment_new ();

  return tell_table (vc_measure_list_options (VC_MEASURE (measure)));
}

Test (faults_scores, options_are_listed)
{
  expect_no_harm_plain (list_options, NULL);
}

typedef struct {
  VcChain       *chain;
  VcScores      *scores;
  VcReportFormat format;
} Sheet;

static char *
report (gconstpointer data, GError **error)
{
  const Sheet *sheet = data;
  g_autoptr (VcReport) self = vc_report_new (sheet->chain);

  vc_report_add_scores (self, sheet->scores);
  return vc_report_to_string (self, sheet->format, error);
}

static char *
show_text (gconstpointer data, GError **error)
{
  return vc_scores_to_text (((const Sheet *) data)->scores, 80, 5);
}

static char *
show_html (gconstpointer data, GError **error)
{
  return vc_scores_to_html (((const Sheet *) data)->scores, 5);
}

static void
expect_no_harm_of_report (VcReportFormat format)
{
  g_autoptr (VcChain) chain = new_chain ();
  g_autoptr (VcScores) scores = chains_score_chain (chain, NULL);
  Sheet sheet = { chain, scores, format };

  expect_no_harm (report, &sheet);
  if (format == VC_REPORT_FORMAT_TEXT)
    expect_no_harm_plain (show_text, &sheet);
  if (format == VC_REPORT_FORMAT_HTML)
    expect_no_harm_plain (show_html, &sheet);
}

Test (faults_scores, report_in_text)
{
  expect_no_harm_of_report (VC_REPORT_FORMAT_TEXT);
}

Test (faults_scores, report_in_json)
{
  expect_no_harm_of_report (VC_REPORT_FORMAT_JSON);
}

Test (faults_scores, report_in_html)
{
  expect_no_harm_of_report (VC_REPORT_FORMAT_HTML);
}
