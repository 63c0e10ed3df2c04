/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-placed.h"

#include <string.h>

#include "base/vc-parallel-private.h"

double *
vcn_placed_add (VcnPlaced *self, double *asked)
{
  const guint32 n = self->absorb->flows->n;
  double *x = self->absorb->place != NULL ? vc_buffer_new (double, n) : asked;

  if (x == NULL)
    return NULL;
  memset (x, 0, n * sizeof *x);
  self->asked[self->n] = asked;
  self->x[self->n++] = x;
  return x;
}

static void
give_column (gpointer data, guint column)
{
  const VcnPlaced *self = data;
  const guint32 *place = self->absorb->place;

  for (guint32 i = 0; i < self->absorb->flows->n; i++)
    self->asked[column][i] = self->x[column][place[i]];
}

void
vcn_placed_give (const VcnPlaced *self)
{
  if (self->absorb->place != NULL)
    vc_parallel (self->absorb->options.n_threads, self->n, give_column, (gpointer) self);
}

void
vcn_placed_clear (VcnPlaced *self)
{
  for (guint column = 0; column < self->n; column++)
    if (self->x[column] != self->asked[column])
      vc_buffer_free (self->x[column]);
  self->n = 0;
}
