/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ocel-log.h"

#include <sqlite3.h>
#include <string.h>

#include "sources/vc-ocel-read-private.h"
#include "table/vc-number-private.h"

typedef struct {
  char   kind;
  char **parts; /* after the kind */
} Line;

static Line *
split (const char *description, guint *n)
{
  g_auto (GStrv) lines = g_strsplit (description, "\n", -1);
  Line *found = g_new0 (Line, g_strv_length (lines) + 1);

  *n = 0;
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0' && strchr ("EOeo", lines[i][0]) != NULL && lines[i][1] == ' ')
      found[(*n)++] = (Line) { lines[i][0], g_strsplit (lines[i] + 2, "|", -1) };
  return found;
}

static void
drop (Line *lines, guint n)
{
  for (guint i = 0; i < n; i++)
    g_strfreev (lines[i].parts);
  g_free (lines);
}

static const char *
part (const Line *line, guint i)
{
  return i < g_strv_length (line->parts) ? line->parts[i] : "";
}

/* "NAME=VALUE@TIME" in three; what is not there is NULL. */
static void
cut (const char *text, char separator, char *out[3])
{
  const char *second = strchr (text, separator), *third = second != NULL ? strrchr (second, '@') : NULL;

  if (separator == ':')
    third = NULL;
  out[0] = second != NULL ? g_strndup (text, (gsize) (second - text)) : g_strdup (text);
  out[1] = second == NULL  ? NULL
           : third != NULL ? g_strndup (second + 1, (gsize) (third - second - 1))
                           : g_strdup (second + 1);
  out[2] = third != NULL ? g_strdup (third + 1) : NULL;
}

static void
drop_cut (char *cells[3])
{
  for (guint i = 0; i < 3; i++)
    g_free (cells[i]);
}

/* ---- JSON ---- */

static void
put_json (GString *out, const char *name, const char *value, gboolean *first)
{
  if (strcmp (name, "value") != 0 && (value == NULL || *value == '\0'))
    return;
  g_string_append_printf (out, "%s\"%s\":\"", *first ? "" : ",", name);
  *first = FALSE;
  for (; value != NULL && *value != '\0'; value++) {
    if (*value == '"' || *value == '\\')
      g_string_append_c (out, '\\');
    g_string_append_c (out, *value);
  }
  g_string_append_c (out, '"');
}

static void
put_json_parts (GString *out, const Line *line, guint from, char separator, const char *const names[3])
{
  gboolean first = TRUE;

  for (guint i = from; i < g_strv_length (line->parts); i++) {
    gboolean is_link = line->parts[i][0] == '>', first_member = TRUE;
    char *cells[3];

    if (is_link != (separator == '>') || line->parts[i][0] == '\0')
      continue;
    cut (line->parts[i] + is_link, is_link ? ':' : separator, cells);
    g_string_append (out, first ? "\n  {" : ",\n  {");
    first = FALSE;
    for (guint k = 0; k < 3; k++)
      if (names[k] != NULL)
        put_json (out, names[k], cells[k], &first_member);
    g_string_append_c (out, '}');
    drop_cut (cells);
  }
}

static void
put_json_list (GString *out, const Line *lines, guint n, char kind)
{
  static const char *const declared[] = { "name", "type", NULL }, *const event[] = { "name", "value", NULL },
                           *const object[] = { "name", "value", "time" };
  static const char *const links[] = { "objectId", "qualifier", NULL };
  gboolean first = TRUE;

  for (guint i = 0; i < n; i++) {
    gboolean is_row = kind == 'e' || kind == 'o', first_member = TRUE;

    if (lines[i].kind != kind)
      continue;
    g_string_append (out, first ? "\n {" : ",\n {");
    first = FALSE;
    put_json (out, is_row ? "id" : "name", part (&lines[i], 0), &first_member);
    if (is_row)
      put_json (out, "type", part (&lines[i], 1), &first_member);
    if (kind == 'e')
      put_json (out, "time", part (&lines[i], 2), &first_member);
    g_string_append (out, first_member ? "\"attributes\":[" : ",\"attributes\":[");
    put_json_parts (out, &lines[i],
                    kind == 'e' ? 3
                    : is_row    ? 2
                                : 1,
                    is_row ? '=' : ':',
                    kind == 'e' ? event
                    : is_row    ? object
                                : declared);
    if (is_row) {
      g_string_append (out, "],\"relationships\":[");
      put_json_parts (out, &lines[i], kind == 'e' ? 3 : 2, '>', links);
    }
    g_string_append (out, "]}");
  }
}

