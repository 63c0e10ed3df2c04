/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-chain-private.h"

#include "table/vc-number-private.h"
#include "vc-window-private.h"

/* A chain at a glance: a list of what and how much, as text or as HTML. */

typedef struct {
  GString *text;
  gboolean html;
} Sheet;

static void
append_line (Sheet *sheet, const char *name, const char *value)
{
  g_autofree char *safe = NULL;

  if (!sheet->html) {
    g_string_append_printf (sheet->text, "%-13s %s\n", name, value);
    return;
  }
  safe = g_markup_escape_text (value, -1);
  g_string_append_printf (sheet->text, "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n", name, safe);
}

static char *
format_amount (double amount, const char *unit)
{
  char buffer[VC_NUMBER_SIZE];
  gsize length = vc_format_double (amount, buffer);

  return g_strdup_printf ("%.*s%s%s", (int) length, buffer, unit != NULL ? " " : "", unit != NULL ? unit : "");
}

/* Rounded to what a glance can take in; whole numbers and thousandths of small ones. */
static double
rounded (double amount)
{
  double scaled = amount * 1000;
  gboolean small = amount < 1e12 && amount > -1e12;

  return small ? (double) (gint64) (scaled + (scaled < 0 ? -0.5 : 0.5)) / 1000 : amount;
}

static void
append_parties (Sheet *sheet, const VcChainArrays *arrays)
{
  static const char *const plurals[] = { "customers", "units", "persons", "suppliers" };
  guint64 counts[VC_PARTY_KIND_SUPPLIER + 1] = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint32 i = 0; i < arrays->n_parties; i++)
    counts[arrays->kind[i]]++;
  g_string_append_printf (text, "%" G_GUINT32_FORMAT, arrays->n_parties);
  for (guint kind = 0; kind <= VC_PARTY_KIND_SUPPLIER; kind++)
    if (counts[kind] > 0)
      g_string_append_printf (text, "%s %" G_GUINT64_FORMAT " %s",
                              text->len > 0 && text->str[text->len - 1] >= 'a' ? "," : ":", counts[kind],
                              counts[kind] == 1 ? vc_party_kind_get_name (kind) : plurals[kind]);
  append_line (sheet, "parties", text->str);
}

static double
sum_of (const double *values, guint64 start, guint64 end)
{
  double sum = 0;

  for (guint64 i = start; i < end; i++)
    sum += values[i];
  return sum;
}

static void
append_flows (Sheet *sheet, const VcChainArrays *arrays, const char *unit)
{
  for (guint kind = 0; kind <= VC_FLOW_KIND_INSTRUCTION; kind++) {
    guint64 n = arrays->kind_start[kind + 1] - arrays->kind_start[kind];
    g_autofree char *amount = NULL;
    g_autofree char *value = NULL;

    if (n == 0)
      continue;
    amount
      = format_amount (rounded (sum_of (arrays->amount, arrays->kind_start[kind], arrays->kind_start[kind + 1])), unit);
    value = g_strdup_printf ("%" G_GUINT64_FORMAT " flow%s, %s", n, n == 1 ? "" : "s", amount);
    append_line (sheet, vc_flow_kind_get_name (kind), value);
  }
}

static void
append_receipts (Sheet *sheet, const VcChainArrays *arrays, const char *currency)
{
  g_autofree char *amount = NULL;
  g_autofree char *value = NULL;

  if (arrays->n_receipts == 0)
    return;
  amount = format_amount (rounded (sum_of (arrays->receipt_amount, 0, arrays->n_receipts)), currency);
  value = g_strdup_printf ("%" G_GUINT64_FORMAT ", %s", arrays->n_receipts, amount);
  append_line (sheet, "receipts", value);
}

static void
append_commitments (Sheet *sheet, VcChain *chain)
{
  guint64 n = vc_table_get_n_rows (vc_chain_get_commitments (chain));
  g_autofree char *value = g_strdup_printf ("%" G_GUINT64_FORMAT, n);

  if (n > 0)
    append_line (sheet, "commitments", value);
}

static void
append_all (Sheet *sheet, VcChain *chain)
{
  const VcChainFrame *frame = vc_chain_peek_frame (chain);
  const VcChainArrays *arrays = vc_chain_peek_arrays (chain);

  if (frame->has_window) {
    g_autofree char *window = vc_window_format (frame->start, frame->end);

    append_line (sheet, "window", window);
  }
  append_parties (sheet, arrays);
  append_flows (sheet, arrays, frame->effort_unit);
  append_receipts (sheet, arrays, frame->currency);
  append_commitments (sheet, chain);
}

/**
 * vc_chain_to_text:
 * @self: a chain
 *
 * The chain at a glance: title, window, parties by kind, flows by kind with their sums (rounded to thousandths),
 * receipts, commitments.
 *
 * Returns: (transfer full): lines of text
 */
char *
vc_chain_to_text (VcChain *self)
{
  Sheet sheet = { NULL };
  const char *title;

  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);

  title = vc_chain_get_title (self);
  sheet.text = g_string_new (title);
  if (title != NULL)
    g_string_append_c (sheet.text, '\n');
  append_all (&sheet, self);
  return g_string_free (sheet.text, FALSE);
}

/**
 * vc_chain_to_html:
 * @self: a chain
 *
 * The same as [method@Chain.to_text] as a table of HTML, for a notebook; every text in it is escaped.
 *
 * Returns: (transfer full): HTML
 */
char *
vc_chain_to_html (VcChain *self)
{
  Sheet sheet = { .html = TRUE };
  const char *title;

  g_return_val_if_fail (VC_IS_CHAIN (self), NULL);

  title = vc_chain_get_title (self);
  sheet.text = g_string_new ("<table class=\"valuechain-chain\">\n");
  if (title != NULL) {
    g_autofree char *safe = g_markup_escape_text (title, -1);

    g_string_append_printf (sheet.text, "<caption>%s</caption>\n", safe);
  }
  append_all (&sheet, self);
  g_string_append (sheet.text, "</table>\n");
  return g_string_free (sheet.text, FALSE);
}
