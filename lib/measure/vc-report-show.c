/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-report-private.h"

/* The chain at a glance; its first line is its title, if it has one. */
static void
put_chain_text (VcChain *chain, const VcShow *show, VcWriter *writer)
{
  g_autofree char *text = vc_chain_to_text (chain);
  const char *style = vc_chain_get_title (chain) != NULL ? VC_SHOW_BOLD : "";

  for (const char *line = text; *line != '\0'; style = "") {
    gsize length = strcspn (line, "\n");

    vc_show_line (show, style, line, length, writer);
    line += length + (line[length] != '\0');
  }
}

gboolean
vc_report_put_text (gpointer subject, const VcShow *show, VcWriter *writer, GError **error)
{
  const VcReportParts *parts = subject;

  put_chain_text (parts->chain, show, writer);
  for (guint i = 0; i < parts->scores->len; i++) {
    vc_writer_byte (writer, '\n');
    if (!vc_scores_put_text (g_ptr_array_index (parts->scores, i), show, writer, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
vc_report_put_html (gpointer subject, const VcShow *show, VcWriter *writer, GError **error)
{
  const VcReportParts *parts = subject;
  g_autofree char *glance = vc_chain_to_html (parts->chain);

  vc_writer_text (writer, "<section class=\"valuechain-report\">\n");
  vc_writer_text (writer, glance);
  for (guint i = 0; i < parts->scores->len; i++)
    if (!vc_scores_put_html (g_ptr_array_index (parts->scores, i), show, writer, error))
      return FALSE;
  vc_writer_text (writer, "</section>\n");
  return TRUE;
}