char *
ocel_write_json (const char *description)
{
  guint n;
  Line *lines = split (description, &n);
  GString *out = g_string_new ("{\"objectTypes\":[");

  put_json_list (out, lines, n, 'O');
  g_string_append (out, "],\n\"eventTypes\":[");
  put_json_list (out, lines, n, 'E');
  g_string_append (out, "],\n\"events\":[");
  put_json_list (out, lines, n, 'e');
  g_string_append (out, "],\n\"objects\":[");
  put_json_list (out, lines, n, 'o');
  g_string_append (out, "]}\n");
  drop (lines, n);
  return g_string_free (out, FALSE);
}

/* ---- XML ---- */

static void
put_xml (GString *out, const char *name, const char *value)
{
  g_autofree char *escaped = value != NULL ? g_markup_escape_text (value, -1) : NULL;

  if (escaped != NULL && *escaped != '\0')
    g_string_append_printf (out, " %s=\"%s\"", name, escaped);
}

static void
put_xml_parts (GString *out, const Line *line, guint from, gboolean links)
{
  for (guint i = from; i < g_strv_length (line->parts); i++) {
    gboolean is_link = line->parts[i][0] == '>', is_type = g_ascii_isupper (line->kind);
    g_autofree char *value = NULL;
    char *cells[3];

    if (is_link != links || line->parts[i][0] == '\0')
      continue;
    cut (line->parts[i] + is_link, is_link || is_type ? ':' : '=', cells);
    g_string_append (out, is_link ? "<relationship" : "<attribute");
    put_xml (out, is_link ? "object-id" : "name", cells[0]);
    if (is_link || is_type)
      put_xml (out, is_link ? "qualifier" : "type", cells[1]);
    if (line->kind == 'o' && !is_link)
      put_xml (out, "time", cells[2]);
    value = g_markup_escape_text (is_link || is_type || cells[1] == NULL ? "" : cells[1], -1);
    g_string_append_printf (out, ">%s</%s>\n", value, is_link ? "relationship" : "attribute");
    drop_cut (cells);
  }
}

static void
put_xml_list (GString *out, const Line *lines, guint n, char kind)
{
  const char *element = kind == 'E' ? "event-type" : kind == 'O' ? "object-type" : kind == 'e' ? "event" : "object";
  gboolean is_row = g_ascii_islower (kind);

  g_string_append_printf (out, "<%ss>\n", element);
  for (guint i = 0; i < n; i++) {
    if (lines[i].kind != kind)
      continue;
    g_string_append_printf (out, "<%s", element);
    put_xml (out, is_row ? "id" : "name", part (&lines[i], 0));
    if (is_row)
      put_xml (out, "type", part (&lines[i], 1));
    if (kind == 'e')
      put_xml (out, "time", part (&lines[i], 2));
    g_string_append (out, ">\n<attributes>\n");
    put_xml_parts (out, &lines[i], kind == 'e' ? 3 : is_row ? 2 : 1, FALSE);
    g_string_append (out, "</attributes>\n");
    if (is_row) {
      g_string_append (out, "<objects>\n");
      put_xml_parts (out, &lines[i], kind == 'e' ? 3 : 2, TRUE);
      g_string_append (out, "</objects>\n");
    }
    g_string_append_printf (out, "</%s>\n", element);
  }
  g_string_append_printf (out, "</%ss>\n", element);
}

char *
ocel_write_xml (const char *description)
{
  guint n;
  Line *lines = split (description, &n);
  GString *out = g_string_new ("<?xml version='1.0' encoding='UTF-8'?>\n<log>\n");

  for (const char *kind = "OEoe"; *kind != '\0'; kind++)
    put_xml_list (out, lines, n, *kind);
  g_string_append (out, "</log>\n");
  drop (lines, n);
  return g_string_free (out, FALSE);
}

/* ---- SQLite ---- */

static gboolean
run (sqlite3 *database, char *sql)
{
  gboolean ok = sqlite3_exec (database, sql, NULL, NULL, NULL) == SQLITE_OK;

  sqlite3_free (sql);
  return ok;
}

/* An empty text is one that is not there. */
static const char *
or_null (const char *text)
{
  return text != NULL && *text != '\0' ? text : NULL;
}

static const char *
declared_kind (const char *kind)
{
  static const char *const names[][2] = { { "string", "TEXT" },
                                          { "float", "REAL" },
                                          { "integer", "INTEGER" },
                                          { "boolean", "BOOLEAN" },
                                          { "time", "TIMESTAMP" } };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (kind, names[i][0]) == 0)
      return names[i][1];
  return NULL;
}

