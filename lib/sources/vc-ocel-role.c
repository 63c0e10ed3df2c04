/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-ocel-role-private.h"

#include <string.h>

/* Up to an unescaped character of `ends` or the end; moves on to it. */
static char *
take_name (const char **text, const char *ends)
{
  GString *name = g_string_new (NULL);

  for (; **text != '\0' && strchr (ends, **text) == NULL; (*text)++) {
    if (**text == '\\' && (*text)[1] != '\0')
      (*text)++;
    g_string_append_c (name, **text);
  }
  return g_string_free (name, FALSE);
}

/* "A|B:Q|C" */
static gboolean
take_names (VcOcelRole *self, const char *text)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new (), qualifiers = g_strv_builder_new ();
  const char *ends = self->kind == VC_OCEL_ROLE_OBJECT ? ":|" : "|";
  gboolean ok = TRUE;

  for (;; text++) {
    g_autofree char *name = take_name (&text, ends), *qualifier = NULL;

    if (*text == ':') {
      text++;
      qualifier = take_name (&text, "|");
    }
    ok &= *name != '\0';
    g_strv_builder_add (names, name);
    g_strv_builder_add (qualifiers, qualifier != NULL ? qualifier : "");
    if (*text == '\0')
      break;
  }
  self->names = g_strv_builder_end (names);
  self->qualifiers = g_strv_builder_end (qualifiers);
  return ok;
}

gboolean
vc_ocel_role_parse (VcOcelRole *self, const char *text, VcOcelRoleKind bare)
{
  static const struct {
    const char    *word;
    VcOcelRoleKind kind;
  } words[]
    = { { "object", VC_OCEL_ROLE_ONLY }, { "event:time", VC_OCEL_ROLE_TIME }, { "event:type", VC_OCEL_ROLE_TYPE } };

  *self = (VcOcelRole) { .kind = bare };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (text, words[i].word) == 0) {
      self->kind = words[i].kind;
      return TRUE;
    }
  if (g_str_has_prefix (text, "object:")) {
    self->kind = VC_OCEL_ROLE_OBJECT;
    text += strlen ("object:");
  } else if (g_str_has_prefix (text, "attribute:")) {
    self->kind = VC_OCEL_ROLE_ATTRIBUTE;
    text += strlen ("attribute:");
  }
  return take_names (self, text);
}

void
vc_ocel_role_clear (VcOcelRole *self)
{
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->qualifiers, g_strfreev);
}
