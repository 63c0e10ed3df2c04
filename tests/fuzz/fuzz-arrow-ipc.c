/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes are read as an Arrow IPC file or stream. What is a table is written and read again, and is the same; what
 * is none has an error that says so. */
#include <stdint.h>
#include <string.h>

#include "table/vc-arrow-ipc-private.h"
#include "valuechain/valuechain.h"
#include "expect.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static VcTable *
load (const void *data, gsize size)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, (gssize) size, NULL);
  g_autoptr (VcLimits) limits = g_object_new (VC_TYPE_LIMITS, "max-rows", G_GUINT64_CONSTANT (100000), NULL);
  g_auto (VcInput) input = { 0 };
  g_autoptr (GError) error = NULL;
  VcTable *table;

  expect (vc_input_init (&input, stream, "x.arrow", limits, NULL), "an input");
  table = vc_arrow_ipc_read ("x", &input, NULL, NULL, &error);
  expect ((table == NULL) == (error != NULL), "a table or an error");
  expect (error == NULL || (error->domain == VC_IMPORT_ERROR && g_utf8_validate (error->message, -1, NULL)),
          "an error of ours");
  return table;
}

static GBytes *
tell (VcTable *table, gboolean as_arrow)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();

  expect (as_arrow ? vc_arrow_ipc_write (table, stream, NULL, NULL) : vc_table_write_json (table, stream, NULL, NULL),
          "what was read can be written");
  expect (g_output_stream_close (stream, NULL, NULL), "closed");
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (VcTable) table = load (data, size), again = NULL;
  g_autoptr (GBytes) file = NULL, one = NULL, other = NULL;

  if (table == NULL)
    return 0;
  file = tell (table, TRUE);
  one = tell (table, FALSE);
  again = load (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  expect (again != NULL, "and read again");
  for (guint i = 0; i < vc_table_get_n_columns (table); i++) {
    VcColumn *before = vc_table_get_column (table, i), *after = vc_table_get_column (again, i);

    expect (g_strcmp0 (vc_column_get_unit (before), vc_column_get_unit (after)) == 0
              && g_strcmp0 (vc_column_get_description (before), vc_column_get_description (after)) == 0,
            "with units and descriptions");
  }
  other = tell (again, FALSE);
  expect (g_bytes_equal (one, other), "and read again as the same");
  return 0;
}
