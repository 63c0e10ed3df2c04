/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "event-logs.h"

#include <criterion/criterion.h>
#include <stdarg.h>

char *
show_flows (VcChain *chain)
{
  VcTable *flows = vc_chain_get_flows (chain);
  VcColumn *from = vc_table_lookup_column (flows, "from"), *to = vc_table_lookup_column (flows, "to");
  VcColumn *amount = vc_table_lookup_column (flows, "amount");
  GString *text = g_string_new (NULL);
  g_autofree char *last = NULL;
  double sum = 0;

  for (guint64 i = 0; i <= vc_table_get_n_rows (flows); i++) {
    gboolean at_end = i == vc_table_get_n_rows (flows);
    g_autofree char *a = at_end ? NULL : vc_column_dup_text (from, i), *b = at_end ? NULL : vc_column_dup_text (to, i);
    g_autofree char *pair = at_end ? NULL : g_strconcat (a, ">", b, NULL);

    if (last != NULL && g_strcmp0 (last, pair) != 0)
      g_string_append_printf (text, "%s%s*%g", text->len > 0 ? " " : "", last, sum);
    sum = (g_strcmp0 (last, pair) == 0 ? sum : 0) + (at_end ? 0 : vc_column_get_double (amount, i));
    g_free (last);
    last = g_steal_pointer (&pair);
  }
  return g_string_free (text, FALSE);
}

VcChain *
expect_log (VcEventLog *log)
{
  g_autoptr (GError) error = NULL;
  VcChain *chain = vc_source_load (VC_SOURCE (log), NULL, NULL, &error);

  cr_assert_not_null (chain, "%s", error != NULL ? error->message : "");
  return chain;
}

void
assert_flows (VcEventLog *log, const char *expected)
{
  g_autoptr (VcChain) chain = expect_log (log);
  g_autofree char *shown = show_flows (chain);

  cr_assert_str_eq (shown, expected);
}

void
assert_refused (VcEventLog *log, int code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcChain) chain = vc_source_load (VC_SOURCE (log), NULL, NULL, &error);

  cr_assert_null (chain);
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, code), "%s", error->message);
  if (message != NULL)
    cr_assert (g_str_has_suffix (error->message, message), "%s", error->message);
}

void
assert_report (VcEventLog *log, ...)
{
  const char *what;
  va_list rows;

  va_start (rows, log);
  while ((what = va_arg (rows, const char *)) != NULL) {
    int expected = va_arg (rows, int);

    cr_expect_eq (report_count (VC_SOURCE (log), what), expected, "%s: %d, not %d", what,
                  (int) report_count (VC_SOURCE (log), what), expected);
  }
  va_end (rows);
}
