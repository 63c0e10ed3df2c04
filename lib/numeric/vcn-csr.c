/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-csr.h"

#include <string.h>

#include "base/vc-parallel-private.h"
#include "vcn-deal.h"
#include "vcn-look.h"
#include "vcn-sum.h"

#define SHORT 24

static gboolean
allocate (VcnCsr *self, guint32 n, guint64 n_entries, GError **error)
{
  memset (self, 0, sizeof *self);
  self->n = n;
  self->start = vc_buffer_new0 (guint64, (gsize) n + 1);
  self->column = vc_buffer_new (guint32, n_entries);
  self->value = vc_buffer_new (double, n_entries);
  if (self->start != NULL && self->column != NULL && self->value != NULL)
    return TRUE;
  vcn_csr_clear (self);
  return vcn_fail_memory (error);
}

void
vcn_csr_clear (VcnCsr *self)
{
  vc_buffer_free (self->start);
  vc_buffer_free (self->column);
  vc_buffer_free (self->value);
  memset (self, 0, sizeof *self);
}

static gboolean
check_triples (const VcnTriples *triples, guint32 n, VcnLook *look, GError **error)
{
  guint64 done = 0;

  for (guint64 k = 0; k < triples->n_triples; k++) {
    if (!vcn_look (look, &done, 1))
      return vcn_fail_cancelled (error);
    if (!vcn_is_weight (triples->value[k]))
      return vcn_fail_value (error, "the amount of flow", k);
    if ((guint32) triples->from[k] < n && (guint32) triples->to[k] < n)
      continue;
    g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_LIMIT,
                 "flow %" G_GUINT64_FORMAT " leads outside the network", k);
    return FALSE;
  }
  return TRUE;
}

/* Where triples are in order of row and column, as a chain's are, none is 0 and few are parallel, they need not be
 * sorted: they are read once to see that and to count, once to be written down. */
typedef struct {
  VcnCsr        *self;
  const VcnTriples *triples;
  double        *diagonal;
  guint64       *at; /* of each range: the entries that begin in it; then where the first of them is */
  gint           is_unfit, is_unordered, has_overflowed; /* atomic: some triple is, or sum */
  VcnLook       *look;
} Ordered;

static inline guint64
key_of (const VcnTriples *triples, guint64 k)
{
  return (guint64) (guint32) triples->from[k] << 32 | (guint32) triples->to[k];
}

static inline gboolean
begins_entry (const VcnTriples *triples, guint64 k)
{
  return k == 0 || key_of (triples, k) != key_of (triples, k - 1);
}

static void
survey_range (gpointer data, gsize begin, gsize end)
{
  Ordered *ordered = data;
  const VcnTriples *triples = ordered->triples;
  const guint32 n = ordered->self->n;
  gboolean is_unfit = FALSE, is_unordered = FALSE;
  guint64 done = VCN_LOOK_EVERY, count = 0;

  if (!vcn_look (ordered->look, &done, 0))
    return;
  for (guint64 k = begin; k < end; k++) {
    const guint64 key = key_of (triples, k);
    const guint32 from = (guint32) triples->from[k], to = (guint32) triples->to[k];

    is_unfit = is_unfit || from >= n || to >= n || !vcn_is_weight (triples->value[k]);
    is_unordered = is_unordered || triples->value[k] == 0 || (k > 0 && key < key_of (triples, k - 1))
                   || (k >= SHORT && key == key_of (triples, k - SHORT));
    count += from != to && begins_entry (triples, k);
  }
  ordered->at[begin / VC_PARALLEL_RANGE] = count;
  if (is_unfit)
    g_atomic_int_set (&ordered->is_unfit, TRUE);
  if (is_unordered)
    g_atomic_int_set (&ordered->is_unordered, TRUE);
}

/* Of the entry that begins at k, in ascending order of value. */
static double
sum_entry (const VcnTriples *triples, guint64 k)
{
  double values[SHORT];
  VcnSum sum = { 0, 0 };
  guint n = 0;

  for (; k < triples->n_triples && (n == 0 || !begins_entry (triples, k)); k++, n++) {
    guint at = n;

    for (; at > 0 && values[at - 1] > triples->value[k]; at--)
      values[at] = values[at - 1];
    values[at] = triples->value[k];
  }
  for (guint i = 0; i < n; i++)
    vcn_sum_add (&sum, values[i]);
  return vcn_sum_total (&sum);
}

