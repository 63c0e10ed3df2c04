/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include "odd-measure.h"

#include <string.h>

Test (scores, as_text_show_the_summary_first)
{
  g_autoptr (VcScores) scores = odd_scores_new ();
  g_autofree char *text = vc_scores_to_text (scores, 80, 0);
  const char *summary = strstr (text, "summary");
  const char *parties = strstr (text, "parties");

  cr_assert (summary != NULL && parties != NULL && summary < parties, "%s", text);
}

Test (scores, as_html_escape_what_they_hold)
{
  g_autoptr (VcScores) scores = odd_scores_new ();
  g_autofree char *html = vc_scores_to_html (scores, 0);

  cr_assert_null (strstr (html, "<c>"));
  cr_assert_not_null (strstr (html, "&lt;c&gt;"));
  cr_assert_not_null (strstr (html, "x&quot;y"));
  cr_assert_not_null (strstr (html, "<details open=\"open\"><summary>summary"));
}

Test (scores, without_tables_are_shown_too)
{
  g_autoptr (VcScores) scores = vc_scores_new ("odd", NULL, 0, NULL, NULL);
  g_autofree char *text = vc_scores_to_text (scores, 80, 0);

  cr_assert_str_eq (text, "odd\n");
}
