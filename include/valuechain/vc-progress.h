/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <glib-object.h>

#include <valuechain/vc-version-macros.h>

G_BEGIN_DECLS

#define VC_TYPE_PROGRESS (vc_progress_get_type ())

/* Properties: fraction (double, 0 to 1), stage (string). Updated from any thread; notify:: is emitted in the
 * thread-default main context the object was made in, coalesced. The getters read the newest value at once, for those
 * without a main loop. */
VC_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (VcProgress, vc_progress, VC, PROGRESS, GObject)

VC_AVAILABLE_IN_ALL
VcProgress *vc_progress_new          (void) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
double      vc_progress_get_fraction (VcProgress *self);
VC_AVAILABLE_IN_ALL
char       *vc_progress_dup_stage    (VcProgress *self) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
void        vc_progress_update       (VcProgress *self,
                                      double      fraction,
                                      const char *stage);

G_END_DECLS
