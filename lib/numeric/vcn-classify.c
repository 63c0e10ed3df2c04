/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-absorb-private.h"

#include "base/vc-parallel-private.h"
#include "vcn-scc.h"
#include "vcn-sum.h"

#define ROWS_PER_CHUNK 16384

typedef struct {
  VcnAbsorb *self;
  VcnLook   *look;
} Rows;

static void
add_rows (gpointer data, guint chunk)
{
  const Rows *rows = data;
  const VcnCsr *flows = rows->self->flows;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK;
  guint64 done = VCN_LOOK_EVERY;

  for (guint64 i = begin; i < MIN (begin + ROWS_PER_CHUNK, flows->n); i++) {
    const guint64 start = flows->start[i], n = flows->start[i + 1] - start;

    if (!vcn_look (rows->look, &done, n))
      return;
    rows->self->outflow[i] = vcn_sum (flows->value + start, n);
  }
}

static gboolean
check_outflow (const VcnAbsorb *self, GError **error)
{
  for (guint32 i = 0; i < self->flows->n; i++)
    if (!vcn_is_weight (self->outflow[i]))
      return vcn_fail_value (error, "the outflow of party", i);
  return TRUE;
}

/* Which components an arc leaves. */
static gboolean
mark_open (const VcnCsr *flows, const guint32 *component, guint8 *open, VcnLook *look)
{
  guint64 done = 0;

  for (guint32 i = 0; i < flows->n; i++) {
    if (!vcn_look (look, &done, 1 + flows->start[i + 1] - flows->start[i]))
      return FALSE;
    for (guint64 k = flows->start[i]; !open[component[i]] && k < flows->start[i + 1]; k++)
      open[component[i]] = component[flows->column[k]] != component[i];
  }
  return TRUE;
}

/* Loops are numbered by their first member. */
static void
name_classes (VcnAbsorb *self, const guint32 *component, const guint8 *open, guint32 *loop_of)
{
  const VcnCsr *flows = self->flows;

  for (guint32 i = 0; i < flows->n; i++) {
    self->loops[i] = G_MAXUINT32;
    if (flows->start[i] == flows->start[i + 1])
      self->classes[i] = VCN_END;
    else if (open[component[i]])
      self->classes[i] = VCN_LIVE;
    else {
      if (loop_of[component[i]] == 0)
        loop_of[component[i]] = ++self->n_loops;
      self->classes[i] = VCN_LOOP;
      self->loops[i] = loop_of[component[i]] - 1;
    }
  }
}

/* Counting sort of the live nodes by component; `count` (components + 1) is zero. */
static gboolean
sort_live (VcnAbsorb *self, const guint32 *component, guint32 n_components, guint32 *count, GError **error)
{
  guint32 begin = 0;

  for (guint32 i = 0; i < self->flows->n; i++)
    if (self->classes[i] == VCN_LIVE) {
      self->n_blocks += count[component[i]]++ == 0;
      self->n_live++;
    }
  self->order = vc_buffer_new (guint32, self->n_live);
  self->first = vc_buffer_new (guint32, (gsize) self->n_blocks + 1);
  if (self->order == NULL || self->first == NULL)
    return vcn_fail_memory (error);

  self->n_blocks = 0;
  for (guint32 c = 0; c < n_components; c++) {
    const guint32 n = count[c];

    if (n > 0)
      self->first[self->n_blocks++] = begin;
    count[c] = begin;
    begin += n;
  }
  self->first[self->n_blocks] = begin;
  for (guint32 i = 0; i < self->flows->n; i++) {
    self->position[i] = G_MAXUINT32;
    if (self->classes[i] == VCN_LIVE) {
      self->position[i] = count[component[i]]++;
      self->order[self->position[i]] = i;
    }
  }
  return TRUE;
}

gboolean
vcn_absorb_classify (VcnAbsorb *self, const VcnMonitor *monitor, GError **error)
{
  const guint32 n = self->flows->n;
  VC_BUFFER (guint32) component = vc_buffer_new (guint32, n);
  VC_BUFFER (guint8) open = NULL;
  VC_BUFFER (guint32) count = NULL;
  VcnLook look = { monitor, 0.1, FALSE };
  Rows rows = { self, &look };
  guint32 n_components;

  self->classes = vc_buffer_new (guint8, n);
  self->loops = vc_buffer_new (guint32, n);
  self->outflow = vc_buffer_new (double, n);
  self->position = vc_buffer_new (guint32, n);
  if (component == NULL || self->classes == NULL || self->loops == NULL || self->outflow == NULL
      || self->position == NULL)
    return vcn_fail_memory (error);
  vc_parallel (self->options.n_threads, n / ROWS_PER_CHUNK + 1, add_rows, &rows);
  if (!vcn_look_end (&look, error) || !check_outflow (self, error)
      || !vcn_scc (self->flows, component, &n_components, self->options.n_threads, monitor, error)
      || !vcn_monitor_step (monitor, 0.3, error))
    return FALSE;

  open = vc_buffer_new0 (guint8, n_components);
  count = vc_buffer_new0 (guint32, n_components);
  if (open == NULL || count == NULL)
    return vcn_fail_memory (error);
  if (!mark_open (self->flows, component, open, &look) || !vcn_monitor_step (monitor, 0.4, NULL))
    return vcn_fail_cancelled (error);
  name_classes (self, component, open, count);
  for (guint32 c = 0; c < n_components; c++)
    count[c] = 0;
  return vcn_monitor_step (monitor, 0.45, error) && sort_live (self, component, n_components, count, error);
}
