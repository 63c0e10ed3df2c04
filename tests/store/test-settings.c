/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <valuechain/valuechain.h>
#include "store/vc-settings-private.h"

Test (settings, come_back_to_the_last_bit)
{
  static const char *const texts[] = {
    "@a{sv} {}",
    "{'group-by': <'none'>, 'tolerance': <1e-12>, 'paths': <uint64 10>, 'at': <@ms nothing>, 'yes': <true>, 'low': "
    "<int64 -5>}",
    "{'minus': <-0.0>, 'infinite': <inf>, 'not': <nan>, 'third': <0.33333333333333331>, 'whole': <1.0>}",
    "{'most': <uint64 18446744073709551615>, 'least': <int64 -9223372036854775808>, 'byte': <byte 0xff>, 'short': "
    "<int16 -3>}",
    "{'': <''>, 'quoted \"\\n\\u0001': <'5'>, 'some': <@ms 'x'>, 'list': <[1.5, 2]>, 'pair': <('a', 1)>, 'box': <<5>>, "
    "'word': <'true'>}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GVariant) settings = g_variant_parse (G_VARIANT_TYPE_VARDICT, texts[i], NULL, NULL, &error);
    g_autoptr (GVariant) again = NULL;
    g_autofree char *json = NULL, *types = NULL;

    cr_assert_not_null (settings, "%s", error != NULL ? error->message : "");
    cr_assert (vc_settings_to_text (settings, "x", &json, &types, &error), "%u: %s", i,
               error != NULL ? error->message : "");
    again = vc_settings_from_text (json, types, "x", &error);
    cr_assert_not_null (again);
    cr_assert (g_variant_equal (settings, again), "%u: %s", i, json);
  }
}

Test (settings, smallest_numbers_come_back)
{
  g_autoptr (GVariant) settings = g_variant_ref_sink (g_variant_new_parsed ("{'tiny': <%d>}", 0x1p-1074));
  g_autoptr (GVariant) again = NULL;
  g_autofree char *json = NULL, *types = NULL;

  cr_assert (vc_settings_to_text (settings, "x", &json, &types, NULL));
  again = vc_settings_from_text (json, types, "x", NULL);
  cr_assert (again != NULL && g_variant_equal (settings, again));
}

static void
expect_refused (const char *json, const char *types, int code)
{
  g_autoptr (GError) error = NULL;

  cr_assert_null (vc_settings_from_text (json, types, "x", &error), "%s %s", json, types);
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, code), "%s %s: %s", json, types, error->message);
}

Test (settings, that_are_damaged_are_refused)
{
  static const struct {
    const char *json, *types;
  } wrong[] = {
    { "{\"a\": 1", "(t)" },        { "5", "()" },                 { "[]", "()" },
    { "{\"a\": 1}", "" },          { "{\"a\": 1}", "t" },         { "{\"a\": 1}", "(" },
    { "{\"a\": 1}", "()" },        { "{}", "(t)" },               { "{\"a\": -1}", "(t)" },
    { "{\"a\": 1.5}", "(t)" },     { "{\"a\": true}", "(d)" },    { "{\"a\": 1}", "(s)" },
    { "{\"a\": null}", "(d)" },    { "{\"a\": [1]}", "(ai)" },    { "{\"a\": \"x\"}", "(d)" },
    { "{\"a\": \"\\u0000\"}", "(s)" }, { "{\"a\": 1}", "(*)" },   { "{\"a\": 1}", "r" },
    { "{\"a\": 99999999999999999999}", "(t)" },
  };
  g_autoptr (GString) many = g_string_new ("(");

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    expect_refused (wrong[i].json, wrong[i].types, VC_IMPORT_ERROR_FORMAT);
  for (guint i = 0; i <= VC_SETTINGS_MAX_MEMBERS; i++)
    g_string_append_c (many, 't');
  g_string_append_c (many, ')');
  expect_refused ("{}", many->str, VC_IMPORT_ERROR_LIMIT);
}

Test (settings, larger_than_allowed_are_refused)
{
  g_autofree char *long_text = g_strnfill (VC_SETTINGS_MAX_SIZE, 'x');
  g_autoptr (GVariant) settings = g_variant_ref_sink (g_variant_new_parsed ("{'x': <%s>}", long_text));
  g_autofree char *json = NULL, *types = NULL;
  g_autoptr (GError) error = NULL;

  cr_assert_not (vc_settings_to_text (settings, "x", &json, &types, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT));
}
