/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <valuechain/vc-source.h>

G_BEGIN_DECLS

#define VC_TYPE_CHAIN_FILE (vc_chain_file_get_type ())

/* A whole chain in one file, `.vchain`: an SQLite database with a documented schema. */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcChainFile, vc_chain_file, VC, CHAIN_FILE, VcSource)

VC_AVAILABLE_IN_ALL
VcChainFile *vc_chain_file_new    (const char    *path) G_GNUC_WARN_UNUSED_RESULT;
/* Replaces the file in one step, or leaves it as it was. */
VC_AVAILABLE_IN_ALL
gboolean     vc_chain_file_save   (VcChainFile   *self,
                                   VcChain       *chain,
                                   VcProgress    *progress,
                                   GCancellable  *cancellable,
                                   GError       **error);
/* Adds a new period to a file that exists, or leaves it as it was. */
VC_AVAILABLE_IN_ALL
gboolean     vc_chain_file_append (VcChainFile   *self,
                                   VcChain       *chain,
                                   VcProgress    *progress,
                                   GCancellable  *cancellable,
                                   GError       **error);

G_END_DECLS
