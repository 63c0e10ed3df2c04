/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vcn-keyed.h"

G_BEGIN_DECLS

/* How long things took, and how that ended. */
enum { VCN_CENSORED, VCN_EVENT, VCN_COMPETING };

typedef struct {
  guint64       n;
  const double *time;   /* finite, at least 0 */
  /* VCN_CENSORED: not over when last seen; VCN_EVENT; VCN_COMPETING: something came that rules the event out. */
  const guint8 *end;
  const double *weight; /* NULL: 1; what weighs 0 is as if it were not there */
} VcnSpells;

/* The same in order of time, as VcnKeyed: the key is the time's bits, then whether censored; the value is the weight,
 * which is not 0, and negative where something competes. Ends stand before what is censored at their time, which was
 * still at risk then (Kaplan, Meier 1958). */
static inline gboolean
vcn_spell_is_censored (const VcnKeyed *self)
{
  return self->key & 1;
}

/* The time as bits, in which times compare as the times do. */
static inline guint64
vcn_spell_instant (const VcnKeyed *self)
{
  return self->key >> 1;
}

static inline double
vcn_spell_time (const VcnKeyed *self)
{
  return vcn_from_bits (self->key >> 1);
}

/* `n` of them, to be freed with vc_buffer_free(). Errors (VC_MEASURE_ERROR): NOT_FINITE, NO_MEMORY; being stopped. */
VcnKeyed *vcn_spells_sort (const VcnSpells *spells, guint n_threads, guint64 *n, VcnLook *look,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