/* What types of the same name would make of each other's tables nobody knows. */
static gboolean
write_type (sqlite3 *database, const Line *line, guint number)
{
  const char *side = line->kind == 'E' ? "event" : "object";
  gboolean ok
    = run (database, sqlite3_mprintf ("INSERT INTO %s_map_type VALUES (%Q, 'T%u')", side, part (line, 0), number))
      && run (database, sqlite3_mprintf ("CREATE TABLE %s_T%u (ocel_id TEXT, ocel_time TIMESTAMP%s)", side, number,
                                         line->kind == 'O' ? ", ocel_changed_field TEXT" : ""));

  for (guint i = 1; ok && i < g_strv_length (line->parts); i++) {
    char *cells[3];

    if (line->parts[i][0] == '\0')
      continue;
    cut (line->parts[i], ':', cells);
    ok = declared_kind (cells[1]) != NULL && *cells[0] != '\0'
         && run (database, sqlite3_mprintf ("ALTER TABLE %s_T%u ADD COLUMN \"%w\" %s", side, number, cells[0],
                                            declared_kind (cells[1])));
    drop_cut (cells);
  }
  return ok;
}

static int
find_type (const Line *lines, guint n, const Line *row)
{
  for (guint i = 0; i < n; i++)
    if (lines[i].kind == g_ascii_toupper (row->kind) && strcmp (part (&lines[i], 0), part (row, 1)) == 0)
      return (int) i;
  return -1;
}

