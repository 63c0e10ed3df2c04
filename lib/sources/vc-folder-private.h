/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chain/vc-fields-private.h"
#include "valuechain/vc-chain.h"
#include "valuechain/vc-folder.h"

G_BEGIN_DECLS

#define VC_DATAPACKAGE "datapackage.json"
#define VC_FILE_NAME_SIZE 24

/* The files of a chain folder: `table.csv` or `table.csv.gz` for each kind of records. */
typedef struct {
  void     (*add) (VcChainBuilder *builder, VcTable *table, const char *origin);
  VcTable *(*get) (VcChain *chain);
} VcFolderFile;

extern const VcFolderFile vc_folder_files[VC_N_RECORDS];

void         vc_folder_file_name   (VcRecordsKind kind, gboolean packed, char name[VC_FILE_NAME_SIZE]);
/* Whether a file of that name belongs to chain folders. */
gboolean     vc_folder_owns        (const char *name);
/* Whether a folder that is written has that file: parties always, the others where they have rows. */
gboolean     vc_folder_writes      (VcRecordsKind kind, VcTable *table);
/* The type that a field with that role is read as. */
VcColumnType vc_folder_column_type (VcRole role);

G_END_DECLS
