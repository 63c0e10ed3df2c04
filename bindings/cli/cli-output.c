/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
set_errno_error (GError **error, const char *path)
{
  int saved = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: %s", path, g_strerror (saved));
  return FALSE;
}

/* Writes and closes: what a full disk refuses shows at the latest then. */
static gboolean
write_and_close (int fd, CliWrite write, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (fd, TRUE);

  return write (stream, data, cancellable, error) && g_output_stream_close (stream, NULL, error);
}

/* Who interrupts the program must know of each such file that there is. */
static int
make_temporary (CliSession *session, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;

  g_mutex_lock (&session->lock);
  session->temporary = g_build_filename (folder, ".valuechain-XXXXXX", NULL);
  fd = g_mkstemp_full (session->temporary, O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    g_clear_pointer (&session->temporary, g_free);
  g_mutex_unlock (&session->lock);
  return fd;
}

static gboolean
settle_temporary (CliSession *session, const char *path, gboolean written, GError **error)
{
  g_mutex_lock (&session->lock);
  if (written && g_rename (session->temporary, path) < 0)
    written = set_errno_error (error, path);
  if (!written)
    g_unlink (session->temporary);
  g_clear_pointer (&session->temporary, g_free);
  g_mutex_unlock (&session->lock);
  return written;
}

/* Beside the file, so that renaming it is atomic: the file is as it was or all new, and never open to others. */
static gboolean
replace_file (CliSession *session, const char *path, CliWrite write, gpointer data, GError **error)
{
  int fd = make_temporary (session, path);

  if (fd < 0)
    return set_errno_error (error, path);
  return settle_temporary (session, path, write_and_close (fd, write, data, session->cancellable, error), error);
}

/* A device or pipe cannot be replaced by a file. */
static gboolean
write_to_special (const char *path, CliWrite write, gpointer data, GCancellable *cancellable, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CLOEXEC, 0);

  return fd < 0 ? set_errno_error (error, path) : write_and_close (fd, write, data, cancellable, error);
}

static gboolean
is_special (const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 && !S_ISREG (status.st_mode);
}

static gboolean
write_to (CliSession *session, const char *path, CliWrite write, gpointer data, GError **error)
{
  if (is_special (path))
    return write_to_special (path, write, data, session->cancellable, error);
  return replace_file (session, path, write, data, error);
}

/* ---- a file that gets its place after something else ---- */

/* What is durable before that is done cannot be lost after it. */
static gboolean
write_durably (int fd, const char *path, CliWrite write, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (fd, TRUE);

  return write (stream, data, cancellable, error) && (fsync (fd) == 0 || set_errno_error (error, path))
         && g_output_stream_close (stream, NULL, error);
}

gboolean
cli_prepare (CliSession *session, const char *path, CliWrite write, gpointer data, GError **error)
{
  struct stat status;
  int fd;

  if (is_special (path))
    return write_to_special (path, write, data, session->cancellable, error);
  /* A name that nothing can have is told before anything is done. */
  if (lstat (path, &status) != 0 && errno != ENOENT)
    return set_errno_error (error, path);
  fd = make_temporary (session, path);
  if (fd < 0)
    return set_errno_error (error, path);
  if (write_durably (fd, path, write, data, session->cancellable, error))
    return TRUE;
  cli_drop_prepared (session);
  return FALSE;
}

static gboolean
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  const int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  const gboolean synced = fd >= 0 && fsync (fd) == 0;
  const int code = errno;

  if (fd >= 0)
    close (fd);
  errno = code;
  return synced;
}

/* Nothing is left to be undone by then: what cannot get its place keeps its name, which the error says. */
gboolean
cli_place_prepared (CliSession *session, const char *path, GError **error)
{
  g_autofree char *temporary = NULL;

  g_mutex_lock (&session->lock);
  temporary = g_steal_pointer (&session->temporary);
  g_mutex_unlock (&session->lock);
  if (temporary == NULL)
    return TRUE;
  if (g_rename (temporary, path) != 0) {
    set_errno_error (error, path);
    g_prefix_error (error, "the chain is in place, but the table has the name %s: ", temporary);
    return FALSE;
  }
  if (sync_folder (path))
    return TRUE;
  set_errno_error (error, path);
  g_prefix_error (error, "all is in place, but may not survive a power cut: ");
  return FALSE;
}

void
cli_drop_prepared (CliSession *session)
{
  g_mutex_lock (&session->lock);
  if (session->temporary != NULL)
    g_unlink (session->temporary);
  g_clear_pointer (&session->temporary, g_free);
  g_mutex_unlock (&session->lock);
}

gboolean
cli_write (CliSession *session, CliWrite write, gpointer data, GError **error)
{
  int fd;

  if (session->options->output != NULL)
    return write_to (session, session->options->output, write, data, error);
  fd = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
  if (fd < 0)
    return set_errno_error (error, "standard output");
  return write_and_close (fd, write, data, session->cancellable, error);
}

static gboolean
write_text (GOutputStream *stream, gpointer text, GCancellable *cancellable, GError **error)
{
  g_autofree char *owned = text;

  if (owned == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "no memory for the text");
    return FALSE;
  }
  return g_output_stream_write_all (stream, owned, strlen (owned), NULL, cancellable, error);
}

typedef struct {
  CliSession *session;
  VcTable    *table;
} TableJob;

static gboolean
write_table (GOutputStream *stream, gpointer data, GCancellable *cancellable, GError **error)
{
  TableJob *job = data;

  switch (job->session->format) {
    case VC_REPORT_FORMAT_JSON:
      return vc_table_write_json (job->table, stream, cancellable, error);
    case VC_REPORT_FORMAT_CSV:
      return vc_table_write_csv (job->table, stream, TRUE, cancellable, error);
    case VC_REPORT_FORMAT_HTML:
      return write_text (stream, vc_table_to_html (job->table, job->session->max_rows), cancellable, error);
    case VC_REPORT_FORMAT_TEXT:
    default:
      return write_text (stream, vc_table_to_text (job->table, cli_width (), job->session->max_rows), cancellable,
                         error);
  }
}

gboolean
cli_write_table (CliSession *session, VcTable *table, GError **error)
{
  TableJob job = { session, table };

  return cli_write (session, write_table, &job, error);
}

gboolean
cli_puts (const char *text, GError **error)
{
  const CliOptions options = { 0 };
  CliSession session = { .options = &options };

  return cli_write (&session, write_text, g_strdup (text), error);
}

/* Of the terminal; 80 where there is none. */
guint
cli_width (void)
{
  struct winsize size;

  return ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* https://no-color.org: whatever it holds, if it holds something. */
static gboolean
is_colorful_terminal (void)
{
  const char *no_color = g_getenv ("NO_COLOR");

  return isatty (STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0')
         && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

gboolean
cli_has_color (const CliSession *session)
{
  const char *when = session->options->color;

  if (when == NULL || g_str_equal (when, "auto"))
    return session->options->output == NULL && is_colorful_terminal ();
  return g_str_equal (when, "always");
}
