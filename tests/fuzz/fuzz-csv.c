/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes are read as CSV, in one piece and a few at a time in blocks on several lanes, and by the slow twin; what is
 * a table is written and read again. All must agree, to the place of the error. */
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>

#include "../reference/compare-csv.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *difference = compare_csv ((const char *) data, size);

  if (difference != NULL) {
    g_printerr ("%s\n", difference);
    abort ();
  }
  return 0;
}
