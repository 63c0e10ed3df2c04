/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-events-private.h"

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"

/* Hand-over of work by direct succession: van der Aalst, Reijers and Song (2005), Discovering social networks from event logs,
 * Computer Supported Cooperative Work 14:549-593, with each succession counted once in its case. */

#define CANCEL_EVERY 65536 /* cases */

typedef struct {
  const VcEventField *parties;
  const VcEventField *customers;
  const gint64   *times;
  const gint32   *cases;
  gboolean        breaks;
  VcEventFlows   *flows;
  VcEventCounts  *counts;
} Walk;

void
vc_event_flows_clear (VcEventFlows *self)
{
  vc_buffer_free (self->from);
  vc_buffer_free (self->to);
  vc_buffer_free (self->at);
  vc_buffer_free (self->cases);
  vc_buffer_free (self->seen);
  *self = (VcEventFlows) { 0 };
}

static void
see (Walk *walk, gint32 code)
{
  vc_bit_set (walk->flows->seen, (gsize) code);
}

static void
add_flow (Walk *walk, gint32 from, gint32 to, guint32 row)
{
  VcEventFlows *flows = walk->flows;

  flows->from[flows->n] = from;
  flows->to[flows->n] = to;
  flows->at[flows->n] = walk->times[row];
  flows->cases[flows->n] = walk->cases[row];
  flows->n++;
}

/* The last customer that the case names; -1: none. */
static gint32
find_customer (Walk *walk, const guint32 *rows, gsize n)
{
  const VcEventField *customers = walk->customers;
  gint32 customer = -1;
  gboolean moved = FALSE;

  if (customers->codes == NULL)
    return -1;
  for (gsize i = 0; i < n; i++) {
    if (!vc_bit_is_set (customers->validity, rows[i]))
      continue;
    moved |= customer >= 0 && customers->codes[rows[i]] != customer;
    customer = customers->codes[rows[i]];
  }
  walk->counts->moved += moved;
  return customer;
}

static void
deliver (Walk *walk, gint32 holder, guint32 row, gint32 customer)
{
  gint32 code = (gint32) vc_event_field_n_labels (walk->parties) + customer;

  if (customer >= 0)
    see (walk, code);
  if (holder < 0) {
    walk->counts->no_deliverer++;
  } else if (customer < 0) {
    walk->counts->no_customer++;
  } else {
    walk->counts->deliveries++;
    add_flow (walk, holder, code, row);
  }
}

/* n events make at most n flows: n - 1 steps and the delivery. */
static void
walk_case (Walk *walk, const guint32 *rows, gsize n)
{
  gint32 holder = -1;
  guint32 last = rows[0];

  for (gsize i = 0; i < n; i++) {
    gint32 party = walk->parties->codes[rows[i]];

    walk->counts->ties += i > 0 && walk->times[rows[i]] == walk->times[rows[i - 1]];
    if (!vc_bit_is_set (walk->parties->validity, rows[i])) {
      walk->counts->no_party++;
      if (walk->breaks)
        holder = -1;
      continue;
    }
    see (walk, party);
    if (holder >= 0) {
      add_flow (walk, holder, party, rows[i]);
      walk->counts->reworks += holder == party;
      walk->counts->hand_overs += holder != party;
    }
    holder = party;
    last = rows[i];
  }
  deliver (walk, holder, last, find_customer (walk, rows, n));
}

static void
note_times (Walk *walk, const guint32 *rows, gsize n)
{
  VcEventCounts *counts = walk->counts;
  const gint64 *times = walk->times;

  if (counts->cases == 0 || times[rows[0]] < counts->first)
    counts->first = times[rows[0]];
  if (counts->cases == 0 || times[rows[n - 1]] > counts->last)
    counts->last = times[rows[n - 1]];
  counts->cases++;
}

static gboolean
walk_cases (Walk *walk, const VcEventOrder *order, GCancellable *cancellable, GError **error)
{
  for (guint32 i = 0; i < order->n_cases; i++) {
    const guint32 *rows = order->rows + order->starts[i];
    gsize n = order->starts[i + 1] - order->starts[i];

    if (i % CANCEL_EVERY == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (n == 0)
      continue;
    note_times (walk, rows, n);
    walk_case (walk, rows, n);
  }
  return TRUE;
}

gboolean
vc_events_walk (const VcEvents *self, const VcEventOrder *order, gboolean breaks, VcEventFlows *flows, VcEventCounts *counts,
                GCancellable *cancellable, GError **error)
{
  const VcEventField *fields = self->fields;
  gsize n_codes = (gsize) vc_event_field_n_labels (&fields[VC_EVENT_ROLE_PARTY]) +
                  vc_event_field_n_labels (&fields[VC_EVENT_ROLE_CUSTOMER]);
  Walk walk = {
    .parties = &fields[VC_EVENT_ROLE_PARTY],
    .customers = &fields[VC_EVENT_ROLE_CUSTOMER],
    .times = fields[VC_EVENT_ROLE_TIME].int64s,
    .cases = fields[VC_EVENT_ROLE_CASE].codes,
    .breaks = breaks,
    .flows = flows,
    .counts = counts,
  };

  *counts = (VcEventCounts) { 0 };
  *flows = (VcEventFlows) {
    .from = vc_buffer_new (gint32, self->n_rows),
    .to = vc_buffer_new (gint32, self->n_rows),
    .at = vc_buffer_new (gint64, self->n_rows),
    .cases = vc_buffer_new (gint32, self->n_rows),
    .seen = vc_buffer_new0 (guint8, vc_bits_size (n_codes)),
  };
  if (flows->from == NULL || flows->to == NULL || flows->at == NULL || flows->cases == NULL || flows->seen == NULL) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the flows");
    return FALSE;
  }
  return walk_cases (&walk, order, cancellable, error);
}