static gboolean
has_column (const Line *type, const char *name)
{
  for (guint i = 1; i < g_strv_length (type->parts); i++) {
    gsize length = strcspn (type->parts[i], ":");

    if (strlen (name) == length && strncmp (name, type->parts[i], length) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
write_value (sqlite3 *database, const Line *row, guint type, char *cells[3])
{
  char *sql = row->kind == 'e'
                ? sqlite3_mprintf ("UPDATE event_T%u SET \"%w\" = %Q WHERE ocel_id = %Q AND \"%w\" IS NULL", type,
                                   cells[0], cells[1], part (row, 0), cells[0])
                : sqlite3_mprintf (
                  "INSERT INTO object_T%u (ocel_id, ocel_time, ocel_changed_field, \"%w\") VALUES (%Q, %Q, %Q, %Q)",
                  type, cells[0], part (row, 0), or_null (cells[2]),
                  g_strcmp0 (cells[2], "1970-01-01T00:00:00Z") == 0 ? NULL : cells[0], cells[1]);

  return run (database, sql) && sqlite3_changes (database) == 1;
}

static gboolean
write_parts (sqlite3 *database, const Line *lines, const Line *row, int type)
{
  gboolean ok = TRUE;

  for (guint i = row->kind == 'e' ? 3 : 2; ok && i < g_strv_length (row->parts); i++) {
    gboolean is_link = row->parts[i][0] == '>';
    char *cells[3];

    if (row->parts[i][0] == '\0')
      continue;
    cut (row->parts[i] + is_link, is_link ? ':' : '=', cells);
    if (is_link)
      ok = run (database, sqlite3_mprintf ("INSERT INTO %s VALUES (%Q, %Q, %Q)",
                                           row->kind == 'e' ? "event_object" : "object_object", part (row, 0), cells[0],
                                           or_null (cells[1])));
    else
      ok = type >= 0 && cells[1] != NULL && has_column (&lines[type], cells[0])
           && write_value (database, row, (guint)type, cells);
    drop_cut (cells);
  }
  return ok;
}

static gboolean
write_row (sqlite3 *database, const Line *lines, guint n, const Line *row)
{
  const char *side = row->kind == 'e' ? "event" : "object";
  int type = find_type (lines, n, row);

  if (!run (database,
            sqlite3_mprintf ("INSERT INTO %s VALUES (%Q, %Q)", side, or_null (part (row, 0)), or_null (part (row, 1)))))
    return FALSE;
  if (row->kind == 'e'
      && (type < 0
          || !run (database, sqlite3_mprintf ("INSERT INTO event_T%d (ocel_id, ocel_time) VALUES (%Q, %Q)", type,
                                              part (row, 0), or_null (part (row, 2))))))
    return FALSE;
  return write_parts (database, lines, row, type);
}

static gboolean
write_tables (sqlite3 *database, const Line *lines, guint n)
{
  gboolean ok = TRUE;

  for (guint i = 0; ok && i < n; i++)
    if (g_ascii_isupper (lines[i].kind))
      ok = write_type (database, &lines[i], i);
  for (guint i = 0; ok && i < n; i++)
    if (lines[i].kind == 'e' || lines[i].kind == 'o')
      ok = write_row (database, lines, n, &lines[i]);
  return ok;
}

gboolean
ocel_write_sqlite (const char *description, const char *path)
{
  static const char layout[]
    = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;"
      "CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT); CREATE TABLE object_map_type (ocel_type TEXT, "
      "ocel_type_map TEXT);"
      "CREATE TABLE event (ocel_id TEXT, ocel_type TEXT); CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);"
      "CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);"
      "CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);";
  guint n;
  Line *lines = split (description, &n);
  sqlite3 *database = NULL;
  gboolean ok = sqlite3_open (path, &database) == SQLITE_OK
                && sqlite3_exec (database, layout, NULL, NULL, NULL) == SQLITE_OK && write_tables (database, lines, n)
                && sqlite3_exec (database, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;

  sqlite3_close (database);
  drop (lines, n);
  return ok;
}

/* ---- what was read ---- */

static char *
label (const VcInterner *interner, gint32 code)
{
  gsize length;
  const char *text = code >= 0 ? vc_interner_peek (interner, (guint32) code, &length) : NULL;

  return text != NULL ? g_strndup (text, length) : g_strdup ("-");
}

/* SQLite keeps numbers and not their digits. */
static char *
value_label (const VcInterner *interner, gint32 code)
{
  char *text = label (interner, code);
  double number;
  char canonical[VC_NUMBER_SIZE];

  if (vc_parse_double (text, strlen (text), &number) != VC_PARSE_OK)
    return text;
  g_free (text);
  return g_strndup (canonical, vc_format_double (number, canonical));
}

static void
tell_side (const VcOcel *ocel, VcOcelSide side, GPtrArray *lines)
{
  const VcOcelRows *rows = &ocel->rows[side], *objects = &ocel->rows[VC_OCEL_OBJECTS];

  for (guint32 i = 0; i < vc_interner_size (rows->ids); i++) {
    g_autofree char *id = label (rows->ids, (gint32) i), *type = label (rows->type_names, rows->types[i]);

    g_ptr_array_add (lines, g_strdup_printf ("%d %s %s %" G_GINT64_FORMAT " %d", side, id, type,
                                             side == VC_OCEL_EVENTS ? rows->times[i] : 0,
                                             side == VC_OCEL_EVENTS ? (int)i : -1));
  }
  for (gsize i = 0; i < rows->values.n; i++) {
    g_autofree char *id = label (rows->ids, rows->values.owners[i]), *name = label (ocel->names, rows->values.names[i]);
    g_autofree char *value = value_label (ocel->texts, rows->values.values[i]);

    g_ptr_array_add (lines, g_strdup_printf ("%d %s %s=%s@%" G_GINT64_FORMAT, side, id, name, value,
                                             side == VC_OCEL_OBJECTS ? rows->values.times[i] : 0));
  }
  for (gsize i = 0; i < rows->relations.n; i++) {
    g_autofree char *from = label (rows->ids, rows->relations.from[i]),
                    *to = label (objects->ids, rows->relations.to[i]);
    g_autofree char *qualifier = label (ocel->texts, rows->relations.qualifiers[i]);

    g_ptr_array_add (lines, g_strdup_printf ("%d %s>%s:%s", side, from, to, qualifier));
  }
}

static gint
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char *
ocel_tell (const VcOcel *ocel)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  tell_side (ocel, VC_OCEL_EVENTS, lines);
  tell_side (ocel, VC_OCEL_OBJECTS, lines);
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

/* A text of some length has no end of its own. */
static gboolean
begins_as_xml (const char *text, gsize length)
{
  gsize i = 0;

  while (i < length && memchr (" \n\r\t", text[i], 4) != NULL)
    i++;
  return i < length && text[i] == '<';
}

static gboolean
read_text (VcOcel *ocel, const char *text, gsize length, gsize window, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text, (gssize) length, NULL);
  g_auto (VcInput) input = { 0 };
  VcEventReading reading = { .input = &input };

  return vc_input_init (&input, stream, "log", ocel->limits, error)
         && (begins_as_xml (text, length) ? vc_ocel_read_xml (ocel, &reading, window, error)
                                          : vc_ocel_read_json (ocel, &reading, window, error));
}

static gboolean
read_tables (VcOcel *ocel, const char *path, GError **error)
{
  g_auto (VcInput) input = { 0 };
  VcEventReading reading = { .input = &input, .path = path };

  return vc_input_open (&input, path, ocel->limits, NULL, error) && vc_ocel_read_sqlite (ocel, &reading, error);
}

VcOcel *
ocel_read (const char *text, gsize length, const char *path, gsize window, GError **error)
{
  g_autoptr (VcLimits) limits = vc_limits_new ();
  g_autoptr (VcOcel) ocel = vc_ocel_new ("log", limits, 0, NULL, error);

  if (ocel == NULL
      || !(path == NULL ? read_text (ocel, text, length, window, error) : read_tables (ocel, path, error)))
    return NULL;
  ocel->limits = NULL;
  if (vc_problems_n_errors (ocel->problems) == 0)
    return g_steal_pointer (&ocel);
  vc_problems_set_error (ocel->problems, error);
  return NULL;
}
