/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads "A/B": each side empty (open) or a year, a month, a date, or a date and time, of ISO 8601; each stands for its
 * first instant. FALSE and a #VcImportError, without the text in it, where it is none or ends before it has begun. */
gboolean vc_window_parse  (const char *text, gint64 *start, gint64 *end, GError **error);
/* The window in ISO 8601, as vc_window_parse() reads it. */
char    *vc_window_format (gint64 start, gint64 end) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
