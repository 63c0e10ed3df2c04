/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-company-private.h"

#include <stdlib.h>

#include "base/vc-buffer-private.h"

#define LOOK_EVERY 65536 /* pairs of a case */
/* So many stay in a cache of the processor's. */
#define MAX_PLACES ((gsize) 1 << 21)

gboolean
vc_event_company_init (VcEventCompany *self, gsize n_steps, guint32 n_cases, guint32 n_parties)
{
  *self = (VcEventCompany) {
    .parties = vc_buffer_new (guint32, n_steps),
    .starts = vc_buffer_new (gsize, (gsize) n_cases + 1),
    .met = vc_buffer_new0 (guint32, n_parties),
    .n_parties = n_parties,
  };
  if (self->parties == NULL || self->starts == NULL || self->met == NULL)
    return FALSE;
  self->starts[0] = 0;
  return TRUE;
}

void
vc_event_company_clear (VcEventCompany *self)
{
  vc_buffer_free (self->parties);
  vc_buffer_free (self->starts);
  vc_buffer_free (self->met);
  *self = (VcEventCompany) { 0 };
}

void
vc_event_company_meet (VcEventCompany *self, gint32 party, guint32 in_case)
{
  if (self->met[party] == in_case + 1)
    return;
  self->met[party] = in_case + 1;
  self->parties[self->n++] = (guint32) party;
}

gsize
vc_event_company_end_case (VcEventCompany *self)
{
  gsize start = self->starts[self->n_cases], n = self->n - start;

  if (n < 2)
    self->n = start;
  else
    self->starts[++self->n_cases] = self->n;
  return n;
}

/* ---- few parties ---- */

static gsize
count_places (const VcEventCompany *self)
{
  return self->n_parties > 0 ? (gsize) self->n_parties * (self->n_parties - 1) / 2 : 0;
}

/* Whether all pairs that there could be have a place in less memory than the cases of each party would take. */
static gboolean
has_places (const VcEventCompany *self)
{
  return count_places (self) <= MIN (self->n, MAX_PLACES);
}

static inline gsize
place_of (guint32 a, guint32 b)
{
  const gsize low = MIN (a, b), high = MAX (a, b);

  return high * (high - 1) / 2 + low;
}

/* Counts the pairs of one case after the other, as they stand in memory; *n: those that were met, of which more than
 * `most` are not waited for. FALSE: cancelled. */
static gboolean
fill_places (const VcEventCompany *self, guint32 *places, guint64 most, guint64 *n, GCancellable *cancellable)
{
  gsize n_looked = LOOK_EVERY;

  for (guint32 i = 0; i < self->n_cases && *n <= most; i++) {
    const guint32 *parties = self->parties + self->starts[i];

    for (gsize k = 1; k < self->starts[i + 1] - self->starts[i]; k++) {
      if (n_looked >= LOOK_EVERY) {
        n_looked = 0;
        if (g_cancellable_is_cancelled (cancellable))
          return FALSE;
      }
      n_looked += k;
      for (gsize m = 0; m < k; m++)
        *n += places[place_of (parties[k], parties[m])]++ == 0;
    }
  }
  return TRUE;
}

static gboolean
count_few (const VcEventCompany *self, guint64 most, guint64 *n, GCancellable *cancellable)
{
  VC_BUFFER (guint32) places = vc_buffer_new0 (guint32, count_places (self));

  return places != NULL && fill_places (self, places, most, n, cancellable);
}

static gboolean
list_few (const VcEventCompany *self, const guint32 *order, VcEventPair *pairs, GCancellable *cancellable)
{
  VC_BUFFER (guint32) places = vc_buffer_new0 (guint32, count_places (self));
  guint64 n = 0;

  if (places == NULL || !fill_places (self, places, G_MAXUINT64, &n, cancellable))
    return FALSE;
  for (guint32 i = 0; i < self->n_parties; i++)
    for (guint32 k = i + 1; k < self->n_parties; k++) {
      const guint32 cases = places[place_of (order[i], order[k])];

      if (cases > 0)
        *pairs++ = (VcEventPair) { (gint32) order[i], (gint32) order[k], cases, cases, 0 };
    }
  return TRUE;
}

/* ---- many parties ---- */

/* The product of the table of parties by cases with itself, row by row (Gustavson 1978, Two fast algorithms for sparse
 * matrices, ACM Transactions on Mathematical Software 4:250-269): a party is counted with all that its cases have seen
 * already, and joins them. So what is kept at any time is one row, and never a pair that does not last. Parties go by
 * their place in an order, the last one first. */
typedef struct {
  const VcEventCompany *company;
  const guint32        *order;   /* NULL: as they are */
  gsize                *starts;  /* of each party in `cases`, and the end */
  guint32              *cases;   /* of one party after the other */
  guint32              *seen;    /* of one case after the other, as far as it is filled: places */
  guint32              *n_seen;  /* by case */
  guint32              *counts;  /* by place: cases with the current party */
  guint32              *others;  /* places that have a count */
  guint32               n_others;
  gsize                 n_looked;
  GCancellable         *cancellable;
} Rows;

