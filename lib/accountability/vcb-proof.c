/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcb-tables.h"

#include "table/vc-number-private.h"

static void
add_double (GVariantBuilder *builder, const char *name, double value)
{
  g_variant_builder_add (builder, "{sv}", name, g_variant_new_double (value));
}

static void
add_count (GVariantBuilder *builder, const char *name, guint64 value)
{
  g_variant_builder_add (builder, "{sv}", name, g_variant_new_uint64 (value));
}

static void
add_text (GVariantBuilder *builder, const char *name, const char *value)
{
  g_variant_builder_add (builder, "{sv}", name, g_variant_new_string (value));
}

static void
add_prior (GVariantBuilder *builder, const char *table, const VcnBetaBinomial *prior)
{
  g_autofree char *a = g_strconcat (table, "_prior_a", NULL), *b = g_strconcat (table, "_prior_b", NULL);
  g_autofree char *status = g_strconcat (table, "_prior_status", NULL),
                  *residual = g_strconcat (table, "_prior_residual", NULL);

  add_text (builder, status, vc_status_get_name (prior->status));
  if (!isfinite (prior->a))
    return;
  add_double (builder, a, prior->a);
  add_double (builder, b, prior->b);
  add_double (builder, residual, prior->residual);
}

/* How many records count as what. */
static void
add_outcomes (GVariantBuilder *builder, const VcbRecords *records)
{
  static const char *const names[VCB_N_OUTCOMES] = {
    [VCB_KEPT] = "records_kept", [VCB_LATE] = "records_late", [VCB_BROKEN] = "records_broken",
    [VCB_OVERDUE] = "records_overdue", [VCB_OPEN] = "records_open", [VCB_WITHDRAWN] = "records_withdrawn",
  };

  for (VcbOutcome outcome = 0; outcome < VCB_N_OUTCOMES; outcome++)
    add_count (builder, names[outcome], records->counts[outcome]);
  add_count (builder, "records_apart", records->counts[VCB_APART]);
}

static void
add_records (GVariantBuilder *builder, const VcbContext *context, const VcbFindings *findings)
{
  char at[VC_NUMBER_SIZE];

  if (context->records->has_at) {
    at[vc_format_time (context->records->at, at)] = '\0';
    add_text (builder, "at", at);
  }
  add_outcomes (builder, context->records);
  add_double (builder, "conservation_owed", findings->conservation);
}

GVariant *
vcb_proof_of_records (const VcbContext *context, const VcbFindings *findings)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_records (&builder, context, findings);
  add_double (&builder, "conservation_records", findings->explanation);
  return g_variant_builder_end (&builder);
}

GVariant *
vcb_proof_to_variant (const VcbContext *context, const VcbFindings *findings)
{
  const VcnReciprocity *reciprocity = &findings->reciprocity;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_records (&builder, context, findings);
  if (reciprocity->status == VC_STATUS_OK) {
    add_text (&builder, "null_model", findings->null == VCN_NULL_COUNTS ? "counts" : "amounts");
    add_double (&builder, "null_residual", reciprocity->residual);
    add_count (&builder, "null_iterations", reciprocity->iterations);
  }
  add_prior (&builder, "parties", &findings->parties);
  add_prior (&builder, "functions", &findings->functions);
  return g_variant_builder_end (&builder);
}
