/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "valuechain/vc-chain.h"
#include "valuechain/vc-csv-reader.h"
#include "vc-folder-private.h"
#include "vc-json-private.h"

G_BEGIN_DECLS

/* What datapackage.json says of a chain. */
typedef struct {
  char    *title; /* NULL where it is not said */
  char    *currency;
  char    *effort_unit;
  gboolean has_window;
  gint64   start;
  gint64   end;
  VcJson  *json;                  /* NULL: there is none */
  guint32  fields[VC_N_RECORDS];  /* what it says of the columns of each file, or VC_JSON_NONE */
} VcDatapackage;

void     vc_datapackage_clear (VcDatapackage *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcDatapackage, vc_datapackage_clear)

/* `self` is filled where it succeeds and cleared where it fails. */
gboolean vc_datapackage_parse (VcDatapackage *self,
                               const char    *text,
                               gsize          length,
                               GError       **error);
/* Declares the attributes of these records that are more than text. */
gboolean vc_datapackage_declare (const VcDatapackage *self,
                                 VcRecordsKind        kind,
                                 VcCsvReader         *reader,
                                 GError             **error);
/* Describes the chain and the files that vc_folder_save() writes of it. */
gboolean vc_datapackage_write (VcChain       *chain,
                               VcFolderFormat format,
                               GOutputStream *stream,
                               GCancellable  *cancellable,
                               GError       **error);

G_END_DECLS
