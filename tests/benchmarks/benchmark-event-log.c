/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* benchmark-event-log make xes|csv EVENTS FILE: writes a log of cases of ten events by a thousand parties for fifty
 * thousand customers; the rows of CSV in order of time, so that those of a case stand far apart. benchmark-event-log
 * read FILE: reads it, hand-overs, chain and all, and prints seconds and the peak of memory, as JSON. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <valuechain/valuechain.h>

#define CASE_LENGTH 10
#define N_PARTIES 1000
#define N_CUSTOMERS 50000

static const char *const activities[CASE_LENGTH] = {
  "register", "sort", "assign", "look into it", "ask back", "look again", "solve", "check", "answer", "close",
};

static void
print_time (FILE *file, guint64 minute)
{
  gint64 seconds = 1577836800 + (gint64) minute * 60;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S+00:00");

  fputs (text, file);
}

static void
make_xes (guint64 n_events, FILE *file)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  fputs ("<?xml version='1.0' encoding='UTF-8'?>\n<log xes.version='1849-2016'>\n", file);
  for (guint64 i = 0; i < n_events; i++) {
    if (i % CASE_LENGTH == 0)
      fprintf (file,
               "<trace>\n<string key=\"concept:name\" value=\"case %lu\"/>\n<string key=\"customer\" value=\"customer "
               "%d\"/>\n",
               i / CASE_LENGTH, g_rand_int_range (rand, 0, N_CUSTOMERS));
    fprintf (
      file, "<event>\n<string key=\"concept:name\" value=\"%s\"/>\n<string key=\"org:resource\" value=\"clerk %d\"/>\n",
      activities[i % CASE_LENGTH], g_rand_int_range (rand, 0, N_PARTIES));
    fputs ("<string key=\"lifecycle:transition\" value=\"complete\"/>\n<date key=\"time:timestamp\" value=\"", file);
    print_time (file, i / CASE_LENGTH % 1000000 + i % CASE_LENGTH * 60);
    fputs ("\"/>\n</event>\n", file);
    if (i % CASE_LENGTH == CASE_LENGTH - 1 || i == n_events - 1)
      fputs ("</trace>\n", file);
  }
  fputs ("</log>\n", file);
}

static void
make_csv (guint64 n_events, FILE *file)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  fputs ("case,party,time,customer\n", file);
  for (guint64 i = 0; i < n_events; i++) {
    guint64 number = g_rand_int (rand) % (n_events / CASE_LENGTH + 1);

    fprintf (file, "case %lu,clerk %d,", number, g_rand_int_range (rand, 0, N_PARTIES));
    print_time (file, i / 4);
    fprintf (file, ",customer %lu\n", number % N_CUSTOMERS);
  }
}

static int
make (const char *format, guint64 n_events, const char *path)
{
  FILE *file = fopen (path, "w");

  if (file == NULL)
    return 1;
  (strcmp (format, "xes") == 0 ? make_xes : make_csv) (n_events, file);
  return fclose (file) == 0 ? 0 : 1;
}

static int
read_log (const char *path)
{
  g_autoptr (GError) error = NULL;
  gboolean is_csv = strstr (path, ".csv") != NULL;
  g_autoptr (VcEventLog) log = NULL;
  g_autoptr (VcChain) chain = NULL;
  gint64 start = g_get_monotonic_time (), stop;
  struct rusage usage;

  log
    = is_csv ? vc_event_log_new (path, "case", "party", "time") : g_object_new (VC_TYPE_EVENT_LOG, "path", path, NULL);
  if (is_csv)
    g_object_set (log, "customer-column", "customer", NULL);
  chain = vc_source_load (VC_SOURCE (log), NULL, NULL, &error);
  stop = g_get_monotonic_time ();
  getrusage (RUSAGE_SELF, &usage);
  if (chain == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  g_print ("{\"seconds\": %.3f, \"flows\": %" G_GUINT64_FORMAT ", \"peak_mib\": %.1f}\n", (double) (stop - start) / 1e6,
           (guint64) vc_chain_get_n_flows (chain), (double) usage.ru_maxrss / 1024);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 5 && strcmp (argv[1], "make") == 0)
    return make (argv[2], g_ascii_strtoull (argv[3], NULL, 10), argv[4]);
  if (argc == 3 && strcmp (argv[1], "read") == 0)
    return read_log (argv[2]);
  g_printerr ("usage: %s make xes|csv EVENTS FILE | read FILE\n", argv[0]);
  return 2;
}