static void
write_range (gpointer data, gsize begin, gsize end)
{
  Ordered *ordered = data;
  VcnCsr *self = ordered->self;
  const VcnTriples *triples = ordered->triples;
  guint64 at = ordered->at[begin / VC_PARALLEL_RANGE], done = VCN_LOOK_EVERY;

  if (!vcn_look (ordered->look, &done, 0))
    return;
  for (guint64 k = begin; k < end; k++) {
    const guint32 from = (guint32) triples->from[k], to = (guint32) triples->to[k];
    double value = triples->value[k];

    if (!begins_entry (triples, k))
      continue;
    for (guint32 row = k > 0 ? (guint32) triples->from[k - 1] + 1 : 0; row <= from; row++)
      self->start[row] = at;
    if (k + 1 < triples->n_triples && !begins_entry (triples, k + 1)) {
      value = sum_entry (triples, k);
      if (!vcn_is_weight (value))
        g_atomic_int_set (&ordered->has_overflowed, TRUE);
    }
    if (from != to) {
      self->column[at] = to;
      self->value[at++] = value;
    } else if (ordered->diagonal != NULL)
      ordered->diagonal[from] = value;
  }
}

/* Writes down what is in order. */
static void
write_ordered (Ordered *ordered, guint n_threads)
{
  VcnCsr *self = ordered->self;
  const VcnTriples *triples = ordered->triples;
  guint64 total = 0;

  for (guint64 k = 0; k < triples->n_triples; k += VC_PARALLEL_RANGE) {
    const guint64 count = ordered->at[k / VC_PARALLEL_RANGE];

    ordered->at[k / VC_PARALLEL_RANGE] = total;
    total += count;
  }
  vc_parallel_ranges (n_threads, triples->n_triples, write_range, ordered);
  for (guint64 row = triples->n_triples > 0 ? (guint64) triples->from[triples->n_triples - 1] + 1 : 0; row <= self->n;
       row++)
    self->start[row] = total;
}

static inline gboolean
is_before (const guint32 *columns, const double *values, gsize a, gsize b)
{
  return columns[a] < columns[b] || (columns[a] == columns[b] && values[a] < values[b]);
}

static inline void
swap (guint32 *columns, double *values, gsize a, gsize b)
{
  guint32 column = columns[a];
  double value = values[a];

  columns[a] = columns[b];
  columns[b] = column;
  values[a] = values[b];
  values[b] = value;
}

static void
sift (guint32 *columns, double *values, gsize root, gsize n)
{
  for (gsize child; (child = 2 * root + 1) < n; root = child) {
    if (child + 1 < n && is_before (columns, values, child, child + 1))
      child++;
    if (!is_before (columns, values, root, child))
      return;
    swap (columns, values, root, child);
  }
}

/* By column, of a short row: an arc's place is the number of those that come before it, which takes no branch that
 * nobody could guess. */
static void
rank_row (guint32 *columns, double *values, gsize n)
{
  guint32 column[SHORT], place[SHORT];
  double value[SHORT];

  for (guint32 i = 0; i < n; i++) {
    guint32 before = 0;

    column[i] = columns[i];
    value[i] = values[i];
    for (guint32 k = 0; k < i; k++) {
      const guint32 is_after = column[k] > column[i];

      place[k] += is_after;
      before += !is_after;
    }
    place[i] = before;
  }
  for (guint32 i = 0; i < n; i++) {
    columns[place[i]] = column[i];
    values[place[i]] = value[i];
  }
}

/* What a swap of a heap costs, in arcs. */
#define HEAP_STEP 8

/* By column, then by value: heapsort, in place and without a worst case; for the short rows that most are by rank, then
 * by insertion, of what is parallel alone. FALSE: stopped. */
