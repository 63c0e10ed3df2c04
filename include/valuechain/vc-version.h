/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <glib.h>

#include <valuechain/vc-version-macros.h>

G_BEGIN_DECLS

/* The version of the library at run time. */
VC_AVAILABLE_IN_ALL
guint       vc_get_major_version (void);
VC_AVAILABLE_IN_ALL
guint       vc_get_minor_version (void);
VC_AVAILABLE_IN_ALL
guint       vc_get_micro_version (void);
VC_AVAILABLE_IN_ALL
const char *vc_get_version       (void);

G_END_DECLS
