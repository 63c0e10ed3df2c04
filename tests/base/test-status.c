/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include "valuechain/valuechain.h"

/* What macros turn into strings, a formatter can break. */
Test (status, names_that_macros_make)
{
  cr_assert_str_eq (g_quark_to_string (VC_IMPORT_ERROR), "vc-import-error-quark");
  cr_assert_str_eq (g_quark_to_string (VC_MEASURE_ERROR), "vc-measure-error-quark");
  cr_assert_str_eq (g_quark_to_string (VC_SAVE_ERROR), "vc-save-error-quark");
  cr_assert_str_eq (g_type_name (VC_TYPE_PROGRESS), "VcProgress");
}

/* The name in tables is the enumeration's, without its prefix. */
Test (status, names_match_the_enumeration)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (VC_TYPE_STATUS);

  cr_assert_gt (klass->n_values, 0u);
  for (guint i = 0; i < klass->n_values; i++) {
    g_autofree char *expected = g_strconcat ("VC_STATUS_", vc_status_get_name (klass->values[i].value), NULL);

    cr_expect_str_eq (klass->values[i].value_name, expected);
  }
}

Test (version, is_the_one_compiled_against)
{
  cr_assert_str_eq (vc_get_version (), VC_VERSION_S);
  cr_assert_eq (vc_get_major_version (), (guint) VC_MAJOR_VERSION);
  cr_assert_eq (vc_get_minor_version (), (guint) VC_MINOR_VERSION);
  cr_assert_eq (vc_get_micro_version (), (guint) VC_MICRO_VERSION);
  cr_assert (VC_CHECK_VERSION (0, 0, 9));
  cr_assert_not (VC_CHECK_VERSION (99, 0, 0));
}
