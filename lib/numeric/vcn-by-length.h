/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rows near each other are put in order by how many arcs they have: processors guess where one ends by how long those
 * before it were. All that are as long as this or longer count alike. */
#define VCN_LONG 127

/* Stable: from `from` to `to`, n places each, by the keys of places, VCN_LONG at most. */
static inline void
vcn_sort_by_length (const guint8 *key, guint32 n, const guint32 *from, guint32 *to)
{
  guint32 at[VCN_LONG + 2] = { 0 };

  for (guint32 k = 0; k < n; k++)
    at[key[from[k]] + 1]++;
  for (guint k = 0; k < VCN_LONG; k++)
    at[k + 1] += at[k];
  for (guint32 k = 0; k < n; k++)
    to[at[key[from[k]]]++] = from[k];
}

G_END_DECLS
