/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Memory whose size the input decides: 64-byte aligned (Arrow's recommendation, and what typed arrays need), rounded up to 64
 * bytes, never aborting. Everything here answers NULL where the product overflows or memory cannot be had. Free with vc_buffer_free(). */
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
