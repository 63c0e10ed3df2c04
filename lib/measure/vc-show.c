/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-show-private.h"

#include "valuechain/vc-error.h"

void
vc_show_line (const VcShow *show, const char *style, const char *text, gsize length, VcWriter *writer)
{
  const char *end = text + length;
  char piece[VC_RENDER_PIECE];
  guint width;

  vc_writer_text (writer, show->color ? style : "");
  while (text < end) {
    gsize size = vc_render_next (&text, end, piece, &width);

    vc_writer_bytes (writer, piece, size);
  }
  vc_writer_text (writer, show->color && style[0] != '\0' ? VC_SHOW_NORMAL "\n" : "\n");
}

gboolean
vc_show_no_memory (GError **error)
{
  g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NO_MEMORY, "no memory to show the scores");
  return FALSE;
}

static const char *
entity_of (char character)
{
  switch (character) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return "&#39;";
  }
}

/* Piece by piece: what comes from an input may be of any size. */
void
vc_show_escaped (const char *text, VcWriter *writer)
{
  while (*text != '\0') {
    gsize plain = strcspn (text, "&<>\"'");

    vc_writer_bytes (writer, text, plain);
    text += plain;
    if (*text != '\0')
      vc_writer_text (writer, entity_of (*text++));
  }
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
vc_show_keys (GVariant *dictionary)
{
  GPtrArray *keys = g_ptr_array_new ();

  for (gsize i = 0; i < g_variant_n_children (dictionary); i++) {
    g_autoptr (GVariant) entry = g_variant_get_child_value (dictionary, i);
    g_autoptr (GVariant) key = g_variant_get_child_value (entry, 0);

    g_ptr_array_add (keys, g_variant_dup_string (key, NULL));
  }
  g_ptr_array_sort (keys, compare_keys);
  g_ptr_array_add (keys, NULL);
  return (char **) g_ptr_array_free (keys, FALSE);
}
