/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-events-private.h"

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"

/* Hand-over of work by direct succession: van der Aalst, Reijers and Song (2005), Discovering social networks from event logs,
 * Computer Supported Cooperative Work 14:549-593, with each succession counted once in its case. */

#define CANCEL_EVERY 65536 /* cases */

typedef struct {
  const VcEvents *events;
  gboolean        breaks;
  VcEventFlows   *flows;
  VcEventCounts  *counts;
} Walk;

/* Rows in order of case and, within it, of time. */
typedef struct {
  guint32 *starts;  /* of each case in rows, and the end */
  guint32 *rows;
  guint32 *scratch;
} Order;

static void
order_clear (Order *self)
{
  vc_buffer_free (self->starts);
  vc_buffer_free (self->rows);
  vc_buffer_free (self->scratch);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Order, order_clear)

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

static gboolean
no_memory (GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the events");
  return FALSE;
}

static gboolean
has_place (const VcEvents *self, gsize row)
{
  return vc_bit_is_set (self->cases.validity, row) && vc_bit_is_set (self->times.validity, row);
}

static void
count_rows (const VcEvents *self, guint32 *starts, VcEventCounts *counts)
{
  for (gsize row = 0; row < self->n_rows; row++) {
    if (!vc_bit_is_set (self->cases.validity, row))
      counts->no_case++;
    else if (!vc_bit_is_set (self->times.validity, row))
      counts->no_time++;
    else
      starts[self->cases.codes[row] + 1]++;
  }
  for (guint32 i = 0; i < self->n_cases; i++)
    starts[i + 1] += starts[i];
}

/* A counting sort, which keeps the order of the file within a case. Leaves starts[i] at the end of case i: moved back by one. */
static gboolean
gather_cases (const VcEvents *self, Order *order, VcEventCounts *counts, GError **error)
{
  order->starts = vc_buffer_new0 (guint32, (gsize) self->n_cases + 2);
  order->rows = vc_buffer_new (guint32, self->n_rows);
  order->scratch = vc_buffer_new (guint32, self->n_rows);
  if (order->starts == NULL || order->rows == NULL || order->scratch == NULL)
    return no_memory (error);
  /* One further on, so that filling a case moves its start to where it belongs. */
  count_rows (self, order->starts + 1, counts);
  for (gsize row = 0; row < self->n_rows; row++)
    if (has_place (self, row))
      order->rows[order->starts[self->cases.codes[row] + 1]++] = (guint32) row;
  return TRUE;
}

static gboolean
is_sorted (const gint64 *times, const guint32 *rows, gsize n)
{
  for (gsize i = 1; i < n; i++)
    if (times[rows[i]] < times[rows[i - 1]])
      return FALSE;
  return TRUE;
}

static void
merge (const gint64 *times, const guint32 *left, const guint32 *right, const guint32 *end, guint32 *out)
{
  const guint32 *a = left, *b = right;

  while (a < right && b < end)
    *out++ = times[*b] < times[*a] ? *b++ : *a++;
  while (a < right)
    *out++ = *a++;
  while (b < end)
    *out++ = *b++;
}

/* Bottom-up merge sort: stable, so that ties keep the order of the file. */
static gboolean
sort_case (const gint64 *times, guint32 *rows, guint32 *scratch, gsize n, GCancellable *cancellable)
{
  guint32 *from = rows, *to = scratch, *other;

  for (gsize width = 1; width < n; width *= 2) {
    if (g_cancellable_is_cancelled (cancellable))
      return FALSE;
    for (gsize i = 0; i < n; i += 2 * width)
      merge (times, from + i, from + MIN (i + width, n), from + MIN (i + 2 * width, n), to + i);
    other = from;
    from = to;
    to = other;
  }
  if (from != rows)
    for (gsize i = 0; i < n; i++)
      rows[i] = from[i];
  return TRUE;
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
  flows->at[flows->n] = walk->events->times.times[row];
  flows->cases[flows->n] = walk->events->cases.codes[row];
  flows->n++;
}

/* The last customer that the case names; -1: none. */
static gint32
find_customer (Walk *walk, const guint32 *rows, gsize n)
{
  const VcEventField *customers = &walk->events->customers;
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
  gint32 code = (gint32) walk->events->n_parties + customer;

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
  const VcEvents *events = walk->events;
  gint32 holder = -1;
  guint32 last = rows[0];

  for (gsize i = 0; i < n; i++) {
    gint32 party = events->parties.codes[rows[i]];

    walk->counts->ties += i > 0 && events->times.times[rows[i]] == events->times.times[rows[i - 1]];
    if (!vc_bit_is_set (events->parties.validity, rows[i])) {
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
  const gint64 *times = walk->events->times.times;

  if (counts->cases == 0 || times[rows[0]] < counts->first)
    counts->first = times[rows[0]];
  if (counts->cases == 0 || times[rows[n - 1]] > counts->last)
    counts->last = times[rows[n - 1]];
  counts->cases++;
}

static gboolean
walk_cases (Walk *walk, const Order *order, GCancellable *cancellable, GError **error)
{
  const gint64 *times = walk->events->times.times;

  for (guint32 i = 0; i < walk->events->n_cases; i++) {
    guint32 *rows = order->rows + order->starts[i];
    gsize n = order->starts[i + 1] - order->starts[i];

    if (i % CANCEL_EVERY == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (n == 0)
      continue;
    if (!is_sorted (times, rows, n)) {
      walk->counts->unordered++;
      if (!sort_case (times, rows, order->scratch, n, cancellable))
        return !g_cancellable_set_error_if_cancelled (cancellable, error);
    }
    note_times (walk, rows, n);
    walk_case (walk, rows, n);
  }
  return TRUE;
}

gboolean
vc_events_walk (const VcEvents *self, gboolean breaks, VcEventFlows *flows, VcEventCounts *counts, GCancellable *cancellable,
                GError **error)
{
  g_auto (Order) order = { 0 };
  Walk walk = { self, breaks, flows, counts };
  gsize n_codes = (gsize) self->n_parties + (self->customers.codes != NULL ? self->n_customers : 0);

  *counts = (VcEventCounts) { 0 };
  *flows = (VcEventFlows) {
    .from = vc_buffer_new (gint32, self->n_rows),
    .to = vc_buffer_new (gint32, self->n_rows),
    .at = vc_buffer_new (gint64, self->n_rows),
    .cases = vc_buffer_new (gint32, self->n_rows),
    .seen = vc_buffer_new0 (guint8, vc_bits_size (n_codes)),
  };
  if (flows->from == NULL || flows->to == NULL || flows->at == NULL || flows->cases == NULL || flows->seen == NULL)
    return no_memory (error);
  return gather_cases (self, &order, counts, error) && walk_cases (&walk, &order, cancellable, error);
}
