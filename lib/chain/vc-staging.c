/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-staging-private.h"

#include <string.h>

#include "base/vc-buffer-private.h"
#include "vc-sort-private.h"

/* A buffer that doubles. */
typedef struct {
  char *data;
  gsize size; /* of an item */
  gsize n;
  gsize capacity;
} Items;

enum {
  PARTY_ID,
  PARTY_KIND,
  SETTING_ID,
  SETTING_FIELD,
  SETTING_TEXT,
  SETTING_EFFORT,
  FLOW_FROM,
  FLOW_TO,
  FLOW_KIND,
  FLOW_AMOUNT,
  RECEIPT_CUSTOMER,
  RECEIPT_AMOUNT,
  COMMITMENT, /* and one for each field after it */
  COMMITMENT_HAS = COMMITMENT + VC_MAX_FIELDS, /* a bit for each field that is set */
  N_ITEMS
};

struct _VcStaging {
  VcInterner *texts;
  Items       items[N_ITEMS];
  guint       n_commitments; /* also those that could not be kept: their numbers are out in the world */
  guint64     n_not_utf8;
  gboolean    failed;
};

static gboolean
is_number (guint which)
{
  return which == SETTING_EFFORT || which == FLOW_AMOUNT || which == RECEIPT_AMOUNT ||
         which == COMMITMENT + VC_COMMITMENT_REOPENED || which == COMMITMENT + VC_COMMITMENT_WEIGHT;
}

VcStaging *
vc_staging_new (void)
{
  VcStaging *self = g_new0 (VcStaging, 1);

  self->texts = vc_interner_new ();
  self->failed = self->texts == NULL;
  for (guint i = 0; i < N_ITEMS; i++)
    self->items[i].size = is_number (i) ? sizeof (double) : sizeof (gint32);
  return self;
}

void
vc_staging_free (VcStaging *self)
{
  g_clear_pointer (&self->texts, vc_interner_free);
  for (guint i = 0; i < N_ITEMS; i++)
    vc_buffer_free (self->items[i].data);
  g_free (self);
}

/* ---- adding ---- */

/* Makes room for one more, so that a record is added as a whole or not at all. */
static gboolean
reserve (VcStaging *self, guint first, guint last)
{
  for (guint i = first; i <= last && !self->failed; i++) {
    Items *items = &self->items[i];
    gsize capacity = MAX (64, items->capacity * 2);
    char *moved;

    if (items->n < items->capacity)
      continue;
    moved = vc_buffer_realloc (items->data, items->n, capacity, items->size);
    self->failed = moved == NULL;
    if (moved == NULL)
      continue;
    items->data = moved;
    items->capacity = capacity;
  }
  return !self->failed;
}

static void
push_code (VcStaging *self, guint which, gint32 code)
{
  Items *items = &self->items[which];

  ((gint32 *) (gpointer) items->data)[items->n++] = code;
}

static void
push_number (VcStaging *self, guint which, double number)
{
  Items *items = &self->items[which];

  ((double *) (gpointer) items->data)[items->n++] = number;
}

static gint32
intern (VcStaging *self, const char *text)
{
  gint32 code;

  if (!g_utf8_validate (text, -1, NULL)) {
    self->n_not_utf8++;
    return -1;
  }
  code = self->failed ? -1 : vc_interner_add (self->texts, text, strlen (text));
  self->failed = self->failed || code < 0;
  return code;
}

void
vc_staging_add_party (VcStaging *self, const char *id, VcPartyKind kind)
{
  gint32 code = intern (self, id);

  if (code < 0 || !reserve (self, PARTY_ID, PARTY_KIND))
    return;
  push_code (self, PARTY_ID, code);
  push_code (self, PARTY_KIND, (gint32) kind);
}

static void
push_setting (VcStaging *self, gint32 id, guint field, gint32 text, double effort)
{
  if (!reserve (self, SETTING_ID, SETTING_EFFORT))
    return;
  push_code (self, SETTING_ID, id);
  push_code (self, SETTING_FIELD, (gint32) field);
  push_code (self, SETTING_TEXT, text);
  push_number (self, SETTING_EFFORT, effort);
}

void
vc_staging_set_text (VcStaging *self, const char *id, guint field, const char *value)
{
  gint32 id_code = intern (self, id);
  gint32 code = intern (self, value);

  if (id_code >= 0 && code >= 0)
    push_setting (self, id_code, field, code, 0);
}

void
vc_staging_set_effort (VcStaging *self, const char *id, double effort)
{
  gint32 id_code = intern (self, id);

  if (id_code >= 0)
    push_setting (self, id_code, VC_PARTY_EFFORT, 0, effort);
}

