/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-commitments-private.h"

#include "base/vc-buffer-private.h"
#include "chain/vc-fields-private.h"
#include "chain/vc-gather-private.h"
#include "table/vc-table-private.h"
#include "valuechain/vc-error.h"
#include "vc-event-names-private.h"

#include <string.h>

/* What a ticket promises: one commitment for each case. Whoever worked on it last owes it, whoever it is for is owed,
 * and of what else its events say the last word counts: due times are put off, tickets are opened again, and an export
 * repeats what it knows in each row. */

#define CANCEL_EVERY 65536 /* cases */

gboolean
vc_event_promises_are_there (const VcEventMapping *mapping)
{
  for (VcEventRole role = VC_EVENT_ROLE_MADE; role <= VC_EVENT_ROLE_OWED_TO; role++)
    if (mapping->attributes[role] != NULL)
      return TRUE;
  return FALSE;
}

gboolean
vc_event_promises_check (const VcEventMapping *mapping, const char *name, GError **error)
{
  if (!vc_event_promises_are_there (mapping) || mapping->attributes[VC_EVENT_ROLE_CUSTOMER] != NULL ||
      mapping->attributes[VC_EVENT_ROLE_OWED_TO] != NULL)
    return TRUE;
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING,
               "%s: commitments need an owed-to-column or a customer-column: whom are they owed to?", name);
  return FALSE;
}

/* ---- a column that is filled case by case ---- */

typedef struct {
  union {
    gpointer any;
    gint32  *codes;
    gint64  *words;
  } values;
  guint8 *validity;
} Cells;

enum {
  FROM,
  TO,
  CLOSED_BY,
  STATE,
  ID,
  N_CODES, /* those before are codes, the others words */
  MADE = N_CODES,
  DUE,
  CLOSED,
  REOPENED,
  N_CELLS
};

static const struct {
  guint        field;
  VcColumnType type;
} cells_of[N_CELLS] = {
  [FROM] = { VC_COMMITMENT_FROM, VC_COLUMN_TYPE_TEXT },
  [TO] = { VC_COMMITMENT_TO, VC_COLUMN_TYPE_TEXT },
  [CLOSED_BY] = { VC_COMMITMENT_CLOSED_BY, VC_COLUMN_TYPE_TEXT },
  [STATE] = { VC_COMMITMENT_STATE, VC_COLUMN_TYPE_TEXT },
  [ID] = { VC_COMMITMENT_ID, VC_COLUMN_TYPE_TEXT },
  [MADE] = { VC_COMMITMENT_MADE, VC_COLUMN_TYPE_TIME },
  [DUE] = { VC_COMMITMENT_DUE, VC_COLUMN_TYPE_TIME },
  [CLOSED] = { VC_COMMITMENT_CLOSED, VC_COLUMN_TYPE_TIME },
  [REOPENED] = { VC_COMMITMENT_REOPENED, VC_COLUMN_TYPE_INT64 },
};

typedef struct {
  const VcEventPromises *promises;
  VcEventNames           names;
  VcEventSpace           spaces[VC_EVENT_N_ROLES]; /* of those who are named */
  VcEventRole            owed_role;
  Cells                  cells[N_CELLS];
  guint64               *extra_rows;  /* so that messages name the lines of the log */
  guint64               *extra_lines;
  guint64                first_line;
  gsize                  n;
  guint64                n_nobody;
  guint64                n_unknown;
  gboolean               failed;
} Making;

static void
making_clear (Making *self)
{
  vc_event_names_clear (&self->names);
  for (guint i = 0; i < N_CELLS; i++) {
    vc_buffer_free (self->cells[i].values.any);
    vc_buffer_free (self->cells[i].validity);
  }
  vc_buffer_free (self->extra_rows);
  vc_buffer_free (self->extra_lines);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Making, making_clear)

static gboolean
has_attribute (const Making *self, VcEventRole role)
{
  return self->promises->mapping->attributes[role] != NULL;
}

/* Who is named in a column of its own is a person: `person:` where parties are teams, as these may have the same
 * numbers. */
