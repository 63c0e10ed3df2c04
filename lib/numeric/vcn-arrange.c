/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcn-absorb-private.h"

#include <string.h>

#include "base/vc-parallel-private.h"

#define ROWS_PER_CHUNK 16384
/* A block of more layers is long and thin: such a one Cuthill and McKee put in better order. */
#define MOST_LAYERS 100
enum { OUTSIDE = G_MAXUINT8 - 1, UNSEEN };
/* From anywhere to an end, and from there to the other, which is farther out. */
#define ENDS 2
/* Each takes out noise, and bends the line a little at its ends. */
#define MEANS 4
/* Arcs ahead whose keys are asked for. */
#define KEYS_AHEAD 64
/* Nodes ahead whose rows are. */
#define ROWS_AHEAD 24

/* A block is laid out along a line: by layers from one of its ends, then by means over where its arcs lead to. Rows are
 * read as they stand, by all threads, and only what is known of a node is met at random. */
typedef struct {
  const VcnAbsorb *self;
  guint32          first, n;
  guint8          *layer; /* by node */
  guint8           last;  /* of the layers so far */
  gint             grows; /* atomic: one more has been found */
  float           *key, *next; /* by node; negative outside the block */
  VcnLook         *look;
} Line;

static void
line_clear (Line *line)
{
  vc_buffer_free (line->layer);
  vc_buffer_free (line->key);
  vc_buffer_free (line->next);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Line, line_clear)

static void
run (Line *line, void (*body) (gpointer data, guint chunk))
{
  vc_parallel (line->self->options.n_threads, line->n / ROWS_PER_CHUNK + 1, body, line);
}

/* Few rows of a layer follow each other in memory: each is asked for some nodes before it is read. */
static inline void
ask_for_row (const Line *line, guint32 position)
{
  const VcnCsr *flows = line->self->flows;
  const guint32 i = line->self->order[position];

  if (__atomic_load_n (&line->layer[i], __ATOMIC_RELAXED) == line->last) {
    __builtin_prefetch (flows->column + flows->start[i]);
    __builtin_prefetch (flows->column + flows->start[i + 1]);
  }
}

/* Several threads may find the same node, and say the same of it. */
static void
follow_chunk (gpointer data, guint chunk)
{
  Line *line = data;
  const VcnCsr *flows = line->self->flows;
  const guint32 begin = chunk * ROWS_PER_CHUNK, end = MIN (begin + ROWS_PER_CHUNK, line->n);
  guint64 done = VCN_LOOK_EVERY;
  gboolean grows = FALSE;

  for (guint32 p = begin; p < end; p++) {
    const guint32 i = line->self->order[line->first + p];

    ask_for_row (line, line->first + MIN (p + ROWS_AHEAD, line->n - 1));
    if (__atomic_load_n (&line->layer[i], __ATOMIC_RELAXED) != line->last)
      continue;
    if (!vcn_look (line->look, &done, 1 + flows->start[i + 1] - flows->start[i]))
      return;
    for (guint64 k = flows->start[i]; k < flows->start[i + 1]; k++) {
      guint8 *layer = &line->layer[flows->column[k]];

      if (__atomic_load_n (layer, __ATOMIC_RELAXED) != UNSEEN)
        continue;
      __atomic_store_n (layer, line->last + 1, __ATOMIC_RELAXED);
      grows = TRUE;
    }
  }
  if (grows)
    g_atomic_int_set (&line->grows, TRUE);
}

/* Layers by arcs ahead, which in a strongly connected block lead everywhere. FALSE: there are too many, or it was
 * stopped. */
static gboolean
find_layers (Line *line, guint32 root)
{
  const guint32 *nodes = line->self->order + line->first;

  memset (line->layer, OUTSIDE, line->self->flows->n);
  for (guint32 p = 0; p < line->n; p++)
    line->layer[nodes[p]] = UNSEEN;
  line->layer[root] = line->last = 0;
  do {
    line->grows = FALSE;
    run (line, follow_chunk);
    if (line->grows)
      line->last++;
  } while (line->grows && line->last < MOST_LAYERS && !vcn_look_is_stopped (line->look));
  return !line->grows;
}

