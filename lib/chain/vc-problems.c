/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-problems-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "table/vc-table-private.h"
#include "valuechain/vc-enum-types.h"

#define KEPT 100

typedef struct {
  VcSeverity severity;
  char      *origin;
  guint64    line;
  char      *field;
  char      *code;
  int        error; /* VcImportError, or -1 */
  guint64    count;
  char      *message;
} Problem;

/* Problems of one severity, code, field and origin. */
typedef struct {
  Problem *first;
  guint    n_kept;
  Problem *rest; /* counts those that are not kept */
} Group;

struct _VcProblems {
  GPtrArray *problems;
  GPtrArray *groups;
  Group     *last;
  guint64    n_errors;
};

static void
problem_free (gpointer data)
{
  Problem *problem = data;

  g_free (problem->origin);
  g_free (problem->field);
  g_free (problem->code);
  g_free (problem->message);
  g_free (problem);
}

VcProblems *
vc_problems_new (void)
{
  VcProblems *self = g_new0 (VcProblems, 1);

  self->problems = g_ptr_array_new_with_free_func (problem_free);
  self->groups = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
vc_problems_free (VcProblems *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->problems);
  g_ptr_array_unref (self->groups);
  g_free (self);
}

static gboolean
group_has (const Group *group, VcSeverity severity, const VcPlace *place, const char *code)
{
  const Problem *first = group->first;

  return first->severity == severity && strcmp (first->code, code) == 0 &&
         g_strcmp0 (first->field, place->field) == 0 && g_strcmp0 (first->origin, place->origin) == 0;
}

/* Few groups: one a field and code. The last one first, as a bad column is bad in many rows. */
static Group *
find_group (VcProblems *self, VcSeverity severity, const VcPlace *place, const char *code)
{
  if (self->last != NULL && group_has (self->last, severity, place, code))
    return self->last;
  for (guint i = 0; i < self->groups->len; i++)
    if (group_has (self->groups->pdata[i], severity, place, code))
      return self->groups->pdata[i];
  return NULL;
}

static char *
with_row (const VcPlace *place, const char *message)
{
  if (place->line == 0 && place->row > 0)
    return g_strdup_printf ("row %" G_GUINT64_FORMAT ": %s", place->row, message);
  return g_strdup (message);
}

static Problem *
append (VcProblems *self, VcSeverity severity, const VcPlace *place, const char *code, char *message)
{
  Problem *problem = g_new0 (Problem, 1);

  problem->severity = severity;
  problem->origin = g_strdup (place->origin);
  problem->line = place->line;
  problem->field = g_strdup (place->field);
  problem->code = g_strdup (code);
  problem->error = -1;
  problem->message = message;
  g_ptr_array_add (self->problems, problem);
  return problem;
}

static Problem *
add (VcProblems *self, VcSeverity severity, const VcPlace *place, const char *code, const char *message)
{
  Group *group = find_group (self, severity, place, code);
  const VcPlace nowhere = { .origin = place->origin, .field = place->field };
  Problem *problem;

  if (group != NULL && group->n_kept == KEPT) {
    if (group->rest == NULL)
      group->rest = append (self, severity, &nowhere, code, g_strdup ("more of the same"));
    self->last = group;
    return group->rest;
  }
  problem = append (self, severity, place, code, with_row (place, message));
  if (group == NULL) {
    group = g_new0 (Group, 1);
    group->first = problem;
    g_ptr_array_add (self->groups, group);
  }
  group->n_kept++;
  self->last = group;
  return problem;
}

static const char *
nick_of (VcImportError code)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (VC_TYPE_IMPORT_ERROR);

  return g_enum_get_value (klass, (int) code)->value_nick; /* static */
}

void
vc_problems_add_error (VcProblems *self, const VcPlace *place, VcImportError code, const char *message)
{
  Problem *problem = add (self, VC_SEVERITY_ERROR, place, nick_of (code), message);

  problem->error = (int) code;
  problem->count++;
  self->n_errors++;
}

void
vc_problems_add_odd (VcProblems *self, VcSeverity severity, const VcPlace *place, const char *code, guint64 count,
                     const char *message)
{
  if (count > 0)
    add (self, severity, place, code, message)->count += count;
}

guint64
vc_problems_n_errors (const VcProblems *self)
{
  return self->n_errors;
}

