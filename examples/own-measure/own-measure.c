/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A measure of one's own: how much work each party gives and gets. own-measure FOLDER */
#include <valuechain/valuechain.h>

#define TYPE_BALANCE (balance_get_type ())
G_DECLARE_FINAL_TYPE (Balance, balance, EXAMPLE, BALANCE, VcMeasure)

/* Its option, the property "minimum": deliveries below it do not count. */
struct _Balance
{
  VcMeasure parent_instance;

  double    minimum;
};

G_DEFINE_FINAL_TYPE (Balance, balance, VC_TYPE_MEASURE)

static void
add_up (Balance *self, VcTable *flows, GArray *gives, GArray *gets)
{
  VcColumn *kind = vc_table_lookup_column (flows, "kind");
  VcColumn *amount = vc_table_lookup_column (flows, "amount");
  /* A text column is a list of labels and, for each row, the place of its label; in a chain that is the row of the
   * party. */
  g_autoptr (GBytes) from = vc_column_get_values_bytes (vc_table_lookup_column (flows, "from"));
  g_autoptr (GBytes) to = vc_column_get_values_bytes (vc_table_lookup_column (flows, "to"));
  const gint32 *giver = g_bytes_get_data (from, NULL);
  const gint32 *getter = g_bytes_get_data (to, NULL);

  for (guint64 row = 0; row < vc_table_get_n_rows (flows); row++) {
    g_autofree char *what = vc_column_dup_text (kind, row);
    double size = vc_column_get_double (amount, row);

    if (!g_str_equal (what, "work") || giver[row] == getter[row] || size < self->minimum)
      continue;
    g_array_index (gives, double, giver[row]) += size;
    g_array_index (gets, double, getter[row]) += size;
  }
}

static GArray *
zeros (guint n)
{
  GArray *array = g_array_sized_new (FALSE, TRUE, sizeof (double), n);

  return g_array_set_size (array, n);
}

static VcScores *
balance_run (VcMeasure *measure, VcChain *chain, VcProgress *progress, GCancellable *cancellable, GError **error)
{
  guint n = vc_chain_get_n_parties (chain);
  g_autoptr (GArray) gives = zeros (n);
  g_autoptr (GArray) gets = zeros (n);
  g_autoptr (VcColumn) giving = NULL;
  g_autoptr (VcColumn) getting = NULL;
  g_autoptr (VcColumn) party = NULL;
  g_autoptr (VcTable) table = NULL;

  add_up (EXAMPLE_BALANCE (measure), vc_chain_get_flows (chain), gives, gets);
  party = vc_column_described (vc_table_lookup_column (vc_chain_get_parties (chain), "id"), "party", NULL, NULL);
  giving = vc_column_new_doubles ("gives", &g_array_index (gives, double, 0), n, error);
  getting = giving == NULL ? NULL : vc_column_new_doubles ("gets", &g_array_index (gets, double, 0), n, error);
  if (giving != NULL && getting != NULL)
    table = vc_table_new ("parties", (VcColumn *[]) { party, giving, getting }, 3, error);
  return table ? vc_scores_new ("balance", &table, 1, NULL, NULL) : NULL;
}

static const char *
balance_get_name (VcMeasure *measure)
{
  return "balance";
}

static void
balance_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_double (value, EXAMPLE_BALANCE (object)->minimum);
}

static void
balance_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EXAMPLE_BALANCE (object)->minimum = g_value_get_double (value);
}

static void
balance_class_init (BalanceClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = balance_get_property;
  G_OBJECT_CLASS (klass)->set_property = balance_set_property;
  VC_MEASURE_CLASS (klass)->get_name = balance_get_name;
  VC_MEASURE_CLASS (klass)->run = balance_run;
  VC_MEASURE_CLASS (klass)->runs_in_thread = TRUE;
  g_object_class_install_property (G_OBJECT_CLASS (klass), 1,
                                   g_param_spec_double ("minimum", NULL, "deliveries below this do not count", 0,
                                                        G_MAXDOUBLE, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
balance_init (Balance *self)
{
}

static void
print_parties (VcTable *parties)
{
  for (guint64 row = 0; row < vc_table_get_n_rows (parties); row++) {
    g_autofree char *party = vc_column_dup_text (vc_table_lookup_column (parties, "party"), row);
    double gives = vc_column_get_double (vc_table_lookup_column (parties, "gives"), row);
    double gets = vc_column_get_double (vc_table_lookup_column (parties, "gets"), row);

    if (gets > 2000)
      g_print ("%s gets %.2f and gives %.2f\n", party, gets, gives);
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VcMeasure) balance = g_object_new (TYPE_BALANCE, "minimum", 2.0, NULL);
  g_autoptr (VcSource) folder = vc_source_for_path (argc > 1 ? argv[1] : "examples/company", &error);
  g_autoptr (VcChain) chain = folder ? vc_source_load (folder, NULL, NULL, &error) : NULL;
  g_autoptr (VcScores) scores = chain ? vc_measure_run (balance, chain, NULL, NULL, &error) : NULL;

  if (scores == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  print_parties (vc_scores_get_table (scores, "parties"));
  return 0;
}
