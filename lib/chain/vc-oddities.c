/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-assembly-private.h"

#include <math.h>

#include "base/vc-buffer-private.h"
#include "base/vc-parallel-private.h"
#include "vc-circles-private.h"

/* What is odd though allowed. Each test is one pass over the chain's arrays. */

typedef struct {
  VcAssembly          *assembly;
  const VcChainArrays *arrays;
  double              *outflow;  /* work to others, by party */
  guint64             *out;      /* flows to others, by party, of work */
  guint8              *in;       /* whether work arrives from others */
  guint8              *sends;    /* whether any flow leaves the party */
  guint8              *receives; /* or arrives */
  guint64              n_self;   /* flows from a party to itself */
} Survey;

static void
survey_clear (Survey *self)
{
  vc_buffer_free (self->outflow);
  vc_buffer_free (self->out);
  vc_buffer_free (self->in);
  vc_buffer_free (self->sends);
  vc_buffer_free (self->receives);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Survey, survey_clear)

static gboolean
survey_init (Survey *self, VcAssembly *assembly, VcChain *chain)
{
  guint32 n;

  self->assembly = assembly;
  self->arrays = vc_chain_peek_arrays (chain);
  n = self->arrays->n_parties;
  self->outflow = vc_buffer_new0 (double, n);
  self->out = vc_buffer_new0 (guint64, n);
  self->in = vc_buffer_new0 (guint8, n);
  self->sends = vc_buffer_new0 (guint8, n);
  self->receives = vc_buffer_new0 (guint8, n);
  return self->outflow != NULL && self->out != NULL && self->in != NULL && self->sends != NULL
         && self->receives != NULL;
}

static void
survey_senders (Survey *self)
{
  const VcChainArrays *arrays = self->arrays;

  for (guint64 i = 0; i < arrays->n_flows; i++)
    self->sends[arrays->from[i]] = 1;
  for (guint64 i = arrays->kind_start[VC_FLOW_KIND_WORK]; i < arrays->kind_start[VC_FLOW_KIND_WORK + 1]; i++) {
    if (arrays->from[i] == arrays->to[i])
      continue;
    self->outflow[arrays->from[i]] += arrays->amount[i];
    self->out[arrays->from[i]]++;
  }
}

static void
survey_receivers (Survey *self)
{
  const VcChainArrays *arrays = self->arrays;

  for (guint64 i = 0; i < arrays->n_flows; i++) {
    self->receives[arrays->to[i]] = 1;
    self->n_self += arrays->from[i] == arrays->to[i];
  }
  for (guint64 i = arrays->kind_start[VC_FLOW_KIND_WORK]; i < arrays->kind_start[VC_FLOW_KIND_WORK + 1]; i++)
    if (arrays->from[i] != arrays->to[i])
      self->in[arrays->to[i]] = 1;
}

/* Each side writes of its own, so that they can go side by side. */
static void
survey_side (gpointer data, guint side)
{
  if (side == 0)
    survey_senders (data);
  else
    survey_receivers (data);
}

static void
tell_party (Survey *self, guint32 party, VcSeverity severity, const char *field, const char *code, guint64 count,
            const char *message)
{
  const VcPlace place = vc_assembly_party_place (self->assembly, party, field);

  vc_problems_add_odd (self->assembly->problems, severity, &place, code, count, message);
}

static void
tell_all (Survey *self, VcRecordsKind kind, const char *field, const char *code, guint64 count, const char *message)
{
  const VcPlace place = vc_assembly_whole_place (self->assembly, kind, field);

  vc_problems_add_odd (self->assembly->problems, VC_SEVERITY_NOTE, &place, code, count, message);
}

/* ---- parties ---- */

static void
check_outflows (Survey *self)
{
  const VcChainArrays *arrays = self->arrays;

  for (guint32 i = 0; i < arrays->n_parties; i++) {
    if (arrays->kind[i] == VC_PARTY_KIND_CUSTOMER && self->out[i] > 0)
      tell_party (self, i, VC_SEVERITY_WARNING, NULL, "customer-outflow", self->out[i],
                  "work flows out of a customer: it is not followed");
    if (arrays->kind[i] != VC_PARTY_KIND_CUSTOMER && self->outflow[i] > arrays->effort[i] * (1 + 1e-9))
      tell_party (self, i, VC_SEVERITY_WARNING, "effort", "effort-below-outflow", 1,
                  "is smaller than the work that flows out: that is used instead");
  }
}

static gboolean
is_paying (const Survey *self, const guint8 *pays, guint32 party)
{
  return self->arrays->kind[party] == VC_PARTY_KIND_CUSTOMER && vc_bit_is_set (pays, party);
}

