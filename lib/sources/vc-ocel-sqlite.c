/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-ocel-read-private.h"

#include "table/vc-number-private.h"
#include "valuechain/vc-error.h"
#include "vc-sqlite-private.h"

#include <string.h>

/* Six tables, and one more for each type, which two of them name:
 *
 *   event_map_type, object_map_type (ocel_type, ocel_type_map)
 *   event, object                   (ocel_id, ocel_type)
 *   event_object                    (ocel_event_id, ocel_object_id, ocel_qualifier)
 *   object_object                   (ocel_source_id, ocel_target_id, ocel_qualifier)
 *   event_MAP                       (ocel_id, ocel_time, a column for each attribute)
 *   object_MAP                      (ocel_id, ocel_time, ocel_changed_field, a column for each attribute)
 *
 * A row of object_MAP with a changed field has one new value, any other has all values from its time on. */

#define MAX_NAME 255 /* bytes of the name of a table */
/* Of values that an object has from the first; some exporters write NULL instead, or no such column. */
#define FIRST_TIME "1970-01-01T00:00:00Z"

/* A table of a type. */
typedef struct {
  VcOcelSide side;
  gint32     type;
  char      *name;
  char     **columns;
  int        id; /* -1: there is no such column */
  int        time;
  int        changed;
} TypeTable;

typedef struct {
  VcOcel    *ocel;
  VcSqlite  *database;
  GArray    *tables;  /* of TypeTable */
  TypeTable *current;
  char       numbers[4][VC_NUMBER_SIZE];
} Reader;

typedef gboolean (*ReadRow) (Reader *self, VcOcelSide side, sqlite3_stmt *row, GError **error);

static gboolean
refuse (Reader *self, VcImportError code, const char *table, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "%s: table %s: %s", self->ocel->name, table, what);
  return FALSE;
}

/* Whatever stands there, as text, until the next step; what can be none is noted. `slot`: where the text of a number
 * is made. */
static VcOcelText
get_text (Reader *self, sqlite3_stmt *row, int column, guint slot)
{
  VcOcelText text = { NULL, 0 };

  switch (sqlite3_column_type (row, column)) {
    case SQLITE_NULL:
      return text;
    case SQLITE_BLOB:
      vc_ocel_add_problem (self->ocel, VC_IMPORT_ERROR_VALUE, "a value is no text and no number");
      return text;
    case SQLITE_FLOAT:
      return (VcOcelText){ self->numbers[slot],
                           vc_format_double (sqlite3_column_double (row, column), self->numbers[slot]) };
    default:
      text.text = (const char *) sqlite3_column_text (row, column);
      text.length = text.text != NULL ? (gsize) sqlite3_column_bytes (row, column) : 0;
  }
  if (text.text == NULL || g_utf8_validate_len (text.text, text.length, NULL)
      || memchr (text.text, '\0', text.length) != NULL)
    return text;
  vc_ocel_add_problem (self->ocel, VC_IMPORT_ERROR_ENCODING, "a text is not valid UTF-8");
  return (VcOcelText) { NULL, 0 };
}

/* Each row of a table, in order of its rowids. */
static gboolean
read_table (Reader *self, const char *table, const char *const *columns, VcOcelSide side, ReadRow read, GError **error)
{
  VC_STATEMENT row = vc_sqlite_select (self->database, table, columns, error);
  gboolean has_row = TRUE;

  if (row == NULL)
    return FALSE;
  self->ocel->place = (VcOcelPlace) { .list = table };
  while (vc_sqlite_step (self->database, row, &has_row, error)) {
    if (!has_row)
      return TRUE;
    self->ocel->place.row++;
    if (!read (self, side, row, error))
      return FALSE;
  }
  return FALSE;
}

/* ---- tables of the format ---- */

/* Names of tables are quoted wherever they go. Still, nobody needs those that would have to be. */
static gboolean
is_plain_name (VcOcelText name)
{
  if (name.length == 0 || name.length > MAX_NAME)
    return FALSE;
  for (gsize i = 0; i < name.length; i++)
    if ((guchar) name.text[i] < ' ' || strchr ("\"'`[];\\\x7f", name.text[i]) != NULL)
      return FALSE;
  return TRUE;
}

