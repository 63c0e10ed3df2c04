/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-input-private.h"

#include <gio/gfiledescriptorbased.h>
#include <string.h>

#include "vc-buffer-private.h"
#include "valuechain/vc-error.h"

#define PACKED_SIZE ((gsize) 256 * 1024)
/* What is small may unpack at any ratio. */
#define FREE_SIZE ((guint64) 1 << 20)

static gboolean
refuse (VcInput *self, VcImportError code, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "%s: %s", self->file, what);
  return FALSE;
}

gboolean
vc_input_init (VcInput *self, GInputStream *stream, const char *file, VcLimits *limits, GError **error)
{
  *self = (VcInput) { .stream = g_object_ref (stream), .file = g_strdup (file), .limits = g_object_ref (limits) };
  self->packed = vc_buffer_new (guint8, PACKED_SIZE);
  return self->packed != NULL || refuse (self, VC_IMPORT_ERROR_NO_MEMORY, "no memory to read", error);
}

/* Asked of what is open. */
static gboolean
query_size (GFileInputStream *stream, guint64 *size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInfo) info = g_file_input_stream_query_info (
    stream, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE, cancellable, error);

  if (info == NULL)
    return FALSE;
  /* What is no regular file, such as a pipe, has none. */
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR)
    *size = (guint64) g_file_info_get_size (info);
  return TRUE;
}

gboolean
vc_input_open (VcInput *self, const char *path, VcLimits *limits, GCancellable *cancellable, GError **error)
{
  g_autofree char *display = g_filename_display_name (path);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;
  guint64 size = 0;

  if (*path == '\0') {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME, "the name of the file is empty");
    return FALSE;
  }
  stream = g_file_read (file, cancellable, error);
  if (stream == NULL || !query_size (stream, &size, cancellable, error)) {
    g_prefix_error (error, "%s: ", display);
    return FALSE;
  }
  return vc_input_init (self, G_INPUT_STREAM (stream), display, limits, error) && vc_input_expect (self, size, error);
}

gboolean
vc_input_expect (VcInput *self, guint64 size, GError **error)
{
  self->size = size;
  return size <= vc_limits_get_max_file_size (self->limits)
         || refuse (self, VC_IMPORT_ERROR_LIMIT, "the file is larger than allowed", error);
}

void
vc_input_clear (VcInput *self)
{
  g_clear_object (&self->unpacker);
  g_clear_pointer (&self->packed, vc_buffer_free);
  g_clear_pointer (&self->head, vc_buffer_free);
  g_clear_object (&self->stream);
  g_clear_object (&self->limits);
  g_clear_pointer (&self->file, g_free);
}

static gssize
read_stream (VcInput *self, gpointer buffer, gsize size, GCancellable *cancellable, GError **error)
{
  gssize n = g_input_stream_read (self->stream, buffer, size, cancellable, error);

  if (n < 0) {
    g_prefix_error (error, "%s: ", self->file);
    return -1;
  }
  self->ended = n == 0;
  self->n_read += (guint64) n;
  if (self->n_read > vc_limits_get_max_file_size (self->limits)) {
    refuse (self, VC_IMPORT_ERROR_LIMIT, "the file is larger than allowed", error);
    return -1;
  }
  return n;
}

/* Reads until the packed buffer holds at least `least` bytes or the stream ends. */
static gboolean
read_packed (VcInput *self, gsize least, GCancellable *cancellable, GError **error)
{
  if (self->packed_start > 0) {
    memmove (self->packed, self->packed + self->packed_start, self->packed_end - self->packed_start);
    self->packed_end -= self->packed_start;
    self->packed_start = 0;
  }
  while (!self->ended && self->packed_end < least) {
    gssize n = read_stream (self, self->packed + self->packed_end, PACKED_SIZE - self->packed_end, cancellable, error);

    if (n < 0)
      return FALSE;
    self->packed_end += (gsize) n;
  }
  return TRUE;
}

static gboolean
is_gzip (const VcInput *self)
{
  return self->packed_end - self->packed_start >= 2 && self->packed[self->packed_start] == 0x1f
         && self->packed[self->packed_start + 1] == 0x8b;
}

/* By content: names lie. */
static gboolean
probe (VcInput *self, GCancellable *cancellable, GError **error)
{
  if (!read_packed (self, 2, cancellable, error))
    return FALSE;
  self->probed = TRUE;
  if (is_gzip (self))
    self->unpacker = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  return TRUE;
}

static gssize
read_plain (VcInput *self, char *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  gsize n = MIN (size, self->packed_end - self->packed_start);

  if (n == 0)
    return self->ended ? 0 : read_stream (self, buffer, size, cancellable, error);
  memcpy (buffer, self->packed + self->packed_start, n);
  self->packed_start += n;
  return (gssize) n;
}

