/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vca-explanation.h"

#include <math.h>

#include "base/vc-buffer-private.h"
#include "numeric/vcn-sum.h"
#include "valuechain/vc-error.h"
#include "valuechain/vc-limits.h"

/* What the paths may miss of a share that they add up to, and what of it is no more than rounding. */
#define MAX_ERROR 1e-9
#define ROUNDING 0x1p-46

static gboolean
has_row (const VcaSolution *solution, const VcmGroups *groups, guint32 party, GError **error)
{
  if (vca_solution_is_customer (solution, party))
    g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNSUPPORTED,
                         "the party is a customer: work ends there and is followed no further");
  else if (groups != NULL && groups->group[party] != party)
    g_set_error_literal (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNSUPPORTED,
                         "by unit, the party counts to its unit: ask for that, or without grouping");
  else
    return TRUE;
  return FALSE;
}

/* What a party passes on, and what stays with it. */
static guint32
start_at (const VcaExplanation *self, guint32 party, VcnStart *starts)
{
  const double effort = self->solution->effort[party], passed = self->solution->work.outflow[party];
  const double whole = self->figures[VCA_EFFORT];
  guint32 n = 0;

  if (vca_solution_is_customer (self->solution, party))
    return 0;
  if (passed > 0)
    starts[n++] = (VcnStart) { party, FALSE, passed, whole };
  if (effort > passed)
    starts[n++] = (VcnStart) { party, TRUE, effort - passed, whole };
  return n;
}

static guint32
list_starts (const VcaExplanation *self, const VcmGroups *groups, guint32 party, VcnStart *starts)
{
  guint32 n = 0;

  if (groups == NULL)
    return start_at (self, party, starts);
  for (guint32 k = groups->start[party]; k < groups->start[party + 1]; k++)
    n += start_at (self, groups->members[k], starts + n);
  return n;
}

static guint32
most_steps (void)
{
  g_autoptr (VcLimits) limits = vc_limits_new ();

  return (guint32) MIN (vc_limits_get_max_rows (limits), G_MAXUINT32 - 1);
}

static gboolean
find_paths (VcaExplanation *self, const VcmGroups *groups, const VcaQuestion *question, VcmWatch *watch, GError **error)
{
  const VcaNetwork *work = &self->solution->work;
  const guint32 party = question->party;
  const guint32 n_members = groups != NULL ? groups->start[party + 1] - groups->start[party] : 1;
  VC_BUFFER (VcnStart) starts = vc_buffer_new (VcnStart, 2 * (gsize) n_members);
  VC_BUFFER (guint8) is_end = vc_buffer_new (guint8, work->flows.n);
  VcnWalks walks = { &work->flows, work->outflow, is_end, starts, 0, question->n_paths, most_steps () };

  if (starts == NULL || is_end == NULL)
    return vca_no_memory (error);
  for (guint32 i = 0; i < work->flows.n; i++)
    is_end[i] = work->end[i] != VCA_PASSES;
  walks.n_starts = list_starts (self, groups, party, starts);
  if (!vcn_paths_find (&self->paths, &walks, &watch->monitor, error))
    return FALSE;

  self->kind = vc_buffer_new (guint8, self->paths.n);
  if (self->kind == NULL)
    return vca_no_memory (error);
  for (guint32 p = 0; p < self->paths.n; p++)
    self->kind[p]
      = starts[self->paths.start[p]].stays ? VCA_STAYS : work->end[self->paths.node[self->paths.first[p + 1] - 1]];
  return TRUE;
}

/* What is left of each share. Paths cannot cover more than there is, and all of them cover all. */
static gboolean
add_up (VcaExplanation *self, GError **error)
{
  VcnSum shown[VCA_N_KINDS] = { { 0 } };
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint32 p = 0; p < self->paths.n; p++) {
    vcn_sum_add (&shown[self->kind[p]], self->paths.share[p]);
    self->cover[self->kind[p]].n++;
  }
  for (guint kind = 0; kind < VCA_N_KINDS; kind++) {
    VcaCover *cover = &self->cover[kind];
    const double share = self->figures[VCA_REACH + kind];
    double left;

    cover->shown = vcn_sum_total (&shown[kind]);
    left = share - cover->shown;
    self->error = MAX (self->error, self->paths.is_whole ? fabs (left) : -left);
    cover->remainder = self->paths.is_whole || left <= ROUNDING * share ? 0 : left;
  }
  if (self->error <= MAX_ERROR)
    return TRUE;
  g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_CONSERVATION, "the paths miss the shares by %s of the whole",
               g_ascii_dtostr (text, sizeof text, self->error));
  return FALSE;
}

gboolean
vca_explanation_init (VcaExplanation *self, const VcaSolution *solution, const VcaQuestion *question, VcmWatch *watch,
                      GError **error)
{
  VcnLook look = vcm_watch_look (watch, 0);
  g_auto (VcmGroups) by_unit = { 0 };
  const VcmGroups *groups = question->group_by == VC_GROUPING_UNIT ? &by_unit : NULL;
  guint64 done = VCN_LOOK_EVERY;

  *self = (VcaExplanation) { .solution = solution };
  if ((groups != NULL && !vcm_groups_init (&by_unit, solution->chain, error))
      || !has_row (solution, groups, question->party, error))
    return FALSE;
  if (!vca_figures_of_row (solution, groups, question->party, self->figures, &look, &done))
    return vcn_fail_cancelled (error);
  /* Without effort there is nothing to follow: all shares are null. */
  if (!(self->figures[VCA_EFFORT] > 0))
    return TRUE;
  return find_paths (self, groups, question, watch, error) && add_up (self, error);
}

void
vca_explanation_clear (VcaExplanation *self)
{
  vcn_paths_clear (&self->paths);
  g_clear_pointer (&self->kind, vc_buffer_free);
}

GVariant *
vca_explanation_proof (const VcaExplanation *self)
{
  g_autoptr (GVariant) solved = g_variant_ref_sink (vca_proof_to_variant (self->solution));
  GVariantDict proof;

  g_variant_dict_init (&proof, solved);
  g_variant_dict_insert (&proof, "conservation_paths", "d", self->error);
  g_variant_dict_insert (&proof, "paths_are_all", "b", self->paths.is_whole || !(self->figures[VCA_EFFORT] > 0));
  return g_variant_dict_end (&proof);
}
