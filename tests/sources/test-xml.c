/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <string.h>
#include "sources/vc-xml-private.h"

/* What the handlers saw, as text: "(name a=b", ")text". */
static gboolean
note_start (VcXml *xml, const char *name, const char *const *attributes, gpointer data, GError **error)
{
  g_string_append_printf (data, "(%s", name);
  for (guint i = 0; attributes[i] != NULL; i += 2)
    g_string_append_printf (data, " %s=%s", attributes[i], attributes[i + 1]);
  return strcmp (name, "stop") != 0 || vc_xml_fail (xml, VC_IMPORT_ERROR_VALUE, "as asked", error);
}

static gboolean
note_end (VcXml *xml, const char *name, const char *text, gpointer data, GError **error)
{
  g_string_append_printf (data, ")%s", text);
  return TRUE;
}

/* NULL: refused. */
static char *
read_pieces (const char *text, gsize length, gsize piece, GError **error)
{
  static const VcXmlHandler handler = { note_start, note_end };
  g_autoptr (VcLimits) limits = vc_limits_new ();
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (VcXml) xml = vc_xml_new ("x.xml", &handler, seen, limits, error);

  cr_assert_not_null (xml);
  for (gsize at = 0; at < length; at += piece)
    if (!vc_xml_feed (xml, text + at, MIN (piece, length - at), FALSE, error))
      return NULL;
  return vc_xml_feed (xml, "", 0, TRUE, error) ? g_strdup (seen->str) : NULL;
}

static void
expect_seen (const char *text, const char *expected)
{
  for (gsize piece = 1; piece <= strlen (text) + 1; piece++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *seen = read_pieces (text, strlen (text), piece, &error);

    cr_assert_not_null (seen, "%s: %s", text, error != NULL ? error->message : "");
    cr_assert_str_eq (seen, expected);
  }
}

static void
expect_refused (const char *text, int code, const char *message)
{
  for (gsize piece = strlen (text) < 1000 ? 1 : 65536; piece <= strlen (text) + 1;
       piece += strlen (text) < 1000 ? 1 : strlen (text) / 2) {
    g_autoptr (GError) error = NULL;
    g_autofree char *seen = read_pieces (text, strlen (text), piece, &error);

    cr_assert_null (seen, "%.100s", text);
    cr_assert (g_error_matches (error, VC_IMPORT_ERROR, code), "%.20s: %d: %s", text, error->code, error->message);
    if (message != NULL)
      cr_assert_str_eq (error->message, message);
  }
}

Test (xml, hands_over_elements_and_text)
{
  expect_seen ("<a x='1' y=\"&lt;&#233;\"> <b>t&amp;<![CDATA[<]]]]><![CDATA[>]]></b>\n<c/> </a>",
               "(a x=1 y=<\xc3\xa9(b)t&<]]>(c))");
  expect_seen ("<?xml version='1.0' encoding='ISO-8859-1'?><?p i?><!-- c --><a>\xe9</a>", "(a)\xc3\xa9");
}

/* A document may have its names from a namespace; others keep theirs. */
Test (xml, tells_namespaces_apart)
{
  expect_seen ("<a xmlns='u:1' xmlns:o='u:2' xml:base='file:///' o:x='2' x='1'><b/><o:b/></a>",
               "(a http://www.w3.org/XML/1998/namespace base=file:/// u:2 x=2 x=1(b)(u:2 b))");
  expect_seen ("<p:a xmlns:p='u:1'><p:b/></p:a>", "(a(b))");
}

Test (xml, refuses_what_defines_or_includes)
{
  expect_refused ("<!DOCTYPE a [<!ENTITY l \"ha\"><!ENTITY m \"&l;&l;\">]><a>&m;</a>", VC_IMPORT_ERROR_FORMAT,
                  "x.xml:1:13: a document type is refused: it can define what the text stands for");
  expect_refused ("<!DOCTYPE a SYSTEM \"file:///etc/hostname\"><a/>", VC_IMPORT_ERROR_FORMAT, NULL);
  expect_refused ("<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://169.254.169.254/\"> %p;]><a/>", VC_IMPORT_ERROR_FORMAT,
                  NULL);
  expect_refused ("<a>&undefined;</a>", VC_IMPORT_ERROR_FORMAT, NULL);
}