static VcEventSpace
space_of (const Making *self, VcEventRole role)
{
  const char *const *attributes = self->promises->mapping->attributes;

  if (role == VC_EVENT_ROLE_CUSTOMER || g_strcmp0 (attributes[role], attributes[VC_EVENT_ROLE_CUSTOMER]) == 0)
    return VC_EVENT_SPACE_CUSTOMER;
  if (role == VC_EVENT_ROLE_PARTY || g_strcmp0 (attributes[role], attributes[VC_EVENT_ROLE_PARTY]) == 0 ||
      self->promises->party_kind == VC_PARTY_KIND_PERSON)
    return VC_EVENT_SPACE_PARTY;
  return VC_EVENT_SPACE_PERSON;
}

static gboolean
making_init (Making *self, const VcEventPromises *promises)
{
  const gsize n = promises->order->n_cases;
  gboolean ok;

  self->promises = promises;
  self->owed_role = has_attribute (self, VC_EVENT_ROLE_OWED_TO) ? VC_EVENT_ROLE_OWED_TO : VC_EVENT_ROLE_CUSTOMER;
  for (VcEventRole role = 0; role < VC_EVENT_N_ROLES; role++)
    self->spaces[role] = space_of (self, role);
  ok = vc_event_names_init (&self->names, promises->events);
  for (guint i = 0; i < N_CELLS; i++) {
    self->cells[i].values.any = vc_buffer_alloc0 (n, i < N_CODES ? sizeof (gint32) : sizeof (gint64));
    self->cells[i].validity = vc_buffer_new0 (guint8, vc_bits_size (n));
    ok = ok && self->cells[i].values.any != NULL && self->cells[i].validity != NULL;
  }
  self->extra_rows = vc_buffer_new (guint64, n);
  self->extra_lines = vc_buffer_new (guint64, n);
  return ok && self->extra_rows != NULL && self->extra_lines != NULL;
}

static void
put_code (Making *self, guint which, gint32 code)
{
  self->failed = self->failed || code < 0;
  if (code < 0)
    return;
  self->cells[which].values.codes[self->n] = code;
  vc_bit_set (self->cells[which].validity, self->n);
}

static void
put_word (Making *self, guint which, gint64 word)
{
  self->cells[which].values.words[self->n] = word;
  vc_bit_set (self->cells[which].validity, self->n);
}

/* ---- a case ---- */

typedef struct {
  const guint32 *rows;
  gsize          n;
} Case;

/* The last row of the case that has something there; FALSE: none has. */
static gboolean
find_last (const Making *self, const Case *events, VcEventRole role, gsize *row)
{
  const guint8 *validity = self->promises->events->fields[role].validity;

  if (!has_attribute (self, role))
    return FALSE;
  for (gsize i = events->n; i > 0; i--) {
    *row = events->rows[i - 1];
    if (vc_bit_is_set (validity, *row))
      return TRUE;
  }
  return FALSE;
}

static gboolean
find_word (const Making *self, const Case *events, VcEventRole role, gint64 *word)
{
  gsize row;

  if (!find_last (self, events, role, &row))
    return FALSE;
  *word = self->promises->events->fields[role].int64s[row];
  return TRUE;
}

static gboolean
find_closed (const Making *self, const Case *events, gint64 *closed)
{
  if (has_attribute (self, VC_EVENT_ROLE_CLOSED))
    return find_word (self, events, VC_EVENT_ROLE_CLOSED, closed);
  *closed = self->promises->events->fields[VC_EVENT_ROLE_TIME].int64s[events->rows[events->n - 1]];
  return TRUE;
}

/* Nobody: -1. */
static gint32
find_name (Making *self, const Case *events, VcEventRole role)
{
  const VcEventPromises *promises = self->promises;
  Case looked_at = *events;
  gint32 code;
  gsize row;

  if (role == VC_EVENT_ROLE_PARTY && promises->breaks)
    looked_at = (Case) { events->rows + events->n - 1, 1 };
  if (!find_last (self, &looked_at, role, &row))
    return -1;
  code = vc_event_names_of_row (&self->names, promises->events, role, self->spaces[role], row);
  self->failed = self->failed || code < 0;
  return code;
}

