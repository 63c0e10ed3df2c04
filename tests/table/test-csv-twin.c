/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <glib.h>

#include "../reference/compare-csv.h"

/* What files are made of, right and wrong; the first are as likely as all others. */
static const char *const pieces[] = {
  ",",
  ",",
  "\n",
  ";",
  "1",
  "x",
  "\"",
  "\r\n",
  "\r",
  "\"\"",
  "\"x\"",
  "-2.5",
  "1e5",
  "true",
  "False",
  "0",
  "2016-02-29",
  "?",
  "\xc3",
  "\xa9",
  "\xff",
  " ",
  "007",
  "1e999",
  "nan",
  "\"\n\"",
  "\"a\"\"b\"",
  "\"\r\n",
  "12345678901234567890",
  "2016-02-29T23:59:60Z",
  "2015-02-29 00:00+01:00",
  "\xc3\xa9",
  "9007199254740993",
  "1969-12-31T23:59:59.9999999-23:59",
  "0.30000000000000004",
  "\xe2\x80\x8b",
  "\xed\xa0\x80",
  "=1+1",
  "a field that is longer than twelve",
};

static const char *const headers[]
  = { "n,i,b,t,x,r\n", "n,x\n", "x\n", "n;r\r\n", "r,a,a\r", "\n\nx,r,n\n", "\xef\xbb\xbfi,b\n", "i\n", "t,r\n", "" };

static void
append_piece (GString *file, GRand *rand)
{
  guint n = g_rand_boolean (rand) ? 6 : G_N_ELEMENTS (pieces);
  const char *piece = pieces[g_rand_int_range (rand, 0, (gint32) n)];

  if (g_rand_int_range (rand, 0, 200) == 0)
    g_string_append_c (file, '\0');
  g_string_append (file, piece);
}

/* Rows that have the right number of fields, so that errors are not all of one kind. */
static void
append_row (GString *file, GRand *rand, const char *header)
{
  char delimiter = strchr (header, ';') != NULL ? ';' : ',';

  for (const char *p = header; *p != '\0'; p++) {
    if (*p == delimiter)
      g_string_append_c (file, delimiter);
    else if (*p == '\n' || *p == '\r')
      g_string_append_c (file, *p);
    else if (g_rand_int_range (rand, 0, 3) > 0)
      g_string_append (file, pieces[g_rand_int_range (rand, 4, 20)]);
  }
}

Test (csv_twin, agrees_on_random_files, .timeout = 120)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2016);

  for (guint i = 0; i < 10000; i++) {
    g_autoptr (GString) file = g_string_new (NULL);
    g_autofree char *difference = NULL;
    const char *header = headers[g_rand_int_range (rand, 0, G_N_ELEMENTS (headers))];

    g_string_append_c (file, (char) (g_rand_int (rand) & g_rand_int (rand) & g_rand_int (rand)));
    g_string_append_c (file, (char) g_rand_int_range (rand, 0, 64));
    g_string_append_c (file, (char) g_rand_int (rand));
    g_string_append (file, header);
    for (gint n = g_rand_int_range (rand, 0, 6); n > 0; n--)
      append_row (file, rand, header);
    for (gint n = g_rand_int_range (rand, 0, 12); n > 0; n--)
      append_piece (file, rand);
    difference = compare_csv (file->str, file->len);
    cr_assert_null (difference, "file %u: %s", i, difference);
  }
}
