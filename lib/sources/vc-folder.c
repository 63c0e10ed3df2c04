/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-folder-private.h"

#include "base/vc-buffer-private.h"
#include "base/vc-progress-private.h"
#include "table/vc-arrow-ipc-private.h"
#include "table/vc-csv-private.h"
#include "valuechain/vc-error.h"
#include "vc-datapackage-private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <sys/stat.h>
#include <unistd.h>

/**
 * VcFolder:
 *
 * A chain folder: a folder of CSV files and, where it has one, `datapackage.json`.
 *
 * The CSV files are UTF-8 with a header row (RFC 4180, read by [class@CsvReader]). `parties.csv` must be there;
 * `flows.csv`, `receipts.csv` and `commitments.csv` may be. Each may be compressed instead, `flows.csv.gz`, or be an
 * Arrow IPC file, `flows.arrow`, but no two of these. Columns marked with a star are required; other columns are kept,
 * as attributes of the row. Other files are not read.
 *
 * | file | columns |
 * |---|---|
 * | `parties.csv` | `id`*, `kind`* (customer, unit, person, supplier), `name`, `unit` and `manager` (ids of parties), `effort` (number) |
 * | `flows.csv` | `from`*, `to`*, `kind` (work, information, instruction; none: work), `amount` (number; none: 1), `at` (time), `case` |
 * | `receipts.csv` | `customer`*, `at` (time), `amount`* (number, money) |
 * | `commitments.csv` | `from`*, `to`*, `what`, `made`, `due`, `closed` (times), `state` (open, kept, late, broken, withdrawn), `closed_by` (id of a party), `reopened` (count), `weight` (number; none: 1), `id` |
 *
 * Times are ISO 8601, without a zone in UTC. `datapackage.json` is a Frictionless Data Package. Read are its `title`,
 * and under the property `valuechain` the `currency` of receipts, the `effort_unit` and the `window` that efforts are
 * meant for, two times with a slash between them:
 *
 * ```json
 * { "title": "Northwind 2025",
 *   "valuechain": { "currency": "EUR", "effort_unit": "hours", "window": "2025-01-01/2026-01-01" } }
 * ```
 *
 * Anything else under `valuechain` is refused. The `path` of each of its `resources` must be the plain name of a file;
 * what names another folder or a host is refused. Where `valuechain` is there, the schema of a resource gives its
 * attributes their types (number, integer, boolean, datetime, written as in the other columns); else they are text.
 * Nothing outside the folder is ever opened because of what stands in it, save through a symbolic link that somebody
 * put there.
 *
 * Arrow files have the same columns, of any type that [ctor@Table.new_from_arrow_stream] reads; a column must have one.
 * Files and streams of Arrow IPC 1.0 (metadata V5) are read, without compression, as pyarrow and Polars write them; the
 * whole file may be gzip. Numbers in the other byte order than the machine's are refused. `unit` and `description` in
 * the metadata of a field are those of its column, of up to 32,767 bytes; an attribute keeps them.
 *
 * All files are opened before the first is read, and are those of one state of the folder even while
 * [method@Folder.save] replaces it.
 */

#define MAX_TRIES 100

struct _VcFolder
{
  VcSource parent_instance;
  gboolean arrow;
};

enum {
  PROP_0,
  PROP_ARROW,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (VcFolder, vc_folder, VC_TYPE_SOURCE)

typedef struct {
  int            fd; /* -1: there is none */
  guint64        size;
  VcFolderFormat format;
  char           name[VC_FILE_NAME_SIZE];
} Input;

/* The files of a folder, all open. The last is datapackage.json. */
typedef struct {
  Input         inputs[VC_N_RECORDS + 1];
  guint         n_others;
  VcDatapackage package;
} Inputs;

static void
inputs_close (Inputs *self)
{
  for (guint i = 0; i <= VC_N_RECORDS; i++) {
    if (self->inputs[i].fd >= 0)
      close (self->inputs[i].fd);
    self->inputs[i].fd = -1;
  }
}

static void
inputs_clear (Inputs *self)
{
  inputs_close (self);
  vc_datapackage_clear (&self->package);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Inputs, inputs_clear)

static gboolean
fail_with_errno (const char *name, int code, GError **error)
{
  g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (code), "%s: %s", name, g_strerror (code));
  return FALSE;
}

