/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include "valuechain/valuechain.h"

Test (limits, default_is_ceiling)
{
  g_autoptr (VcLimits) limits = vc_limits_new ();

  cr_assert_eq (vc_limits_get_max_rows (limits), 100000000u);
  /* What is counted in 32 bits is counted right. */
  cr_assert_leq (vc_limits_get_max_rows (limits), (guint64) G_MAXINT32);
  cr_assert_leq (vc_limits_get_max_parties (limits), (guint64) G_MAXINT32);
  cr_assert_leq (vc_limits_get_max_flows (limits), (guint64) G_MAXINT32);
  cr_assert_eq (vc_limits_get_max_file_size (limits), G_GUINT64_CONSTANT (1) << 34);
  cr_assert_eq (vc_limits_get_max_compression_ratio (limits), 200u);
}

Test (limits, are_set_down_when_made)
{
  g_autoptr (VcLimits) limits
    = g_object_new (VC_TYPE_LIMITS, "max-rows", (guint64) 7, "max-parties", (guint64) 8, NULL);
  guint64 rows = 0;

  g_object_get (limits, "max-rows", &rows, NULL);
  cr_assert_eq (rows, 7u);
  cr_assert_eq (vc_limits_get_max_parties (limits), 8u);
  cr_assert_eq (vc_limits_get_max_columns (limits), 1024u);
}
