/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

typedef enum {
  MEMORY_NEVER,   /* nothing fails, but is counted */
  MEMORY_ONCE,    /* the n-th allocation fails */
  MEMORY_FOREVER, /* the n-th and all that follow */
} MemoryFault;

/* From here on, buffers of the library fail to be allocated so, the first being number 0. */
void  memory_arm      (MemoryFault fault, guint n);
/* From here on, none does. How many were asked for and how many failed since memory_arm() is kept. */
void  memory_disarm   (void);
guint memory_n_asked  (void);
guint memory_n_failed (void);
/* Buffers that were allocated and not freed. */
gint  memory_n_alive  (void);
