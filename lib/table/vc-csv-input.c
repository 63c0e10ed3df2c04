/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"
#include "vc-csv-private.h"

#define PACKED_SIZE ((gsize) 256 * 1024)
/* What is small may unpack at any ratio. */
#define FREE_SIZE ((guint64) 1 << 20)

gboolean
vc_csv_input_init (VcCsvInput *self, GInputStream *stream, const char *file, VcLimits *limits, GError **error)
{
  *self = (VcCsvInput) { .stream = stream, .file = file, .limits = limits };
  self->packed = vc_buffer_new (guint8, PACKED_SIZE);
  if (self->packed == NULL)
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "%s: no memory to read", file);
  return self->packed != NULL;
}

void
vc_csv_input_clear (VcCsvInput *self)
{
  g_clear_object (&self->unpacker);
  g_clear_pointer (&self->packed, vc_buffer_free);
}

static gboolean
refuse (VcCsvInput *self, VcImportError code, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "%s: %s", self->file, what);
  return FALSE;
}

static gssize
read_stream (VcCsvInput *self, gpointer buffer, gsize size, GCancellable *cancellable, GError **error)
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
read_packed (VcCsvInput *self, gsize least, GCancellable *cancellable, GError **error)
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
is_gzip (const VcCsvInput *self)
{
  return self->packed_end - self->packed_start >= 2 && self->packed[self->packed_start] == 0x1f
         && self->packed[self->packed_start + 1] == 0x8b;
}

/* By content: names lie. */
static gboolean
probe (VcCsvInput *self, GCancellable *cancellable, GError **error)
{
  if (!read_packed (self, 2, cancellable, error))
    return FALSE;
  self->probed = TRUE;
  if (is_gzip (self))
    self->unpacker = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  return TRUE;
}

static gssize
read_plain (VcCsvInput *self, char *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  gsize n = MIN (size, self->packed_end - self->packed_start);

  if (n == 0)
    return self->ended ? 0 : read_stream (self, buffer, size, cancellable, error);
  memcpy (buffer, self->packed + self->packed_start, n);
  self->packed_start += n;
  return (gssize) n;
}

static gboolean
check_unpacked (VcCsvInput *self, GError **error)
{
  guint64 ratio = vc_limits_get_max_compression_ratio (self->limits);

  if (self->n_unpacked > vc_limits_get_max_decompressed_size (self->limits))
    return refuse (self, VC_IMPORT_ERROR_LIMIT, "the file unpacks to more than allowed", error);
  if (self->n_unpacked > FREE_SIZE && self->n_unpacked / MAX (ratio, 1) > self->n_read)
    return refuse (self, VC_IMPORT_ERROR_LIMIT, "the file unpacks to a larger multiple of its size than allowed", error);
  return TRUE;
}

/* After the end of a member comes another (RFC 1952, 2.2), or nothing. */
static gboolean
next_member (VcCsvInput *self, gboolean *at_end, GCancellable *cancellable, GError **error)
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
unpack (VcCsvInput *self, char *buffer, gsize size, gsize *n, GError **error)
{
  g_autoptr (GError) local = NULL;
  GConverterResult result;
  gsize n_used = 0;

  result = g_converter_convert (self->unpacker, self->packed + self->packed_start, self->packed_end - self->packed_start,
                                buffer, size, self->ended ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &n_used, n,
                                &local);
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
read_unpacked (VcCsvInput *self, char *buffer, gsize size, GCancellable *cancellable, GError **error)
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

gssize
vc_csv_input_fill (VcCsvInput *self, char *buffer, gsize size, GCancellable *cancellable, GError **error)
{
  gsize filled = 0;

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