static gint32
find_owing_or_owed (Making *self, const Case *events, VcEventRole role, gboolean *unknown)
{
  const char *name = self->promises->unknown;
  gint32 code = find_name (self, events, role);

  if (code >= 0 || name == NULL || self->failed)
    return code;
  *unknown = TRUE;
  code = vc_event_names_add (&self->names, self->spaces[role], name, strlen (name));
  self->failed = code < 0;
  return code;
}

/* With a due time the times say how it went. Without one, whoever kept the log says so: kept or not, and what was not
 * kept was either late or never done. */
static gint32
find_state (const Making *self, const Case *events, gboolean has_due, gboolean has_closed)
{
  gsize row;

  if (!has_due && find_last (self, events, VC_EVENT_ROLE_KEPT, &row)) {
    if (vc_bit_is_set (self->promises->events->fields[VC_EVENT_ROLE_KEPT].bits, row))
      return VC_STATE_KEPT;
    return has_closed ? VC_STATE_LATE : VC_STATE_BROKEN;
  }
  return has_closed ? VC_STATE_KEPT : VC_STATE_OPEN;
}

static void
put_times (Making *self, const Case *events)
{
  gint64 made = self->promises->events->fields[VC_EVENT_ROLE_TIME].int64s[events->rows[0]];
  gint64 due, closed, reopened;
  gboolean has_due = find_word (self, events, VC_EVENT_ROLE_DUE, &due);
  gboolean has_closed = find_closed (self, events, &closed);
  gint32 state = find_state (self, events, has_due, has_closed);

  find_word (self, events, VC_EVENT_ROLE_MADE, &made);
  put_word (self, MADE, made);
  if (has_due)
    put_word (self, DUE, due);
  if (has_closed)
    put_word (self, CLOSED, closed);
  if (find_word (self, events, VC_EVENT_ROLE_REOPENED, &reopened))
    put_word (self, REOPENED, reopened);
  put_code (self, STATE, state);
}

/* Equal words are the same person to whoever wrote them side by side, wherever else ids are told apart. */
static gint32
find_closer (Making *self, const Case *events, gint32 owed)
{
  const VcEventField *closers = &self->promises->events->fields[VC_EVENT_ROLE_CLOSED_BY];
  const VcEventField *oweds = &self->promises->events->fields[self->owed_role];
  gsize closer_row, owed_row, closer_length, owed_length;
  const char *closer, *named;

  if (!find_last (self, events, VC_EVENT_ROLE_CLOSED_BY, &closer_row))
    return -1;
  if (!find_last (self, events, self->owed_role, &owed_row))
    return find_name (self, events, VC_EVENT_ROLE_CLOSED_BY);
  closer = vc_strings_peek (closers->labels, (guint32) closers->codes[closer_row], &closer_length);
  named = vc_strings_peek (oweds->labels, (guint32) oweds->codes[owed_row], &owed_length);
  if (closer_length == owed_length && memcmp (closer, named, owed_length) == 0)
    return owed;
  return find_name (self, events, VC_EVENT_ROLE_CLOSED_BY);
}

static void
put_line (Making *self, gsize row)
{
  guint64 line = vc_events_get_line (self->promises->events, row);

  if (self->n == 0)
    self->first_line = line;
  self->extra_rows[self->n] = self->n;
  if (self->n > 0) /* what a row is further on than one line a row would have it, or back: modulo 2^64 */
    self->extra_lines[self->n - 1] = line - self->first_line - self->n;
}

static void
make_commitment (Making *self, const Case *events)
{
  const gsize last = events->rows[events->n - 1];
  gboolean unknown = FALSE;
  gint32 from = find_owing_or_owed (self, events, VC_EVENT_ROLE_PARTY, &unknown);
  gint32 to = from >= 0 ? find_owing_or_owed (self, events, self->owed_role, &unknown) : -1;
  gint32 closer;

  if (from < 0 || to < 0) {
    self->n_nobody++;
    return;
  }
  put_code (self, FROM, from);
  put_code (self, TO, to);
  put_code (self, ID, self->promises->events->fields[VC_EVENT_ROLE_CASE].codes[last]);
  put_times (self, events);
  /* Who closed what is open again, closed it then and not now. */
  closer = self->cells[STATE].values.codes[self->n] != VC_STATE_OPEN ? find_closer (self, events, to) : -1;
  if (closer >= 0)
    put_code (self, CLOSED_BY, closer);
  put_line (self, last);
  self->n_unknown += unknown;
  self->n++;
}