static gboolean
sort_row (guint32 *columns, double *values, gsize n, VcnLook *look, guint64 *done)
{
  gsize sorted = 1;

  while (sorted < n && !is_before (columns, values, sorted, sorted - 1))
    sorted++;
  if (sorted >= n)
    return TRUE;
  if (n <= SHORT) {
    rank_row (columns, values, n);
    for (sorted = 1; sorted < n; sorted++)
      for (gsize k = sorted; k > 0 && is_before (columns, values, k, k - 1); k--)
        swap (columns, values, k, k - 1);
    return TRUE;
  }
  for (gsize root = n / 2; root-- > 0;) {
    if (!vcn_look (look, done, HEAP_STEP))
      return FALSE;
    sift (columns, values, root, n);
  }
  while (--n > 0) {
    if (!vcn_look (look, done, HEAP_STEP))
      return FALSE;
    swap (columns, values, 0, n);
    sift (columns, values, 0, n);
  }
  return TRUE;
}

/* Adds up what is parallel in a sorted row, takes out its diagonal and zeros and answers how many are left, at the
 * row's front. */
static gsize
merge_row (guint32 *columns, double *values, gsize n, guint32 row, double *diagonal)
{
  gsize kept = 0;

  for (gsize k = 0; k < n;) {
    const guint32 column = columns[k];
    VcnSum sum = { values[k++], 0 };

    while (k < n && columns[k] == column)
      vcn_sum_add (&sum, values[k++]);
    if (column == row) {
      if (diagonal != NULL)
        diagonal[row] = vcn_sum_total (&sum);
    } else if (vcn_sum_total (&sum) != 0) {
      columns[kept] = column;
      values[kept++] = vcn_sum_total (&sum);
    }
  }
  return kept;
}

#define ROWS_PER_CHUNK 16384

typedef struct {
  VcnCsr  *self;
  double  *diagonal;
  guint32 *kept;
  VcnLook *look;
} Tidy;

static void
tidy_rows (gpointer data, guint chunk)
{
  Tidy *tidy = data;
  VcnCsr *self = tidy->self;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK;
  guint64 done = VCN_LOOK_EVERY;

  for (guint64 i = begin; i < MIN (begin + ROWS_PER_CHUNK, self->n); i++) {
    const guint64 start = self->start[i];
    const gsize n = self->start[i + 1] - start;

    if (!vcn_look (tidy->look, &done, n) || !sort_row (self->column + start, self->value + start, n, tidy->look, &done))
      return;
    tidy->kept[i] = (guint32) merge_row (self->column + start, self->value + start, n, (guint32) i, tidy->diagonal);
  }
}

/* Closes the gaps that merging left. FALSE: stopped. */
static gboolean
close_gaps (VcnCsr *self, const guint32 *kept, VcnLook *look)
{
  guint64 at = 0, done = 0;

  for (guint32 i = 0; i < self->n; i++) {
    const guint64 start = self->start[i];

    if (!vcn_look (look, &done, 1 + kept[i]))
      return FALSE;
    if (at != start) {
      memmove (self->column + at, self->column + start, kept[i] * sizeof *self->column);
      memmove (self->value + at, self->value + start, kept[i] * sizeof *self->value);
    }
    self->start[i] = at;
    at += kept[i];
  }
  self->start[self->n] = at;
  return TRUE;
}

/* Finds sums that overflowed. */
static gboolean
check_sums (const VcnCsr *self, const double *diagonal, VcnLook *look, GError **error)
{
  guint64 done = 0;

  for (guint64 k = 0; k < self->start[self->n]; k++) {
    if (!vcn_look (look, &done, 1))
      return vcn_fail_cancelled (error);
    if (!vcn_is_weight (self->value[k]))
      return vcn_fail_value (error, "the sum of parallel flows", k);
  }
  for (guint32 i = 0; diagonal != NULL && i < self->n; i++)
    if (!vcn_is_weight (diagonal[i]))
      return vcn_fail_value (error, "the sum of self flows of party", i);
  return TRUE;
}

