/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <valuechain/vc-chain-file.h>
#include <valuechain/vc-scores.h>

G_BEGIN_DECLS

/* Scores that are kept in a chain file, beside the records: what VcChainFile can do once there are measures. */
VC_AVAILABLE_IN_ALL
gboolean  vc_chain_file_save_scores   (VcChainFile   *self,
                                       VcScores      *scores,
                                       VcChain       *chain,
                                       VcProgress    *progress,
                                       GCancellable  *cancellable,
                                       GError       **error);
VC_AVAILABLE_IN_ALL
VcTable  *vc_chain_file_list_scores   (VcChainFile   *self,
                                       VcChain       *chain,
                                       GCancellable  *cancellable,
                                       GError       **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest of a measure, of all parties or about one. */
VC_AVAILABLE_IN_ALL
VcScores *vc_chain_file_load_scores   (VcChainFile   *self,
                                       const char    *measure,
                                       const char    *party,
                                       VcChain       *chain,
                                       GCancellable  *cancellable,
                                       GError       **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those of one row of the list. */
VC_AVAILABLE_IN_ALL
VcScores *vc_chain_file_load_scores_at (VcChainFile   *self,
                                        gint64         key,
                                        GCancellable  *cancellable,
                                        GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