static gboolean
check_unpacked (VcInput *self, GError **error)
{
  guint64 ratio = vc_limits_get_max_compression_ratio (self->limits);

  if (self->n_unpacked > vc_limits_get_max_decompressed_size (self->limits))
    return refuse (self, VC_IMPORT_ERROR_LIMIT, "the file unpacks to more than allowed", error);
  if (self->n_unpacked > FREE_SIZE && self->n_unpacked / MAX (ratio, 1) > self->n_read)
    return refuse (self, VC_IMPORT_ERROR_LIMIT, "the file unpacks to a larger multiple of its size than allowed",
                   error);
  return TRUE;
}

/* After the end of a member comes another (RFC 1952, 2.2), or nothing. */
static gboolean
next_member (VcInput *self, gboolean *at_end, GCancellable *cancellable, GError **error)
{
  if (!read_packed (self, 2, cancellable, error))
    return FALSE;
  *at_end = self->packed_start == self->packed_end;
  if (*at_end)
    return TRUE;
  if (!is_gzip (self))
    return refuse (self, VC_IMPORT_ERROR_FORMAT, "there is something after the end of the gzip data", error);
  g_converter_reset (self->unpacker);
  self->finished = FALSE;
  return TRUE;
}

static gboolean
unpack (VcInput *self, char *buffer, gsize size, gsize *n, GError **error)
{
  g_autoptr (GError) local = NULL;
  GConverterResult result;
  gsize n_used = 0;

  result = g_converter_convert (self->unpacker, self->packed + self->packed_start,
                                self->packed_end - self->packed_start, buffer, size,
                                self->ended ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &n_used, n, &local);
  if (result == G_CONVERTER_ERROR) {
    *n = 0;
    if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
      return self->ended ? refuse (self, VC_IMPORT_ERROR_FORMAT, "the gzip data ends too early", error) : TRUE;
    return refuse (self, VC_IMPORT_ERROR_FORMAT, "the gzip data is damaged", error);
  }
  self->packed_start += n_used;
  self->n_unpacked += *n;
  self->finished = result == G_CONVERTER_FINISHED;
  return check_unpacked (self, error);
}

static gssize
read_unpacked (VcInput *self, char *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  gsize n = 0;

  while (n == 0) {
    gboolean at_end = FALSE;

    if (self->finished && !next_member (self, &at_end, cancellable, error))
      return -1;
    if (at_end)
      return 0;
    /* zlib may want more than what is left over of what it was given last. */
    if (!read_packed (self, MIN (PACKED_SIZE, self->packed_end - self->packed_start + 1), cancellable, error))
      return -1;
    if (!unpack (self, buffer, size, &n, error))
      return -1;
  }
  return (gssize) n;
}

static gsize
read_head (VcInput *self, char *buffer, gsize size)
{
  gsize n = MIN (size, self->head_end - self->head_start);

  if (n == 0)
    return 0;
  memcpy (buffer, self->head + self->head_start, n);
  self->head_start += n;
  if (self->head_start == self->head_end)
    g_clear_pointer (&self->head, vc_buffer_free);
  return n;
}

gssize
vc_input_fill (VcInput *self, char *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  gsize filled = read_head (self, buffer, size);

  if (!self->probed && !probe (self, cancellable, error))
    return -1;
  while (filled < size) {
    gssize n = self->unpacker != NULL ? read_unpacked (self, buffer + filled, size - filled, cancellable, error)
                                      : read_plain (self, buffer + filled, size - filled, cancellable, error);

    if (n < 0)
      return -1;
    if (n == 0)
      break;
    filled += (gsize) n;
  }
  return (gssize) filled;
}

const char *
vc_input_peek (VcInput *self, gsize size, gsize *length, GCancellable *cancellable, GError **error)
{
  VC_BUFFER (char) head = vc_buffer_new (char, size);
  gssize n;

  if (head == NULL) {
    refuse (self, VC_IMPORT_ERROR_NO_MEMORY, "no memory to read", error);
    return NULL;
  }
  n = vc_input_fill (self, head, size, cancellable, error);
  if (n < 0)
    return NULL;
  self->head = g_steal_pointer (&head);
  self->head_end = *length = (gsize) n;
  return self->head;
}

double
vc_input_get_fraction (const VcInput *self)
{
  return self->size > 0 ? MIN (1, (double) self->n_read / (double) self->size) : 0;
}

int
vc_input_get_descriptor (const VcInput *self)
{
  if (!G_IS_FILE_DESCRIPTOR_BASED (self->stream))
    return -1;
  return g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (self->stream));
}

guint64
vc_input_get_size (const VcInput *self)
{
  return self->unpacker != NULL ? self->n_unpacked : MAX (self->n_read, self->size);
}

gboolean
vc_input_finish (VcInput *self, GError **error)
{
  return self->size == 0 || self->n_read == self->size
         || refuse (self, VC_IMPORT_ERROR_FAILED, "the file changed while it was read", error);
}
