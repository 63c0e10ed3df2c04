/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-table.h"
#include "vc-writer-private.h"

G_BEGIN_DECLS

/* JSON (RFC 8259) onto a VcWriter: values only; commas, colons and brackets are the caller's, by vc_writer_text(). */

/* In quotes, escaped. `text` is valid UTF-8 of `length` bytes. */
void vc_json_string  (VcWriter *writer, const char *text, gsize length);
static inline void
vc_json_text (VcWriter *writer, const char *text)
{
  vc_json_string (writer, text, strlen (text));
}
/* Shortest text that reads back to the same bits. What is not finite is null. */
void vc_json_double  (VcWriter *writer, double value);
void vc_json_int64   (VcWriter *writer, gint64 value);
void vc_json_boolean (VcWriter *writer, gboolean value);
void vc_json_time    (VcWriter *writer, gint64 value);
void vc_json_null    (VcWriter *writer);
/* "[", an object for each row on a line of its own, "]". FALSE: no memory; what the stream says comes from
 * vc_writer_finish(). */
gboolean vc_json_table (VcWriter *writer, VcTable *table, GError **error);

G_END_DECLS
