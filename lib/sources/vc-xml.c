/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-xml-private.h"

#include "base/vc-buffer-private.h"

#include <expat.h>
#include <string.h>

/* Expat 2.9 has new names for what counts in 64 bits on every system, and calls the old ones deprecated. */
#if XML_MAJOR_VERSION == 2 && XML_MINOR_VERSION < 9
#define XML_GetCurrentLineNumber64 XML_GetCurrentLineNumber
#define XML_GetCurrentColumnNumber64 XML_GetCurrentColumnNumber
#define XML_GetCurrentByteIndex64 XML_GetCurrentByteIndex
#endif

/* Bytes of one piece of markup that expat may hold back: an element with a few of the largest values. It reads them
 * again with each piece that comes in, so that without this bound a comment of a gigabyte would cost a square of it. */
#define MAX_TOKEN ((gint64) 4 << 20)
#define PIECE ((gsize) 256 * 1024)
#define SEPARATOR ' '

struct _VcXml
{
  XML_Parser          parser;
  char               *name;
  const VcXmlHandler *handler;
  gpointer            data;
  guint64             max_text;
  gint64              n_fed;
  gint64              n_passed; /* bytes before what expat holds back; it does not always say */
  guint               depth;
  gboolean            has_children; /* the element that is open has elements inside */
  char               *root_space;   /* of the document's element; NULL: none */
  char               *text;         /* of the element that is open */
  gsize               text_length;
  gsize               text_room;
  GError             *error;        /* why the parser was stopped */
};

guint64
vc_xml_get_line (const VcXml *self)
{
  return XML_GetCurrentLineNumber64 (self->parser);
}

gboolean
vc_xml_fail (const VcXml *self, VcImportError code, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "%s:%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT ": %s", self->name,
               vc_xml_get_line (self), (guint64) XML_GetCurrentColumnNumber64 (self->parser) + 1, what);
  return FALSE;
}

const char *
vc_xml_get_attribute (const char *const *attributes, const char *name)
{
  for (guint i = 0; attributes[i] != NULL; i += 2)
    if (strcmp (attributes[i], name) == 0)
      return attributes[i + 1];
  return NULL;
}

/* Expat goes on with what it is at after it is told to stop: only the first reason counts, and nothing is handled
 * after it. */
static void
stop (VcXml *self, VcImportError code, const char *what)
{
  if (self->error == NULL)
    vc_xml_fail (self, code, what, &self->error);
  XML_StopParser (self->parser, XML_FALSE);
}

static void
stop_with_error (VcXml *self)
{
  if (self->error == NULL)
    vc_xml_fail (self, VC_IMPORT_ERROR_FAILED, "the reader stopped", &self->error);
  XML_StopParser (self->parser, XML_FALSE);
}

/* ---- names ---- */

/* "NAMESPACE NAME" without the namespace of the document. */
static const char *
local_name (const VcXml *self, const char *name)
{
  gsize length = self->root_space != NULL ? strlen (self->root_space) : 0;

  if (length > 0 && strncmp (name, self->root_space, length) == 0 && name[length] == SEPARATOR)
    return name + length + 1;
  return name;
}

static void
set_root (VcXml *self, const char *name)
{
  const char *separator = strrchr (name, SEPARATOR);

  if (separator != NULL && separator > name)
    self->root_space = g_strndup (name, (gsize) (separator - name));
}

/* ---- what expat calls ---- */

static gboolean
is_blank (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (text[i] != ' ' && text[i] != '\t' && text[i] != '\n' && text[i] != '\r')
      return FALSE;
  return TRUE;
}

/* Space between elements is dropped, text there refused. */
static gboolean
check_no_text (VcXml *self)
{
  if (!is_blank (self->text, self->text_length)) {
    stop (self, VC_IMPORT_ERROR_FORMAT, "text stands between elements");
    return FALSE;
  }
  self->text_length = 0;
  return TRUE;
}

static gboolean
check_attributes (VcXml *self, const char *const *attributes)
{
  guint n = 0;

  for (; attributes[n] != NULL; n += 2) {
    if (n >= 2 * VC_XML_MAX_ATTRIBUTES) {
      stop (self, VC_IMPORT_ERROR_LIMIT, "an element has more than 64 attributes");
      return FALSE;
    }
    if (strlen (attributes[n]) > self->max_text || strlen (attributes[n + 1]) > self->max_text) {
      stop (self, VC_IMPORT_ERROR_LIMIT, "the value of an attribute is larger than allowed");
      return FALSE;
    }
  }
  return TRUE;
}

static void
on_start (void *data, const char *name, const char **attributes)
{
  VcXml *self = data;

  if (self->error != NULL || !check_no_text (self) || !check_attributes (self, (const char *const *) attributes))
    return;
  if (self->depth == VC_XML_MAX_DEPTH) {
    stop (self, VC_IMPORT_ERROR_LIMIT, "elements stand more than 64 deep");
    return;
  }
  if (self->depth++ == 0)
    set_root (self, name);
  self->has_children = FALSE;
  if (!self->handler->start (self, local_name (self, name), (const char *const *) attributes, self->data, &self->error))
    stop_with_error (self);
}

