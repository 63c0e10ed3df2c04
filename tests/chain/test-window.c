/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chain-helpers.h"

#include "../test-helpers.h"
#include "chain/vc-chain-private.h"
#include "chain/vc-window-private.h"
#include "table/vc-number-private.h"

#define DAY G_GINT64_CONSTANT (86400000000)

/* Ten days with a flow, a receipt and a commitment on each, one of each without a time, and an effort of 10. */
static VcChain *
ten_days (gboolean declared)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  const char *from[12] = { NULL };
  const char *to[12] = { NULL };
  const char *times[12] = { NULL };
  double amounts[11];

  for (guint i = 0; i < 11; i++) {
    from[i] = "a";
    to[i] = "c";
    times[i] = i < 10 ? numbered (i < 9 ? "1970-01-0" : "1970-01-", i + 1) : "";
    amounts[i] = i + 1;
  }
  {
    g_autoptr (VcTable) flows
      = TABLE (texts ("from", from), texts ("to", to), texts ("at", times), doubles ("amount", amounts, 11));
    g_autoptr (VcTable) receipts = TABLE (texts ("customer", to), texts ("at", times), doubles ("amount", amounts, 11));
    g_autoptr (VcTable) commitments = TABLE (texts ("from", from), texts ("to", to), texts ("made", times));

    vc_chain_builder_add_flows (builder, flows, NULL);
    vc_chain_builder_add_receipts (builder, receipts, NULL);
    vc_chain_builder_add_commitments (builder, commitments, NULL);
  }
  vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_party (builder, "c", VC_PARTY_KIND_CUSTOMER);
  vc_chain_builder_set_effort (builder, "a", 10);
  if (declared)
    vc_chain_builder_set_window (builder, 0, 10 * DAY);
  return build (builder);
}

Test (window, is_half_open)
{
  g_autoptr (VcChain) chain = ten_days (TRUE);
  g_autoptr (VcChain) part = vc_chain_window (chain, 2 * DAY, 5 * DAY, NULL, NULL, NULL);
  g_autoptr (VcTable) check = NULL;
  gint64 start, end;

  cr_assert_not_null (part);
  cr_assert_eq (vc_chain_get_n_flows (part), 3u);
  cr_assert_eq (vc_table_get_n_rows (vc_chain_get_receipts (part)), 3u);
  cr_assert_eq (vc_table_get_n_rows (vc_chain_get_commitments (part)), 3u);
  cr_assert_eq (vc_chain_get_n_parties (part), 2u);
  cr_assert (vc_chain_peek_arrays (part)->amount[0] == 3);
  cr_assert (vc_chain_get_window (part, &start, &end));
  cr_assert_eq (start, 2 * DAY);
  cr_assert_eq (end, 5 * DAY);
  check = vc_chain_check (part);
  cr_assert_eq (count_of (check, "outside-window", NULL), 7);
  cr_assert_eq (count_of (check, "no-time", NULL), 1);
  cr_assert_eq (vc_chain_get_n_flows (chain), 11u, "the chain itself stays");
}

Test (window, efforts_shrink_with_a_declared_window_only)
{
  g_autoptr (VcChain) declared = ten_days (TRUE);
  g_autoptr (VcChain) plain = ten_days (FALSE);
  g_autoptr (VcChain) three = vc_chain_window (declared, 2 * DAY, 5 * DAY, NULL, NULL, NULL);
  g_autoptr (VcChain) one = vc_chain_window (three, 3 * DAY, 4 * DAY, NULL, NULL, NULL);
  g_autoptr (VcChain) same = vc_chain_window (plain, 2 * DAY, 5 * DAY, NULL, NULL, NULL);
  g_autoptr (VcChain) still = vc_chain_window (same, 3 * DAY, 4 * DAY, NULL, NULL, NULL);

  cr_assert (vc_test_close (vc_chain_peek_arrays (three)->effort[0], 3, 1e-15));
  cr_assert (vc_test_close (vc_chain_peek_arrays (one)->effort[0], 1, 1e-15));
  cr_assert (isnan (vc_chain_peek_arrays (one)->effort[1]));
  cr_assert (vc_chain_peek_arrays (same)->effort[0] == 10);
  cr_assert (vc_chain_peek_arrays (still)->effort[0] == 10);
}

