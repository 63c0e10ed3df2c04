/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The paths of an explanation as a table. */
#include "vca-explanation.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"
#include "valuechain/vc-limits.h"
#include "vca-loops.h"

#define ARROW " -> "

static const char *const kinds[VCA_N_KINDS] = {
  [VCA_END_CUSTOMER] = "customer",
  [VCA_END_MANAGER] = "manager",
  [VCA_END_OTHER] = "other",
  [VCA_END_LOOP] = "loop",
  [VCA_STAYS] = "undelivered",
};

typedef struct {
  const VcaExplanation *explanation;
  const VcStrings      *ids;
  VcaLoops              loops;
  gint32               *loop_codes; /* of each loop: the code of its members' ids; -1: no path has come to it yet */
  VcnLook               look;
  guint64               done;
  gsize                 longest; /* text that a field may hold */
} Texts;

/* The code of a text about path `path` in `interner`; -1: null. FALSE: an error. */
typedef gboolean (*Write) (const Texts *self, guint32 path, VcInterner *interner, gint32 *code, GError **error);

/* The ids of a loop's members are written once, however many paths lead there: either may be a million. */
static gboolean
write_loop (const Texts *self, guint32 loop, VcInterner *interner, gint32 *code, GError **error)
{
  gint32 *known = &self->loop_codes[loop];

  if (*known < 0 && !vca_loops_intern (&self->loops, self->ids, self->loops.first[loop], interner, known))
    return vca_no_memory (error);
  *code = *known;
  return TRUE;
}

static gboolean
write_end (const Texts *self, guint32 path, VcInterner *interner, gint32 *code, GError **error)
{
  const VcaExplanation *explanation = self->explanation;
  const VcaNetwork *work = &explanation->solution->work;
  const guint32 end = explanation->paths.node[explanation->paths.first[path + 1] - 1];
  gsize length;
  const char *id;

  *code = -1;
  if (explanation->kind[path] == VCA_STAYS)
    return TRUE;
  if (explanation->kind[path] == VCA_END_LOOP)
    return write_loop (self, work->loops[end], interner, code, error);
  id = vc_strings_peek (self->ids, end, &length);
  *code = vc_interner_add (interner, id, length);
  return *code >= 0 || vca_no_memory (error);
}

static gsize
length_of_path (const Texts *self, guint32 path)
{
  const VcnPaths *paths = &self->explanation->paths;
  gsize length, size = 0;

  for (guint64 k = paths->first[path]; k < paths->first[path + 1]; k++) {
    vc_strings_peek (self->ids, paths->node[k], &length);
    size += length + strlen (ARROW);
  }
  return size - strlen (ARROW);
}

static gboolean
write_path (const Texts *self, guint32 path, VcInterner *interner, gint32 *code, GError **error)
{
  const VcnPaths *paths = &self->explanation->paths;
  gsize size = length_of_path (self, path), at = 0, length;
  VC_BUFFER (char) text = NULL;

  if (size > self->longest) {
    g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_LIMIT,
                 "a path of %" G_GUINT64_FORMAT " hand-overs is longer than a field may be",
                 paths->first[path + 1] - paths->first[path] - 1);
    return FALSE;
  }
  text = vc_buffer_new (char, size);
  if (text == NULL)
    return vca_no_memory (error);
  for (guint64 k = paths->first[path]; k < paths->first[path + 1]; k++) {
    const char *id = vc_strings_peek (self->ids, paths->node[k], &length);

    if (k > paths->first[path]) {
      memcpy (text + at, ARROW, strlen (ARROW));
      at += strlen (ARROW);
    }
    memcpy (text + at, id, length);
    at += length;
  }
  *code = vc_interner_add (interner, text, size);
  return *code >= 0 || vca_no_memory (error);
}

/* What a character of text costs, in arcs, is less than one. */
static gboolean
look_at (Texts *self, guint32 path, GError **error)
{
  const VcnPaths *paths = &self->explanation->paths;

  return vcn_look (&self->look, &self->done, 16 * (paths->first[path + 1] - paths->first[path]))
         || vcn_fail_cancelled (error);
}

/* FALSE: an error. */
static gboolean
write_all (Texts *self, Write write, VcInterner *interner, gint32 *codes, guint8 *validity, GError **error)
{
  for (guint32 p = 0; p < self->explanation->paths.n; p++) {
    if (!look_at (self, p, error) || !write (self, p, interner, &codes[p], error))
      return FALSE;
    if (codes[p] >= 0)
      vc_bit_set (validity, p);
    else
      codes[p] = 0;
  }
  return TRUE;
}

