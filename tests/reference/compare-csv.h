/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Reads a file in several ways and with the twin. The first three bytes choose the dialect, limits, blocks and lanes;
 * the rest is the file. NULL, or what does not hold. */
char *compare_csv (const char *data, gsize length);
