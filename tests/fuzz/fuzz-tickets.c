/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A mapping file, a line "----", and a log of tickets. A mapping that is refused changes nothing. A log is read where
 * check() lists no error and only there; with contradictions left out it is read wherever it was read before, as the
 * same chain, and never refused for a contradiction; what it is then, it is when it is built again without leaving
 * anything out. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "valuechain/valuechain.h"
#include "expect.h"

#define MARK "\n----\n"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A file without a name. */
static char *
make_file (const char *bytes, gsize length, int *fd)
{
  *fd = memfd_create ("input", MFD_CLOEXEC);
  if (*fd < 0 || (length > 0 && write (*fd, bytes, length) != (ssize_t) length))
    abort ();
  return g_strdup_printf ("/proc/self/fd/%d", *fd);
}

/* All properties that are text, words and truth. */
static char *
tell (VcEventLog *log)
{
  guint n;
  g_autofree GParamSpec **specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (log), &n);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++) {
    g_auto (GValue) value = G_VALUE_INIT;
    g_autofree char *shown = NULL;

    if (g_type_is_a (specs[i]->value_type, G_TYPE_OBJECT))
      continue;
    g_object_get_property (G_OBJECT (log), specs[i]->name, &value);
    shown = g_strdup_value_contents (&value);
    g_string_append_printf (text, "%s=%s\n", specs[i]->name, shown);
  }
  return g_string_free (text, FALSE);
}

static void
set_mapping (VcEventLog *log, const char *bytes, gsize length)
{
  int fd;
  g_autofree char *path = make_file (bytes, length, &fd), *before = tell (log), *after = NULL, *again = NULL;
  g_autoptr (GError) error = NULL;
  gboolean ok = vc_event_log_load_mapping (log, path, &error);

  after = tell (log);
  expect (ok == (error == NULL), "an error, or none");
  expect (ok || strcmp (before, after) == 0, "a mapping that was refused has changed something");
  expect (vc_event_log_load_mapping (log, path, NULL) == ok, "a mapping is good once only");
  again = tell (log);
  expect (strcmp (after, again) == 0, "a mapping says something else the second time");
  close (fd);
}

static gboolean
lists_errors (VcTable *check)
{
  VcColumn *severities = vc_table_lookup_column (check, "severity");
  g_autofree char *first = vc_table_get_n_rows (check) > 0 ? vc_column_dup_text (severities, 0) : NULL;

  return g_strcmp0 (first, "error") == 0;
}

/* The chain, or NULL, which check() knew. */
static VcChain *
load (VcEventLog *log, gboolean lenient)
{
  g_autoptr (GError) error = NULL, failure = NULL;
  g_autoptr (VcTable) check = NULL;
  VcChain *chain;

  vc_source_set_lenient (VC_SOURCE (log), lenient);
  chain = vc_source_load (VC_SOURCE (log), NULL, NULL, &error);
  check = vc_source_check (VC_SOURCE (log), NULL, NULL, &failure);
  expect ((chain == NULL) == (error != NULL), "a chain and an error, or neither");
  expect (check != NULL || chain == NULL, "read, but not checked");
  expect (check == NULL || lists_errors (check) == (chain == NULL), "check() says something else than load()");
  expect (!lenient || !g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_CONTRADICTION),
          "a contradiction was not left out");
  return chain;
}

static gboolean
are_same (VcChain *a, VcChain *b)
{
  return strcmp (vc_chain_get_digest (a), vc_chain_get_digest (b)) == 0;
}

static void
compare (VcEventLog *log)
{
  g_autoptr (VcChain) strict = load (log, FALSE), lenient = load (log, TRUE), again = NULL;
  g_autoptr (VcChainBuilder) builder = NULL;

  expect (strict == NULL || lenient != NULL, "leaving out nothing is refused");
  if (lenient == NULL)
    return;
  expect (strict == NULL || are_same (strict, lenient), "something was left out for nothing");
  builder = vc_chain_edit (lenient);
  again = vc_chain_builder_build (builder, NULL, NULL, NULL);
  expect (again != NULL && are_same (again, lenient), "a contradiction is left");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *bytes = (const char *) data, *mark = size > 0 ? g_strstr_len (bytes, (gssize) size, MARK) : NULL;
  gsize mapping_size = mark != NULL ? (gsize) (mark - bytes) + 1 : size;
  gsize start = mark != NULL ? mapping_size + strlen (MARK) - 1 : size;
  int fd;
  g_autofree char *path = make_file (bytes + start, size - start, &fd);
  g_autoptr (VcEventLog) log = vc_event_log_new (path, "case", "party", "time");

  g_object_set (log, "customer-column", "customer", NULL);
  set_mapping (log, bytes, mapping_size);
  compare (log);
  close (fd);
  return 0;
}
