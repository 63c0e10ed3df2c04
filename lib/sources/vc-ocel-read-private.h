/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "vc-event-format-private.h"
#include "vc-ocel-private.h"

G_BEGIN_DECLS

#define VC_OCEL_WINDOW ((gsize) 256 * 1024)

/* The three formats. Each fills an empty log, or fails where the input is not of the format, too large, or cannot be
 * read; what is wrong with a log that is of the format is noted in its problems. `window`: bytes that are read at a
 * time; what comes out does not depend on it. */
gboolean vc_ocel_read_json   (VcOcel *ocel, const VcEventReading *reading, gsize window, GError **error);
gboolean vc_ocel_read_xml    (VcOcel *ocel, const VcEventReading *reading, gsize window, GError **error);
gboolean vc_ocel_read_sqlite (VcOcel *ocel, const VcEventReading *reading, GError **error);

G_END_DECLS