Test (xml, refuses_what_is_not_well_formed)
{
  static const char *const texts[] = {
    "",
    " ",
    "a",
    "<a>",
    "<a></b>",
    "<a x='1' x='2'/>",
    "<a><p:b/></a>",
    "<a>&#0;</a>",
    "<a>&#xFFFE;</a>",
    "<a>&#x110000;</a>",
    "<a>\x01</a>",
    "<a/><b/>",
    "<a/>x",
    "<a x=1/>",
    "<a>]]></a>",
    "<a>\xC0\x80</a>",
    "<html><br></html>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    expect_refused (texts[i], VC_IMPORT_ERROR_FORMAT, NULL);
  expect_refused ("<?xml version='1.0' encoding='EBCDIC-X'?><a/>", VC_IMPORT_ERROR_ENCODING, NULL);
  expect_refused ("<a>x<b/></a>", VC_IMPORT_ERROR_FORMAT, "x.xml:1:5: text stands between elements");
  expect_refused ("<a><b/>\nx</a>", VC_IMPORT_ERROR_FORMAT, "x.xml:2:2: text stands between elements");
  expect_refused ("<a>\n <stop/></a>", VC_IMPORT_ERROR_VALUE, "x.xml:2:2: as asked");
}

static char *
repeated (const char *before, const char *unit, guint n, const char *after)
{
  GString *text = g_string_new (before);

  for (guint i = 0; i < n; i++)
    g_string_append (text, unit);
  g_string_append (text, after);
  return g_string_free (text, FALSE);
}

Test (xml, limits_what_it_takes)
{
  g_autofree char *deep = repeated ("", "<a>", 1000000, ""), *fine = repeated ("", "<a>", 64, "");
  g_autofree char *closed = repeated (fine, "</a>", 64, "");
  g_autofree char *value = repeated ("<a x='", "0123456789abcdef", 65537, "'/>"),
                  *huge = repeated ("<a x='", "0123456789abcdef", 20 << 16, "'/>");
  g_autofree char *text = repeated ("<a>", "0123456789abcdef", 65537, "</a>"),
                  *largest = repeated ("<a>", "0123456789abcdef", 65536, "</a>");
  g_autofree char *comment = repeated ("<a><!--", "0123456789abcdef", 1 << 20, "--></a>");
  g_autoptr (GString) many = g_string_new ("<a");
  g_autofree char *seen = read_pieces (closed, strlen (closed), 1000, NULL),
                  *seen_largest = read_pieces (largest, strlen (largest), 1000, NULL);

  for (guint i = 0; i < 65; i++)
    g_string_append_printf (many, " x%u=''", i);
  g_string_append (many, "/>");
  cr_assert_not_null (seen);
  cr_assert_not_null (seen_largest);
  expect_refused (deep, VC_IMPORT_ERROR_LIMIT, "x.xml:1:193: elements stand more than 64 deep");
  expect_refused (value, VC_IMPORT_ERROR_LIMIT, NULL);
  expect_refused (huge, VC_IMPORT_ERROR_LIMIT, NULL);
  expect_refused (text, VC_IMPORT_ERROR_LIMIT, NULL);
  expect_refused (comment, VC_IMPORT_ERROR_LIMIT, NULL);
  expect_refused (many->str, VC_IMPORT_ERROR_LIMIT, NULL);
}

Test (xml, refuses_every_truncation)
{
  static const char text[] = "<?xml version='1.0'?><a x='1'><!-- c --><b>t&amp;<![CDATA[<]]></b><c/></a>";

  for (gsize i = 0; i + 1 < sizeof text; i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *part = g_memdup2 (text, i);
    g_autofree char *seen = read_pieces (part, i, 7, &error);

    cr_assert_null (seen, "%zu bytes", i);
    cr_assert_not_null (error);
  }
}
