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

/* An attribute's column in the database. It is named by its number, and its own name stands in the table `attribute`: names of attributes are
 * any text, and differ in ways in which names of columns do not. */
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
static inline const VcSqlColumn *
vc_chain_file_layout_peek (const VcChainFileLayout *self, gsize *n)
{
  *n = self->columns->len;
  return (const VcSqlColumn *) (gpointer) self->columns->data;
}

/* The empty tables, and the view that shows them with the names of a chain folder. */
gboolean     vc_chain_file_create_table   (const VcSqlWriter       *writer,
                                           VcRecordsKind            kind,
                                           const VcChainFileLayout *layout,
                                           GError                 **error);
gboolean     vc_chain_file_create_view    (const VcSqlWriter       *writer,
                                           VcRecordsKind            kind,
                                           const VcChainFileLayout *layout,
                                           GError                 **error);

/* Opens a database for writing, in a transaction that only the caller's process sees. writer->path must be set; closing is the caller's, also
 * where it fails. */
gboolean     vc_chain_file_write_open     (int                      fd,
                                           VcSqlWriter             *writer,
                                           GError                 **error);
/* Whether the open file is a database with our number. */
gboolean     vc_chain_file_is_ours        (int fd);
gboolean     vc_chain_file_is_at          (const char *path);

G_END_DECLS
