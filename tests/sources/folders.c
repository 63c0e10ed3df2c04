/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "folders.h"

#include <criterion/criterion.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

char *
make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("valuechain-test-XXXXXX", &error);

  cr_assert_not_null (folder, "%s", error != NULL ? error->message : "");
  return folder;
}

static void
drop (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) && g_file_test (path, G_FILE_TEST_IS_DIR)) {
    dir = g_dir_open (path, 0, NULL);
    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
      g_autofree char *child = g_build_filename (path, name, NULL);

      drop (child);
    }
  }
  g_remove (path);
}

void
drop_folder (char *folder)
{
  drop (folder);
  g_free (folder);
}

void
put_file (const char *folder, const char *name, const char *content, gssize length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  const gsize size = length < 0 ? strlen (content) : (gsize) length;
  /* g_file_set_contents() waits for the disk, which thousands of these have no reason to. */
  FILE *file = fopen (path, "w");

  cr_assert (file != NULL && fwrite (content, 1, size, file) == size && fclose (file) == 0, "%s", path);
}

void
put_gzip (const char *folder, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GOutputStream) raw = G_OUTPUT_STREAM (g_file_replace (file, NULL, FALSE, 0, NULL, NULL));
  g_autoptr (GConverter) packer = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (raw, packer);

  cr_assert (g_output_stream_write_all (stream, content, strlen (content), NULL, NULL, NULL));
  cr_assert (g_output_stream_close (stream, NULL, NULL));
}

char *
put_files (const char *parent, const char *name, ...)
{
  char *folder = g_build_filename (parent, name, NULL);
  va_list files;
  const char *file;

  g_mkdir (folder, 0700);
  va_start (files, name);
  while ((file = va_arg (files, const char *)) != NULL)
    put_file (folder, file, va_arg (files, const char *), -1);
  va_end (files);
  return folder;
}

char *
get_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *content = NULL;

  g_file_get_contents (path, &content, NULL, NULL);
  return content;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char *
list_folder (const char *folder)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (char **) names->pdata);
}

VcChain *
load_folder (const char *path, GError **error)
{
  g_autoptr (VcFolder) folder = vc_folder_new (path);

  return vc_source_load (VC_SOURCE (folder), NULL, NULL, error);
}

VcChain *
expect_chain (const char *path)
{
  g_autoptr (GError) error = NULL;
  VcChain *chain = load_folder (path, &error);

  cr_assert_not_null (chain, "%s", error != NULL ? error->message : "no error");
  cr_assert_null (error);
  return chain;
}

void
expect_error (const char *path, GQuark domain, int code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcChain) chain = load_folder (path, &error);

  cr_assert_null (chain, "%s was to be refused", path);
  cr_assert_not_null (error);
  cr_assert (g_error_matches (error, domain, code), "%s %d: %s", g_quark_to_string (error->domain), error->code,
             error->message);
  if (message != NULL)
    cr_assert_str_eq (error->message, message);
}

static VcTable *
commitments (void)
{
  static const char *const from[] = { "=cmd", "b,\"b\"", NULL }, *const to[] = { "b,\"b\"", "=cmd", NULL };
  static const char *const what[] = { "a\nb", "'quoted", NULL }, *const state[] = { "kept", "open", NULL };
  static const gint64 made[] = { 1700000000000000, 1700000000000001 };
  g_autoptr (GBytes) times = g_bytes_new_static (made, sizeof made);
  VcColumn *columns[] = {
    vc_column_new_texts ("from", from, NULL),
    vc_column_new_texts ("to", to, NULL),
    vc_column_new_texts ("what", what, NULL),
    vc_column_new_texts ("state", state, NULL),
    vc_column_new_from_bytes ("made", VC_COLUMN_TYPE_TIME, times, NULL, NULL),
  };
  VcTable *table = vc_table_new ("commitments", columns, G_N_ELEMENTS (columns), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    g_object_unref (columns[i]);
  return table;
}

VcChain *
hard_chain (guint variant)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcTable) table = commitments ();
  g_autoptr (GError) error = NULL;
  VcChain *chain;

  g_object_set (builder, "title", "A \"title\" \\ with\ttab, \xc3\xa9 and \xf0\x9f\x98\x80", "currency", "EUR",
                "effort-unit", "hours", NULL);
  vc_chain_builder_set_window (builder, 1699999999999999, 1800000000000000);
  vc_chain_builder_add_party (builder, "=cmd", VC_PARTY_KIND_PERSON);
  vc_chain_builder_add_party (builder, "b,\"b\"", VC_PARTY_KIND_PERSON);
  vc_chain_builder_add_party (builder, "\xc3\xa9\nline", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_party (builder, "+1", VC_PARTY_KIND_CUSTOMER);
  vc_chain_builder_set_party_field (builder, "=cmd", "unit", "\xc3\xa9\nline");
  vc_chain_builder_set_party_field (builder, "=cmd", "manager", "b,\"b\"");
  vc_chain_builder_set_party_field (builder, "=cmd", "name", " spaces ");
  vc_chain_builder_set_effort (builder, "=cmd", 0.1 + 0.2);
  vc_chain_builder_add_flow (builder, "=cmd", "b,\"b\"", VC_FLOW_KIND_WORK, 5e-324);
  vc_chain_builder_add_flow (builder, "b,\"b\"", "+1", VC_FLOW_KIND_WORK, 1.7976931348623157e308);
  vc_chain_builder_add_flow (builder, "+1", "b,\"b\"", VC_FLOW_KIND_INSTRUCTION, 1.0 / 3 + variant);
  for (guint i = 0; i < variant; i++)
    vc_chain_builder_add_flow (builder, "=cmd", "=cmd", VC_FLOW_KIND_INFORMATION, i + 1);
  vc_chain_builder_add_receipt (builder, "+1", 123456789.01);
  vc_chain_builder_add_commitments (builder, table, NULL);
  chain = vc_chain_builder_build (builder, NULL, NULL, &error);
  cr_assert_not_null (chain, "%s", error != NULL ? error->message : "");
  return chain;
}

gint64
report_count (VcSource *source, const char *what)
{
  g_autoptr (VcTable) report = vc_source_get_report (source);
  VcColumn *whats = vc_table_lookup_column (report, "what"), *counts = vc_table_lookup_column (report, "count");

  for (guint64 i = 0; i < vc_table_get_n_rows (report); i++) {
    g_autofree char *text = vc_column_dup_text (whats, i);

    if (strcmp (text, what) == 0)
      return vc_column_get_int64 (counts, i);
  }
  return -1;
}