static guint32
farthest (const Line *line)
{
  const guint32 *nodes = line->self->order + line->first;

  while (line->layer[*nodes] != line->last)
    nodes++;
  return *nodes;
}

static void
mean_chunk (gpointer data, guint chunk)
{
  Line *line = data;
  const VcnCsr *flows = line->self->flows;
  const guint64 last = flows->start[flows->n] - 1;
  const guint32 begin = chunk * ROWS_PER_CHUNK, end = MIN (begin + ROWS_PER_CHUNK, line->n);
  guint64 done = VCN_LOOK_EVERY;

  for (guint32 p = begin; p < end; p++) {
    const guint32 i = line->self->order[line->first + p];
    double sum = line->key[i], count = 1;

    if (!vcn_look (line->look, &done, 1 + flows->start[i + 1] - flows->start[i]))
      return;
    for (guint64 k = flows->start[i]; k < flows->start[i + 1]; k++) {
      const float key = line->key[flows->column[k]];

      __builtin_prefetch (line->key + flows->column[MIN (k + KEYS_AHEAD, last)]);
      sum += key >= 0 ? key : 0;
      count += key >= 0;
    }
    line->next[i] = (float) (sum / count);
  }
}

static void
take_means (Line *line)
{
  for (guint32 i = 0; i < line->self->flows->n; i++)
    line->key[i] = line->next[i] = line->layer[i] == OUTSIDE ? -1 : line->layer[i];
  for (guint k = 0; k < MEANS && !vcn_look_is_stopped (line->look); k++) {
    float *last = line->key;

    run (line, mean_chunk);
    line->key = line->next;
    line->next = last;
  }
}

/* Counting sort by the key, to an n-th of its range; nodes that are alike keep their order. */
static gboolean
sort (const Line *line, VcnAbsorb *self, GError **error)
{
  VC_BUFFER (guint32) order = vc_buffer_new (guint32, line->n);
  VC_BUFFER (guint32) begin = vc_buffer_new0 (guint32, (gsize) line->n + 1);
  guint32 *nodes = self->order + line->first;
  float least = G_MAXFLOAT, most = 0;

  if (order == NULL || begin == NULL)
    return vcn_fail_memory (error);
  for (guint32 p = 0; p < line->n; p++) {
    least = MIN (least, line->key[nodes[p]]);
    most = MAX (most, line->key[nodes[p]]);
  }
  for (guint32 p = 0; p < line->n; p++)
    begin[vcn_absorb_part (line->key[nodes[p]], least, most, line->n) + 1]++;
  for (guint32 k = 0; k < line->n; k++)
    begin[k + 1] += begin[k];
  for (guint32 p = 0; p < line->n; p++)
    order[begin[vcn_absorb_part (line->key[nodes[p]], least, most, line->n)]++] = nodes[p];
  memcpy (nodes, order, line->n * sizeof *nodes);
  for (guint32 p = 0; p < line->n; p++)
    self->position[nodes[p]] = line->first + p;
  return TRUE;
}

gboolean
vcn_absorb_arrange (VcnAbsorb *self, guint32 block, gboolean *is_wide, VcnLook *look, GError **error)
{
  const guint32 first = self->first[block], n = self->first[block + 1] - first;
  g_auto (Line) line = { .self = self, .first = first, .n = n, .look = look };

  line.layer = vc_buffer_new (guint8, self->flows->n);
  line.key = vc_buffer_new (float, self->flows->n);
  line.next = vc_buffer_new (float, self->flows->n);
  if (line.layer == NULL || line.key == NULL || line.next == NULL)
    return vcn_fail_memory (error);
  *is_wide = find_layers (&line, self->order[first]);
  for (guint k = 0; *is_wide && k < ENDS; k++)
    *is_wide = find_layers (&line, farthest (&line));
  if (*is_wide)
    take_means (&line);
  return vcn_look_end (look, error) && (!*is_wide || sort (&line, self, error));
}
