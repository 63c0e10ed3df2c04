/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chain/vc-chain-private.h"
#include "chain/vc-fields-private.h"
#include "valuechain/vc-chain-file.h"
#include "vc-new-file-private.h"
#include "vc-sql-table-private.h"

G_BEGIN_DECLS

/* What makes an SQLite database a chain file. doc/chain-file.md is what these lines say in prose. */
#define VC_CHAIN_FILE_APPLICATION 0x5643686e /* "VChn" */
#define VC_CHAIN_FILE_VERSION 1

/* An attribute's column in the database. It is named by its number, and its own name stands in the table `attribute`:
 * names of attributes are any text, and differ in ways in which names of columns do not. */
#define VC_ATTRIBUTE_NAME_SIZE 32
void         vc_chain_file_attribute_name (gint64 number, char name[VC_ATTRIBUTE_NAME_SIZE]);
/* "party", "flow", "receipt", "commitment". */
const char  *vc_chain_file_table          (VcRecordsKind kind);
const char  *vc_chain_file_type_word      (VcColumnType type);
/* FALSE: there is no such word. */
gboolean     vc_chain_file_type_of_word   (const char *word, VcColumnType *type);

/* The columns of a table of the database: the fields of the records, then attributes. */
typedef struct {
  GArray       *columns; /* of VcSqlColumn */
  GStringChunk *names;
} VcChainFileLayout;

VcChainFileLayout *vc_chain_file_layout_new  (VcRecordsKind kind) G_GNUC_WARN_UNUSED_RESULT;
void               vc_chain_file_layout_free (VcChainFileLayout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcChainFileLayout, vc_chain_file_layout_free)
void               vc_chain_file_layout_add  (VcChainFileLayout *self,
                                              gint64             number,
                                              const char        *name,
                                              VcColumnType       type);
gboolean           vc_chain_file_layout_has  (const VcChainFileLayout *self, const char *name);
static inline const VcSqlColumn *
vc_chain_file_layout_peek (const VcChainFileLayout *self, gsize *n)
{
  *n = self->columns->len;
  return (const VcSqlColumn *) (gpointer) self->columns->data;
}

/* The type that a column of a table is declared with. */
const char  *vc_chain_file_sql_type       (const VcSqlColumn *column);
/* The empty tables, and the view that shows them with the names of a chain folder. */
gboolean     vc_chain_file_create_table   (const VcSqlWriter       *writer,
                                           VcRecordsKind            kind,
                                           const VcChainFileLayout *layout,
                                           GError                 **error);
gboolean     vc_chain_file_create_view    (const VcSqlWriter       *writer,
                                           VcRecordsKind            kind,
                                           const VcChainFileLayout *layout,
                                           GError                 **error);

/* A file that is being read. */
typedef struct {
  VcSource     *source;     /* gets the report, or NULL */
  VcSqlite     *database;
  VcLimits     *limits;
  VcProgress   *progress;
  VcSqlParties  parties;    /* filled while reading */
  VcTable      *attributes; /* filled while reading */
} VcChainFileReading;

void     vc_chain_file_reading_clear (VcChainFileReading *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcChainFileReading, vc_chain_file_reading_clear)
/* Whether the open database is a chain file that this library reads. */
gboolean vc_chain_file_reading_check (const VcChainFileReading *self,
                                      GError                  **error);
/* Everything into `builder`. */
gboolean vc_chain_file_reading_run   (VcChainFileReading *self,
                                      VcChainBuilder     *builder,
                                      GError            **error);
/* The columns of a table of the file that was read. */
VcChainFileLayout *vc_chain_file_reading_layout (VcChainFileReading *self,
                                                 VcRecordsKind       kind,
                                                 GError            **error) G_GNUC_WARN_UNUSED_RESULT;

/* Attributes of `table` that `layout` lacks get the numbers after *number, which is that of the last one. */
gboolean     vc_chain_file_add_attributes (const VcSqlWriter       *writer,
                                           VcRecordsKind            kind,
                                           VcTable                 *table,
                                           VcChainFileLayout       *layout,
                                           gint64                  *number,
                                           GError                 **error);
/* What is written into a file, in one transaction that only this process sees. */
typedef struct {
  gboolean    (*write) (gpointer data, const VcSqlWriter *writer, GError **error);
  VcProgress   *progress;
  GCancellable *cancellable;
  guint64       n_rows; /* that it writes */
  const char   *stage;  /* see VcSqlWriter */
} VcChainFileWriting;

gboolean     vc_chain_file_write          (const VcNewFile          *file,
                                           const VcChainFileWriting *writing,
                                           gpointer                  data,
                                           GError                  **error);
/* Puts it in place, unless another program is changing what stands there; see vc_new_file_install(). */
VcInstall    vc_chain_file_install        (VcNewFile                *file,
                                           const struct stat        *expected,
                                           GCancellable             *cancellable,
                                           GError                  **error);
/* Writes into a copy of the file, which was read through `database`, and puts that in its place. */
VcInstall    vc_chain_file_write_copy     (VcChainFile              *self,
                                           VcSqlite                 *database,
                                           const VcChainFileWriting *writing,
                                           gpointer                  data,
                                           GError                  **error);
/* Reads the file and puts a changed copy in its place; again, from the start, where another process was first. */
typedef VcInstall (*VcChainFileTry)       (VcChainFile              *self,
                                           gpointer                  data,
                                           GError                  **error);
gboolean     vc_chain_file_change         (VcChainFile              *self,
                                           VcChainFileTry            try_it,
                                           gpointer                  data,
                                           GError                  **error);
/* "" where the file has none. */
const char  *vc_chain_file_peek_path      (VcChainFile *self);
/* Whether the open file is a database with our number. */
gboolean     vc_chain_file_is_ours        (int fd);
gboolean     vc_chain_file_is_at          (const char *path);

G_END_DECLS
