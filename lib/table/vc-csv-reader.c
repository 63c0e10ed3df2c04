/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-csv-reader.h"

#include <gio/gunixinputstream.h>
#include <string.h>
#include <sys/stat.h>

#include "valuechain/vc-enum-types.h"
#include "valuechain/vc-error.h"
#include "vc-csv-private.h"

/**
 * VcCsvReader:
 *
 * Reads tables from files of comma-separated values (RFC 4180).
 *
 * The text is UTF-8; a byte-order mark is removed. The first row is the header, each further one has as many fields as
 * it. Lines end with LF, CR LF or CR, in any mixture; the last may lack its end. Empty lines are skipped, but for files
 * with one column, where they are rows whose field is empty. A field in quotes may hold delimiters, line ends and,
 * doubled, quotes. What is packed with gzip is unpacked, whatever its name.
 *
 * A reader is told which columns to expect, of which type ([method@CsvReader.add_column]). Other columns are read as
 * text, or not kept ([method@CsvReader.set_skip_undeclared]). Where a column that nobody declared stands twice, the
 * second is called NAME_2.
 *
 * | type | fields |
 * |---|---|
 * | double | decimal: `-12`, `0.5`, `1e-3`; read to the nearest double, exactly |
 * | int64 | whole numbers of 64 bits: `-12` |
 * | text | anything |
 * | boolean | `true`, `false`, `TRUE`, `FALSE`, `True`, `False`, `1`, `0` |
 * | time | ISO 8601: `2016-02-29`, `2016-02-29T01:16:00.5Z`, `2016-02-29 02:16+01:00`; or the time format |
 *
 * Numbers have no spaces around them, no plus sign, no needless zeros in front and no separators of thousands, whatever
 * the locale. Times are in UTC where they name no zone; below a microsecond they are cut off; there are no leap
 * seconds.
 *
 * An empty field is null, and so is one that equals the `missing` text. A quoted empty field (`""`) is the empty text
 * in a column of text that is not required, and null elsewhere.
 *
 * Reading is all or nothing. The first problem of the file ends it, with an error of #VcImportError whose message
 * begins with FILE:LINE:COLUMN; the column counts bytes from 1, to the beginning of the field or to the byte that is
 * wrong. Messages never contain what a field contains, and name only declared columns: where a file has no header,
 * names are content.
 *
 * Time is linear in the size of the file. Memory is that of the table, of the distinct labels, and a few megabytes or
 * some multiple of the longest row. Blocks are parsed on all processors; the result does not depend on their number.
 */

enum {
  PROP_0,
  PROP_DELIMITER,
  PROP_MISSING,
  PROP_TIME_FORMAT,
  PROP_LIMITS,
  N_PROPS
};

struct _VcCsvReader
{
  GObject parent_instance;

  char *delimiter;
  char *missing;
  char *time_format;
  VcLimits *limits;
  GArray *declared; /* of VcCsvDeclared */
  gboolean skip_undeclared;
  int zone;
  gsize block_size;
  guint n_threads;
};

