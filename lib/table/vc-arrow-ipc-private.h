/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "base/vc-input-private.h"
#include "valuechain/vc-progress.h"
#include "valuechain/vc-table.h"
#include "vc-arrow-abi-private.h"
#include "vc-flat-private.h"

G_BEGIN_DECLS

/* Arrow IPC (https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc):
 * messages with their metadata in FlatBuffers, then the buffers of columns as they lie in memory. A file is a stream
 * between two magic words, with a table of contents. */

/* Reads a file or a stream to its end. What is wrong is a #VcImportError that begins with the name of the file. */
VcTable *vc_arrow_ipc_read (const char *name, VcInput *input, VcProgress *progress, GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes a file of one batch. Labels that no row has are left out: a table that was cut out of another tells nothing of
 * the rest. */
gboolean vc_arrow_ipc_write (VcTable *table, GOutputStream *stream, GCancellable *cancellable, GError **error);

/* ---- between the two and their parts ---- */

#define VC_ARROW_IPC_MAGIC "ARROW1"
#define VC_ARROW_IPC_V5 4
#define VC_ARROW_IPC_CONTINUATION 0xffffffffu
#define VC_ARROW_IPC_BLOCK_SIZE 24

/* The tables' slots, in the order of Arrow's Message.fbs, Schema.fbs and File.fbs. */
enum {
  VC_IPC_MESSAGE_VERSION,
  VC_IPC_MESSAGE_TYPE,
  VC_IPC_MESSAGE_HEADER,
  VC_IPC_MESSAGE_BODY_LENGTH,
  VC_IPC_MESSAGE_N
};
enum { VC_IPC_SCHEMA_ENDIANNESS, VC_IPC_SCHEMA_FIELDS, VC_IPC_SCHEMA_N };
enum {
  VC_IPC_FIELD_NAME,
  VC_IPC_FIELD_NULLABLE,
  VC_IPC_FIELD_TYPE_TYPE,
  VC_IPC_FIELD_TYPE,
  VC_IPC_FIELD_DICTIONARY,
  VC_IPC_FIELD_CHILDREN,
  VC_IPC_FIELD_METADATA,
  VC_IPC_FIELD_N
};
enum { VC_IPC_PAIR_KEY, VC_IPC_PAIR_VALUE, VC_IPC_PAIR_N };
enum { VC_IPC_ENCODING_ID, VC_IPC_ENCODING_INDEX, VC_IPC_ENCODING_N };
enum {
  VC_IPC_BATCH_LENGTH,
  VC_IPC_BATCH_NODES,
  VC_IPC_BATCH_BUFFERS,
  VC_IPC_BATCH_COMPRESSION,
  VC_IPC_BATCH_VARIADIC,
  VC_IPC_BATCH_N
};
enum { VC_IPC_DICTIONARY_ID, VC_IPC_DICTIONARY_DATA, VC_IPC_DICTIONARY_IS_DELTA, VC_IPC_DICTIONARY_N };
enum {
  VC_IPC_FOOTER_VERSION,
  VC_IPC_FOOTER_SCHEMA,
  VC_IPC_FOOTER_DICTIONARIES,
  VC_IPC_FOOTER_BATCHES,
  VC_IPC_FOOTER_N
};

enum { VC_IPC_HEADER_SCHEMA = 1, VC_IPC_HEADER_DICTIONARY, VC_IPC_HEADER_BATCH };
enum {
  VC_IPC_TYPE_INT = 2,
  VC_IPC_TYPE_FLOAT = 3,
  VC_IPC_TYPE_TEXT = 5,
  VC_IPC_TYPE_BOOLEAN = 6,
  VC_IPC_TYPE_DECIMAL = 7,
  VC_IPC_TYPE_DATE = 8,
  VC_IPC_TYPE_TIMESTAMP = 10,
  VC_IPC_TYPE_LARGE_TEXT = 20,
  VC_IPC_TYPE_TEXT_VIEW = 24,
};

/* A field of the schema, as the C data interface has it. */
typedef struct {
  const char        *name;
  const char        *unit, *description; /* or NULL */
  char              *metadata;   /* those two, as the C data interface has them */
  char               format[32];
  char               labels[4];  /* format of the dictionary; empty: it has none */
  gint64             dictionary; /* its id */
  struct ArrowArray *values;     /* the dictionary itself, once it was read */
} VcArrowIpcField;

/* NULL where it succeeds, else what is wrong: the type is none that a table can hold. */
const char *vc_arrow_ipc_field_init (VcArrowIpcField *self, const VcFlatTable *field);

/* The part of a message's body that is not taken yet. */
typedef struct {
  VcFlatVector  nodes, buffers, variadic;
  gsize         node, buffer, view; /* how many of each are taken */
  const guint8 *body;
  gsize         size, used;
  gint64        n_rows;
  const void **pointers; /* room for those of arrays: as many as there are buffers, and one more for each array */
  gint64       *sizes;              /* room for as many as there are buffers */
  gsize         max_text;
} VcArrowIpcBody;

/* The next array of that format; its buffers are as large as its values need. NULL, or what is wrong. */
const char *vc_arrow_ipc_take_array (VcArrowIpcBody *self, const char *format, struct ArrowArray *array);

G_END_DECLS
