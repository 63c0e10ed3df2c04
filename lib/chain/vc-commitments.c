/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-commitments-private.h"

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"
#include "vc-assembly-private.h"

/* What a commitment says more than once. A record that contradicts itself is nobody's evidence: any rate that counts it
 * is wrong one way or the other, so it is an error, or with `lenient` left out. What is merely strange, such as a due
 * time before the commitment was made, is told and counted. */

/* After the contradictions, in the same set of bits. */
enum {
  ODD_DUE_EARLY = VC_N_CONTRADICTIONS,
  ODD_NEVER_CLOSED,
};

G_STATIC_ASSERT (ODD_NEVER_CLOSED < 16);

static const struct {
  const char *code;  /* of the warning where the record is left out */
  const char *field;
  const char *message;
  const char *description;
} contradictions[VC_N_CONTRADICTIONS] = {
  [VC_CONTRADICTION_SELF] = { "owed-to-self", "to", "names the party that owes", "owed to oneself" },
  [VC_CONTRADICTION_CLOSED_EARLY] = { "closed-before-made", "closed", "is before the commitment was made",
                                      "closed before they were made" },
  [VC_CONTRADICTION_KEPT_UNCLOSED] = { "kept-unclosed", "closed",
                                       "is missing, so nobody can tell whether it was kept in time",
                                       "kept and due, without a closing time" },
  [VC_CONTRADICTION_OPEN_CLOSED] = { "open-closed", "closed", "is given, though the commitment is open",
                                     "open, with a closing time" },
  [VC_CONTRADICTION_OPEN_CLOSED_BY] = { "open-closed-by", "closed_by", "is given, though the commitment is open",
                                        "open, with somebody who closed them" },
  [VC_CONTRADICTION_LATE_IN_TIME] = { "late-in-time", "state",
                                      "is late, though it was closed when it was due or before",
                                      "late, though closed in time" },
  [VC_CONTRADICTION_TWO_STATES] = { "two-states", "state", "is another one in another record of this id",
                                    "of one id, in two states" },
};

const char *
vc_contradiction_describe (VcContradiction contradiction)
{
  return contradictions[contradiction].description;
}

/* A column that need not be there, and does not say anything then. */
typedef struct {
  const guint8 *validity;
  const gint32 *codes;
  const gint64 *times;
  gboolean      absent;
} Field;

typedef struct {
  VcAssembly *assembly;
  Field       fields[VC_MAX_FIELDS];
  guint32     n_ids;
  guint8     *id_states; /* for each id 2 + the state of its records, or SEVERAL; 0: no record yet */
  guint16    *found;     /* what there is in each range of rows */
  guint64     n_never_closed;
} Check;

#define SEVERAL    0xff
#define LOOK_EVERY ((gsize) 1 << 20) /* rows between two looks at the cancellable */

static void
check_clear (Check *self)
{
  vc_buffer_free (self->id_states);
  vc_buffer_free (self->found);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Check, check_clear)

static Field
peek (VcColumn *column)
{
  if (column == NULL)
    return (Field) { .absent = TRUE };
  return (Field) {
    .validity = vc_column_peek_validity (column),
    .codes = vc_column_get_column_type (column) == VC_COLUMN_TYPE_TEXT ? vc_column_peek_codes (column) : NULL,
    .times = vc_column_get_column_type (column) == VC_COLUMN_TYPE_TIME ? vc_column_peek_int64s (column) : NULL,
  };
}

static gboolean
has (const Check *self, guint field, gsize row)
{
  return !self->fields[field].absent && vc_bit_is_set (self->fields[field].validity, row);
}

static gint32
code (const Check *self, guint field, gsize row)
{
  return has (self, field, row) ? self->fields[field].codes[row] : -1;
}

static gboolean
is_before (const Check *self, guint field, guint other, gsize row)
{
  return has (self, field, row) && has (self, other, row) &&
         self->fields[field].times[row] < self->fields[other].times[row];
}

