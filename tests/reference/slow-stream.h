/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* A stream that gives at most `step` bytes at a time, and cancels `cancellable`, if there is one, once half is read.
 * Borrows everything. */
GInputStream *slow_stream_new (const char *text, gsize length, gsize step, GCancellable *cancellable);
