/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Memory whose size the input decides: 64-byte aligned (Arrow's recommendation, and what typed arrays need), rounded up
 * to 64 bytes, never aborting. Everything here answers NULL where the product overflows or memory cannot be had. Free
 * with vc_buffer_free(). */
gpointer vc_buffer_alloc   (gsize     n,
                            gsize     size) G_GNUC_WARN_UNUSED_RESULT;
gpointer vc_buffer_alloc0  (gsize     n,
                            gsize     size) G_GNUC_WARN_UNUSED_RESULT;
/* Contents up to the smaller of both sizes are kept; on failure `buffer` is still valid. */
gpointer vc_buffer_realloc (gpointer  buffer,
                            gsize     old_n,
                            gsize     new_n,
                            gsize     size) G_GNUC_WARN_UNUSED_RESULT;
void     vc_buffer_free    (gpointer  buffer);

/* Pages that the kernel hands out anew are slow: a tenth of a second for what takes a hundredth to fill. While a scope
 * is open, large buffers that its thread frees are kept for those that the same thread asks for next; never is more
 * kept than would be in use without. A scope within a scope is the outer one. What is asked for while a scope is
 * open is freed by the same thread: another would leave the scope a block that is not its own any more. */
typedef struct {
  gpointer block;
  gsize    bytes;
  gboolean is_free;
} VcBufferBlock;

typedef struct {
  gboolean      is_open;
  guint         n;
  VcBufferBlock blocks[128];
} VcBufferScope;

void     vc_buffer_scope_open  (VcBufferScope *self);
void     vc_buffer_scope_close (VcBufferScope *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcBufferScope, vc_buffer_scope_close)

#define vc_buffer_new(type, n)  ((type *) vc_buffer_alloc ((n), sizeof (type)))
#define vc_buffer_new0(type, n) ((type *) vc_buffer_alloc0 ((n), sizeof (type)))

/* g_autoptr for buffers: `VC_BUFFER (double) x = vc_buffer_new (double, n);` */
static inline void
vc_buffer_cleanup (void *pointer)
{
  vc_buffer_free (*(void **) pointer);
}
#define VC_BUFFER(type) __attribute__ ((cleanup (vc_buffer_cleanup))) type *

G_END_DECLS
