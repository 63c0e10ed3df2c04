/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An immutable list of labels in Arrow's utf8 layout, shared between columns by atomic reference counting. Valid UTF-8,
 * no NUL; at most G_MAXINT32 bytes and labels in all. A label is text[offsets[code]] up to text[offsets[code + 1]], not
 * NUL-terminated. */
typedef struct {
  guint32       n_labels;
  const gint32 *offsets; /* n_labels + 1 */
  const char   *text;
} VcStrings;

/* Takes both buffers (vc-buffer-private.h), on failure too. */
VcStrings *vc_strings_new_take (guint32    n_labels,
                                gint32    *offsets,
                                char      *text) G_GNUC_WARN_UNUSED_RESULT;
VcStrings *vc_strings_ref      (VcStrings *self);
void       vc_strings_unref    (VcStrings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcStrings, vc_strings_unref)

static inline const char *
vc_strings_peek (const VcStrings *self, guint32 code, gsize *length)
{
  *length = (gsize) (self->offsets[code + 1] - self->offsets[code]);
  return self->text + self->offsets[code];
}

/* Byte order, as memcmp() and then the length. */
int        vc_strings_compare  (const VcStrings *self, guint32 a, guint32 b);
char      *vc_strings_dup      (const VcStrings *self, guint32 code) G_GNUC_WARN_UNUSED_RESULT;

/* From text to code. The hash is keyed with bytes of getrandom(), so that nobody can prepare ids that collide; no order
 * of it ever shows: codes are given in order of first appearance. */
typedef struct _VcInterner VcInterner;

/* NULL: no memory or no random bytes. */
VcInterner *vc_interner_new     (void) G_GNUC_WARN_UNUSED_RESULT;
void        vc_interner_free    (VcInterner *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcInterner, vc_interner_free)
/* The code of `text`, added if new; -1 where memory or the 31-bit space is exhausted. */
gint32      vc_interner_add     (VcInterner *self, const char *text, gsize length);
/* The codes of `n` texts, each `length` bytes from `base + start`, as vc_interner_add() gives them one after the other,
 * but faster where the interner is larger than the caches. FALSE: one could not be added. */
typedef struct {
  guint32 start;
  guint32 length;
} VcSlice;
gboolean    vc_interner_add_many (VcInterner *self, const char *base, const VcSlice *slices, gsize n, gint32 *codes);
/* The code of `text`, or -1. */
gint32      vc_interner_lookup  (const VcInterner *self, const char *text, gsize length);
/* The same of many, as vc_interner_add_many() takes them. Threads may look up while nobody adds. */
void vc_interner_lookup_many (const VcInterner *self, const char *base, const VcSlice *slices, gsize n, gint32 *codes);
/* Where it is known how many labels there will be: makes room for them at once. FALSE: no memory. */
gboolean    vc_interner_reserve (VcInterner *self, guint32 n_labels);
guint32     vc_interner_size    (const VcInterner *self);
const char *vc_interner_peek    (const VcInterner *self, guint32 code, gsize *length);
/* The labels in order of code; the interner is empty afterwards. NULL: no memory. */
VcStrings  *vc_interner_finish  (VcInterner *self) G_GNUC_WARN_UNUSED_RESULT;
/* The same, but the interner still finds them; nothing can be added any more. NULL: no memory, and the interner is
 * empty. */
VcStrings  *vc_interner_share   (VcInterner *self) G_GNUC_WARN_UNUSED_RESULT;
/* What finds these labels, no two of which are the same; nothing can be added. NULL: no memory or no random bytes. */
VcInterner *vc_interner_new_of  (VcStrings *labels) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
