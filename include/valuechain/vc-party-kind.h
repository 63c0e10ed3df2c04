/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <glib-object.h>

#include <valuechain/vc-version-macros.h>

G_BEGIN_DECLS

/**
 * VcPartyKind:
 * @VC_PARTY_KIND_CUSTOMER: external, and pays: the only real customer
 * @VC_PARTY_KIND_UNIT: a part of the organisation: team, department, function
 * @VC_PARTY_KIND_PERSON: somebody who works in it
 * @VC_PARTY_KIND_SUPPLIER: external, and is paid
 *
 * What a party is.
 */
typedef enum {
  VC_PARTY_KIND_CUSTOMER,
  VC_PARTY_KIND_UNIT,
  VC_PARTY_KIND_PERSON,
  VC_PARTY_KIND_SUPPLIER,
} VcPartyKind;

VC_AVAILABLE_IN_ALL
const char *vc_party_kind_get_name (VcPartyKind kind);

G_END_DECLS
