/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vc-xml-private.h"

G_BEGIN_DECLS

/* Text that grows and is used again; its memory is not the input's to abort on. */
typedef struct {
  char    *text;
  gsize    length;
  gsize    room;
  gboolean is_set;
} VcXesText;

/* FALSE: no memory. */
gboolean vc_xes_text_set    (VcXesText *self, const char *text, gsize length);
gboolean vc_xes_text_append (VcXesText *self, const char *text, gsize length);
void     vc_xes_text_clear  (VcXesText *self);

/* A classifier gives events an identity made of several attributes: their values in the order of its keys, joined by
 * "+" as OpenXES joins them. A key that the event lacks leaves its place empty; an event that lacks all has no
 * identity. */
#define VC_XES_MAX_KEYS 16
#define VC_XES_CLASSIFIER "classifier:"

typedef struct {
  const char *name;  /* borrowed; NULL: not used */
  VcXesText   keys;  /* one after the other, each with a NUL behind */
  guint       n_keys;
  gboolean    found[VC_XES_MAX_KEYS]; /* some event had it */
  VcXesText   values[VC_XES_MAX_KEYS];
  VcXesText   identity;
} VcXesClassifier;

/* Keys are separated by spaces; those with spaces inside stand in apostrophes. FALSE: refused. */
gboolean vc_xes_classifier_set_keys (VcXesClassifier *self, const char *keys, const VcXml *xml, GError **error);
/* Takes the value if it is that of a key. FALSE: no memory. */
gboolean vc_xes_classifier_offer    (VcXesClassifier *self, const char *key, const char *value);
/* At the end of an event: makes `identity`, whose `is_set` says whether there is one, and forgets the values. FALSE:
 * no memory. */
gboolean vc_xes_classifier_identify (VcXesClassifier *self);
void     vc_xes_classifier_clear    (VcXesClassifier *self);

G_END_DECLS