void
vc_staging_add_flow (VcStaging *self, const char *from, const char *to, VcFlowKind kind, double amount)
{
  gint32 from_code = intern (self, from);
  gint32 to_code = intern (self, to);

  if (from_code < 0 || to_code < 0 || !reserve (self, FLOW_FROM, FLOW_AMOUNT))
    return;
  push_code (self, FLOW_FROM, from_code);
  push_code (self, FLOW_TO, to_code);
  push_code (self, FLOW_KIND, (gint32) kind);
  push_number (self, FLOW_AMOUNT, amount);
}

void
vc_staging_add_receipt (VcStaging *self, const char *customer, double amount)
{
  gint32 code = intern (self, customer);

  if (code < 0 || !reserve (self, RECEIPT_CUSTOMER, RECEIPT_AMOUNT))
    return;
  push_code (self, RECEIPT_CUSTOMER, code);
  push_number (self, RECEIPT_AMOUNT, amount);
}

guint
vc_staging_get_n_commitments (const VcStaging *self)
{
  return self->n_commitments;
}

static void
mark (VcStaging *self, guint commitment, guint field)
{
  ((gint32 *) (gpointer) self->items[COMMITMENT_HAS].data)[commitment] |= 1 << field;
}

void
vc_staging_set_commitment_text (VcStaging *self, guint commitment, guint field, const char *value)
{
  Items *items = &self->items[COMMITMENT + field];
  gint32 code = intern (self, value);

  if (code < 0 || commitment >= items->n)
    return;
  ((gint32 *) (gpointer) items->data)[commitment] = code;
  mark (self, commitment, field);
}

void
vc_staging_set_commitment_number (VcStaging *self, guint commitment, guint field, double value)
{
  Items *items = &self->items[COMMITMENT + field];

  if (commitment >= items->n)
    return;
  ((double *) (gpointer) items->data)[commitment] = value;
  mark (self, commitment, field);
}

guint
vc_staging_add_commitment (VcStaging *self, const char *from, const char *to)
{
  guint commitment = self->n_commitments++;

  if (!reserve (self, COMMITMENT, COMMITMENT_HAS))
    return commitment;
  for (guint i = COMMITMENT; i <= COMMITMENT_HAS; i++)
    if (is_number (i))
      push_number (self, i, 0);
    else
      push_code (self, i, 0);
  vc_staging_set_commitment_text (self, commitment, VC_COMMITMENT_FROM, from);
  vc_staging_set_commitment_text (self, commitment, VC_COMMITMENT_TO, to);
  return commitment;
}

/* ---- tables ---- */

/* These tables stay inside: numbers in them may be no numbers yet. */
static VcColumn *
column_of (const VcStaging *self, guint which, const char *name, VcStrings *labels)
{
  const Items *items = &self->items[which];
  gpointer copy = vc_buffer_alloc (items->n, items->size);

  if (copy == NULL)
    return NULL;
  if (items->n > 0)
    memcpy (copy, items->data, items->n * items->size);
  return vc_column_new_take (name, labels != NULL ? VC_COLUMN_TYPE_TEXT : VC_COLUMN_TYPE_DOUBLE, items->n, copy, NULL,
                             labels);
}

/* Those of an item whose word of `marks`, cut by `mask`, is `wanted`: null in the other rows. */
static VcColumn *
marked_of (const VcStaging *self, guint which, const char *name, VcStrings *labels, const gint32 *marks, gint32 mask,
           gint32 wanted)
{
  const Items *items = &self->items[which];
  VC_BUFFER (char) copy = vc_buffer_alloc0 (items->n, items->size);
  VC_BUFFER (guint8) validity = vc_buffer_new0 (guint8, items->n / 8 + 1);

  if (copy == NULL || validity == NULL)
    return NULL;
  for (gsize i = 0; i < items->n; i++) {
    if ((marks[i] & mask) != wanted)
      continue;
    memcpy (copy + i * items->size, items->data + i * items->size, items->size);
    vc_bit_set (validity, i);
  }
  return vc_column_new_take (name, is_number (which) ? VC_COLUMN_TYPE_DOUBLE : VC_COLUMN_TYPE_TEXT, items->n,
                             g_steal_pointer (&copy), g_steal_pointer (&validity), is_number (which) ? NULL : labels);
}

static VcColumn *
settings_of (const VcStaging *self, guint field, const char *name, VcStrings *labels)
{
  const gint32 *fields = (const gint32 *) (gconstpointer) self->items[SETTING_FIELD].data;

  return marked_of (self, field == VC_PARTY_EFFORT ? SETTING_EFFORT : SETTING_TEXT, name, labels, fields, -1,
                    (gint32) field);
}