/* Leaves an input alone that does not exist. Does not wait for the other end of a pipe. */
static gboolean
open_input (Input *input, int folder, const char *name, GError **error)
{
  int fd = openat (folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat info;

  if (fd < 0)
    return errno == ENOENT || fail_with_errno (name, errno, error);
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode)) {
    close (fd);
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT, "%s: this is no regular file", name);
    return FALSE;
  }
  if (input->fd >= 0) {
    close (fd);
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_DUPLICATE, "%s and %s are both there: which holds?",
                 input->name, name);
    return FALSE;
  }
  input->fd = fd;
  input->size = (guint64) info.st_size;
  g_strlcpy (input->name, name, sizeof input->name);
  return TRUE;
}

static gboolean
open_inputs (Inputs *self, int folder, GError **error)
{
  for (guint i = 0; i < VC_N_RECORDS * VC_N_FOLDER_FORMATS; i++) {
    Input *input = &self->inputs[i / VC_N_FOLDER_FORMATS];
    const gboolean is_there = input->fd >= 0;
    char name[VC_FILE_NAME_SIZE];

    vc_folder_any_name (i, name);
    if (!open_input (input, folder, name, error))
      return FALSE;
    if (!is_there)
      input->format = i % VC_N_FOLDER_FORMATS;
  }
  return open_input (&self->inputs[VC_N_RECORDS], folder, VC_DATAPACKAGE, error);
}

static guint
count_others (int folder)
{
  int fd = openat (folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = fd >= 0 ? fdopendir (fd) : NULL;
  guint n = 0;

  if (entries == NULL) {
    if (fd >= 0)
      close (fd);
    return 0;
  }
  for (struct dirent *entry = readdir (entries); entry != NULL; entry = readdir (entries))
    n += entry->d_name[0] != '.' && !vc_folder_owns (entry->d_name);
  closedir (entries);
  return n;
}

static gboolean
is_still_at (int folder, const char *path)
{
  struct stat opened, found;

  return fstat (folder, &opened) == 0 && stat (path, &found) == 0 && opened.st_dev == found.st_dev &&
         opened.st_ino == found.st_ino;
}

static gboolean
open_folder (Inputs *self, const char *path, gboolean *whole, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  int folder = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ok;

  *whole = TRUE;
  if (folder < 0)
    return fail_with_errno (name, errno, error);
  ok = open_inputs (self, folder, error);
  self->n_others = count_others (folder);
  *whole = is_still_at (folder, path);
  close (folder);
  return ok;
}

/* Named as the other files are. */
static gboolean
fail_without_parties (const Inputs *self, GError **error)
{
  VcFolderFormat format = VC_FOLDER_CSV;
  char name[VC_FILE_NAME_SIZE];

  for (guint i = 0; i < VC_N_RECORDS && format == VC_FOLDER_CSV; i++)
    if (self->inputs[i].fd >= 0)
      format = self->inputs[i].format;
  vc_folder_file_name (VC_RECORDS_PARTIES, format, name);
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING, "%s: a chain folder must have this file", name);
  return FALSE;
}

/* vc_folder_save() takes the old folder out of its place before it removes anything from it: where the folder is still
 * in its place after all files are open, none of them is missing. Else it is looked at again. */
static gboolean
open_whole_folder (Inputs *self, const char *path, GError **error)
{
  gboolean ok = FALSE, whole = FALSE;

  for (guint i = 0; i < MAX_TRIES && !whole; i++) {
    inputs_close (self);
    g_clear_error (error);
    ok = open_folder (self, path, &whole, error);
  }
  if (!ok)
    return FALSE;
  if (!whole) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "the folder is replaced again and again while it is read");
    return FALSE;
  }
  return self->inputs[VC_RECORDS_PARTIES].fd >= 0 || fail_without_parties (self, error);
}

