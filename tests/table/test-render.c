/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "table/vc-table-private.h"
#include "valuechain/valuechain.h"

static VcColumn *
doubles (const char *name, const double *values, gsize n, const char *unit, const char *description)
{
  g_autoptr (VcColumn) column = vc_column_new_from_address (name, VC_COLUMN_TYPE_DOUBLE, (guintptr) values, n, NULL);

  return vc_column_described (column, NULL, unit, description);
}

static VcTable *
small_table (void)
{
  static const char *const ids[] = { "sales", "東京", "<b>&\"'", "a\nb\x1b[2J\u202e", NULL };
  static const double efforts[] = { 1200.25, 37.5, NAN, 0.5 };
  static const double shares[] = { 0.5123456, 1.0 / 3, 0, 0.00001234 };
  VcColumn *columns[] = {
    vc_column_new_texts ("party", ids, NULL),
    doubles ("effort", efforts, 4, "h", "Capacity <in> \"the\" window."),
    doubles ("reach", shares, 4, NULL, NULL),
  };

  return vc_table_new_take ("par<ties", columns, 3);
}

static void
assert_text (VcTable *table, guint width, guint max_rows, const char *expected)
{
  g_autofree char *text = vc_table_to_text (table, width, max_rows);

  cr_assert_str_eq (text, expected);
}

Test (render, text)
{
  g_autoptr (VcTable) table = small_table ();

  assert_text (table, 0, 0,
               "party                effort     reach\n"
               "                          h\n"
               "───────────────────  ──────  ────────\n"
               "sales                1200    0.5123\n"
               "東京                   37.5  0.3333\n"
               "<b>&\"'                  –    0\n"
               "a\\nb\\u001b[2J\\u202e     0.5  1.234e-5\n");
}

/* A figure and its interval, of which a side may be open, and which may be missing. */
static VcTable *
table_of_intervals (void)
{
  static const char *const managers[] = { "ann", "ann", "bo", NULL }, *const reports[] = { "cy", "di", "ed", NULL };
  static const double kept[] = { 0.5, 0.91666, NAN }, low[] = { 0.23659, 0.6461, NAN }, high[] = { 0.76341, NAN, NAN };
  VcColumn *columns[] = {
    vc_column_new_texts ("manager", managers, NULL), vc_column_new_texts ("report", reports, NULL),
    doubles ("kept", kept, 3, "share", NULL),        doubles ("kept_low", low, 3, "share", NULL),
    doubles ("kept_high", high, 3, "share", NULL),   doubles ("keep_low", high, 3, NULL, NULL),
  };

  return vc_table_new_take ("lines", columns, G_N_ELEMENTS (columns));
}

Test (render, an_interval_stands_with_its_figure)
{
  g_autoptr (VcTable) table = table_of_intervals ();
  g_autofree char *html = vc_table_to_html (table, 0);

  assert_text (table, 0, 0,
               "manager  report                   kept  keep_low\n"
               "                                 share\n"
               "───────  ──────  ─────────────────────  ────────\n"
               "ann      cy      0.5    [0.237, 0.763]    0.7634\n"
               "ann      di      0.9167 [0.646, -]        –\n"
               "bo       ed      –                        –\n");
  cr_assert_not_null (strstr (html, "<th scope=\"col\" class=\"n\" colspan=\"2\">kept<"));
  cr_assert_not_null (strstr (html, "<td class=\"n\">0.9167</td><td class=\"i\">[0.646, -]</td>"), "%s", html);
  cr_assert_not_null (strstr (html, "<td class=\"n\">0.5\u2007\u2007\u2007</td><td class=\"i\">[0.237, 0.763]</td>"));
  cr_assert_null (strstr (html, "kept_low"));
  cr_assert_not_null (strstr (html, "keep_low"));
}

/* Who the manager is does not say which row it is. */
Test (render, text_that_goes_on_below_tells_rows_apart)
{
  g_autoptr (VcTable) table = table_of_intervals ();

  assert_text (table, 42, 2,
               "manager  report                   kept\n"
               "                                 share\n"
               "───────  ──────  ─────────────────────\n"
               "ann      cy      0.5    [0.237, 0.763]\n"
               "ann      di      0.9167 [0.646, -]\n"
               "\n"
               "manager  report  keep_low\n"
               "───────  ──────  ────────\n"
               "ann      cy        0.7634\n"
               "ann      di        –\n"
               "… 1 more row\n");
}

Test (render, text_goes_on_below_where_it_is_too_wide)
{
  g_autoptr (VcTable) table = small_table ();

  assert_text (table, 20, 1,
               "party  effort\n"
               "            h\n"
               "─────  ──────\n"
               "sales    1200\n"
               "\n"
               "party   reach\n"
               "─────  ──────\n"
               "sales  0.5123\n"
               "… 3 more rows\n");
}

