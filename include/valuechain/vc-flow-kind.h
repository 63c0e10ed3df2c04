/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <glib-object.h>

#include <valuechain/vc-version-macros.h>

G_BEGIN_DECLS

/**
 * VcFlowKind:
 * @VC_FLOW_KIND_WORK: work that one party delivers to another
 * @VC_FLOW_KIND_INFORMATION: information that one party gives another
 * @VC_FLOW_KIND_INSTRUCTION: what one party tells another to do
 *
 * What flows from one party to another.
 */
typedef enum {
  VC_FLOW_KIND_WORK,
  VC_FLOW_KIND_INFORMATION,
  VC_FLOW_KIND_INSTRUCTION,
} VcFlowKind;

VC_AVAILABLE_IN_ALL
const char *vc_flow_kind_get_name (VcFlowKind kind);

G_END_DECLS
