/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "valuechain/vc-limits.h"

G_BEGIN_DECLS

/* Bytes of a file or stream, unpacked where they are gzip, which is known by the content. The limits hold. */
typedef struct {
  GInputStream *stream;
  char         *file;       /* as messages call it */
  VcLimits     *limits;
  guint64       size;       /* of the file; 0: unknown */
  GConverter   *unpacker;   /* NULL: not packed */
  guint8       *packed;
  gsize         packed_start;
  gsize         packed_end;
  gboolean      probed;
  gboolean      ended;      /* no more bytes from the stream */
  gboolean      finished;   /* an unpacked member ended */
  guint64       n_read;     /* from the stream */
  guint64       n_unpacked;
  char         *head;       /* unpacked bytes that were looked at ahead of time */
  gsize         head_start;
  gsize         head_end;
} VcInput;

gboolean    vc_input_init  (VcInput *self, GInputStream *stream, const char *file, VcLimits *limits, GError **error);
/* Opens a file, once: names may come to mean something else. What is wrong with the name is a #GIOErrorEnum. */
gboolean vc_input_open (VcInput *self, const char *path, VcLimits *limits, GCancellable *cancellable, GError **error);
/* The size of the file, where it has one. FALSE: it is larger than allowed. */
gboolean    vc_input_expect (VcInput *self, guint64 size, GError **error);
/* The first `size` bytes, or less where there are no more; vc_input_fill() gives them again. May be called once,
 * before anything else. NULL: an error. */
const char *vc_input_peek  (VcInput *self, gsize size, gsize *length, GCancellable *cancellable, GError **error);
/* Fills `buffer` but at the end of the input. Returns the length, or -1. */
gssize      vc_input_fill  (VcInput *self, char *buffer, gsize size, GCancellable *cancellable, GError **error);
/* How much has been read, from 0 to 1; 0 where the size is unknown. */
double      vc_input_get_fraction (const VcInput *self);
/* The open file; -1: the stream is none of a file. */
int         vc_input_get_descriptor (const VcInput *self);
/* The bytes that were read so far, unpacked; or, where they are more, those of the file that need not be read here. */
guint64     vc_input_get_size (const VcInput *self);
/* To be called at the end: a file that changes while it is read yields neither its old content nor its new one. */
gboolean    vc_input_finish (VcInput *self, GError **error);
void        vc_input_clear (VcInput *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcInput, vc_input_clear)

G_END_DECLS
