/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-party-kind.h"

#include "vc-fields-private.h"

/**
 * vc_party_kind_get_name:
 * @kind: a kind of party
 *
 * The word that the column `kind` of a chain folder's parties uses: "customer", "unit", "person" or "supplier".
 *
 * Returns: the word
 */
const char *
vc_party_kind_get_name (VcPartyKind kind)
{
  g_return_val_if_fail (kind <= VC_PARTY_KIND_SUPPLIER, NULL);

  return vc_party_kind_words[kind];
}
