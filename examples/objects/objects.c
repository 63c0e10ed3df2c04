/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who works for whom, by an object-centric log: objects LOG */
#include <valuechain/valuechain.h>

/* Orders are the cases: what is neither an employee nor a customer. */
static VcSource *
open_log (const char *path)
{
  return g_object_new (VC_TYPE_EVENT_LOG, "path", path, "party-column", "object:Employee:by", "customer-column",
                       "object:Customer", NULL);
}

static void
print_parties (VcTable *parties)
{
  VcColumn *party = vc_table_lookup_column (parties, "party");
  VcColumn *reach = vc_table_lookup_column (parties, "reach");

  for (guint64 row = 0; row < vc_table_get_n_rows (parties); row++) {
    g_autofree char *name = vc_column_dup_text (party, row);

    if (vc_column_is_null (reach, row))
      g_print ("%s: undefined\n", name);
    else
      g_print ("%s: %.4f\n", name, vc_column_get_double (reach, row));
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcSource) log = open_log (argc > 1 ? argv[1] : "examples/objects/bakery.json");
  g_autoptr (VcMeasure) alignment = VC_MEASURE (vc_alignment_new ());
  g_autoptr (VcChain) chain = vc_source_load (log, NULL, NULL, &error);
  g_autoptr (VcScores) scores = chain ? vc_measure_run (alignment, chain, NULL, NULL, &error) : NULL;

  if (scores == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  print_parties (vc_scores_get_table (scores, "parties"));
  return 0;
}