/* "parties.csv:3: field id: ", as the CSV reader has it. */
static void
append_place (GString *text, const Problem *problem)
{
  if (problem->origin != NULL)
    g_string_append (text, problem->origin);
  if (problem->line > 0)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, problem->origin != NULL ? ":" : "line ", problem->line);
  if (text->len > 0)
    g_string_append (text, ": ");
  if (problem->field != NULL)
    g_string_append_printf (text, "field %s: ", problem->field);
}

void
vc_problems_set_error (const VcProblems *self, GError **error)
{
  for (guint i = 0; i < self->problems->len; i++) {
    const Problem *problem = self->problems->pdata[i];
    g_autoptr (GString) text = NULL;

    if (problem->severity != VC_SEVERITY_ERROR)
      continue;
    text = g_string_new (NULL);
    append_place (text, problem);
    g_string_append (text, problem->message);
    if (self->n_errors > 1)
      g_string_append_printf (text, " (the first of %" G_GUINT64_FORMAT " errors)", self->n_errors);
    g_set_error_literal (error, VC_IMPORT_ERROR, problem->error, text->str);
    return;
  }
}

/* ---- the table ---- */

static const char *
severity_name (const Problem *problem)
{
  static const char *const names[] = { "error", "warning", "note" };

  return names[problem->severity];
}

static const char *
cell (const Problem *problem, guint column)
{
  switch (column) {
    case 0:
      return severity_name (problem);
    case 1:
      return problem->origin;
    case 3:
      return problem->field;
    case 4:
      return problem->code;
    default:
      return problem->message;
  }
}

static VcColumn *
make_texts (const Problem *const *rows, gsize n, const char *name, guint which)
{
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcStrings) labels = NULL;
  VC_BUFFER (gint32) codes = vc_buffer_new0 (gint32, n);
  VC_BUFFER (guint8) validity = vc_buffer_new0 (guint8, n / 8 + 1);

  if (interner == NULL || codes == NULL || validity == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++) {
    const char *text = cell (rows[i], which);

    if (text == NULL)
      continue;
    codes[i] = vc_interner_add (interner, text, strlen (text));
    if (codes[i] < 0)
      return NULL;
    vc_bit_set (validity, i);
  }
  labels = vc_interner_finish (interner);
  if (labels == NULL)
    return NULL;
  return vc_column_new_take (name, VC_COLUMN_TYPE_TEXT, n, g_steal_pointer (&codes), g_steal_pointer (&validity),
                             labels);
}

static VcColumn *
make_counts (const Problem *const *rows, gsize n, const char *name, gboolean lines)
{
  VC_BUFFER (gint64) values = vc_buffer_new0 (gint64, n);
  VC_BUFFER (guint8) validity = vc_buffer_new0 (guint8, n / 8 + 1);

  if (values == NULL || validity == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++) {
    values[i] = (gint64) (lines ? rows[i]->line : rows[i]->count);
    if (!lines || values[i] > 0)
      vc_bit_set (validity, i);
  }
  return vc_column_new_take (name, VC_COLUMN_TYPE_INT64, n, g_steal_pointer (&values), g_steal_pointer (&validity),
                             NULL);
}

static const Problem **
by_severity (const VcProblems *self)
{
  const Problem **rows = g_new (const Problem *, self->problems->len + 1);
  gsize n = 0;

  for (VcSeverity severity = VC_SEVERITY_ERROR; severity <= VC_SEVERITY_NOTE; severity++)
    for (guint i = 0; i < self->problems->len; i++)
      if (((const Problem *) self->problems->pdata[i])->severity == severity)
        rows[n++] = self->problems->pdata[i];
  return rows;
}

VcTable *
vc_problems_to_table (const VcProblems *self)
{
  static const char *const names[] = { "severity", "file", "line", "field", "code", "count", "message" };
  g_autofree const Problem **rows = by_severity (self);
  VcColumn *columns[G_N_ELEMENTS (names)];
  gsize n = self->problems->len;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (i == 2 || i == 5)
      columns[i] = make_counts ((const Problem *const *) rows, n, names[i], i == 2);
    else
      columns[i] = make_texts ((const Problem *const *) rows, n, names[i], i);
  }
  return vc_table_new_take ("check", columns, G_N_ELEMENTS (names));
}
