/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Disjoint sets: each node links to a lower one of its set, the lowest to itself (Galler, Fischer 1964). Several
 * threads may find and join at once without waiting for each other: only the lowest of a set gets another link, by
 * comparing and swapping, and what others see meanwhile is an older link to the same set (Anderson, Woll 1991). What
 * the sets are in the end does not depend on who came first. */
static inline guint32
vcn_lowest_link (const guint32 *lowest, guint32 i)
{
  return __atomic_load_n (&lowest[i], __ATOMIC_RELAXED);
}

static inline void
vcn_lowest_set_link (guint32 *lowest, guint32 i, guint32 to)
{
  __atomic_store_n (&lowest[i], to, __ATOMIC_RELAXED);
}

/* The end of a path of links, which is halved on the way. */
static inline guint32
vcn_lowest_find (guint32 *lowest, guint32 i)
{
  for (guint32 next = vcn_lowest_link (lowest, i); next != i; next = vcn_lowest_link (lowest, i)) {
    const guint32 after = vcn_lowest_link (lowest, next);

    if (after != next)
      vcn_lowest_set_link (lowest, i, after);
    i = after;
  }
  return i;
}

/* Answers the lowest of both sets. */
static inline guint32
vcn_lowest_join (guint32 *lowest, guint32 a, guint32 b)
{
  for (;;) {
    guint32 high, link;

    a = vcn_lowest_find (lowest, a);
    b = vcn_lowest_find (lowest, b);
    if (a == b)
      return a;
    high = link = MAX (a, b);
    if (__atomic_compare_exchange_n (&lowest[high], &link, MIN (a, b), FALSE, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
      return MIN (a, b);
  }
}

G_END_DECLS
