/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Builds a chain of tables in memory: chain-build [FLOWS [PARTIES [times]]]. Prints the seconds it takes and what the
 * process holds at most, input included, in bytes a flow. Flows are shuffled; with "times" each has a time and a case.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <valuechain/valuechain.h>

static guint64
next (guint64 *state)
{
  guint64 z = (*state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static char **
make_labels (const char *prefix, guint n)
{
  char **labels = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    labels[i] = g_strdup_printf ("%s-%07u", prefix, i);
  return labels;
}

static VcColumn *
make_codes (const char *name, guint64 n, char **labels, guint n_labels, guint64 seed)
{
  gint32 *codes = g_new (gint32, n);
  g_autoptr (GBytes) bytes = NULL;

  for (guint64 i = 0; i < n; i++)
    codes[i] = seed == 0 ? (gint32) i : (gint32) (next (&seed) % n_labels);
  bytes = g_bytes_new_take (codes, n * sizeof *codes);
  return vc_column_new_coded (name, bytes, (const char *const *) labels, NULL, NULL);
}

static VcColumn *
make_words (const char *name, VcColumnType type, guint64 n, guint64 seed)
{
  guint64 *words = g_new (guint64, n);
  g_autoptr (GBytes) bytes = NULL;

  for (guint64 i = 0; i < n; i++) {
    double amount = 0.01 * (double) (1 + next (&seed) % 100000);

    if (type == VC_COLUMN_TYPE_DOUBLE)
      memcpy (&words[i], &amount, sizeof amount);
    else
      words[i] = G_GUINT64_CONSTANT (1700000000000000) + next (&seed) % G_GUINT64_CONSTANT (30000000000000);
  }
  bytes = g_bytes_new_take (words, n * sizeof *words);
  return vc_column_new_from_bytes (name, type, bytes, NULL, NULL);
}

static VcTable *
make_table (const char *name, VcColumn **columns, gsize n)
{
  VcTable *table = vc_table_new (name, columns, n, NULL);

  for (gsize i = 0; i < n; i++)
    g_object_unref (columns[i]);
  return table;
}

static VcTable *
make_parties (char **ids, guint n)
{
  static char *kinds[] = { (char *) "customer", (char *) "person", NULL };
  VcColumn *columns[] = { make_codes ("id", n, ids, n, 0), make_codes ("kind", n, kinds, 2, 7) };

  return make_table ("parties", columns, 2);
}

static VcTable *
make_flows (char **ids, guint n_parties, guint64 n, gboolean times)
{
  VcColumn *columns[5] = {
    make_codes ("from", n, ids, n_parties, 1),
    make_codes ("to", n, ids, n_parties, 2),
    make_words ("amount", VC_COLUMN_TYPE_DOUBLE, n, 3),
  };

  if (times) {
    g_auto (GStrv) cases = make_labels ("CASE", (guint) (n / 5 + 1));

    columns[3] = make_words ("at", VC_COLUMN_TYPE_TIME, n, 4);
    columns[4] = make_codes ("case", n, cases, (guint) (n / 5 + 1), 5);
  }
  return make_table ("flows", columns, times ? 5 : 3);
}

static void
forget_peak (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  if (file != NULL) {
    fputs ("5", file);
    fclose (file);
  }
}

/* Kilobytes of a line of /proc/self/status. */
static double
memory (const char *name)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, name);
  return line != NULL ? (double) g_ascii_strtoull (line + strlen (name), NULL, 10) : 0;
}

int
main (int argc, char **argv)
{
  guint64 n_flows = argc > 1 ? g_ascii_strtoull (argv[1], NULL, 10) : 10000000;
  guint n_parties = argc > 2 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 1000000;
  char **ids = make_labels ("party", n_parties);
  g_autoptr (VcTable) parties = make_parties (ids, n_parties);
  g_autoptr (VcTable) flows = make_flows (ids, n_parties, n_flows, argc > 3);
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start;
  clock_t used;
  double before;

  g_strfreev (ids);
  vc_chain_builder_add_parties (builder, parties, NULL);
  vc_chain_builder_add_flows (builder, flows, NULL);
  forget_peak ();
  before = memory ("VmRSS:");
  start = g_get_monotonic_time ();
  used = clock ();
  chain = vc_chain_builder_build (builder, NULL, NULL, &error);
  if (chain == NULL)
    g_error ("%s", error->message);
  printf ("%" G_GUINT64_FORMAT " flows, %u parties: build %.3f s (processor %.3f s)", n_flows, n_parties,
          (double) (g_get_monotonic_time () - start) / 1e6, (double) (clock () - used) / CLOCKS_PER_SEC);
  printf (", peak %.1f bytes a flow, of which %.1f beside the input", memory ("VmHWM:") * 1024 / (double) n_flows,
          (memory ("VmHWM:") - before) * 1024 / (double) n_flows);
  start = g_get_monotonic_time ();
  vc_chain_get_digest (chain);
  printf (", digest %.3f s\n", (double) (g_get_monotonic_time () - start) / 1e6);
  return 0;
}
