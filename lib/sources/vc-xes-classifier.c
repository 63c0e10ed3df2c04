/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-xes-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"

gboolean
vc_xes_text_append (VcXesText *self, const char *text, gsize length)
{
  if (self->length + length > self->room) {
    gsize room = 2 * (self->length + length) + 64;
    char *grown = vc_buffer_realloc (self->text, self->length, room, 1);

    if (grown == NULL)
      return FALSE;
    self->text = grown;
    self->room = room;
  }
  if (length > 0)
    memcpy (self->text + self->length, text, length);
  self->length += length;
  self->is_set = TRUE;
  return TRUE;
}

gboolean
vc_xes_text_set (VcXesText *self, const char *text, gsize length)
{
  self->length = 0;
  return vc_xes_text_append (self, text, length);
}

void
vc_xes_text_clear (VcXesText *self)
{
  vc_buffer_free (self->text);
  *self = (VcXesText) { 0 };
}

static gboolean
has_key (const VcXesClassifier *self, const char *key, gsize length)
{
  const char *own = self->keys.text;

  for (guint i = 0; i < self->n_keys; i++, own += strlen (own) + 1)
    if (strncmp (own, key, length) == 0 && own[length] == '\0')
      return TRUE;
  return FALSE;
}

/* Each key once, so that no identity is longer than what the event says. */
gboolean
vc_xes_classifier_set_keys (VcXesClassifier *self, const char *keys, const VcXml *xml, GError **error)
{
  self->keys.length = 0;
  self->n_keys = 0;
  for (keys += strspn (keys, " "); *keys != '\0'; keys += strspn (keys, " ")) {
    gboolean quoted = *keys == '\'';
    gsize length = strcspn (keys + quoted, quoted ? "'" : " ");

    if (self->n_keys == VC_XES_MAX_KEYS)
      return vc_xml_fail (xml, VC_IMPORT_ERROR_LIMIT, "the classifier has more keys than can be read", error);
    if (quoted && keys[1 + length] == '\0')
      return vc_xml_fail (xml, VC_IMPORT_ERROR_FORMAT, "an apostrophe is not closed", error);
    if (has_key (self, keys + quoted, length))
      return vc_xml_fail (xml, VC_IMPORT_ERROR_DUPLICATE, "a key of the classifier stands twice", error);
    if (!vc_xes_text_append (&self->keys, keys + quoted, length) || !vc_xes_text_append (&self->keys, "", 1))
      return vc_xml_fail (xml, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the classifier", error);
    self->n_keys++;
    keys += length + (quoted ? 2 : 0);
  }
  return self->n_keys > 0 || vc_xml_fail (xml, VC_IMPORT_ERROR_MISSING, "the classifier has no keys", error);
}

gboolean
vc_xes_classifier_offer (VcXesClassifier *self, const char *key, const char *value)
{
  const char *own = self->keys.text;

  for (guint i = 0; i < self->n_keys; i++, own += strlen (own) + 1)
    if (strcmp (own, key) == 0) {
      self->found[i] = TRUE;
      if (!vc_xes_text_set (&self->values[i], value, strlen (value)))
        return FALSE;
    }
  return TRUE;
}

gboolean
vc_xes_classifier_identify (VcXesClassifier *self)
{
  gboolean is_set = FALSE, ok = TRUE;

  self->identity.length = 0;
  for (guint i = 0; i < self->n_keys && ok; i++) {
    VcXesText *value = &self->values[i];

    ok = (i == 0 || vc_xes_text_append (&self->identity, "+", 1)) &&
         (!value->is_set || vc_xes_text_append (&self->identity, value->text, value->length));
    is_set |= value->is_set;
    value->is_set = FALSE;
  }
  self->identity.is_set = is_set;
  return ok;
}

void
vc_xes_classifier_clear (VcXesClassifier *self)
{
  vc_xes_text_clear (&self->keys);
  vc_xes_text_clear (&self->identity);
  for (guint i = 0; i < VC_XES_MAX_KEYS; i++)
    vc_xes_text_clear (&self->values[i]);
}
