/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For test-number-witness.py. number-witness write: doubles of 8 bytes in, a line of text each out; read: lines in,
 * doubles out. */
#include <stdio.h>
#include <string.h>

#include "table/vc-number-private.h"

static int
write_numbers (void)
{
  char text[VC_NUMBER_SIZE];
  double value;

  while (fread (&value, sizeof value, 1, stdin) == 1) {
    vc_format_double (value, text);
    puts (text);
  }
  return 0;
}

/* What is out of range becomes infinite, as in Python; anything else wrong ends the program. */
static int
read_numbers (void)
{
  char text[4096];

  while (fgets (text, sizeof text, stdin) != NULL) {
    double value = 0;
    VcParseResult result = vc_parse_double (text, strcspn (text, "\n"), &value);

    if (result == VC_PARSE_SYNTAX)
      return 1;
    if (result == VC_PARSE_RANGE)
      value = *text == '-' ? -G_MAXDOUBLE * 2 : G_MAXDOUBLE * 2;
    fwrite (&value, sizeof value, 1, stdout);
  }
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], "write") == 0)
    return write_numbers ();
  if (argc == 2 && strcmp (argv[1], "read") == 0)
    return read_numbers ();
  return 2;
}
