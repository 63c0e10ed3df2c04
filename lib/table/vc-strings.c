/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-strings-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"

typedef struct {
  VcStrings strings;
  gatomicrefcount ref_count;
} Shared;

VcStrings *
vc_strings_new_take (guint32 n_labels, gint32 *offsets, char *text)
{
  Shared *shared = g_try_new (Shared, 1);

  if (shared == NULL) {
    vc_buffer_free (offsets);
    vc_buffer_free (text);
    return NULL;
  }
  shared->strings = (VcStrings) { .n_labels = n_labels, .offsets = offsets, .text = text };
  g_atomic_ref_count_init (&shared->ref_count);
  return &shared->strings;
}

VcStrings *
vc_strings_ref (VcStrings *self)
{
  g_atomic_ref_count_inc (&((Shared *) self)->ref_count);
  return self;
}

void
vc_strings_unref (VcStrings *self)
{
  if (!g_atomic_ref_count_dec (&((Shared *) self)->ref_count))
    return;
  vc_buffer_free ((gpointer) self->offsets);
  vc_buffer_free ((gpointer) self->text);
  g_free (self);
}

int
vc_strings_compare (const VcStrings *self, guint32 a, guint32 b)
{
  gsize a_length, b_length;
  const char *a_text = vc_strings_peek (self, a, &a_length);
  const char *b_text = vc_strings_peek (self, b, &b_length);
  int order = memcmp (a_text, b_text, MIN (a_length, b_length));

  return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

char *
vc_strings_dup (const VcStrings *self, guint32 code)
{
  gsize length;
  const char *text = vc_strings_peek (self, code, &length);

  return g_strndup (text, length);
}
