/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <valuechain/vc-measure.h>

G_BEGIN_DECLS

#define VC_TYPE_ALIGNMENT (vc_alignment_get_type ())

/* Does the work reach the customer? Options (properties): group-by (VcGrouping, none), tolerance (double, 1e-12),
 * max-iterations (uint), paths (uint, 10: how many of them explain() lists). */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcAlignment, vc_alignment, VC, ALIGNMENT, VcMeasure)

VC_AVAILABLE_IN_ALL
VcAlignment *vc_alignment_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
