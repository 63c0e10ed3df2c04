/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <glib-object.h>

#include <valuechain/vc-version-macros.h>

G_BEGIN_DECLS

#define VC_TYPE_LIMITS (vc_limits_get_type ())

/* Properties (guint64, construct-only): max-file-size, max-rows, max-columns, max-field-size,
 * max-decompressed-size, max-compression-ratio, max-parties, max-flows. */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcLimits, vc_limits, VC, LIMITS, GObject)

VC_AVAILABLE_IN_ALL
VcLimits *vc_limits_new                       (void) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
guint64   vc_limits_get_max_file_size         (VcLimits *self);
VC_AVAILABLE_IN_ALL
guint64   vc_limits_get_max_rows              (VcLimits *self);
VC_AVAILABLE_IN_ALL
guint64   vc_limits_get_max_columns           (VcLimits *self);
VC_AVAILABLE_IN_ALL
guint64   vc_limits_get_max_field_size        (VcLimits *self);
VC_AVAILABLE_IN_ALL
guint64   vc_limits_get_max_decompressed_size (VcLimits *self);
VC_AVAILABLE_IN_ALL
guint64   vc_limits_get_max_compression_ratio (VcLimits *self);
VC_AVAILABLE_IN_ALL
guint64   vc_limits_get_max_parties           (VcLimits *self);
VC_AVAILABLE_IN_ALL
guint64   vc_limits_get_max_flows             (VcLimits *self);

G_END_DECLS