static gboolean
make_all (Making *self, GCancellable *cancellable, GError **error)
{
  const VcEventOrder *order = self->promises->order;

  for (guint32 i = 0; i < order->n_cases && !self->failed; i++) {
    const Case events = { order->rows + order->starts[i], order->starts[i + 1] - order->starts[i] };

    if (i % CANCEL_EVERY == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (events.n > 0)
      make_commitment (self, &events);
  }
  return TRUE;
}

/* ---- the tables ---- */

static VcStrings *
labels_of (const Making *self, guint which, VcStrings *ids)
{
  if (which == STATE)
    return vc_words_to_labels (vc_state_words);
  if (which == ID)
    return vc_strings_ref ((VcStrings *) self->promises->events->fields[VC_EVENT_ROLE_CASE].labels);
  return which < N_CODES ? vc_strings_ref (ids) : NULL;
}

static VcTable *
make_table (Making *self, VcStrings *ids)
{
  guint n_fields;
  const VcField *fields = vc_fields_of (VC_RECORDS_COMMITMENTS, &n_fields);
  VcColumn *columns[N_CELLS];
  VcTable *table;

  for (guint i = 0; i < N_CELLS; i++) {
    g_autoptr (VcStrings) labels = labels_of (self, i, ids);

    columns[i] = i >= N_CODES || labels != NULL
                   ? vc_column_new_take (fields[cells_of[i].field].name, cells_of[i].type, self->n,
                                         g_steal_pointer (&self->cells[i].values.any),
                                         g_steal_pointer (&self->cells[i].validity), labels)
                   : NULL;
  }
  table = vc_table_new_take ("commitments", columns, N_CELLS);
  if (table != NULL && self->first_line > 0)
    vc_table_set_lines (table, self->first_line, self->extra_rows, self->extra_lines, self->n - 1);
  return table;
}

static gboolean
add_tables (Making *self, VcChainBuilder *builder)
{
  const VcEventPromises *promises = self->promises;
  g_autoptr (VcTable) parties = NULL, commitments = NULL;
  g_autoptr (VcStrings) ids
    = vc_event_names_finish (&self->names, promises->events, promises->flows, promises->party_kind, &parties);

  if (ids == NULL)
    return FALSE;
  commitments = make_table (self, ids);
  if (commitments == NULL)
    return FALSE;
  vc_chain_builder_add_parties (builder, parties, promises->name);
  vc_chain_builder_add_commitments (builder, commitments, promises->name);
  return TRUE;
}

static void
report (const Making *self)
{
  VcSource *source = self->promises->source;

  vc_source_add_report (source, "commitments", self->n, "one for each case");
  if (self->n_unknown > 0)
    vc_source_add_report (source, "commitments of the unknown", self->n_unknown, "nobody is named who owes or is owed");
  if (self->n_nobody > 0)
    vc_source_add_report (source, "cases without commitment", self->n_nobody, "nobody is named who owes or is owed");
}

gboolean
vc_event_promises_add (const VcEventPromises *promises, VcChainBuilder *builder, GCancellable *cancellable,
                       GError **error)
{
  g_auto (Making) self = { NULL };

  self.failed = !making_init (&self, promises);
  if (!self.failed && !make_all (&self, cancellable, error))
    return FALSE;
  if (self.names.clash) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_DUPLICATE,
                 "%s: a party has the id of a person or customer, \"person:\" or \"customer:\" and all",
                 promises->name);
    return FALSE;
  }
  if (self.failed || !add_tables (&self, builder)) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "%s: no memory for the commitments",
                 promises->name);
    return FALSE;
  }
  report (&self);
  return TRUE;
}
