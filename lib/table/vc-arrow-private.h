/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-progress.h"
#include "valuechain/vc-table.h"
#include "vc-arrow-abi-private.h"
#include "vc-column-private.h"

G_BEGIN_DECLS

/* What a field of an Arrow schema is to us. */
typedef struct {
  char        *name;
  char        *unit;
  char        *description;
  VcColumnType type;
  char         storage;  /* c C s S i I l L f g b n u U v d ('v': string view), as in Arrow's format strings */
  guint        width;    /* of a decimal: bytes */
  int          scale;    /* of a decimal: digits after the point */
  gint64       multiply; /* from the stored integer to microseconds; 1 for what is no time */
  gint64       divide;
  gboolean     coded;    /* `storage` is that of the indices into the dictionary */
  char         labels;   /* storage of the dictionary: u U v */
} VcArrowField;

gboolean vc_arrow_field_init  (VcArrowField             *self,
                               const struct ArrowSchema *schema,
                               GError                  **error);
void     vc_arrow_field_clear (VcArrowField             *self);
/* Whether a unit or description is there and short enough to stand in the metadata of a field: bytes. */
#define VC_ARROW_MAX_TOLD G_MAXINT16
gboolean vc_arrow_can_tell       (const char *text);
/* Arrow's key-value metadata in a vc_buffer: counts and lengths as 32-bit integers in the machine's order. What cannot
 * be told is left out; *metadata is NULL where nothing can. FALSE: no memory. */
gboolean vc_arrow_write_metadata (const char *unit, const char *description, char **metadata);
/* Fields with more pairs of metadata than this have none to us. */
#define VC_ARROW_MAX_PAIRS 4096
/* Bytes that one value takes; 0 where that is no whole number or varies. */
gsize    vc_arrow_storage_size (char storage);

/* The part of a batch that one field is in: rows `start` up to `start + length` of `array`. */
typedef struct {
  struct ArrowArray *array;
  gsize              start;
  gsize              length;
  const guint8      *validity; /* NULL: all valid */
} VcArrowChunk;

/* Rows between two looks at who waits; of a multiple of 8, validity begins with a byte. */
#define VC_ARROW_BLOCK ((gsize) 1 << 17)

/* All of one column: chunks of n_rows rows in all. */
typedef struct {
  const VcArrowField *field;
  VcArrowChunk       *chunks;
  gsize               n_chunks;
  gsize               n_rows;
  VcProgress         *progress;    /* of this column; or NULL */
  GCancellable       *cancellable; /* or NULL */
} VcArrowPieces;

/* When `row` rows are done, or about as much of the work: tells how far it is. FALSE: cancelled. */
gboolean  vc_arrow_look        (const VcArrowPieces *pieces, gsize row, GError **error);

/* Checks all that can be checked without knowing how large the producer's buffers are, and fills `chunk`. */
gboolean  vc_arrow_chunk_init  (VcArrowChunk        *chunk,
                                const VcArrowField  *field,
                                struct ArrowArray   *array,
                                gint64               offset,
                                gint64               length,
                                GError             **error);
/* One column; its buffers are the producer's where they have our layout, and then the array is moved out of its parent.
 */
VcColumn *vc_arrow_read_values (const VcArrowPieces *pieces, GError **error) G_GNUC_WARN_UNUSED_RESULT;
VcColumn *vc_arrow_read_texts  (const VcArrowPieces *pieces, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* vc_table_new_from_arrow_stream() of a stream in memory, with somebody who waits for it. */
VcTable  *vc_arrow_import      (const char *name, struct ArrowArrayStream *source, VcProgress *progress,
                                GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Between those two and their parts. Decimals as the nearest doubles, or as 64-bit integers where they have no
 * fraction; what stands under a null is 0. */
gpointer  vc_arrow_read_decimals (const VcArrowPieces *pieces, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Validity of all chunks in one buffer; *validity is NULL where there is no null. FALSE: no memory. */
gboolean  vc_arrow_gather_validity (const VcArrowPieces *pieces, guint8 **validity);
/* The values of the only chunk, if they lie where a column may use them: aligned and in one piece; else NULL. */
const void *vc_arrow_peek_adoptable (const VcArrowPieces *pieces, gsize size);
/* Those values as bytes that own the array, which is moved out of its parent. */
GBytes   *vc_arrow_adopt (const VcArrowPieces *pieces, const void *values, gsize size);
void      vc_arrow_refuse (const VcArrowField *field, GError **error, int code, const char *problem);
void      vc_arrow_refuse_row (const VcArrowField *field, GError **error, int code, gsize row, const char *problem);

G_END_DECLS
