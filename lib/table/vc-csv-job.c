/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"
#include "valuechain/vc-error.h"
#include "vc-csv-private.h"
#include "vc-table-private.h"

#define BLOCK_SIZE ((gsize) 1 << 20)
/* Slices count in 32 bits. */
#define LARGEST_BLOCK ((gsize) 1 << 31)
/* Less than this is not worth a thread. */
#define LEAST_LANE ((gsize) 64 * 1024)
#define MOST_LANES 16

typedef struct {
  VcCsvJob *job;
  VcInput *input;
  char *block;
  gsize room;
  gsize start; /* of what has not been parsed */
  gsize end;
  gboolean at_end;
  gboolean begun;
  guint64 n_parsed; /* bytes */
  VcCsvLane lanes[MOST_LANES];
  guint n_lanes;
  VcCsvStore *stores; /* one for each field */
  gint failed;        /* a store could not take what was found; atomic */
  gsize n_rows;
  guint64 n_lines;
  guint64 first_line; /* 0: no row yet */
  guint64 *extra_rows;
  guint64 *extra_lines;
  gsize n_extra;
  gsize extra_room;
  gsize expected;
} Reading;

/* Names of fields that nobody asked for may be content, where a file has no header. */
static gboolean
report (Reading *self, const VcCsvProblem *problem, guint64 first_line, GError **error)
{
  const VcCsvPlan *plan = &self->job->plan;
  const char *declared = problem->name;
  g_autofree char *name = NULL;

  if (problem->field >= 0 && plan->fields[problem->field].declared)
    declared = plan->fields[problem->field].name;
  if (declared != NULL)
    name = g_strdup_printf ("field %s: ", declared);
  else if (problem->field >= 0)
    name = g_strdup_printf ("field %d: ", problem->field + 1);
  g_set_error (error, VC_IMPORT_ERROR, problem->code, "%s:%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT ": %s%s",
               plan->file, first_line + problem->line, problem->column + 1, name != NULL ? name : "", problem->what);
  return FALSE;
}

static gboolean
refuse (Reading *self, VcImportError code, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "%s: %s", self->job->plan.file, what);
  return FALSE;
}

