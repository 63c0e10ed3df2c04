/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-folder-private.h"

#include <string.h>

const VcFolderFile vc_folder_files[VC_N_RECORDS] = {
  [VC_RECORDS_PARTIES] = { vc_chain_builder_add_parties, vc_chain_get_parties },
  [VC_RECORDS_FLOWS] = { vc_chain_builder_add_flows, vc_chain_get_flows },
  [VC_RECORDS_RECEIPTS] = { vc_chain_builder_add_receipts, vc_chain_get_receipts },
  [VC_RECORDS_COMMITMENTS] = { vc_chain_builder_add_commitments, vc_chain_get_commitments },
};

void
vc_folder_file_name (VcRecordsKind kind, VcFolderFormat format, char name[VC_FILE_NAME_SIZE])
{
  static const char *const suffixes[VC_N_FOLDER_FORMATS] = { "csv", "csv.gz", "arrow" };

  g_snprintf (name, VC_FILE_NAME_SIZE, "%s.%s", vc_records_name (kind), suffixes[format]);
}

void
vc_folder_any_name (guint i, char name[VC_FILE_NAME_SIZE])
{
  vc_folder_file_name (i / VC_N_FOLDER_FORMATS, i % VC_N_FOLDER_FORMATS, name);
}

gboolean
vc_folder_owns (const char *name)
{
  char file[VC_FILE_NAME_SIZE];

  for (guint i = 0; i < VC_N_RECORDS * VC_N_FOLDER_FORMATS; i++) {
    vc_folder_any_name (i, file);
    if (strcmp (name, file) == 0)
      return TRUE;
  }
  return strcmp (name, VC_DATAPACKAGE) == 0;
}

gboolean
vc_folder_writes (VcRecordsKind kind, VcTable *table)
{
  return kind == VC_RECORDS_PARTIES || vc_table_get_n_rows (table) > 0;
}

VcColumnType
vc_folder_column_type (VcRole role)
{
  switch (role) {
    case VC_ROLE_AMOUNT:
    case VC_ROLE_MONEY:
      return VC_COLUMN_TYPE_DOUBLE;
    case VC_ROLE_COUNT:
      return VC_COLUMN_TYPE_INT64;
    case VC_ROLE_TIME:
      return VC_COLUMN_TYPE_TIME;
    case VC_ROLE_ID:
    case VC_ROLE_PARTY:
    case VC_ROLE_WORD:
    case VC_ROLE_TEXT:
    case VC_ROLE_ATTRIBUTE:
    default:
      return VC_COLUMN_TYPE_TEXT;
  }
}
