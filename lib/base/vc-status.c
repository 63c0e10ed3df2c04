/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-status.h"

/**
 * vc_status_get_name:
 * @status: a status
 *
 * The name that tables, JSON and CSV use: "OK", "EMPTY", "TOO_FEW" and so on.
 *
 * Returns: the name
 */
const char *
vc_status_get_name (VcStatus status)
{
  static const char *const names[] = {
    [VC_STATUS_OK] = "OK",
    [VC_STATUS_EMPTY] = "EMPTY",
    [VC_STATUS_TOO_FEW] = "TOO_FEW",
    [VC_STATUS_NO_VARIANCE] = "NO_VARIANCE",
    [VC_STATUS_SINGULAR] = "SINGULAR",
    [VC_STATUS_SUPPRESSED] = "SUPPRESSED",
    [VC_STATUS_NOT_CONVERGED] = "NOT_CONVERGED",
  };

  g_return_val_if_fail ((guint) status < G_N_ELEMENTS (names), NULL);

  return names[status];
}
