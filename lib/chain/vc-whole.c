/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-assembly-private.h"

#include <math.h>

#include "base/vc-buffer-private.h"
#include "vc-circles-private.h"

/* What is wrong with records that are right one by one. */

static void
check_customers (VcAssembly *self)
{
  VcColumn *kinds = self->fields[VC_RECORDS_PARTIES][VC_PARTY_KIND];
  VcColumn *customers = self->fields[VC_RECORDS_RECEIPTS][VC_RECEIPT_CUSTOMER];
  const guint8 *validity;
  const gint32 *codes;

  if (kinds == NULL || customers == NULL || vc_column_get_n_rows (kinds) == 0)
    return;
  codes = vc_column_peek_codes (customers);
  validity = vc_column_peek_validity (customers);
  for (guint64 row = 0; row < vc_column_get_n_rows (customers); row++) {
    VcPlace place;

    if (!vc_bit_is_set (validity, row) || vc_column_peek_codes (kinds)[codes[row]] == VC_PARTY_KIND_CUSTOMER ||
        vc_column_is_null (kinds, (guint64) codes[row]))
      continue;
    place = vc_assembly_place (self, VC_RECORDS_RECEIPTS, row, "customer");
    vc_problems_add_error (self->problems, &place, VC_IMPORT_ERROR_REFERENCE, "names a party that is no customer");
  }
}

static void
tell_unit_circle (guint32 party, gpointer data)
{
  VcAssembly *self = data;
  VcPlace place = vc_assembly_party_place (self, party, "unit");

  vc_problems_add_error (self->problems, &place, VC_IMPORT_ERROR_CYCLE, "leads in a circle: the party contains itself");
}

static void
check_units (VcAssembly *self)
{
  VcColumn *units = self->fields[VC_RECORDS_PARTIES][VC_PARTY_UNIT];

  if (units != NULL && !vc_find_circles (units, tell_unit_circle, self))
    self->failed = TRUE;
}

static void
check_sum (VcAssembly *self, VcRecordsKind kind, const char *name)
{
  const VcPlace place = vc_assembly_whole_place (self, kind, name);
  VcColumn *column = self->fields[kind][vc_fields_find (kind, name)];
  const double *values = column != NULL ? vc_column_peek_doubles (column) : NULL;
  const guint8 *validity = column != NULL ? vc_column_peek_validity (column) : NULL;
  guint64 n = column != NULL ? vc_column_get_n_rows (column) : 0;
  double sum = 0;

  for (guint64 row = 0; row < n; row++)
    if (vc_bit_is_set (validity, row))
      sum += fabs (values[row]);
  if (!isfinite (sum))
    vc_problems_add_error (self->problems, &place, VC_IMPORT_ERROR_RANGE, "adds up to more than can be represented");
}

void
vc_assembly_check_whole (VcAssembly *self)
{
  check_customers (self);
  check_units (self);
  check_sum (self, VC_RECORDS_PARTIES, "effort");
  check_sum (self, VC_RECORDS_FLOWS, "amount");
  check_sum (self, VC_RECORDS_RECEIPTS, "amount");
  check_sum (self, VC_RECORDS_COMMITMENTS, "weight");
}