static VcCsvReader *
new_reader (VcRecordsKind kind, VcLimits *limits)
{
  VcCsvReader *reader = vc_csv_reader_new ();
  guint n_fields;
  const VcField *fields = vc_fields_of (kind, &n_fields);

  g_object_set (reader, "limits", limits, NULL);
  for (guint i = 0; i < n_fields; i++)
    vc_csv_reader_add_column (reader, fields[i].name, vc_folder_column_type (fields[i].role), fields[i].required);
  return reader;
}

static VcTable *
read_csv (VcFolder *self, VcRecordsKind kind, Inputs *inputs, VcProgress *progress, GCancellable *cancellable,
          GError **error)
{
  Input *input = &inputs->inputs[kind];
  g_autoptr (VcCsvReader) reader = new_reader (kind, vc_source_get_limits (VC_SOURCE (self)));
  const int fd = input->fd;

  if (!vc_datapackage_declare (&inputs->package, kind, reader, error))
    return NULL;
  input->fd = -1;
  return vc_csv_reader_read_open (reader, fd, input->name, progress, cancellable, error);
}

static VcTable *
read_arrow (VcFolder *self, VcRecordsKind kind, Inputs *inputs, VcProgress *progress, GCancellable *cancellable,
            GError **error)
{
  Input *input = &inputs->inputs[kind];
  g_autoptr (GInputStream) stream = g_unix_input_stream_new (input->fd, TRUE);
  g_auto (VcInput) bytes = { 0 };

  input->fd = -1;
  if (!vc_input_init (&bytes, stream, input->name, vc_source_get_limits (VC_SOURCE (self)), error) ||
      !vc_input_expect (&bytes, input->size, error))
    return NULL;
  return vc_arrow_ipc_read (vc_records_name (kind), &bytes, progress, cancellable, error);
}

/* What was changed in its place after it was opened may not fit the other files any more. */
static gboolean
is_as_opened (const Input *input, GError **error)
{
  struct stat info;

  if (fstat (input->fd, &info) == 0 && (guint64) info.st_size == input->size)
    return TRUE;
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FAILED, "%s: the file changed while the folder was read",
               input->name);
  return FALSE;
}

/* The table goes to the builder and is let go at once: no more than one file is in memory beside it. */
static gboolean
read_file (VcFolder *self, VcRecordsKind kind, Inputs *inputs, VcChainBuilder *builder, VcProgress *progress,
           GCancellable *cancellable, GError **error)
{
  const Input *input = &inputs->inputs[kind];
  g_autoptr (VcTable) table = NULL;

  if (!is_as_opened (input, error))
    return FALSE;
  table = input->format == VC_FOLDER_ARROW ? read_arrow (self, kind, inputs, progress, cancellable, error)
                                           : read_csv (self, kind, inputs, progress, cancellable, error);
  if (table == NULL)
    return FALSE;
  vc_source_add_report (VC_SOURCE (self), vc_records_name (kind), vc_table_get_n_rows (table), input->name);
  vc_folder_files[kind].add (builder, table, input->name);
  return TRUE;
}

/* Each file takes a part of the progress as large as it is. */
static gboolean
read_files (VcFolder *self, Inputs *inputs, VcChainBuilder *builder, VcProgress *progress, GCancellable *cancellable,
            GError **error)
{
  double size = 1, done = 0;
  gboolean ok = TRUE;

  for (guint i = 0; i < VC_N_RECORDS; i++)
    size += (double) inputs->inputs[i].size;
  for (guint i = 0; i < VC_N_RECORDS && ok; i++) {
    double next = done + (double) inputs->inputs[i].size;
    VcProgressSpan outer = vc_progress_enter (progress, done / size, next / size);

    ok = inputs->inputs[i].fd < 0 || read_file (self, i, inputs, builder, progress, cancellable, error);
    vc_progress_leave (progress, outer);
    done = next;
  }
  return ok;
}