G_DEFINE_FINAL_TYPE (VcCsvReader, vc_csv_reader, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
vc_csv_reader_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcCsvReader *self = VC_CSV_READER (object);

  switch (prop_id) {
    case PROP_DELIMITER:
      g_value_set_string (value, self->delimiter);
      break;
    case PROP_MISSING:
      g_value_set_string (value, self->missing);
      break;
    case PROP_TIME_FORMAT:
      g_value_set_string (value, self->time_format);
      break;
    case PROP_LIMITS:
      g_value_set_object (value, self->limits);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_csv_reader_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  VcCsvReader *self = VC_CSV_READER (object);

  switch (prop_id) {
    case PROP_DELIMITER:
      g_free (self->delimiter);
      self->delimiter = g_value_dup_string (value);
      break;
    case PROP_MISSING:
      g_free (self->missing);
      self->missing = g_value_dup_string (value);
      break;
    case PROP_TIME_FORMAT:
      g_free (self->time_format);
      self->time_format = g_value_dup_string (value);
      break;
    case PROP_LIMITS:
      g_set_object (&self->limits, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
vc_csv_reader_finalize (GObject *object)
{
  VcCsvReader *self = VC_CSV_READER (object);

  g_free (self->delimiter);
  g_free (self->missing);
  g_free (self->time_format);
  g_clear_object (&self->limits);
  g_array_unref (self->declared);

  G_OBJECT_CLASS (vc_csv_reader_parent_class)->finalize (object);
}

static void
vc_csv_reader_class_init (VcCsvReaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = vc_csv_reader_get_property;
  object_class->set_property = vc_csv_reader_set_property;
  object_class->finalize = vc_csv_reader_finalize;

  /**
   * VcCsvReader:delimiter:
   *
   * What stands between fields: one ASCII character that is no quote and ends no line. Default: a comma.
   */
  properties[PROP_DELIMITER] = g_param_spec_string ("delimiter", NULL, NULL, ",", flags);

  /**
   * VcCsvReader:missing:
   *
   * Fields equal to this text are null, as empty ones are. Default: %NULL, no such text.
   */
  properties[PROP_MISSING] = g_param_spec_string ("missing", NULL, NULL, NULL, flags);

  /**
   * VcCsvReader:time-format:
   *
   * How times are written, in the directives of strptime(): %Y %m %d %H %M %S %f (fraction of a second) %y %I %p %b %B
   * %h %j %z %Z (UTC, GMT or Z) %T %F %D %R %s %e %n %t %%. Names of months are English; numbers but the year may lack
   * leading zeros. Default: %NULL, ISO 8601.
   */
  properties[PROP_TIME_FORMAT] = g_param_spec_string ("time-format", NULL, NULL, NULL, flags);

  /**
   * VcCsvReader:limits:
   *
   * How large a file may be. Default: %NULL, the default limits.
   */
  properties[PROP_LIMITS] = g_param_spec_object ("limits", NULL, NULL, VC_TYPE_LIMITS, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
clear_declared (gpointer data)
{
  g_free (((VcCsvDeclared *) data)->name);
}

static void
vc_csv_reader_init (VcCsvReader *self)
{
  self->delimiter = g_strdup (",");
  self->declared = g_array_new (FALSE, FALSE, sizeof (VcCsvDeclared));
  g_array_set_clear_func (self->declared, clear_declared);
}

/**
 * vc_csv_reader_new:
 *
 * Makes a reader that expects no columns and reads all as text.
 *
 * Returns: (transfer full): a new reader
 */
VcCsvReader *
vc_csv_reader_new (void)
{
  return g_object_new (VC_TYPE_CSV_READER, NULL);
}

static VcCsvDeclared *
find_declared (VcCsvReader *self, const char *name)
{
  for (guint i = 0; i < self->declared->len; i++) {
    VcCsvDeclared *declared = &g_array_index (self->declared, VcCsvDeclared, i);

    if (strcmp (declared->name, name) == 0)
      return declared;
  }
  return NULL;
}

/**
 * vc_csv_reader_add_column:
 * @self: a reader
 * @name: the name in the header
 * @type: what its fields are
 * @required: whether the header must have it and no field of it may be null
 *
 * Tells the reader to expect a column. Columns may stand in any order in the file; one that is not required may be
 * absent from it, and then is absent from the table. Said again for the same name, the last word holds.
 *
 * A header whose name differs from @name only in case, spaces, Unicode form or characters that are not seen is refused.
 */
void
vc_csv_reader_add_column (VcCsvReader *self, const char *name, VcColumnType type, gboolean required)
{
  VcCsvDeclared *known;

  g_return_if_fail (VC_IS_CSV_READER (self));
  g_return_if_fail (name != NULL && g_utf8_validate (name, -1, NULL));
  g_return_if_fail (type <= VC_COLUMN_TYPE_TIME);

  known = find_declared (self, name);
  if (known != NULL) {
    known->type = type;
    known->required = required;
  } else {
    VcCsvDeclared declared = { g_strdup (name), type, required };

    g_array_append_val (self->declared, declared);
  }
}

/**
 * vc_csv_reader_set_skip_undeclared:
 * @self: a reader
 * @skip_undeclared: whether to keep declared columns only
 *
 * Sets whether columns that were not declared are left out of the table. They are checked all the same. Default:
 * %FALSE.
 */
void
vc_csv_reader_set_skip_undeclared (VcCsvReader *self, gboolean skip_undeclared)
{
  g_return_if_fail (VC_IS_CSV_READER (self));

  self->skip_undeclared = skip_undeclared;
}

void
vc_csv_reader_set_blocks (VcCsvReader *self, gsize block_size, guint n_threads)
{
  self->block_size = block_size;
  self->n_threads = n_threads;
}

static gboolean
check_delimiter (VcCsvReader *self, const char *file, GError **error)
{
  const char *d = self->delimiter;

  if (d != NULL && d[0] != '\0' && d[1] == '\0' && (guint8) d[0] < 0x80 && strchr ("\"\r\n", d[0]) == NULL)
    return TRUE;
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT,
               "%s: the delimiter is not one ASCII character that is no quote and ends no line", file);
  return FALSE;
}

VcTable *
vc_csv_reader_read_input (VcCsvReader *self, VcInput *input, const char *table_name, VcProgress *progress,
                          GCancellable *cancellable, GError **error)
{
  g_autoptr (VcTimeFormat) format = NULL;
  VcCsvJob job = {
    .plan = {
      .file = input->file,
      .missing = self->missing,
      .missing_length = self->missing != NULL ? strlen (self->missing) : 0,
      .max_field_size = vc_limits_get_max_field_size (input->limits),
      .max_columns = (guint) vc_limits_get_max_columns (input->limits),
    },
    .declared = (const VcCsvDeclared *) self->declared->data,
    .n_declared = self->declared->len,
    .skip_undeclared = self->skip_undeclared,
    .table_name = table_name,
    .limits = input->limits,
    .progress = progress,
    .cancellable = cancellable,
    .block_size = self->block_size,
    .n_threads = self->n_threads,
  };

  if (!check_delimiter (self, input->file, error))
    return NULL;
  job.plan.delimiter = self->delimiter[0];
  job.plan.zone = self->zone;
  if (self->time_format != NULL) {
    format = vc_time_format_new (self->time_format, error);
    if (format == NULL)
      return NULL;
    vc_time_format_set_zone (format, self->zone);
    job.plan.time_format = format;
  }
  return vc_csv_job_run (&job, input, error);
}

void
vc_csv_reader_set_zone (VcCsvReader *self, int zone)
{
  self->zone = zone;
}

static VcLimits *
limits_of (VcCsvReader *self)
{
  return self->limits != NULL ? g_object_ref (self->limits) : vc_limits_new ();
}

/* "flows" of "data/flows.csv.gz". */
static char *
table_name (const char *path)
{
  char *name = g_filename_display_basename (path);

  if (g_str_has_suffix (name, ".gz"))
    name[strlen (name) - strlen (".gz")] = '\0';
  if (g_str_has_suffix (name, ".csv"))
    name[strlen (name) - strlen (".csv")] = '\0';
  return name;
}

/**
 * vc_csv_reader_read_path:
 * @self: a reader
 * @path: (type filename): a file
 * @progress: (nullable): told how much of the file has been read
 * @cancellable: (nullable): to stop
 * @error: where an error is returned
 *
 * Reads a file into a table that is called as the file is, without .csv and .gz.
 *
 * Errors: #VcImportError for what is in the file, or for one that changes while it is read; #GIOErrorEnum where it
 * cannot be opened or read, or when cancelled. The time to stop is that for a megabyte.
 *
 * Returns: (transfer full): a new table, or %NULL
 */
VcTable *
vc_csv_reader_read_path (VcCsvReader *self, const char *path, VcProgress *progress, GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (VcLimits) limits = NULL;
  g_autofree char *name = NULL;
  g_auto (VcInput) input = { 0 };

  g_return_val_if_fail (VC_IS_CSV_READER (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (progress == NULL || VC_IS_PROGRESS (progress), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  limits = limits_of (self);
  name = table_name (path);
  if (!vc_input_open (&input, path, limits, cancellable, error))
    return NULL;
  return vc_csv_reader_read_input (self, &input, name, progress, cancellable, error);
}

/**
 * vc_csv_reader_read_stream:
 * @self: a reader
 * @stream: bytes, in pieces of any size
 * @name: what messages call the stream, and the name of the table
 * @cancellable: (nullable): to stop
 * @error: where an error is returned
 *
 * Reads a stream to its end into a table. The stream is left open.
 *
 * Errors: as of [method@CsvReader.read_path].
 *
 * Returns: (transfer full): a new table, or %NULL
 */
VcTable *
vc_csv_reader_read_stream (VcCsvReader *self, GInputStream *stream, const char *name, GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (VcLimits) limits = NULL;
  g_auto (VcInput) input = { 0 };

  g_return_val_if_fail (VC_IS_CSV_READER (self), NULL);
  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  limits = limits_of (self);
  if (!vc_input_init (&input, stream, name, limits, error))
    return NULL;
  return vc_csv_reader_read_input (self, &input, name, NULL, cancellable, error);
}

VcTable *
vc_csv_reader_read_open (VcCsvReader *self, int fd, const char *name, VcProgress *progress, GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (VcLimits) limits = limits_of (self);
  g_autoptr (GInputStream) stream = g_unix_input_stream_new (fd, TRUE);
  g_autofree char *table = table_name (name);
  g_auto (VcInput) input = { 0 };
  struct stat info;

  if (!vc_input_init (&input, stream, name, limits, error))
    return NULL;
  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode) && !vc_input_expect (&input, (guint64) info.st_size, error))
    return NULL;
  return vc_csv_reader_read_input (self, &input, table, progress, cancellable, error);
}