/* What is in no order. */
static gboolean
sort_triples (VcnCsr *self, const VcnTriples *triples, double *diagonal, guint n_threads, VcnLook *look, GError **error)
{
  VC_BUFFER (guint32) kept = vc_buffer_new (guint32, self->n);
  Tidy tidy = { self, diagonal, kept, look };

  if (kept == NULL)
    return vcn_fail_memory (error);
  if (!vcn_deal_triples (triples, self, n_threads, look->monitor, 0, error))
    return FALSE;
  vc_parallel (n_threads, (guint) (((guint64) self->n + ROWS_PER_CHUNK - 1) / ROWS_PER_CHUNK), tidy_rows, &tidy);
  if (!vcn_look_is_stopped (look))
    close_gaps (self, kept, look);
  return vcn_look_end (look, error) && check_sums (self, diagonal, look, error);
}

static gboolean
write_triples (VcnCsr *self, const VcnTriples *triples, double *diagonal, guint n_threads, VcnLook *look,
               GError **error)
{
  VC_BUFFER (guint64) at = vc_buffer_new (guint64, triples->n_triples / VC_PARALLEL_RANGE + 1);
  Ordered ordered = { .self = self, .triples = triples, .diagonal = diagonal, .at = at, .look = look };

  if (at == NULL)
    return vcn_fail_memory (error);
  vc_parallel_ranges (n_threads, triples->n_triples, survey_range, &ordered);
  if (!vcn_look_end (look, error) || (ordered.is_unfit && !check_triples (triples, self->n, look, error)))
    return FALSE;
  if (ordered.is_unordered)
    return sort_triples (self, triples, diagonal, n_threads, look, error);
  write_ordered (&ordered, n_threads);
  return vcn_look_end (look, error) && (!ordered.has_overflowed || check_sums (self, diagonal, look, error));
}

gboolean
vcn_csr_from_triples (VcnCsr *self, guint32 n, guint64 n_triples, const gint32 *from, const gint32 *to,
                      const double *value, double *diagonal, guint n_threads, const VcnMonitor *monitor, GError **error)
{
  const VcnTriples triples = { n_triples, from, to, value };
  VcnLook look = { monitor, 0, FALSE };

  if (!allocate (self, n, n_triples, error))
    return FALSE;
  if (diagonal != NULL)
    memset (diagonal, 0, n * sizeof *diagonal);
  if (write_triples (self, &triples, diagonal, n_threads, &look, error))
    return TRUE;
  vcn_csr_clear (self);
  return FALSE;
}

gboolean
vcn_csr_transpose (VcnCsr *self, const VcnCsr *other, guint n_threads, const VcnMonitor *monitor, GError **error)
{
  if (!allocate (self, other->n, other->start[other->n], error))
    return FALSE;
  if (vcn_deal_transposed (other, self, n_threads, monitor, 0, error))
    return TRUE;
  vcn_csr_clear (self);
  return FALSE;
}

typedef struct {
  VcnCsr  *self;
  VcnLook *look;
} Sorting;

static void
sort_rows (gpointer data, guint chunk)
{
  const Sorting *sorting = data;
  VcnCsr *self = sorting->self;
  const guint64 begin = (guint64) chunk * ROWS_PER_CHUNK;
  guint64 done = VCN_LOOK_EVERY;

  for (guint64 i = begin; i < MIN (begin + ROWS_PER_CHUNK, self->n); i++) {
    const guint64 start = self->start[i], n = self->start[i + 1] - start;

    if (!vcn_look (sorting->look, &done, 1 + n)
        || !sort_row (self->column + start, self->value + start, n, sorting->look, &done))
      return;
  }
}

gboolean
vcn_csr_renumber (VcnCsr *self, const VcnCsr *other, const guint32 *place, guint n_threads, const VcnMonitor *monitor,
                  GError **error)
{
  VcnLook look = { monitor, 0, FALSE };

  if (!allocate (self, other->n, other->start[other->n], error))
    return FALSE;
  if (vcn_deal_renumbered (other, place, self, n_threads, monitor, 0, error)) {
    vc_parallel (n_threads, self->n / ROWS_PER_CHUNK + 1, sort_rows, &(Sorting) { self, &look });
    if (vcn_look_end (&look, error))
      return TRUE;
  }
  vcn_csr_clear (self);
  return FALSE;
}