static void
rows_clear (Rows *self)
{
  vc_buffer_free (self->starts);
  vc_buffer_free (self->cases);
  vc_buffer_free (self->seen);
  vc_buffer_free (self->n_seen);
  vc_buffer_free (self->counts);
  vc_buffer_free (self->others);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

/* The cases of each party: a counting sort. FALSE: cancelled. */
static gboolean
gather_cases (Rows *self)
{
  const VcEventCompany *company = self->company;
  gsize *starts = self->starts + 1; /* one further on, so that filling a party moves its start to where it belongs */
  guint32 in_case = 0;

  for (gsize i = 0; i < company->n; i++) {
    if (i % LOOK_EVERY == 0 && g_cancellable_is_cancelled (self->cancellable))
      return FALSE;
    starts[company->parties[i] + 1]++;
  }
  for (guint32 i = 0; i < company->n_parties; i++)
    starts[i + 1] += starts[i];
  for (gsize i = 0; i < company->n; i++) {
    if (i % LOOK_EVERY == 0 && g_cancellable_is_cancelled (self->cancellable))
      return FALSE;
    in_case += i == company->starts[in_case + 1];
    self->cases[starts[company->parties[i]]++] = in_case;
  }
  return TRUE;
}

static gboolean
rows_init (Rows *self, const VcEventCompany *company, const guint32 *order, GCancellable *cancellable)
{
  *self = (Rows) {
    .company = company,
    .order = order,
    .starts = vc_buffer_new0 (gsize, (gsize) company->n_parties + 2),
    .cases = vc_buffer_new (guint32, company->n),
    .seen = vc_buffer_new (guint32, company->n),
    .n_seen = vc_buffer_new0 (guint32, company->n_cases),
    .counts = vc_buffer_new0 (guint32, company->n_parties),
    .others = vc_buffer_new (guint32, company->n_parties),
    .cancellable = cancellable,
  };
  if (self->starts == NULL || self->cases == NULL || self->seen == NULL || self->n_seen == NULL || self->counts == NULL
      || self->others == NULL)
    return FALSE;
  return gather_cases (self);
}

/* Counts the party at a place with those that its cases have seen. FALSE: cancelled. */
static gboolean
make_row (Rows *self, guint32 place)
{
  guint32 party = self->order != NULL ? self->order[place] : place;

  self->n_others = 0;
  for (gsize i = self->starts[party]; i < self->starts[party + 1]; i++) {
    guint32 in_case = self->cases[i], n = self->n_seen[in_case];
    guint32 *seen = self->seen + self->company->starts[in_case];

    for (guint32 k = 0; k < n; k++)
      if (self->counts[seen[k]]++ == 0)
        self->others[self->n_others++] = seen[k];
    seen[n] = place;
    self->n_seen[in_case]++;
    self->n_looked += n + 1;
    if (self->n_looked >= LOOK_EVERY) {
      self->n_looked = 0;
      if (g_cancellable_is_cancelled (self->cancellable))
        return FALSE;
    }
  }
  return TRUE;
}

static void
forget_row (Rows *self)
{
  for (guint32 i = 0; i < self->n_others; i++)
    self->counts[self->others[i]] = 0;
}

gboolean
vc_event_company_count (const VcEventCompany *self, guint64 most, guint64 *n, GCancellable *cancellable)
{
  g_auto (Rows) rows = { NULL };

  *n = 0;
  if (has_places (self))
    return count_few (self, most, n, cancellable);
  if (!rows_init (&rows, self, NULL, cancellable))
    return FALSE;
  for (guint32 place = self->n_parties; place > 0 && *n <= most; place--) {
    if (!make_row (&rows, place - 1))
      return FALSE;
    forget_row (&rows);
    *n += rows.n_others;
  }
  return TRUE;
}

/* ---- the pairs ---- */

static int
compare_places (gconstpointer a, gconstpointer b)
{
  guint32 one = *(const guint32 *) a, other = *(const guint32 *) b;

  return (one > other) - (one < other);
}

/* Where they are many, going through all places is faster than sorting, which cannot be stopped either. */
static void
sort_others (Rows *self)
{
  guint32 n = 0;

  if (self->n_others < self->company->n_parties / 32) {
    qsort (self->others, self->n_others, sizeof *self->others, compare_places);
    return;
  }
  for (guint32 i = 0; n < self->n_others; i++)
    if (self->counts[i] > 0)
      self->others[n++] = i;
}

gboolean
vc_event_company_list (const VcEventCompany *self, const guint32 *order, VcEventPair *pairs, gsize n,
                       GCancellable *cancellable)
{
  g_auto (Rows) rows = { NULL };

  if (has_places (self))
    return list_few (self, order, pairs, cancellable);
  if (!rows_init (&rows, self, order, cancellable))
    return FALSE;
  for (guint32 place = self->n_parties; place > 0; place--) {
    if (!make_row (&rows, place - 1))
      return FALSE;
    sort_others (&rows);
    n -= rows.n_others;
    for (guint32 i = 0; i < rows.n_others; i++) {
      guint32 cases = rows.counts[rows.others[i]];

      pairs[n + i] = (VcEventPair) { (gint32) order[place - 1], (gint32) order[rows.others[i]], cases, cases, 0 };
    }
    forget_row (&rows);
  }
  return TRUE;
}