Test (render, text_on_a_narrow_line_has_a_column_a_block)
{
  g_autoptr (VcTable) table = small_table ();

  assert_text (table, 8, 2,
               "party\n"
               "─────\n"
               "sales\n"
               "東京\n"
               "\n"
               "effort\n"
               "     h\n"
               "──────\n"
               "1200\n"
               "  37.5\n"
               "\n"
               " reach\n"
               "──────\n"
               "0.5123\n"
               "0.3333\n"
               "… 2 mor…\n");
}

Test (render, text_without_rows_or_columns)
{
  VcColumn *column = vc_column_new_doubles ("x", NULL, 0, NULL);
  g_autoptr (VcTable) rowless = vc_table_new_take ("t", &column, 1);
  g_autoptr (VcTable) empty = vc_table_new ("t", NULL, 0, NULL);

  assert_text (rowless, 80, 10, "x\n─\n(no rows)\n");
  assert_text (empty, 80, 10, "(no rows)\n");
}

Test (render, numbers_have_four_significant_digits_or_all_whole_ones)
{
  const struct { double value; const char *expected;
  } cases[] = {
    { 0, "0" },
    { 1, "1" },
    { -1, "-1" },
    { 0.5, "0.5" },
    { 0.50004, "0.5000" },
    { 1.0 / 3, "0.3333" },
    { 2.0 / 3, "0.6667" },
    { 0.99996, "1.000" },
    { 9999.5, "10000" },
    { 12345.6, "12346" },
    { 1234567.89, "1234568" },
    { 100, "100" },
    { 123456789012345, "123456789012345" },
    { 1e15, "1e15" },
    { 1.23456e20, "1.235e20" },
    { 0.0001, "0.0001" },
    { 0.00012346, "0.0001235" },
    { 0.000099, "9.9e-5" },
    { -1.5e-300, "-1.5e-300" },
    { 37.5, "37.5" },
    { 1200.25, "1200" },
    { 3.14159, "3.142" },
    { 1.7976931348623157e308, "1.798e308" },
    { 4.9406564584124654e-324, "5e-324" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    VcColumn *column = vc_column_new_doubles ("", &cases[i].value, 1, NULL);
    g_autoptr (VcTable) table = vc_table_new_take ("t", &column, 1);
    g_autofree char *text = vc_table_to_text (table, 0, 0);
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

    cr_assert_str_eq (lines[2], cases[i].expected);
  }
}

static void
assert_time (gint64 first, gint64 second, const char *expected)
{
  const gint64 times[] = { first, second };
  VcColumn *column = vc_column_new_from_address ("at", VC_COLUMN_TYPE_TIME, (guintptr) times, 2, NULL);
  g_autoptr (VcTable) table = vc_table_new_take ("t", &column, 1);

  assert_text (table, 0, 0, expected);
}

Test (render, times_are_as_short_as_all_of_them_allow)
{
  const gint64 day = G_GINT64_CONSTANT (86400000000);

  assert_time (0, 19000 * day, "at\n──────────\n1970-01-01\n2022-01-08\n");
  assert_time (0, 60000000, "at\nUTC\n────────────────\n1970-01-01 00:00\n1970-01-01 00:01\n");
  assert_time (0, -1000000, "at\nUTC\n───────────────────\n1970-01-01 00:00:00\n1969-12-31 23:59:59\n");
  assert_time (500000, G_MININT64, "at\nUTC\n───────────────────────\n1970-01-01 00:00:00.500\n–\n");
}

Test (render, booleans_and_integers)
{
  const guint8 bytes[] = { 1, 0 };
  const gint64 integers[] = { G_MININT64, 7 };
  VcColumn *columns[] = {
    vc_column_new_from_address ("kept", VC_COLUMN_TYPE_BOOLEAN, (guintptr) bytes, 2, NULL),
    vc_column_new_from_address ("n", VC_COLUMN_TYPE_INT64, (guintptr) integers, 2, NULL),
  };
  g_autoptr (VcTable) table = vc_table_new_take ("t", columns, 2);

  assert_text (table, 0, 0,
               "kept                     n\n"
               "────  ────────────────────\n"
               "yes   -9223372036854775808\n"
               "no                       7\n");
}

/* Display columns counted apart from the library: wide characters by their blocks, since the table below has no others.
 */
static guint
columns_of (const char *line)
{
  guint n = 0;

  for (; *line != '\0'; line = g_utf8_next_char (line)) {
    const gunichar c = g_utf8_get_char (line);

    n += c >= 0x300 && c < 0x370 ? 0 : (c >= 0x3000 && c < 0xa000) || (c >= 0x1f300 && c < 0x1f700) ? 2 : 1;
  }
  return n;
}

static VcTable *
wide_table (void)
{
  static const char *const texts[] = {
    "e\u0301e\u0301e\u0301", "漢字かな交じり文を長く書く", "🎉🎉 x", "\x7f\x01\u2028 and then some more words", "", NULL
  };
  static const double values[] = { -1234.5, 1e-7, NAN, 123456789, 0.25 };
  VcColumn *columns[] = {
    vc_column_new_texts ("名前と所属", texts, NULL), doubles ("value", values, 5, "人·日", NULL),
    vc_column_new_texts ("second text", texts, NULL), doubles ("a rather long name of a column", values, 5, NULL, NULL),
    vc_column_new_texts ("third", texts, NULL),
  };

  return vc_table_new_take ("t", columns, G_N_ELEMENTS (columns));
}

Test (render, no_line_is_wider_than_it_may_be)
{
  g_autoptr (VcTable) table = wide_table ();

  for (guint width = 1; width < 160; width++)
    for (guint max_rows = 0; max_rows < 6; max_rows++) {
      g_autofree char *text = vc_table_to_text (table, width, max_rows);
      g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

      cr_assert (g_str_has_suffix (text, "\n"));
      for (guint i = 0; lines[i] != NULL; i++) {
        cr_assert_leq (columns_of (lines[i]), width, "%s", lines[i]);
        cr_assert_not (g_str_has_suffix (lines[i], " "));
      }
    }
}

/* The decimal points, or the places behind the last whole digit, of the column that comes second. */
Test (render, numbers_stand_in_line)
{
  const double values[] = { 1234.5, 0.25, 7, 1e-9, 12.5, NAN };
  VcColumn *column = doubles ("x", values, G_N_ELEMENTS (values), NULL, NULL);
  g_autoptr (VcTable) table = vc_table_new_take ("t", &column, 1);

  assert_text (table, 0, 0, "      x\n───────\n1234\n   0.25\n   7\n   1e-9\n  12.5\n   –\n");
}

Test (render, html)
{
  g_autoptr (VcTable) table = small_table ();
  g_autofree char *html = vc_table_to_html (table, 3);
  const char *body = strstr (html, "<table>");

  cr_assert (g_str_has_prefix (html, "<div class=\"vc-table\">"));
  cr_assert_str_eq (
    body, "<table>\n"
          "<caption>par&lt;ties<span>4 rows \u00d7 3 columns</span></caption>\n"
          "<thead><tr><th scope=\"col\">party</th><th scope=\"col\" class=\"n\" title=\"Capacity &lt;in&gt; "
          "&quot;the&quot; window.\">effort<span class=\"u\">h</span></th><th scope=\"col\" "
          "class=\"n\">reach</th></tr></thead>\n"
          "<tbody>\n"
          "<tr><td>sales</td><td class=\"n\">1200\u2008\u2007</td><td class=\"n\">0.5123\u2007\u2007</td></tr>\n"
          "<tr><td>東京</td><td class=\"n\">37.5</td><td class=\"n\">0.3333\u2007\u2007</td></tr>\n"
          "<tr class=\"g\"><td colspan=\"3\">… 1 more row …</td></tr>\n"
          "<tr><td>a\\nb\\u001b[2J\\u202e</td><td class=\"n\">0.5</td><td class=\"n\">1.234e-5</td></tr>\n"
          "</tbody>\n"
          "</table>\n"
          "</div>\n");
}

Test (render, html_escapes_and_marks_nulls)
{
  g_autoptr (VcTable) table = small_table ();
  g_autofree char *html = vc_table_to_html (table, 0);

  cr_assert_not_null (strstr (html, "<td>&lt;b&gt;&amp;&quot;&#39;</td><td class=\"n z\">–"));
  cr_assert_null (strstr (html, "<b>"));
  cr_assert_null (strstr (html, "<script"));
  cr_assert_null (strstr (html, "more row"));
}

Test (render, html_of_one_row_of_many)
{
  g_autoptr (VcTable) table = small_table ();
  g_autofree char *html = vc_table_to_html (table, 1);

  cr_assert_not_null (strstr (html, "<tr><td>sales</td>"));
  cr_assert_not_null (strstr (html, "… 3 more rows …"));
  cr_assert_null (strstr (html, "東京"));
}

Test (render, cuts_what_is_very_long)
{
  g_autofree char *word = g_strnfill (100000, 'x');
  const char *const texts[] = { word, NULL };
  VcColumn *column = vc_column_new_texts ("t", texts, NULL);
  g_autoptr (VcTable) table = vc_table_new_take ("t", &column, 1);
  g_autofree char *text = vc_table_to_text (table, 0, 0);
  g_autofree char *html = vc_table_to_html (table, 0);

  cr_assert_lt (strlen (text), 400u);
  cr_assert_not_null (strstr (text, "xxx…\n"));
  cr_assert_not_null (strstr (html, "xxx…</td>"));
}