/* A file that grows while it is read is larger than its buffer and is refused, as is one that shrinks: it is cut off.
 */
static gboolean
read_description (Input *input, VcDatapackage *package, GCancellable *cancellable, GError **error)
{
  gsize room = (gsize) MIN (input->size, VC_JSON_MAX_SIZE) + 1, length;
  VC_BUFFER (char) text = vc_buffer_new (char, room);
  g_autoptr (GInputStream) stream = g_unix_input_stream_new (input->fd, TRUE);

  input->fd = -1;
  if (text == NULL) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, VC_DATAPACKAGE ": no memory for the file");
    return FALSE;
  }
  if (!g_input_stream_read_all (stream, text, room, &length, cancellable, error)) {
    g_prefix_error (error, VC_DATAPACKAGE ": ");
    return FALSE;
  }
  if (length == room) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT,
                 VC_DATAPACKAGE ": the file is larger than 16 MiB, or growing");
    return FALSE;
  }
  return vc_datapackage_parse (package, text, length, error);
}

static gboolean
describe (Inputs *inputs, VcChainBuilder *builder, GCancellable *cancellable, GError **error)
{
  VcDatapackage *package = &inputs->package;

  if (inputs->inputs[VC_N_RECORDS].fd < 0)
    return TRUE;
  if (!read_description (&inputs->inputs[VC_N_RECORDS], package, cancellable, error))
    return FALSE;
  g_object_set (builder, "title", package->title, "currency", package->currency, "effort-unit", package->effort_unit,
                NULL);
  if (package->has_window)
    vc_chain_builder_set_window (builder, package->start, package->end);
  return TRUE;
}

static gboolean
vc_folder_read (VcSource *source, VcChainBuilder *builder, VcProgress *progress, GCancellable *cancellable,
                GError **error)
{
  g_auto (Inputs) inputs = { 0 };
  g_autoptr (GError) reason = NULL;
  const char *path = vc_source_get_path (source);

  for (guint i = 0; i <= VC_N_RECORDS; i++)
    inputs.inputs[i].fd = -1;
  if (!open_whole_folder (&inputs, path != NULL ? path : "", &reason)) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  if (!describe (&inputs, builder, cancellable, error) ||
      !read_files (VC_FOLDER (source), &inputs, builder, progress, cancellable, error))
    return FALSE;
  if (inputs.n_others > 0)
    vc_source_add_report (source, "other files", inputs.n_others, "not read");
  return TRUE;
}

gboolean
vc_folder_is_arrow (VcFolder *self)
{
  return self->arrow;
}

static void
vc_folder_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ARROW)
    g_value_set_boolean (value, VC_FOLDER (object)->arrow);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
vc_folder_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ARROW)
    VC_FOLDER (object)->arrow = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
vc_folder_class_init (VcFolderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  VcSourceClass *source_class = VC_SOURCE_CLASS (klass);

  object_class->get_property = vc_folder_get_property;
  object_class->set_property = vc_folder_set_property;
  /**
   * VcFolder:arrow:
   *
   * Whether [method@Folder.save] writes Arrow IPC files instead of CSV. What is read is known by the names of the
   * files.
   */
  properties[PROP_ARROW]
    = g_param_spec_boolean ("arrow", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  source_class->read = vc_folder_read;
  source_class->runs_in_thread = TRUE;
}

static void
vc_folder_init (VcFolder *self)
{
}

/**
 * vc_folder_new:
 * @path: (type filename): a path in the encoding of file names
 *
 * Makes the source for the chain folder at @path, or for one that is to be written there. Nothing is opened yet.
 *
 * Returns: (transfer full): a folder
 */
VcFolder *
vc_folder_new (const char *path)
{
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (VC_TYPE_FOLDER, "path", path, NULL);
}
