/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <glib-object.h>

#include <valuechain/vc-version-macros.h>

G_BEGIN_DECLS

/**
 * VcStatus:
 * @VC_STATUS_OK: the figure is defined
 * @VC_STATUS_EMPTY: there is nothing that the figure could be computed from
 * @VC_STATUS_TOO_FEW: there are fewer records than the figure needs
 * @VC_STATUS_NO_VARIANCE: all records are alike, so that the figure is undefined
 * @VC_STATUS_SINGULAR: the equations have no unique solution
 * @VC_STATUS_SUPPRESSED: the figure is withheld to protect persons
 * @VC_STATUS_NOT_CONVERGED: the figure could not be computed to its tolerance
 *
 * Why a figure is null, or that it is not.
 */
typedef enum {
  VC_STATUS_OK,
  VC_STATUS_EMPTY,
  VC_STATUS_TOO_FEW,
  VC_STATUS_NO_VARIANCE,
  VC_STATUS_SINGULAR,
  VC_STATUS_SUPPRESSED,
  VC_STATUS_NOT_CONVERGED,
} VcStatus;

VC_AVAILABLE_IN_ALL
const char *vc_status_get_name (VcStatus status);

G_END_DECLS
