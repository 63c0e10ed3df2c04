/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "vc-csv-private.h"

/* A line's end lies outside quotes where an even number of quotes stands before it: opening, closing and each pair of
 * doubled ones change nothing else. That is wrong after a stray quote only, which the parser, coming from before it,
 * refuses first. */

/* Most texts have none, and memchr() is quicker to see that than any count. */
static gsize
count_quotes (const char *text, gsize start, gsize end)
{
  const char *first = memchr (text + start, '"', end - start);
  gsize n = 0;

  for (const char *p = first; p != NULL && p < text + end; p++)
    n += *p == '"';
  return n;
}

/* Does a line end before text[i + 1]? A CR at the very end may be the first half of a CR LF. */
static inline gboolean
ends_line (const char *text, gsize i, gsize end)
{
  return text[i] == '\n' || (text[i] == '\r' && i + 1 < end && text[i + 1] != '\n');
}

gsize
vc_csv_last_end (const char *text, gsize length)
{
  gboolean quoted = count_quotes (text, 0, length) & 1;

  for (gsize i = length; i-- > 0;) {
    if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && ends_line (text, i, length))
      return i + 1;
  }
  return 0;
}

static gsize
next_end (const char *text, gsize i, gsize end, gboolean quoted)
{
  for (; i < end; i++) {
    if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && ends_line (text, i, end))
      return i + 1;
  }
  return end;
}

void
vc_csv_split (const char *text, gsize start, gsize end, guint n, gsize *cuts)
{
  cuts[0] = start;
  for (guint i = 1; i < n; i++) {
    gsize target = start + (end - start) / n * i;

    cuts[i] = cuts[i - 1];
    if (target > cuts[i])
      cuts[i] = next_end (text, target, end, count_quotes (text, cuts[i - 1], target) & 1);
  }
  cuts[n] = end;
}