static gboolean
read_type (Reader *self, VcOcelSide side, sqlite3_stmt *row, GError **error)
{
  VcOcelText name = get_text (self, row, 0, 0), map = get_text (self, row, 1, 1);
  TypeTable table = { .side = side };

  if (name.length == 0 || map.length == 0) {
    vc_ocel_add_problem (self->ocel, VC_IMPORT_ERROR_MISSING, "a type lacks its name or that of its table");
    return TRUE;
  }
  if (!is_plain_name (map)) {
    vc_ocel_add_problem (self->ocel, VC_IMPORT_ERROR_VALUE, "a type's table has no plain name");
    return TRUE;
  }
  if (!vc_ocel_declare_type (self->ocel, side, name, &table.type, error))
    return FALSE;
  table.name = g_strdup_printf ("%s_%.*s", side == VC_OCEL_EVENTS ? "event" : "object", (int) map.length, map.text);
  g_array_append_val (self->tables, table);
  return TRUE;
}

static gboolean
read_id (Reader *self, VcOcelSide side, sqlite3_stmt *row, GError **error)
{
  return vc_ocel_begin (self->ocel, side, get_text (self, row, 0, 0), get_text (self, row, 1, 1), error);
}

static gboolean
read_relation (Reader *self, VcOcelSide side, sqlite3_stmt *row, GError **error)
{
  vc_ocel_resume (self->ocel, side, get_text (self, row, 0, 0));
  return vc_ocel_relate (self->ocel, get_text (self, row, 1, 1), get_text (self, row, 2, 2), error);
}

static const struct {
  const char *table;
  const char *columns[4];
  VcOcelSide  side;
  ReadRow     read;
} layout[] = {
  { "event_map_type", { "ocel_type", "ocel_type_map" }, VC_OCEL_EVENTS, read_type },
  { "object_map_type", { "ocel_type", "ocel_type_map" }, VC_OCEL_OBJECTS, read_type },
  { "event", { "ocel_id", "ocel_type" }, VC_OCEL_EVENTS, read_id },
  { "object", { "ocel_id", "ocel_type" }, VC_OCEL_OBJECTS, read_id },
  { "event_object", { "ocel_event_id", "ocel_object_id", "ocel_qualifier" }, VC_OCEL_EVENTS, read_relation },
  { "object_object", { "ocel_source_id", "ocel_target_id", "ocel_qualifier" }, VC_OCEL_OBJECTS, read_relation },
};

static gboolean
check_layout (Reader *self, guint which, GError **error)
{
  const char *table = layout[which].table;
  g_auto (GStrv) columns = NULL;

  if (!vc_sqlite_list_columns (self->database, table, &columns, error))
    return FALSE;
  if (columns == NULL)
    return refuse (self, VC_IMPORT_ERROR_FORMAT, table, "it is not there: this is no OCEL 2.0 log", error);
  for (guint i = 0; layout[which].columns[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) columns, layout[which].columns[i])) {
      g_autofree char *what = g_strdup_printf ("it has no column %s", layout[which].columns[i]);

      return refuse (self, VC_IMPORT_ERROR_HEADER, table, what, error);
    }
  return TRUE;
}

/* ---- tables of types ---- */

static int
find_column (const TypeTable *table, const char *name)
{
  for (int i = 0; table->columns[i] != NULL; i++)
    if (strcmp (table->columns[i], name) == 0)
      return i;
  return -1;
}

static gboolean
is_attribute (const TypeTable *table, int column)
{
  return column != table->id && column != table->time && column != table->changed;
}

/* Whether the current row belongs to the type whose table it stands in. */
static gboolean
is_of_type (Reader *self)
{
  const VcOcel *ocel = self->ocel;

  if (ocel->row < 0)
    return FALSE;
  if (ocel->rows[ocel->side].types[ocel->row] == self->current->type)
    return TRUE;
  vc_ocel_add_problem (self->ocel, VC_IMPORT_ERROR_REFERENCE, "what it refers to is of another type");
  return FALSE;
}

