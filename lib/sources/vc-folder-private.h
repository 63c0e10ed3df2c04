/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chain/vc-fields-private.h"
#include "valuechain/vc-chain.h"
#include "valuechain/vc-folder.h"

G_BEGIN_DECLS

#define VC_DATAPACKAGE "datapackage.json"
#define VC_FILE_NAME_SIZE 24

/* What a file of a chain folder may be: `table.csv`, `table.csv.gz` or `table.arrow` for each kind of records. */
typedef enum {
  VC_FOLDER_CSV,
  VC_FOLDER_CSV_GZ,
  VC_FOLDER_ARROW,
  VC_N_FOLDER_FORMATS,
} VcFolderFormat;

typedef struct {
  void     (*add) (VcChainBuilder *builder, VcTable *table, const char *origin);
  VcTable *(*get) (VcChain *chain);
} VcFolderFile;

extern const VcFolderFile vc_folder_files[VC_N_RECORDS];

void         vc_folder_file_name   (VcRecordsKind kind, VcFolderFormat format, char name[VC_FILE_NAME_SIZE]);
/* For all names that there are: `i` below VC_N_RECORDS * VC_N_FOLDER_FORMATS. */
void         vc_folder_any_name    (guint i, char name[VC_FILE_NAME_SIZE]);
/* Whether a file of that name belongs to chain folders. */
gboolean     vc_folder_owns        (const char *name);
/* Whether a folder that is written has that file: parties always, the others where they have rows. */
gboolean     vc_folder_writes      (VcRecordsKind kind, VcTable *table);
/* Whether folders are saved as Arrow files. */
gboolean     vc_folder_is_arrow    (VcFolder *self);
/* The type that a field with that role is read as. */
VcColumnType vc_folder_column_type (VcRole role);

G_END_DECLS
