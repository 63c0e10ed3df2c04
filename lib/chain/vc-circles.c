/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-circles-private.h"

#include "base/vc-buffer-private.h"

static gint32
next_of (VcColumn *pointers, gint32 party)
{
  if (!vc_bit_is_set (vc_column_peek_validity (pointers), (gsize) party))
    return -1;
  return vc_column_peek_codes (pointers)[party];
}

static guint32
first_of_circle (VcColumn *pointers, gint32 member)
{
  gint32 first = member;

  for (gint32 party = next_of (pointers, member); party != member; party = next_of (pointers, party))
    first = MIN (first, party);
  return (guint32) first;
}

/* Every party points to one other at most, so each walk ends outside, in what an earlier walk has seen, or in a circle
 * of its own. */
gboolean
vc_find_circles (VcColumn *pointers, void (*tell) (guint32 party, gpointer data), gpointer data)
{
  gint32 n = (gint32) vc_column_get_n_rows (pointers);
  VC_BUFFER (gint32) walk = vc_buffer_new0 (gint32, (gsize) n); /* 1 + the start of the walk that came by */

  if (walk == NULL)
    return FALSE;
  for (gint32 start = 0; start < n; start++) {
    gint32 party = start;

    if (walk[start] != 0)
      continue;
    for (; party >= 0 && walk[party] == 0; party = next_of (pointers, party))
      walk[party] = start + 1;
    if (party >= 0 && walk[party] == start + 1)
      tell (first_of_circle (pointers, party), data);
  }
  return TRUE;
}
