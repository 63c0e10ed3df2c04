/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sources/vc-ocel-private.h"

/* A log described in lines, to be written in each of the three formats:
 *
 *   E TYPE|NAME:KIND|...                       a type of events and its attributes
 *   O TYPE|NAME:KIND|...                       a type of objects
 *   e ID|TYPE|TIME|NAME=VALUE|>OBJECT:QUALIFIER|...
 *   o ID|TYPE|NAME=VALUE@TIME|>OBJECT:QUALIFIER|...
 *
 * Empty parts are left out of what is written, but for values. */

char    *ocel_write_json   (const char *description);
char    *ocel_write_xml    (const char *description);
/* FALSE: tables cannot say it: an attribute that its type lacks, or one that stands twice in an event. */
gboolean ocel_write_sqlite (const char *description, const char *path);

/* What a log says, whatever its format: a line for each thing, sorted. */
char    *ocel_tell         (const VcOcel *ocel);
/* Reads a text or, where `path` is not NULL, the file there; NULL: refused, for a reason that is in `error`. */
VcOcel  *ocel_read         (const char *text, gsize length, const char *path, gsize window, GError **error);