static gboolean
read_values (Reader *self, sqlite3_stmt *row, VcOcelText changed, GError **error)
{
  const TypeTable *table = self->current;
  VcOcelText time = { NULL, 0 };

  if (table->time >= 0)
    time = get_text (self, row, table->time, 1);
  if (time.text == NULL && changed.length == 0)
    time = (VcOcelText) { FIRST_TIME, strlen (FIRST_TIME) };
  for (int i = 0; table->columns[i] != NULL; i++) {
    VcOcelText name = { table->columns[i], strlen (table->columns[i]) };

    if (!is_attribute (table, i)
        || (changed.length > 0
            && (changed.length != name.length || memcmp (changed.text, name.text, name.length) != 0)))
      continue;
    if (!vc_ocel_add_value (self->ocel, name, get_text (self, row, i, 2), time, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_type_row (Reader *self, VcOcelSide side, sqlite3_stmt *row, GError **error)
{
  const TypeTable *table = self->current;
  VcOcelText changed = { NULL, 0 };

  vc_ocel_resume (self->ocel, side, get_text (self, row, table->id, 0));
  if (!is_of_type (self))
    return TRUE;
  if (side == VC_OCEL_EVENTS)
    vc_ocel_set_time (self->ocel, get_text (self, row, table->time, 1));
  if (table->changed >= 0)
    changed = get_text (self, row, table->changed, 3);
  return read_values (self, row, changed, error);
}

/* "VARCHAR(20)" is a VARCHAR; a column without a type of the format's takes any text. */
static VcOcelText
kind_of (sqlite3_stmt *statement, int column)
{
  const char *type = sqlite3_column_decltype (statement, column);
  VcOcelText kind = { type, type != NULL ? strcspn (type, " (") : 0 };

  return vc_ocel_knows_kind (kind) ? kind : (VcOcelText) { "string", 6 };
}

static gboolean
declare_attributes (Reader *self, GError **error)
{
  const TypeTable *table = self->current;
  VC_STATEMENT statement = vc_sqlite_select (self->database, table->name, (const char *const *) table->columns, error);

  if (statement == NULL)
    return FALSE;
  self->ocel->place = (VcOcelPlace) { .list = table->name };
  for (int i = 0; table->columns[i] != NULL; i++) {
    VcOcelText name = { table->columns[i], strlen (table->columns[i]) };

    if (is_attribute (table, i) &&
        !vc_ocel_declare_attribute (self->ocel, table->side, table->type, name, kind_of (statement, i), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_type_table (Reader *self, TypeTable *table, GError **error)
{
  if (!vc_sqlite_list_columns (self->database, table->name, &table->columns, error))
    return FALSE;
  if (table->columns == NULL)
    return refuse (self, VC_IMPORT_ERROR_MISSING, table->name, "it is not there, and a type needs it", error);
  table->id = find_column (table, "ocel_id");
  table->time = find_column (table, "ocel_time");
  table->changed = table->side == VC_OCEL_OBJECTS ? find_column (table, "ocel_changed_field") : -1;
  if (table->id < 0 || (table->time < 0 && table->side == VC_OCEL_EVENTS))
    return refuse (self, VC_IMPORT_ERROR_HEADER, table->name, "it has no column ocel_id or ocel_time", error);
  self->current = table;
  return declare_attributes (self, error) &&
         read_table (self, table->name, (const char *const *) table->columns, table->side, read_type_row, error);
}

static void
clear_table (gpointer data)
{
  TypeTable *table = data;

  g_free (table->name);
  g_strfreev (table->columns);
}

static gboolean
read_all (Reader *self, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (layout); i++)
    if (!check_layout (self, i, error))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (layout); i++)
    if (!read_table (self, layout[i].table, layout[i].columns, layout[i].side, layout[i].read, error))
      return FALSE;
  for (guint i = 0; i < self->tables->len; i++)
    if (!read_type_table (self, &g_array_index (self->tables, TypeTable, i), error))
      return FALSE;
  return vc_sqlite_finish (self->database, error);
}

/* The file is the one that was looked at, whatever its name may mean by now. */
gboolean
vc_ocel_read_sqlite (VcOcel *ocel, const VcEventReading *reading, GError **error)
{
  g_autoptr (VcSqlite) database
    = vc_sqlite_open_descriptor (vc_input_get_descriptor (reading->input), reading->path, ocel->limits,
                                 VC_SQLITE_CHECK_ALWAYS, reading->cancellable, error);
  g_autoptr (GArray) tables = g_array_new (FALSE, FALSE, sizeof (TypeTable));
  Reader self = { .ocel = ocel, .database = database, .tables = tables };

  g_array_set_clear_func (tables, clear_table);
  if (database == NULL || !read_all (&self, error))
    return FALSE;
  vc_ocel_finish (ocel);
  return TRUE;
}
