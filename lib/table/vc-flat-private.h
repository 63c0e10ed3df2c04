/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As much of FlatBuffers (https://flatbuffers.dev/internals) as Arrow's metadata need: little-endian, offsets relative
 * to where they stand. Those of tables, texts and vectors only ever lead forward, so that nothing goes in circles. */

/* ---- reading ---- */

/* What leads outside the bytes or contradicts itself sets `damaged`, and whatever is asked for is absent then: callers
 * look once, at the end. */
typedef struct {
  const guint8 *bytes;
  gsize         size;
  gboolean      damaged;
} VcFlat;

typedef struct {
  VcFlat *flat;
  gsize   at;     /* 0: absent, as are all of its fields */
  gsize   vtable;
  guint   n_slots;
  gsize   size;
} VcFlatTable;

typedef struct {
  VcFlat *flat;
  gsize   at;
  gsize   n;      /* 0 where it is absent */
} VcFlatVector;

VcFlatTable  vc_flat_root    (VcFlat *flat);
/* An integer of `width` bytes with a sign; `otherwise` where the field is absent. */
gint64       vc_flat_integer (const VcFlatTable *self, guint slot, gsize width, gint64 otherwise);
VcFlatTable  vc_flat_table   (const VcFlatTable *self, guint slot);
/* Ends with a NUL and holds no other; NULL where it is absent. Lives as long as the bytes. */
const char  *vc_flat_text    (const VcFlatTable *self, guint slot);
/* Elements of `width` bytes each. */
VcFlatVector vc_flat_vector  (const VcFlatTable *self, guint slot, gsize width);
/* Element `i` of a vector of tables. */
VcFlatTable  vc_flat_element (const VcFlatVector *self, gsize i);
/* 64 bits at `at` of a vector's bytes, which must be inside. */
gint64       vc_flat_peek    (const VcFlatVector *self, gsize at);

/* ---- writing ---- */

/* Front to back: an offset is written as 0 and patched when what it leads to is there. */
typedef struct {
  guint8  *bytes;  /* vc_buffer */
  gsize    length;
  gsize    size;
  gboolean failed; /* no memory; all that follows is lost, too */
} VcFlatWriter;

void  vc_flat_writer_clear (VcFlatWriter *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcFlatWriter, vc_flat_writer_clear)

/* Begins a table whose slots have these sizes in bytes (0: absent), all 0; fills `slots` with where they stand. Returns
 * where it stands. */
gsize vc_flat_put_table   (VcFlatWriter *self, const guint8 *sizes, guint n, gsize *slots);
gsize vc_flat_put_text    (VcFlatWriter *self, const char *text);
/* Begins a vector of `n` elements of `width` bytes, all 0, with the first on a multiple of `align`. Returns where it
 * stands; the first element is 4 bytes on. */
gsize vc_flat_put_vector  (VcFlatWriter *self, gsize n, gsize width, gsize align);
void  vc_flat_set         (VcFlatWriter *self, gsize at, gsize width, gint64 value);
void  vc_flat_lead        (VcFlatWriter *self, gsize from, gsize to);
void  vc_flat_put_zeros   (VcFlatWriter *self, gsize n);

G_END_DECLS