static gboolean
is_of_two_states (const Check *self, gsize row)
{
  return self->id_states != NULL && has (self, VC_COMMITMENT_ID, row) &&
         self->id_states[self->fields[VC_COMMITMENT_ID].codes[row]] == SEVERAL;
}

/* Done or withdrawn, so at some time. */
static gboolean
is_over (gint32 state)
{
  return state == VC_STATE_KEPT || state == VC_STATE_LATE || state == VC_STATE_WITHDRAWN;
}

/* A bit for each thing that is wrong or odd. */
static guint16
look_at (const Check *self, gsize row)
{
  const gint32 from = code (self, VC_COMMITMENT_FROM, row);
  const gint32 state = code (self, VC_COMMITMENT_STATE, row);
  const gboolean closed = has (self, VC_COMMITMENT_CLOSED, row);
  const gboolean closer = has (self, VC_COMMITMENT_CLOSED_BY, row);
  const gboolean due = has (self, VC_COMMITMENT_DUE, row);
  const gboolean overdue = is_before (self, VC_COMMITMENT_DUE, VC_COMMITMENT_CLOSED, row);
  guint found = 0;

  found |= (guint) (from >= 0 && from == code (self, VC_COMMITMENT_TO, row)) << VC_CONTRADICTION_SELF;
  found |= (guint) is_before (self, VC_COMMITMENT_CLOSED, VC_COMMITMENT_MADE, row) << VC_CONTRADICTION_CLOSED_EARLY;
  found |= (guint) (state == VC_STATE_KEPT && due && !closed) << VC_CONTRADICTION_KEPT_UNCLOSED;
  found |= (guint) (state == VC_STATE_OPEN && closed) << VC_CONTRADICTION_OPEN_CLOSED;
  found |= (guint) (state == VC_STATE_OPEN && closer) << VC_CONTRADICTION_OPEN_CLOSED_BY;
  found |= (guint) (state == VC_STATE_LATE && due && closed && !overdue) << VC_CONTRADICTION_LATE_IN_TIME;
  found |= (guint) is_of_two_states (self, row) << VC_CONTRADICTION_TWO_STATES;
  found |= (guint) is_before (self, VC_COMMITMENT_DUE, VC_COMMITMENT_MADE, row) << ODD_DUE_EARLY;
  found |= (guint) (is_over (state) && !closed && !(state == VC_STATE_KEPT && due)) << ODD_NEVER_CLOSED;
  return (guint16) found;
}

/* ---- records of one id ---- */

static void
tell_duplicate (const Check *self, gsize row)
{
  const VcPlace place = vc_assembly_place (self->assembly, VC_RECORDS_COMMITMENTS, row, "id");

  vc_problems_add_error (self->assembly->problems, &place, VC_IMPORT_ERROR_DUPLICATE, "stands there already");
}

/* An id that stands twice is a mistake even where both records say the same: it would count twice. */
static gboolean
survey_ids (Check *self, gsize n)
{
  const Field *ids = &self->fields[VC_COMMITMENT_ID];

  if (ids->absent)
    return TRUE;
  self->id_states = vc_buffer_new0 (guint8, self->n_ids);
  if (self->id_states == NULL)
    return FALSE;
  for (gsize row = 0; row < n; row++) {
    guint8 state = (guint8) (code (self, VC_COMMITMENT_STATE, row) + 2);
    guint8 *known;

    if (row % LOOK_EVERY == 0 && g_cancellable_is_cancelled (self->assembly->cancellable))
      return TRUE;
    if (!vc_bit_is_set (ids->validity, row))
      continue;
    known = &self->id_states[ids->codes[row]];
    if (*known == 0)
      *known = state;
    else if (*known == state)
      tell_duplicate (self, row);
    else
      *known = SEVERAL;
  }
  return TRUE;
}

/* ---- all records ---- */

static void
scan_range (gpointer data, gsize start, gsize end)
{
  const Check *self = data;
  guint16 found = 0;

  if (g_cancellable_is_cancelled (self->assembly->cancellable))
    return;
  for (gsize row = start; row < end; row++)
    found |= look_at (self, row);
  self->found[start / VC_PARALLEL_RANGE] = found;
}

