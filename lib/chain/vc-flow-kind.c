/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-flow-kind.h"

#include "vc-fields-private.h"

/**
 * vc_flow_kind_get_name:
 * @kind: a kind of flow
 *
 * The word that the column `kind` of a chain folder's flows uses: "work", "information" or "instruction".
 *
 * Returns: the word
 */
const char *
vc_flow_kind_get_name (VcFlowKind kind)
{
  g_return_val_if_fail (kind <= VC_FLOW_KIND_INSTRUCTION, NULL);

  return vc_flow_kind_words[kind];
}
