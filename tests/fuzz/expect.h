/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stdlib.h>

/* Ends the fuzzer where something is not as it must be, and shows two texts that should have been one. */
static inline void
expect_same (gboolean ok, const char *what, const char *a, const char *b)
{
  if (ok)
    return;
  g_printerr ("%s:\n%s\n---\n%s\n", what, a, b);
  abort ();
}

static inline void
expect (gboolean ok, const char *what)
{
  if (ok)
    return;
  g_printerr ("%s\n", what);
  abort ();
}
