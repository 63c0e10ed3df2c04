/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <criterion/criterion.h>

#include "table/vc-csv-private.h"
#include "table/vc-table-private.h"
#include "valuechain/valuechain.h"

/* A header, then a quote that is never closed. */
GInputStream *csv_open_quote_stream_new (guint64 length);

/* Reads `length` bytes (-1: a string) with `reader` (NULL: one without columns), in blocks of `block` bytes on
 * `threads` lanes (0: as it is done for large files), from a stream called "in". */
VcTable *csv_read (VcCsvReader *reader, const char *text, gssize length, gsize block, guint threads, GError **error);
/* The table as text that says all of it: a line for each row, fields joined by "|", null as "~". */
char         *csv_show            (VcTable *table);
/* What was read, or "!CODE MESSAGE". */
char         *csv_outcome         (VcTable *table, const GError *error);
GBytes       *csv_gzip            (const char *text, gsize length);
/* Whether the process is in the locale of that name now. */
gboolean      csv_enter_locale    (const char *language);
