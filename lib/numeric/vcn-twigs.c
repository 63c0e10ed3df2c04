/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-absorb-private.h"

#include <string.h>

/* Trees have two arcs an edge, and one more for what leaves at each node; what has many more is none, nearly. */
#define ARCS_PER_NODE 4

/* Arcs from nodes that are left, of what was taken out. */
#define TAKEN G_MAXUINT32

typedef struct {
  VcnAbsorb *self;
  guint32    first, n;
  guint32   *degree; /* n: arcs from nodes that are left; TAKEN of twigs */
  guint32   *from;   /* n: where these come from, all together by exclusive or: where there is one, that one */
  guint32   *order;  /* n: twigs, and after them what may be some */
  guint32    n_twigs, n_leaves, n_waiting, height;
  VcnLook   *look;
  guint64    done;
} Strip;

static void
strip_clear (Strip *strip)
{
  vc_buffer_free (strip->degree);
  vc_buffer_free (strip->from);
  vc_buffer_free (strip->order);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Strip, strip_clear)

static inline guint32
target (const Strip *strip, guint64 arc)
{
  return strip->self->position[strip->self->flows->column[arc]] - strip->first;
}

/* FALSE: stopped. */
static inline gboolean
row_of (Strip *strip, guint32 p, guint64 *begin, guint64 *end)
{
  const guint32 i = strip->self->order[strip->first + p];

  *begin = strip->self->flows->start[i];
  *end = strip->self->flows->start[i + 1];
  return vcn_look (strip->look, &strip->done, 1 + *end - *begin);
}

static gboolean
count_arcs_in (Strip *strip)
{
  guint64 begin, end;

  for (guint32 p = 0; p < strip->n; p++) {
    if (!row_of (strip, p, &begin, &end))
      return FALSE;
    for (guint64 k = begin; k < end; k++) {
      const guint32 q = target (strip, k);

      if (q < strip->n) {
        strip->degree[q]++;
        strip->from[q] ^= p;
      }
    }
  }
  return TRUE;
}

/* Whether all of p's arcs that are left lead to where its only one comes from. */
static gboolean
is_twig (Strip *strip, guint32 p)
{
  guint64 begin, end;

  if (strip->degree[p] != 1 || !row_of (strip, p, &begin, &end))
    return FALSE;
  for (guint64 k = begin; k < end; k++) {
    const guint32 q = target (strip, k);

    if (q < strip->n && strip->degree[q] != TAKEN && q != strip->from[p])
      return FALSE;
  }
  return TRUE;
}

/* Those that wait are looked at in the order in which they began to; a twig's place is before them. */
static void
take_twigs (Strip *strip)
{
  guint32 height = 0, end = 0; /* of those that wait for twigs of this height */

  for (guint32 p = 0; p < strip->n; p++)
    if (strip->degree[p] == 1)
      strip->order[strip->n_waiting++] = p;
  for (guint32 k = 0; k < strip->n_waiting && !vcn_look_is_stopped (strip->look); k++) {
    const guint32 p = strip->order[k], stem = strip->from[p];

    if (k == end) {
      height++;
      end = strip->n_waiting;
    }
    if (!is_twig (strip, p))
      continue;
    strip->order[strip->n_twigs++] = p;
    strip->n_leaves += height == 1;
    strip->height = height;
    strip->degree[p] = TAKEN;
    strip->from[stem] ^= p;
    if (--strip->degree[stem] == 1)
      strip->order[strip->n_waiting++] = stem;
  }
}

static void
put_in_order (const Strip *strip)
{
  guint32 *order = strip->self->order + strip->first, n = strip->n_twigs;

  for (guint32 p = 0; p < strip->n; p++)
    if (strip->degree[p] != TAKEN)
      strip->order[n++] = p;
  for (guint32 p = 0; p < strip->n; p++)
    strip->order[p] = order[strip->order[p]];
  memcpy (order, strip->order, strip->n * sizeof *order);
  for (guint32 p = 0; p < strip->n; p++)
    strip->self->position[order[p]] = strip->first + p;
}

gboolean
vcn_absorb_strip (VcnAbsorb *self, guint32 block, guint64 n_arcs, double largest_core, VcnLook *look, GError **error)
{
  const guint32 first = self->first[block], n = self->first[block + 1] - first;
  g_auto (Strip) strip = { .self = self, .first = first, .n = n, .look = look };

  if (n_arcs > ARCS_PER_NODE * (guint64) n)
    return TRUE;
  strip.degree = vc_buffer_new0 (guint32, n);
  strip.from = vc_buffer_new0 (guint32, n);
  strip.order = vc_buffer_new (guint32, n);
  if (strip.degree == NULL || strip.from == NULL || strip.order == NULL)
    return vcn_fail_memory (error);
  if (count_arcs_in (&strip))
    take_twigs (&strip);
  if (!vcn_look_end (look, error))
    return FALSE;
  if (n - strip.n_twigs > largest_core)
    return TRUE;
  put_in_order (&strip);
  self->twigs[block] = (VcnTwigs) { strip.n_twigs, strip.n_leaves, strip.height };
  return TRUE;
}
