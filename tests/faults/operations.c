/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operations.h"

#include <criterion/criterion.h>

/* Allocations of an operation of which each is tried; of more, as many are, spread over them. */
#define MOST 1000

static gboolean
is_no_memory (const GError *error)
{
  return g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY)
         || g_error_matches (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_NO_MEMORY);
}

typedef struct {
  Operation     operation;
  gconstpointer data;
  gboolean      has_error;
  const char   *expected;
} Attempt;

static void
try_with (const Attempt *attempt, MemoryFault fault, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *result = NULL;
  gint alive = memory_n_alive ();

  memory_arm (fault, n);
  result = attempt->operation (attempt->data, &error);
  memory_disarm ();
  cr_assert_eq (memory_n_alive (), alive, "allocation %u: %d buffers are left behind", n, memory_n_alive () - alive);
  if (result != NULL) {
    cr_assert_str_eq (result, attempt->expected, "allocation %u changes the result", n);
    cr_assert_null (error);
    return;
  }
  cr_assert_gt (memory_n_failed (), 0u, "allocation %u was not asked for, and yet it fails", n);
  cr_assert_eq (error != NULL, attempt->has_error, "allocation %u: no error", n);
  cr_assert (error == NULL || is_no_memory (error), "allocation %u: %s", n, error != NULL ? error->message : "");
}

static void
expect_same (const Attempt *attempt, guint n)
{
  g_autofree char *again = attempt->operation (attempt->data, NULL);

  cr_assert_not_null (again, "nothing after allocation %u", n);
  cr_assert_str_eq (again, attempt->expected, "something else after allocation %u", n);
}

static void
expect_no_harm_of (Attempt *attempt)
{
  g_autofree char *expected = NULL;
  guint n_asked;

  memory_arm (MEMORY_NEVER, 0);
  expected = attempt->operation (attempt->data, NULL);
  memory_disarm ();
  n_asked = memory_n_asked ();
  cr_assert_not_null (expected);
  cr_assert_gt (n_asked, 0u);
  attempt->expected = expected;
  for (MemoryFault fault = MEMORY_ONCE; fault <= MEMORY_FOREVER; fault++)
    for (guint n = 0; n < n_asked; n += 1 + n_asked / MOST) {
      try_with (attempt, fault, n);
      expect_same (attempt, n);
    }
}

void
expect_no_harm (Operation operation, gconstpointer data)
{
  Attempt attempt = { operation, data, TRUE, NULL };

  expect_no_harm_of (&attempt);
}

void
expect_no_harm_plain (Operation operation, gconstpointer data)
{
  Attempt attempt = { operation, data, FALSE, NULL };

  expect_no_harm_of (&attempt);
}

char *
tell_table (VcTable *table)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  gboolean written;

  memory_disarm ();
  if (table == NULL)
    return NULL;
  written = vc_table_write_json (table, stream, NULL, NULL);
  g_object_unref (table);
  cr_assert (written);
  cr_assert (g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL));
  cr_assert (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
}

char *
tell_chain (VcChain *chain)
{
  g_autoptr (VcChain) held = chain;
  g_autofree char *check = NULL, *text = NULL;

  memory_disarm ();
  if (chain == NULL)
    return NULL;
  check = tell_table (vc_chain_check (chain));
  text = vc_chain_to_text (chain);
  return g_strconcat (vc_chain_get_digest (chain), text, check, NULL);
}