static void
check_customers (Survey *self)
{
  const VcChainArrays *arrays = self->arrays;
  VC_BUFFER (guint8) pays = vc_buffer_new0 (guint8, arrays->n_parties / 8 + 1);
  guint64 n_silent = 0;

  if (pays == NULL) {
    self->assembly->failed = TRUE;
    return;
  }
  for (guint64 i = 0; i < arrays->n_receipts; i++)
    vc_bit_set (pays, (gsize) arrays->receipt_customer[i]);
  for (guint32 i = 0; i < arrays->n_parties; i++) {
    if (arrays->kind[i] != VC_PARTY_KIND_CUSTOMER)
      continue;
    if (!self->in[i])
      tell_party (self, i, VC_SEVERITY_WARNING, NULL, "unserved", 1, "no work reaches a customer directly");
    n_silent += !is_paying (self, pays, i);
  }
  if (arrays->n_receipts > 0)
    tell_all (self, VC_RECORDS_PARTIES, NULL, "no-receipts", n_silent, "customers without receipts");
}

static void
check_parties (Survey *self)
{
  const VcChainArrays *arrays = self->arrays;
  guint64 n_idle = 0;
  guint64 n_given = 0;
  guint64 n_inside = 0;

  for (guint32 i = 0; i < arrays->n_parties; i++) {
    gint32 unit = arrays->unit[i];

    if (unit >= 0 && arrays->kind[unit] != VC_PARTY_KIND_UNIT)
      tell_party (self, i, VC_SEVERITY_WARNING, "unit", "unit-kind", 1, "names a party that is no unit");
    n_idle += !self->sends[i] && !self->receives[i];
    n_inside += arrays->kind[i] != VC_PARTY_KIND_CUSTOMER;
    n_given += arrays->kind[i] != VC_PARTY_KIND_CUSTOMER && !isnan (arrays->effort[i]);
  }
  tell_all (self, VC_RECORDS_PARTIES, NULL, "no-flow", n_idle, "parties without any flow");
  if (n_given > 0)
    tell_all (self, VC_RECORDS_PARTIES, "effort", "some-effort", n_inside - n_given,
              "is not given, though it is for others: what flows out is used");
}

static void
tell_manager_circle (guint32 party, gpointer data)
{
  tell_party (data, party, VC_SEVERITY_WARNING, "manager", "manager-cycle", 1,
              "leads in a circle: the party is its own manager's manager");
}

static void
check_managers (Survey *self, VcChain *chain)
{
  VcColumn *managers = vc_table_get_column (vc_chain_get_parties (chain), VC_PARTY_MANAGER);

  if (!vc_find_circles (managers, tell_manager_circle, self))
    self->assembly->failed = TRUE;
}

/* ---- records ---- */

static void
check_times (Survey *self, VcChain *chain, VcRecordsKind kind, VcTable *table, const char *name)
{
  VcColumn *column = vc_table_lookup_column (table, name);
  guint64 n = vc_table_get_n_rows (table);
  gint64 start = 0;
  gint64 end = 0;
  guint64 n_outside = 0;

  if (!vc_chain_get_window (chain, &start, &end))
    return;
  tell_all (self, kind, name, "no-time", column != NULL ? vc_column_get_n_nulls (column) : n,
            "is missing: such records are in no window of the chain");
  for (guint64 i = 0; column != NULL && i < n; i++) {
    gint64 time = vc_column_peek_int64s (column)[i];

    n_outside += vc_bit_is_set (vc_column_peek_validity (column), i) && (time < start || time >= end);
  }
  tell_all (self, kind, name, "outside-window", n_outside, "is outside the chain's window");
}

void
vc_assembly_find_oddities (VcAssembly *assembly, VcChain *chain)
{
  g_auto (Survey) self = { NULL };

  if (!survey_init (&self, assembly, chain)) {
    assembly->failed = TRUE;
    return;
  }
  vc_parallel (0, 2, survey_side, &self);
  check_outflows (&self);
  check_customers (&self);
  check_parties (&self);
  check_managers (&self, chain);
  tell_all (&self, VC_RECORDS_FLOWS, NULL, "self-flow", self.n_self,
            "flows of a party to itself: rework, no hand-over");
  check_times (&self, chain, VC_RECORDS_FLOWS, vc_chain_get_flows (chain), "at");
  check_times (&self, chain, VC_RECORDS_RECEIPTS, vc_chain_get_receipts (chain), "at");
  check_times (&self, chain, VC_RECORDS_COMMITMENTS, vc_chain_get_commitments (chain), "made");
}
