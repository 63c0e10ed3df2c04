/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-error.h"
#include "valuechain/vc-limits.h"

G_BEGIN_DECLS

/* XML of strangers: expat behind limits of our own. No document type, so no entities; at most 64 elements deep and
 * 64 attributes an element; no value larger than the limits' max-field-size; text only in elements without elements
 * inside. Nothing that a document names is ever opened. */
typedef struct _VcXml VcXml;

#define VC_XML_MAX_DEPTH 64
#define VC_XML_MAX_ATTRIBUTES 64

/* What answers FALSE has set the error, and ends the reading. Names are those without a prefix: an element or
 * attribute of another namespace than the document's is called "NAMESPACE NAME". `attributes`: names and values in
 * turn, NULL at the end. `text`: valid UTF-8, with a NUL after it. */
typedef struct {
  gboolean (*start) (VcXml *xml, const char *name, const char *const *attributes, gpointer data, GError **error);
  gboolean (*end)   (VcXml *xml, const char *name, const char *text, gpointer data, GError **error);
} VcXmlHandler;

/* `name`: what messages call the document. Borrows `handler` and `data`. */
VcXml      *vc_xml_new           (const char          *name,
                                  const VcXmlHandler  *handler,
                                  gpointer             data,
                                  VcLimits            *limits,
                                  GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void        vc_xml_free          (VcXml               *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcXml, vc_xml_free)
/* The next bytes of the document, wherever they are cut; `last`: there are no more. Not after a failure. */
gboolean    vc_xml_feed          (VcXml               *self,
                                  const char          *bytes,
                                  gsize                n,
                                  gboolean             last,
                                  GError             **error);
/* The line of what a handler was called for. */
guint64     vc_xml_get_line      (const VcXml         *self);
/* Fails at that place; always FALSE. */
gboolean    vc_xml_fail          (const VcXml         *self,
                                  VcImportError        code,
                                  const char          *what,
                                  GError             **error);
/* The value of an attribute, or NULL. */
const char *vc_xml_get_attribute (const char *const   *attributes,
                                  const char          *name);

G_END_DECLS
