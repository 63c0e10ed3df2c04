/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The rows of a large matrix are a stream, which processors follow by themselves, but not well while each arc also
 * makes them wait for a value far away: each row asks for what is read some rows later, or earlier where rows
 * descend. */
#define VCN_STREAM_AHEAD 8192

/* Two lines, about what a row takes. What is asked for need not exist. */
static inline void
vcn_stream_ask (gconstpointer row, gboolean descending)
{
  const gsize at = (gsize) row + (descending ? -(gsize) VCN_STREAM_AHEAD : VCN_STREAM_AHEAD);

  __builtin_prefetch ((gconstpointer) at);
  __builtin_prefetch ((gconstpointer) (at + 64));
}

/* Values that ascend are followed without being asked for; of those that descend, one far enough below. */
#define VCN_STREAM_BELOW 2048

static inline void
vcn_stream_ask_below (gconstpointer value)
{
  __builtin_prefetch ((gconstpointer) ((gsize) value - VCN_STREAM_BELOW));
}

/* Where many streams are written to by turns, nobody follows: each asks for its next line while it fills this one. */
static inline void
vcn_stream_ask_next (gconstpointer value)
{
  __builtin_prefetch ((gconstpointer) ((gsize) value + 64), 1);
}

G_END_DECLS