/* Takes the columns, some of which may be NULL: no memory then. */
static gboolean
append_part (GPtrArray *parts, VcColumn **columns, guint n, gboolean patch)
{
  g_autoptr (VcTable) table = vc_table_new_take ("records", columns, n);

  if (table != NULL)
    g_ptr_array_add (parts, vc_part_new (table, NULL, patch));
  return table != NULL;
}

static gboolean
append_parties (const VcStaging *self, GPtrArray *parts, VcStrings *texts)
{
  g_autoptr (VcStrings) kinds = vc_words_to_labels (vc_party_kind_words);
  VcColumn *columns[] = {
    column_of (self, PARTY_ID, "id", texts),
    kinds != NULL ? column_of (self, PARTY_KIND, "kind", kinds) : NULL,
  };

  return append_part (parts, columns, G_N_ELEMENTS (columns), FALSE);
}

static gboolean
append_settings (const VcStaging *self, GPtrArray *parts, VcStrings *texts)
{
  VcColumn *columns[] = {
    column_of (self, SETTING_ID, "id", texts),
    settings_of (self, VC_PARTY_NAME, "name", texts),
    settings_of (self, VC_PARTY_UNIT, "unit", texts),
    settings_of (self, VC_PARTY_MANAGER, "manager", texts),
    settings_of (self, VC_PARTY_EFFORT, "effort", texts),
  };

  return append_part (parts, columns, G_N_ELEMENTS (columns), TRUE);
}

static gboolean
append_flows (const VcStaging *self, GPtrArray *parts, VcStrings *texts)
{
  g_autoptr (VcStrings) kinds = vc_words_to_labels (vc_flow_kind_words);
  VcColumn *columns[] = {
    column_of (self, FLOW_FROM, "from", texts),
    column_of (self, FLOW_TO, "to", texts),
    kinds != NULL ? column_of (self, FLOW_KIND, "kind", kinds) : NULL,
    column_of (self, FLOW_AMOUNT, "amount", NULL),
  };

  return append_part (parts, columns, G_N_ELEMENTS (columns), FALSE);
}

static gboolean
append_receipts (const VcStaging *self, GPtrArray *parts, VcStrings *texts)
{
  VcColumn *columns[] = {
    column_of (self, RECEIPT_CUSTOMER, "customer", texts),
    column_of (self, RECEIPT_AMOUNT, "amount", NULL),
  };

  return append_part (parts, columns, G_N_ELEMENTS (columns), FALSE);
}

static gboolean
append_commitments (const VcStaging *self, GPtrArray *parts, VcStrings *texts)
{
  const gint32 *marks = (const gint32 *) (gconstpointer) self->items[COMMITMENT_HAS].data;
  VcColumn *columns[VC_MAX_FIELDS];
  guint n_fields;
  const VcField *fields = vc_fields_of (VC_RECORDS_COMMITMENTS, &n_fields);

  for (guint i = 0; i < n_fields; i++)
    columns[i] = marked_of (self, COMMITMENT + i, fields[i].name, texts, marks, 1 << i, 1 << i);
  return append_part (parts, columns, n_fields, FALSE);
}

gboolean
vc_staging_append (VcStaging *self, GPtrArray *parts[VC_N_RECORDS], VcProblems *problems)
{
  const VcPlace nowhere = { NULL };
  g_autoptr (VcStrings) texts = self->failed ? NULL : vc_labels_of_interner (self->texts);

  if (texts == NULL)
    return FALSE;
  if (self->n_not_utf8 > 0)
    vc_problems_add_error (problems, &nowhere, VC_IMPORT_ERROR_ENCODING,
                           "a text of a record that was added is not UTF-8");
  if (self->items[PARTY_ID].n > 0 && !append_parties (self, parts[VC_RECORDS_PARTIES], texts))
    return FALSE;
  if (self->items[SETTING_ID].n > 0 && !append_settings (self, parts[VC_RECORDS_PARTIES], texts))
    return FALSE;
  if (self->items[FLOW_FROM].n > 0 && !append_flows (self, parts[VC_RECORDS_FLOWS], texts))
    return FALSE;
  if (self->items[RECEIPT_CUSTOMER].n > 0 && !append_receipts (self, parts[VC_RECORDS_RECEIPTS], texts))
    return FALSE;
  return self->n_commitments == 0 || append_commitments (self, parts[VC_RECORDS_COMMITMENTS], texts);
}
