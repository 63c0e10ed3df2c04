/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <valuechain/vc-source.h>

G_BEGIN_DECLS

#define VC_TYPE_FOLDER (vc_folder_get_type ())

/* A chain folder: CSV or Arrow files and, where it has one, datapackage.json. Property: arrow (boolean: what save()
 * writes). */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcFolder, vc_folder, VC, FOLDER, VcSource)

VC_AVAILABLE_IN_ALL
VcFolder *vc_folder_new  (const char    *path) G_GNUC_WARN_UNUSED_RESULT;
/* Puts a folder with `chain` in the place of this one, in one step where the file system can; files are 0600. Fails
 * where something else than a chain folder is there. */
VC_AVAILABLE_IN_ALL
gboolean  vc_folder_save (VcFolder      *self,
                          VcChain       *chain,
                          GCancellable  *cancellable,
                          GError       **error);

G_END_DECLS
