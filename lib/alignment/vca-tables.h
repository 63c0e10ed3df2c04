/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "measure/vcm-column.h"
#include "measure/vcm-groups.h"
#include "vca-solution.h"

G_BEGIN_DECLS

/* What the figures of a chain are counted in; NULL where the chain does not say. */
typedef struct {
  const char *effort, *money, *money_per_effort;
} VcaUnits;

/* `groups` NULL: a row for each party. */
VcTable *vca_table_of_parties   (const VcaSolution *solution,
                                 const VcmGroups   *groups,
                                 const VcaUnits    *units,
                                 VcmWatch          *watch,
                                 GError           **error) G_GNUC_WARN_UNUSED_RESULT;
VcTable *vca_table_of_sinks     (const VcaSolution *solution,
                                 const VcaUnits    *units,
                                 VcmWatch          *watch,
                                 GError           **error) G_GNUC_WARN_UNUSED_RESULT;
VcTable *vca_table_of_customers (const VcaSolution *solution,
                                 const VcaUnits    *units,
                                 GError           **error) G_GNUC_WARN_UNUSED_RESULT;
VcTable *vca_table_of_summary   (const VcaSolution *solution,
                                 const VcaUnits    *units,
                                 GError           **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the flows out of the solution: the table is made of the same memory. */
VcTable *vca_table_of_flows     (VcaSolution       *solution,
                                 const VcaUnits    *units,
                                 VcmWatch          *watch,
                                 GError           **error) G_GNUC_WARN_UNUSED_RESULT;
VcTable *vca_table_of_group_flows (const VcaSolution *solution,
                                   const VcmGroups   *groups,
                                   const VcaUnits    *units,
                                   VcmWatch          *watch,
                                   GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* Of what passes along a flow of `amount` from a party that delivers `outflow` in all and through whom `visits` pass.
 * Without own work from further up, exactly the amount. */
static inline double
vca_carried (double amount, double outflow, double visits)
{
  double times = visits / outflow;

  return times <= G_MAXDOUBLE ? times * amount : visits * (amount / outflow);
}

/* The columns of the flows table. Takes what it is given. */
VcTable *vca_flows_finish (const VcaSolution *solution,
                           gint32            *from,
                           gint32            *to,
                           VcmColumn          figures[3],
                           const VcaUnits    *units,
                           GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* a{sv}, floating. */
GVariant *vca_proof_to_variant (const VcaSolution *solution) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