static VcColumn *
column_of_texts (Texts *self, Write write, const char *name, const char *description, GError **error)
{
  const guint32 n = self->explanation->paths.n;
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcStrings) labels = NULL;
  g_autoptr (VcColumn) column = NULL;
  VC_BUFFER (gint32) codes = vc_buffer_new (gint32, n);
  VC_BUFFER (guint8) validity = vc_buffer_new0 (guint8, n / 8 + 1);

  if (interner == NULL || codes == NULL || validity == NULL) {
    vca_no_memory (error);
    return NULL;
  }
  /* A null needs a label all the same. */
  if ((write == write_end && vc_interner_add (interner, "", 0) < 0 && !vca_no_memory (error))
      || !write_all (self, write, interner, codes, validity, error))
    return NULL;
  labels = vc_interner_finish (interner);
  if (labels == NULL) {
    vca_no_memory (error);
    return NULL;
  }
  column
    = vc_column_new_take (name, VC_COLUMN_TYPE_TEXT, n, g_steal_pointer (&codes), g_steal_pointer (&validity), labels);
  return vc_column_described (column, NULL, NULL, description);
}

static VcColumn *
column_of_kinds (const VcaExplanation *self, GError **error)
{
  VC_BUFFER (gint32) codes = vc_buffer_new (gint32, self->paths.n);

  if (codes == NULL) {
    vca_no_memory (error);
    return NULL;
  }
  for (guint32 p = 0; p < self->paths.n; p++)
    codes[p] = self->kind[p];
  return vcm_column_of_codes (
    "kind", g_steal_pointer (&codes), self->paths.n, kinds, G_N_ELEMENTS (kinds),
    "what the path comes to: a customer, a manager or any other party who passes nothing on, a closed "
    "loop, or nobody: undelivered",
    error);
}

static VcColumn *
column_of_numbers (const VcaExplanation *self, gboolean is_rank, const char *name, const char *unit,
                   const char *description, GError **error)
{
  VC_BUFFER (gint64) numbers = vc_buffer_new (gint64, self->paths.n);
  g_autoptr (VcColumn) column = NULL;

  if (numbers == NULL) {
    vca_no_memory (error);
    return NULL;
  }
  for (guint32 p = 0; p < self->paths.n; p++)
    numbers[p] = is_rank ? p + 1 : (gint64) (self->paths.first[p + 1] - self->paths.first[p]) - 1;
  column = vc_column_new_take (name, VC_COLUMN_TYPE_INT64, self->paths.n, g_steal_pointer (&numbers), NULL, NULL);
  return vc_column_described (column, NULL, unit, description);
}

static VcColumn *
column_of_shares (const VcaExplanation *self, double whole, const char *name, const char *unit, const char *description,
                  GError **error)
{
  g_auto (VcmColumn) column = { 0 };

  if (!vcm_column_init (&column, self->paths.n, error))
    return NULL;
  for (guint32 p = 0; p < self->paths.n; p++)
    column.values[p] = whole * self->paths.share[p];
  vcm_column_seal (&column, 0, self->paths.n);
  return vcm_column_finish (&column, name, unit, description, error);
}

static gsize
longest_field (void)
{
  g_autoptr (VcLimits) limits = vc_limits_new ();

  return vc_limits_get_max_field_size (limits);
}

static VcTable *
make_table (Texts *texts, const VcaUnits *units, GError **error)
{
  const VcaExplanation *self = texts->explanation;
  VcColumn *columns[7] = { NULL };

  columns[0] = column_of_numbers (self, TRUE, "rank", NULL, "1: the path of the largest share", error);
  if (columns[0] != NULL)
    columns[1] = column_of_kinds (self, error);
  if (columns[1] != NULL)
    columns[2] = column_of_texts (texts, write_end, "end",
                                  "id of the party where it ends, or of all members of the loop", error);
  if (columns[2] != NULL)
    columns[3] = column_of_numbers (self, FALSE, "hand_overs", "hand-overs",
                                    "hand-overs on the way; into a loop, until there", error);
  if (columns[3] != NULL)
    columns[4] = column_of_shares (self, 1, "share", "share", "share of the effort that goes this way", error);
  if (columns[4] != NULL)
    columns[5]
      = column_of_shares (self, self->figures[VCA_EFFORT], "effort", units->effort, "effort that goes this way", error);
  if (columns[5] != NULL)
    columns[6] = column_of_texts (texts, write_path, "path", "ids of the parties on the way", error);
  return vcm_table_of ("paths", columns, G_N_ELEMENTS (columns), error);
}

VcTable *
vca_table_of_paths (const VcaExplanation *explanation, const VcaUnits *units, VcmWatch *watch, GError **error)
{
  const VcaNetwork *work = &explanation->solution->work;
  VC_BUFFER (gint32) loop_codes = vc_buffer_new (gint32, work->n_loops);
  Texts texts = { .explanation = explanation,
                  .ids = explanation->solution->chain->ids,
                  .loop_codes = loop_codes,
                  .look = vcm_watch_look (watch, 0.9),
                  .done = VCN_LOOK_EVERY,
                  .longest = longest_field () };
  VcTable *table = NULL;

  if (loop_codes == NULL) {
    vca_no_memory (error);
    return NULL;
  }
  memset (loop_codes, 0xff, work->n_loops * sizeof *loop_codes);
  if (vca_loops_init (&texts.loops, work, error))
    table = make_table (&texts, units, error);
  vca_loops_clear (&texts.loops);
  return table;
}