Test (window, of_a_window_is_a_window)
{
  g_autoptr (VcChain) chain = ten_days (FALSE);
  g_autoptr (VcChain) wide = vc_chain_window (chain, 1 * DAY, 8 * DAY, NULL, NULL, NULL);
  g_autoptr (VcChain) narrow = vc_chain_window (wide, 0, 4 * DAY, NULL, NULL, NULL);
  g_autoptr (VcChain) direct = vc_chain_window (chain, 1 * DAY, 4 * DAY, NULL, NULL, NULL);

  cr_assert_str_eq (vc_chain_get_digest (narrow), vc_chain_get_digest (direct));
}

Test (window, open_sides)
{
  g_autoptr (VcChain) chain = ten_days (FALSE);
  g_autoptr (VcChain) early = vc_chain_window_text (chain, "/1970-01-03", NULL, NULL, NULL);
  g_autoptr (VcChain) late = vc_chain_window_text (chain, "1970-01-03/", NULL, NULL, NULL);
  g_autofree char *text = vc_chain_to_text (late);

  cr_assert_eq (vc_chain_get_n_flows (early), 2u);
  cr_assert_eq (vc_chain_get_n_flows (late), 8u);
  cr_assert_not_null (strstr (text, "1970-01-03T00:00:00Z/\n"));
}

Test (window, efforts_of_an_open_window_stay)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (VcChain) part = NULL;

  vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_UNIT);
  vc_chain_builder_set_effort (builder, "a", 10);
  vc_chain_builder_set_window (builder, 0, G_MAXINT64);
  chain = build (builder);
  part = vc_chain_window (chain, 0, DAY, NULL, NULL, NULL);
  cr_assert (vc_chain_peek_arrays (part)->effort[0] == 10);
}

Test (window, that_is_empty_or_elsewhere_is_an_error)
{
  g_autoptr (VcChain) chain = ten_days (TRUE);
  static const gint64 windows[][2]
    = { { 5, 5 }, { 6, 5 }, { 10 * DAY, 11 * DAY }, { -2 * DAY, 0 }, { G_MAXINT64, G_MININT64 } };

  for (guint i = 0; i < G_N_ELEMENTS (windows); i++) {
    g_autoptr (GError) error = NULL;

    cr_assert_null (vc_chain_window (chain, windows[i][0], windows[i][1], NULL, NULL, &error));
    cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_RANGE));
  }
}

static gint64
time_of (const char *text)
{
  gint64 value = 0;

  cr_assert_eq (vc_parse_time (text, strlen (text), &value), VC_PARSE_OK);
  return value;
}

Test (window, is_read_in_all_its_forms)
{
  static const char *const forms[][3] = {
    { "2025/2026", "2025-01-01", "2026-01-01" },
    { "2025-01/2025-04", "2025-01-01", "2025-04-01" },
    { "2025-01-15/2025-02-01T12:30:00Z", "2025-01-15", "2025-02-01T12:30:00Z" },
    { "2024-02-29T10:00+02:00/2025", "2024-02-29T08:00:00Z", "2025-01-01" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    gint64 start, end;

    cr_assert (vc_window_parse (forms[i][0], &start, &end, NULL), "%s", forms[i][0]);
    cr_assert_eq (start, time_of (forms[i][1]), "%s", forms[i][0]);
    cr_assert_eq (end, time_of (forms[i][2]), "%s", forms[i][0]);
  }
}

Test (window, refuses_what_is_none)
{
  static const char *const forms[] = {
    "",
    "2025",
    "2025-01-01",
    "2025/2026/2027",
    "x/2025",
    "2025/x",
    "2025-13/2026",
    "20250101/2026",
    "2026/2025",
    "2025/2025",
    "2025-1/2026",
    " 2025/2026",
    "2025-00/2026",
    "now/",
    "/-5",
    "0x10/2025",
  };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autoptr (GError) error = NULL;
    gint64 start, end;

    cr_assert_not (vc_window_parse (forms[i], &start, &end, &error), "%s", forms[i]);
    cr_assert_eq (error->domain, VC_IMPORT_ERROR);
  }
}

Test (window, can_be_stopped_and_tells_how_far_it_has_come)
{
  g_autoptr (VcChain) chain = ten_days (FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (VcProgress) progress = vc_progress_new ();
  g_autoptr (VcChain) part = vc_chain_window (chain, 0, DAY, progress, cancellable, NULL);
  g_autoptr (GError) error = NULL;

  cr_assert_not_null (part);
  cr_assert (vc_progress_get_fraction (progress) == 1);
  g_cancellable_cancel (cancellable);
  cr_assert_null (vc_chain_window (chain, 0, DAY, NULL, cancellable, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error (&error);
  cr_assert_null (vc_chain_window_text (chain, "1970-01-03/", NULL, cancellable, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}
