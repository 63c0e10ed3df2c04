/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/vc-input-private.h"
#include "vc-json-private.h"

G_BEGIN_DECLS

/* Reads a large JSON text that is an object of lists: its members one after the other, and of those that are arrays
 * one element at a time, each as a small document. Memory is that of the largest value, which may have
 * VC_JSON_MAX_SIZE bytes; time is linear. */
typedef struct _VcJsonStream VcJsonStream;

typedef enum {
  VC_JSON_ITEM_MEMBER,  /* a member that is no array, in `json` */
  VC_JSON_ITEM_LIST,    /* a member that is an array begins */
  VC_JSON_ITEM_ELEMENT, /* an element of it, in `json` */
  VC_JSON_ITEM_END,     /* of the text */
} VcJsonItemType;

typedef struct {
  VcJsonItemType type;
  const char    *member; /* its name, cut off after VC_JSON_STREAM_NAME bytes or a NUL */
  guint64        row;    /* 1-based, of an element in its list */
  const VcJson  *json;   /* until the next item */
} VcJsonItem;

#define VC_JSON_STREAM_NAME 63
#define VC_JSON_STREAM_WINDOW ((gsize) 256 * 1024)

/* Borrows `input`, which must outlive it. `window`: bytes that are read at a time at first, at least 8; what comes
 * out does not depend on it. */
VcJsonStream *vc_json_stream_new  (VcInput    *input,
                                   gsize          window,
                                   GCancellable  *cancellable,
                                   GError       **error) G_GNUC_WARN_UNUSED_RESULT;
void          vc_json_stream_free (VcJsonStream  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcJsonStream, vc_json_stream_free)
gboolean      vc_json_stream_next (VcJsonStream  *self,
                                   VcJsonItem    *item,
                                   GError       **error);

G_END_DECLS
