/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Object-centric logs. Bytes that begin as one of the three formats are read as they are, in large pieces and in the
 * smallest: both must say the same, to the message. Any others describe a log, which is written in each format: what
 * JSON accepts XML must too, and SQLite wherever tables can say it, and all must say the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../reference/ocel-log.h"
#include "sources/vc-ocel-read-private.h"
#include "expect.h"

#define SMALLEST 8

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What the log says, or why it was refused. */
static char *
tell (const char *text, gsize length, const char *path, gsize window, gboolean *accepted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcOcel) ocel = ocel_read (text, length, path, window, &error);

  expect ((ocel != NULL) == (error == NULL), "a log and an error, or neither");
  *accepted = ocel != NULL;
  return ocel != NULL ? ocel_tell (ocel) : g_strdup (error->message);
}

static void
read_text (const char *text, gsize length)
{
  gboolean accepted, accepted_again;
  g_autofree char *once = tell (text, length, NULL, VC_OCEL_WINDOW, &accepted),
                  *again = tell (text, length, NULL, SMALLEST, &accepted_again);

  expect_same (accepted == accepted_again && strcmp (once, again) == 0, "pieces matter", once, again);
}

/* A file without a name. */
static char *
make_file (const char *bytes, gsize length, int *fd)
{
  *fd = memfd_create ("log", MFD_CLOEXEC);
  if (*fd < 0 || (length > 0 && write (*fd, bytes, length) != (ssize_t) length))
    abort ();
  return g_strdup_printf ("/proc/self/fd/%d", *fd);
}

static void
read_tables (const char *bytes, gsize length)
{
  int fd;
  g_autofree char *path = make_file (bytes, length, &fd);
  gboolean accepted, accepted_again;
  g_autofree char *once = tell (NULL, 0, path, 0, &accepted), *again = tell (NULL, 0, path, 0, &accepted_again);

  expect_same (accepted == accepted_again && strcmp (once, again) == 0, "twice is not once", once, again);
  close (fd);
}

static void
compare_formats (const char *description)
{
  g_autofree char *json = ocel_write_json (description), *xml = ocel_write_xml (description);
  gboolean json_accepted, xml_accepted, tables_accepted;
  g_autofree char *from_json = tell (json, strlen (json), NULL, VC_OCEL_WINDOW, &json_accepted),
                  *from_xml = tell (xml, strlen (xml), NULL, 64, &xml_accepted);
  g_autofree char *path = g_strdup_printf ("%s/valuechain-fuzz-%d.sqlite", g_get_tmp_dir (), (int)getpid ()),
                  *from_tables = NULL;

  expect_same (json_accepted == xml_accepted && (!json_accepted || strcmp (from_json, from_xml) == 0), "JSON and XML",
               from_json, from_xml);
  unlink (path);
  if (json_accepted && ocel_write_sqlite (description, path)) {
    from_tables = tell (NULL, 0, path, 0, &tables_accepted);
    expect_same (tables_accepted && strcmp (from_json, from_tables) == 0, "JSON and SQLite", from_json, from_tables);
  }
  unlink (path);
}

/* Only what XML can say too. */
static char *
make_description (const uint8_t *data, size_t size)
{
  char *text = g_strndup ((const char *) data, size), *valid = g_utf8_make_valid (text, -1);

  for (char *p = valid; *p != '\0'; p++)
    if ((guchar) *p < ' ' && *p != '\n')
      *p = ' ';
  for (char *p = strstr (valid, "\xef\xbf\xbe"); p != NULL; p = strstr (p, "\xef\xbf\xbe"))
    p[2] = '\xbd';
  for (char *p = strstr (valid, "\xef\xbf\xbf"); p != NULL; p = strstr (p, "\xef\xbf\xbf"))
    p[2] = '\xbd';
  g_free (text);
  return valid;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size > 0 && strchr ("{[< \n\xef", data[0]) != NULL && data[0] != '\0') {
    read_text ((const char *) data, size);
  } else if (size >= 6 && memcmp (data, "SQLite", 6) == 0) {
    read_tables ((const char *) data, size);
  } else {
    g_autofree char *description = make_description (data, size);

    compare_formats (description);
  }
  return 0;
}
