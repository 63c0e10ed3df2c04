/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* The slow and obvious twin of the CSV reader: one byte after the other, one allocation a cell, numbers by the C
 * library, times by GDateTime. It knows the columns n (double), i (int64), b (boolean), t (time), x (text) and r (text,
 * required where `require`). */
typedef struct {
  char     delimiter;
  char     missing; /* a field of this one character is null; '\0': none */
  gboolean require;
  gboolean skip_undeclared;
  gsize    max_field;
  guint    max_columns;
  guint    max_rows;
} ReferenceCsv;

/* What reference_csv_read() says of a table: the names, and for each row its line and cells; or "!CODE
 * in:LINE:COLUMN:". */
char *reference_csv_read (const ReferenceCsv *self, const char *text, gsize length);
/* How it writes what a cell can be; NULL is null. */
void  reference_csv_cell (GString *out, const char *kind, const char *value, gsize length);