static void
tell_contradiction (const Check *self, gsize row, VcContradiction which)
{
  VcAssembly *assembly = self->assembly;
  const VcPlace place = vc_assembly_place (assembly, VC_RECORDS_COMMITMENTS, row, contradictions[which].field);
  g_autofree char *message = NULL;

  if (!assembly->input->lenient) {
    vc_problems_add_error (assembly->problems, &place, VC_IMPORT_ERROR_CONTRADICTION, contradictions[which].message);
    return;
  }
  message = g_strconcat (contradictions[which].message, ": the record is left out", NULL);
  vc_problems_add_odd (assembly->problems, VC_SEVERITY_WARNING, &place, contradictions[which].code, 1, message);
}

static void
leave_out (Check *self, gsize row, VcContradiction why)
{
  VcAssembly *assembly = self->assembly;

  if (assembly->dropped == NULL)
    assembly->dropped = vc_buffer_new0 (guint8, assembly->n_rows[VC_RECORDS_COMMITMENTS] / 8 + 1);
  if (assembly->dropped == NULL) {
    assembly->failed = TRUE;
    return;
  }
  vc_bit_set (assembly->dropped, row);
  assembly->input->n_dropped[why]++;
}

static void
tell_row (Check *self, gsize row, guint found)
{
  const VcPlace due = vc_assembly_place (self->assembly, VC_RECORDS_COMMITMENTS, row, "due");
  gboolean left_out = FALSE;

  for (VcContradiction i = 0; i < VC_N_CONTRADICTIONS && !left_out; i++) {
    if (!(found & 1u << i))
      continue;
    tell_contradiction (self, row, i);
    left_out = self->assembly->input->lenient;
    if (left_out)
      leave_out (self, row, i);
  }
  if (left_out)
    return;
  if (found & 1u << ODD_DUE_EARLY)
    vc_problems_add_odd (self->assembly->problems, VC_SEVERITY_WARNING, &due, "due-before-made", 1,
                         "is before the commitment was made");
  self->n_never_closed += (found & 1u << ODD_NEVER_CLOSED) != 0;
}

static void
tell_range (Check *self, gsize start, gsize end)
{
  for (gsize row = start; row < end && !self->assembly->failed; row++) {
    guint found = look_at (self, row);

    if (found != 0)
      tell_row (self, row, found);
  }
}

/* By all threads first: most ranges hold nothing to tell. */
static void
scan (Check *self, gsize n)
{
  VcAssembly *assembly = self->assembly;
  const VcPlace place = vc_assembly_whole_place (assembly, VC_RECORDS_COMMITMENTS, "closed");

  vc_parallel_ranges (0, n, scan_range, self);
  for (gsize start = 0; start < n && !assembly->failed; start += VC_PARALLEL_RANGE) {
    if (g_cancellable_is_cancelled (assembly->cancellable))
      return;
    if (self->found[start / VC_PARALLEL_RANGE] != 0)
      tell_range (self, start, MIN (n, start + VC_PARALLEL_RANGE));
  }
  vc_problems_add_odd (assembly->problems, VC_SEVERITY_NOTE, &place, "never-closed", self->n_never_closed,
                       "is missing though they are kept, late or withdrawn: they count in no time");
}

void
vc_assembly_check_commitments (VcAssembly *assembly)
{
  const gsize n = assembly->n_rows[VC_RECORDS_COMMITMENTS];
  VcColumn *ids = assembly->fields[VC_RECORDS_COMMITMENTS][VC_COMMITMENT_ID];
  g_auto (Check) self = { .assembly = assembly };

  for (guint i = 0; i < VC_MAX_FIELDS; i++)
    self.fields[i] = peek (assembly->fields[VC_RECORDS_COMMITMENTS][i]);
  self.n_ids = ids != NULL ? vc_column_get_n_labels (ids) : 0;
  self.found = vc_buffer_new0 (guint16, n / VC_PARALLEL_RANGE + 1);
  if (self.found == NULL || !survey_ids (&self, n))
    assembly->failed = TRUE;
  else if (n > 0)
    scan (&self, n);
}
