/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <valuechain/vc-measure.h>

G_BEGIN_DECLS

#define VC_TYPE_ACCOUNTABILITY (vc_accountability_get_type ())

/* Does accountability run both ways? Options (properties): at (ISO 8601 text, or NULL: the latest time in the data),
 * group-by (VcGrouping, none), half-life (double, days, 0: nothing decays), confidence (double, 0.95), threads (uint, 0
 * = all processors; never changes a result). */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcAccountability, vc_accountability, VC, ACCOUNTABILITY, VcMeasure)

VC_AVAILABLE_IN_ALL
VcAccountability *vc_accountability_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