static void
on_end (void *data, const char *name)
{
  VcXml *self = data;

  if (self->error != NULL || (self->has_children && !check_no_text (self)))
    return;
  if (self->text != NULL)
    self->text[self->text_length] = '\0';
  self->depth--;
  if (!self->handler->end (self, local_name (self, name), self->text != NULL ? self->text : "", self->data,
                           &self->error))
    stop_with_error (self);
  self->text_length = 0;
  self->has_children = TRUE;
}

static gboolean
make_room (VcXml *self, gsize needed)
{
  gsize room = MAX (2 * needed, 1024);
  char *grown;

  if (needed <= self->text_room)
    return TRUE;
  grown = vc_buffer_realloc (self->text, self->text_length, room, 1);
  if (grown == NULL) {
    stop (self, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the text");
    return FALSE;
  }
  self->text = grown;
  self->text_room = room;
  return TRUE;
}

static void
on_text (void *data, const char *text, int length)
{
  VcXml *self = data;

  if (self->error != NULL)
    return;
  if (self->text_length + (gsize) length > self->max_text) {
    stop (self, VC_IMPORT_ERROR_LIMIT, "a text is larger than allowed");
    return;
  }
  if (!make_room (self, self->text_length + (gsize) length + 1))
    return;
  memcpy (self->text + self->text_length, text, (gsize) length);
  self->text_length += (gsize) length;
}

static void
on_doctype (void *data, const char *name, const char *system_id, const char *public_id, int has_internal_subset)
{
  stop (data, VC_IMPORT_ERROR_FORMAT, "a document type is refused: it can define what the text stands for");
}

/* ---- the parser ---- */

VcXml *
vc_xml_new (const char *name, const VcXmlHandler *handler, gpointer data, VcLimits *limits, GError **error)
{
  VcXml *self = g_new0 (VcXml, 1);

  self->name = g_strdup (name);
  self->handler = handler;
  self->data = data;
  self->max_text = vc_limits_get_max_field_size (limits);
  self->parser = XML_ParserCreateNS (NULL, SEPARATOR);
  if (self->parser == NULL) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "%s: no memory to read", name);
    vc_xml_free (self);
    return NULL;
  }
  XML_SetUserData (self->parser, self);
  XML_SetElementHandler (self->parser, on_start, on_end);
  XML_SetCharacterDataHandler (self->parser, on_text);
  XML_SetStartDoctypeDeclHandler (self->parser, on_doctype);
  return self;
}

void
vc_xml_free (VcXml *self)
{
  if (self == NULL)
    return;
  if (self->parser != NULL)
    XML_ParserFree (self->parser);
  vc_buffer_free (self->text);
  g_free (self->root_space);
  g_free (self->name);
  g_clear_error (&self->error);
  g_free (self);
}

static gboolean
fail_to_parse (VcXml *self, GError **error)
{
  enum XML_Error code = XML_GetErrorCode (self->parser);

  if (self->error != NULL) {
    g_propagate_error (error, g_steal_pointer (&self->error));
    return FALSE;
  }
  if (code == XML_ERROR_NO_MEMORY)
    return vc_xml_fail (self, VC_IMPORT_ERROR_NO_MEMORY, "no memory to read", error);
  if (code == XML_ERROR_UNKNOWN_ENCODING || code == XML_ERROR_INCORRECT_ENCODING)
    return vc_xml_fail (self, VC_IMPORT_ERROR_ENCODING, "the text is of an encoding that is not read", error);
  return vc_xml_fail (self, VC_IMPORT_ERROR_FORMAT,
                      code == XML_ERROR_NO_ELEMENTS ? "the document ends early" : XML_ErrorString (code), error);
}

gboolean
vc_xml_feed (VcXml *self, const char *bytes, gsize n, gboolean last, GError **error)
{
  for (gsize at = 0; at < n || last; at += PIECE) {
    gsize piece = MIN (PIECE, n - MIN (at, n));
    gboolean is_last = last && at + piece == n;

    if (XML_Parse (self->parser, bytes + at, (int) piece, is_last) != XML_STATUS_OK)
      return fail_to_parse (self, error);
    self->n_fed += (gint64) piece;
    self->n_passed = MAX (self->n_passed, (gint64) XML_GetCurrentByteIndex64 (self->parser));
    if (self->n_fed - self->n_passed > MAX_TOKEN)
      return vc_xml_fail (self, VC_IMPORT_ERROR_LIMIT, "a piece of markup is larger than 4 MiB", error);
    if (is_last)
      return TRUE;
  }
  return TRUE;
}
