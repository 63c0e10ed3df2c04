/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-tables.h"

static void
add_double (GVariantBuilder *builder, const char *part, const char *name, double value)
{
  g_autofree char *key = g_strconcat (part, "_", name, NULL);

  g_variant_builder_add (builder, "{sv}", key, g_variant_new_double (value));
}

static void
add_count (GVariantBuilder *builder, const char *part, const char *name, guint64 value)
{
  g_autofree char *key = g_strconcat (part, "_", name, NULL);

  g_variant_builder_add (builder, "{sv}", key, g_variant_new_uint64 (value));
}

static void
add_solver (GVariantBuilder *builder, const char *part, const VcnProof *proof)
{
  g_autofree char *key = g_strconcat (part, "_method", NULL);

  add_double (builder, part, "residual", proof->residual);
  if (proof->bound < G_MAXDOUBLE)
    add_double (builder, part, "bound", proof->bound);
  add_count (builder, part, "iterations", proof->iterations);
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (proof->method != NULL ? proof->method : "none"));
}

static void
add_network (GVariantBuilder *builder, const VcaNetwork *network)
{
  guint64 n_ends = 0, n_live = 0;

  for (guint32 i = 0; i < network->flows.n; i++) {
    n_live += network->end[i] == VCA_PASSES;
    n_ends += network->end[i] < VCA_END_LOOP;
  }
  add_count (builder, "work", "live", n_live);
  add_count (builder, "work", "ends", n_ends);
  add_count (builder, "work", "loops", network->n_loops);
}

GVariant *
vca_proof_to_variant (const VcaSolution *solution)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_network (&builder, &solution->work);
  add_solver (&builder, "forward", &solution->forward);
  add_solver (&builder, "backward", &solution->backward);
  if (solution->has_instructions)
    add_solver (&builder, "instructions", &solution->backtrack);
  add_double (&builder, "levels", "residual", solution->levels.residual);
  add_count (&builder, "levels", "iterations", solution->levels.iterations);
  add_count (&builder, "levels", "components", solution->levels.n_components);
  add_double (&builder, "conservation", "shares", solution->errors.shares);
  add_double (&builder, "conservation", "effort", solution->errors.effort);
  if (solution->receipts != NULL)
    add_double (&builder, "conservation", "revenue", solution->errors.revenue);
  return g_variant_builder_end (&builder);
}