static gboolean
refuse_memory (Reading *self, GError **error)
{
  return refuse (self, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the table", error);
}

/* Moves what is left to the front and fills the block. */
static gboolean
fill (Reading *self, GError **error)
{
  gssize n;

  memmove (self->block, self->block + self->start, self->end - self->start);
  self->end -= self->start;
  self->start = 0;
  if (g_cancellable_set_error_if_cancelled (self->job->cancellable, error))
    return FALSE;
  n = vc_input_fill (self->input, self->block + self->end, self->room - self->end, self->job->cancellable, error);
  if (n < 0)
    return FALSE;
  self->end += (gsize) n;
  self->at_end = self->end < self->room;
  if (!self->begun && self->end >= 3 && memcmp (self->block, "\xef\xbb\xbf", 3) == 0)
    self->start = 3; /* a byte-order mark */
  self->begun = TRUE;
  if (self->job->progress != NULL && self->input->size > 0)
    vc_progress_update (self->job->progress, vc_input_get_fraction (self->input), NULL);
  return TRUE;
}

static gboolean
enlarge (Reading *self, GError **error)
{
  char *block;

  if (self->room >= LARGEST_BLOCK)
    return refuse (self, VC_IMPORT_ERROR_LIMIT, "a row is longer than can be read", error);
  block = vc_buffer_realloc (self->block, self->end, 2 * self->room, 1);
  if (block == NULL)
    return refuse_memory (self, error);
  self->block = block;
  self->room *= 2;
  return TRUE;
}

/* A quote was opened, and the field is longer than allowed already. It makes a difference to whoever looks for the
 * mistake whether it is ever closed: reads on, keeping nothing. */
static gboolean
drain_quote (Reading *self, gsize open, GError **error)
{
  VcCsvProblem problem = self->lanes[0].problem;
  gboolean closing = FALSE; /* the byte before is a quote that closes, unless another follows */
  gsize i = open + 1;

  for (;; i = 0) {
    for (; i < self->end; i++) {
      if (closing && self->block[i] != '"') {
        problem.code = VC_IMPORT_ERROR_LIMIT;
        problem.what = "the field is longer than allowed";
        return report (self, &problem, self->n_lines + 1, error);
      }
      closing = !closing && self->block[i] == '"';
    }
    self->start = self->end;
    if (self->at_end)
      break;
    if (!fill (self, error))
      return FALSE;
  }
  if (closing) {
    problem.code = VC_IMPORT_ERROR_LIMIT;
    problem.what = "the field is longer than allowed";
  }
  return report (self, &problem, self->n_lines + 1, error);
}

/* No record ends within the whole block. Looks whether it can be right at all before more memory is spent on it. */
static gboolean
probe (Reading *self, GError **error)
{
  VcCsvLane *lane = &self->lanes[0];

  if (!vc_csv_lane_prepare (lane, &self->job->plan, self->block, self->start, self->end))
    return refuse_memory (self, error);
  lane->partial = TRUE;
  if (self->job->plan.n_fields == 0) {
    VcCsvHeader header;

    vc_csv_lane_read_header (lane, &header);
    vc_csv_header_clear (&header);
  } else {
    vc_csv_lane_parse (lane);
  }
  if (lane->open != G_MAXSIZE && self->end - lane->open > 2 * self->job->plan.max_field_size + 2)
    return drain_quote (self, lane->open, error);
  if (lane->problem.found && lane->open == G_MAXSIZE)
    return report (self, &lane->problem, self->n_lines + 1, error);
  return TRUE;
}

/* Fills the block with whole records: from `start` to `*cut`. */
static gboolean
next_records (Reading *self, gsize *cut, GError **error)
{
  for (;;) {
    if (!fill (self, error))
      return FALSE;
    *cut = self->at_end ? self->end : vc_csv_last_end (self->block, self->end);
    if (*cut > 0 || self->at_end)
      return TRUE;
    if (!probe (self, error) || !enlarge (self, error))
      return FALSE;
  }
}

static gboolean
add_extra (Reading *self, guint64 row, guint64 lines)
{
  if (self->n_extra == self->extra_room) {
    gsize room = 2 * self->extra_room + 64;
    guint64 *rows = vc_buffer_realloc (self->extra_rows, self->n_extra, room, sizeof (guint64));
    guint64 *all_lines;

    if (rows == NULL)
      return FALSE;
    self->extra_rows = rows;
    all_lines = vc_buffer_realloc (self->extra_lines, self->n_extra, room, sizeof (guint64));
    if (all_lines == NULL)
      return FALSE;
    self->extra_lines = all_lines;
    self->extra_room = room;
  }
  self->extra_rows[self->n_extra] = row;
  self->extra_lines[self->n_extra++] = lines;
  return TRUE;
}

/* Row `row` stands on line `line`. */
static gboolean
note_line (Reading *self, guint64 row, guint64 line)
{
  guint64 lines;

  if (row == 0)
    self->first_line = line;
  lines = line - self->first_line - row;
  if (lines == (self->n_extra > 0 ? self->extra_lines[self->n_extra - 1] : 0))
    return TRUE;
  return add_extra (self, row - 1, lines);
}

static guint64
line_of_row (const VcCsvLane *lane, gsize row)
{
  guint64 lines = 0;

  for (gsize i = 0; i < lane->n_shifts && lane->shifts[i].row <= row; i++)
    lines = lane->shifts[i].lines;
  return row + lines;
}

/* What lanes found, in order: problems, limits and lines. */
static gboolean
account (Reading *self, VcCsvLane *lane, GError **error)
{
  guint64 most = vc_limits_get_max_rows (self->job->limits);

  if (lane->n_rows > most - MIN (most, self->n_rows)) {
    VcCsvProblem problem
      = { .found = TRUE, .code = VC_IMPORT_ERROR_LIMIT, .what = "the file has more rows than allowed" };

    problem.field = -1;
    problem.line = line_of_row (lane, most - self->n_rows);
    return report (self, &problem, self->n_lines + 1, error);
  }
  if (lane->problem.found)
    return report (self, &lane->problem, self->n_lines + 1, error);
  if (lane->n_rows > 0 && !note_line (self, self->n_rows, self->n_lines + 1 + line_of_row (lane, 0)))
    return refuse_memory (self, error);
  for (gsize i = 0; i < lane->n_shifts; i++)
    if (!note_line (self, self->n_rows + lane->shifts[i].row,
                    self->n_lines + 1 + lane->shifts[i].row + lane->shifts[i].lines))
      return refuse_memory (self, error);
  self->n_rows += lane->n_rows;
  self->n_lines += lane->n_lines;
  return TRUE;
}

static void
parse_lane (gpointer data, guint lane)
{
  Reading *self = data;

  vc_csv_lane_parse (&self->lanes[lane]);
}

static void
append_lanes (gpointer data, guint field)
{
  Reading *self = data;

  for (guint i = 0; self->stores[field].field != NULL && i < self->n_lanes; i++)
    if (!vc_csv_store_append (&self->stores[field], &self->lanes[i], field, self->expected))
      g_atomic_int_set (&self->failed, 1);
}

/* Rows in the whole file, if they go on as they did, and some more. */
static void
expect_rows (Reading *self)
{
  double most = (double) vc_limits_get_max_rows (self->job->limits);
  double rows = (double) self->n_rows * ((double) self->input->size / (double) self->n_parsed) * 1.02 + 1024;

  if (self->input->size > 0 && self->input->unpacker == NULL)
    self->expected = (gsize) MIN (rows, most);
}

static gboolean
parse_records (Reading *self, gsize cut, GError **error)
{
  gsize cuts[MOST_LANES + 1];
  guint n_threads = vc_parallel_n_threads (self->job->n_threads);

  self->n_lanes = MIN (n_threads, MOST_LANES);
  if (self->job->n_threads == 0)
    self->n_lanes = (guint) MIN (self->n_lanes, (cut - self->start) / LEAST_LANE + 1);
  vc_csv_split (self->block, self->start, cut, self->n_lanes, cuts);
  for (guint i = 0; i < self->n_lanes; i++)
    if (!vc_csv_lane_prepare (&self->lanes[i], &self->job->plan, self->block, cuts[i], cuts[i + 1]))
      return refuse_memory (self, error);
  vc_parallel (n_threads, self->n_lanes, parse_lane, self);
  self->n_parsed += cut - self->start;
  self->start = cut;
  for (guint i = 0; i < self->n_lanes; i++)
    if (!account (self, &self->lanes[i], error))
      return FALSE;
  expect_rows (self);
  vc_parallel (self->n_lanes > 1 ? n_threads : 1, self->job->plan.n_fields, append_lanes, self);
  return self->failed ? refuse_memory (self, error) : TRUE;
}

/* FALSE without an error: only empty lines so far. */
static gboolean
read_header (Reading *self, VcCsvLane *lane, VcCsvHeader *header, GError **error)
{
  VcCsvJob *job = self->job;
  VcCsvProblem problem = { 0 };

  if (vc_csv_lane_read_header (lane, header))
    vc_csv_plan_set_header (&job->plan, header, job->declared, job->n_declared, job->skip_undeclared, &problem);
  else if (lane->problem.found)
    problem = lane->problem;
  if (problem.found)
    return report (self, &problem, self->n_lines + 1, error);
  self->n_parsed += lane->start - self->start;
  self->start = lane->start;
  self->n_lines += lane->n_lines;
  return header->n > 0;
}

static gboolean
make_stores (Reading *self, GError **error)
{
  const VcCsvPlan *plan = &self->job->plan;

  self->stores = vc_buffer_new0 (VcCsvStore, plan->n_fields);
  if (self->stores == NULL)
    return refuse_memory (self, error);
  for (guint i = 0; i < plan->n_fields; i++)
    if (plan->fields[i].kept && !vc_csv_store_init (&self->stores[i], &plan->fields[i]))
      return refuse_memory (self, error);
  return TRUE;
}

/* Reads until there is a header and parses the rest of its block. */
static gboolean
start (Reading *self, GError **error)
{
  gboolean found = FALSE;
  gsize cut = 0;

  while (!found) {
    VcCsvLane lane = { 0 };
    VcCsvHeader header = { 0 };
    g_autoptr (GError) local = NULL;

    if (!next_records (self, &cut, error))
      return FALSE;
    if (!vc_csv_lane_prepare (&lane, &self->job->plan, self->block, self->start, cut))
      return refuse_memory (self, error);
    found = read_header (self, &lane, &header, &local);
    vc_csv_header_clear (&header);
    vc_csv_lane_clear (&lane);
    if (local != NULL) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    if (!found && self->at_end)
      return refuse (self, VC_IMPORT_ERROR_EMPTY, "the file is empty", error);
  }
  return make_stores (self, error) && parse_records (self, cut, error);
}

static gboolean
read_all (Reading *self, GError **error)
{
  gsize cut;

  if (!start (self, error))
    return FALSE;
  while (!self->at_end)
    if (!next_records (self, &cut, error) || !parse_records (self, cut, error))
      return FALSE;
  return vc_input_finish (self->input, error);
}

/* Returns how many columns there are; less than are kept where memory ran out. */
static guint
finish_columns (Reading *self, VcColumn **columns)
{
  guint n = 0;

  for (guint i = 0; i < self->job->plan.n_fields; i++) {
    if (self->stores[i].field == NULL)
      continue;
    columns[n] = vc_csv_store_finish (&self->stores[i]);
    if (columns[n] == NULL)
      break;
    n++;
  }
  return n;
}

static VcTable *
make_table (Reading *self, GError **error)
{
  VC_BUFFER (VcColumn *) columns = vc_buffer_new (VcColumn *, self->job->plan.n_fields);
  guint n_kept = 0, n = 0;
  VcTable *table;

  for (guint i = 0; i < self->job->plan.n_fields; i++)
    n_kept += self->job->plan.fields[i].kept;
  if (columns != NULL)
    n = finish_columns (self, columns);
  if (columns == NULL || n < n_kept) {
    while (n > 0)
      g_object_unref (columns[--n]);
    refuse_memory (self, error);
    return NULL;
  }
  table = vc_table_new_take (self->job->table_name, columns, n);
  if (table == NULL) {
    refuse_memory (self, error);
    return NULL;
  }
  vc_table_set_lines (table, self->first_line, self->extra_rows, self->extra_lines, self->n_extra);
  return table;
}

static void
clear (Reading *self)
{
  for (guint i = 0; i < MOST_LANES; i++)
    vc_csv_lane_clear (&self->lanes[i]);
  for (guint i = 0; self->stores != NULL && i < self->job->plan.n_fields; i++)
    vc_csv_store_clear (&self->stores[i]);
  vc_buffer_free (self->stores);
  vc_buffer_free (self->block);
  vc_buffer_free (self->extra_rows);
  vc_buffer_free (self->extra_lines);
  vc_csv_plan_clear (&self->job->plan);
}

VcTable *
vc_csv_job_run (VcCsvJob *self, VcInput *input, GError **error)
{
  g_autofree Reading *reading = g_new0 (Reading, 1);
  VcTable *table = NULL;

  reading->job = self;
  reading->input = input;
  reading->room = self->block_size > 0 ? self->block_size : BLOCK_SIZE;
  reading->block = vc_buffer_new (char, reading->room);
  if (reading->block == NULL)
    refuse_memory (reading, error);
  else if (read_all (reading, error))
    table = make_table (reading, error);
  clear (reading);
  return table;
}
