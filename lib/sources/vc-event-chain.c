/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-chain-private.h"

#include "base/vc-buffer-private.h"
#include "table/vc-table-private.h"
#include "valuechain/vc-error.h"
#include "vc-event-names-private.h"

#include <string.h>

#define PREFIX        VC_EVENT_CUSTOMER_PREFIX
#define PREFIX_LENGTH (sizeof PREFIX - 1)

static VcStrings *
hold (const VcStrings *strings)
{
  return strings != NULL ? vc_strings_ref ((VcStrings *) strings) : NULL;
}

static void
release (const VcStrings *strings)
{
  if (strings != NULL)
    vc_strings_unref ((VcStrings *) strings);
}

void
vc_event_labels_hold (VcEventLabels *self, const VcEvents *events)
{
  *self = (VcEventLabels) {
    hold (events->fields[VC_EVENT_ROLE_CASE].labels),
    hold (events->fields[VC_EVENT_ROLE_PARTY].labels),
    hold (events->fields[VC_EVENT_ROLE_CUSTOMER].labels),
  };
}

void
vc_event_labels_clear (VcEventLabels *self)
{
  release (self->cases);
  release (self->parties);
  release (self->customers);
  *self = (VcEventLabels) { 0 };
}

static gboolean
fail (GError **error, const char *name, VcImportError code, const char *what)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "%s: %s", name, what);
  return FALSE;
}

static guint64
text_size (const VcStrings *strings)
{
  return strings != NULL ? (guint64) strings->offsets[strings->n_labels] - (guint64) strings->offsets[0] : 0;
}

static guint32
n_labels (const VcStrings *strings)
{
  return strings != NULL ? strings->n_labels : 0;
}

/* Appends the labels of `strings`, each after a prefix. */
static void
append_labels (const VcStrings *strings, const char *prefix, gint32 *offsets, char *text)
{
  gsize prefix_length = strlen (prefix), length;

  for (guint32 i = 0; i < n_labels (strings); i++) {
    const char *label = vc_strings_peek (strings, i, &length);

    memcpy (text + offsets[i], prefix, prefix_length);
    memcpy (text + offsets[i] + prefix_length, label, length);
    offsets[i + 1] = offsets[i] + (gint32) (prefix_length + length);
  }
}

/* Ids of parties and, after them, of customers, so that one list serves both ends of a flow. */
static VcStrings *
combine_ids (const VcEventLabels *labels, const char *name, GError **error)
{
  guint64 n = (guint64) n_labels (labels->parties) + n_labels (labels->customers);
  guint64 size = text_size (labels->parties) + text_size (labels->customers)
                 + (guint64) n_labels (labels->customers) * PREFIX_LENGTH;
  VC_BUFFER (gint32) offsets = NULL;
  VC_BUFFER (char) text = NULL;
  VcStrings *ids = NULL;

  if (n >= G_MAXINT32 || size > G_MAXINT32) {
    fail (error, name, VC_IMPORT_ERROR_LIMIT, "the ids of parties and customers are more than 2 GiB");
    return NULL;
  }
  offsets = vc_buffer_new0 (gint32, n + 1);
  text = vc_buffer_new (char, size);
  if (offsets != NULL && text != NULL) {
    append_labels (labels->parties, "", offsets, text);
    append_labels (labels->customers, PREFIX, offsets + n_labels (labels->parties), text);
    ids = vc_strings_new_take ((guint32) n, g_steal_pointer (&offsets), g_steal_pointer (&text));
  }
  if (ids == NULL)
    fail (error, name, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the ids of parties");
  return ids;
}

/* A party whose id looks like a customer's must not become one. */
static gboolean
check_ids (const VcStrings *ids, guint32 n_parties, const guint8 *seen, const char *name, GError **error)
{
  g_autoptr (VcInterner) alike = vc_interner_new ();
  gsize length;

  if (alike == NULL)
    return fail (error, name, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the ids of parties");
  for (guint32 i = 0; i < n_parties; i++) {
    const char *id = vc_strings_peek (ids, i, &length);

    if (vc_bit_is_set (seen, i) && length >= PREFIX_LENGTH && memcmp (id, PREFIX, PREFIX_LENGTH) == 0 &&
        vc_interner_add (alike, id, length) < 0)
      return fail (error, name, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the ids of parties");
  }
  for (guint32 i = n_parties; i < ids->n_labels && vc_interner_size (alike) > 0; i++) {
    const char *id = vc_strings_peek (ids, i, &length);

    if (vc_bit_is_set (seen, i) && vc_interner_lookup (alike, id, length) >= 0)
      return fail (error, name, VC_IMPORT_ERROR_DUPLICATE, "a party has the id of a customer, \"" PREFIX "\" and all");
  }
  return TRUE;
}

static VcStrings *
kind_labels (VcPartyKind party_kind, gint32 codes[2])
{
  g_autoptr (VcInterner) interner = vc_interner_new ();
  const char *names[2] = { vc_party_kind_get_name (party_kind), vc_party_kind_get_name (VC_PARTY_KIND_CUSTOMER) };

  for (guint i = 0; interner != NULL && i < 2; i++) {
    codes[i] = vc_interner_add (interner, names[i], strlen (names[i]));
    if (codes[i] < 0)
      return NULL;
  }
  return interner != NULL ? vc_interner_finish (interner) : NULL;
}

static gboolean
add_parties (VcChainBuilder *builder, VcStrings *ids, guint32 n_parties, const guint8 *seen, VcPartyKind party_kind,
             const char *name)
{
  gint32 kinds[2];
  g_autoptr (VcStrings) labels = kind_labels (party_kind, kinds);
  g_autoptr (VcTable) table = NULL;
  VC_BUFFER (gint32) codes = vc_buffer_new (gint32, ids->n_labels);
  VC_BUFFER (gint32) kind = vc_buffer_new (gint32, ids->n_labels);
  VcColumn *columns[2];
  gsize n = 0;

  if (labels == NULL || codes == NULL || kind == NULL)
    return FALSE;
  for (guint32 i = 0; i < ids->n_labels; i++) {
    if (!vc_bit_is_set (seen, i))
      continue;
    codes[n] = (gint32) i;
    kind[n++] = kinds[i >= n_parties];
  }
  columns[0] = vc_column_new_take ("id", VC_COLUMN_TYPE_TEXT, n, g_steal_pointer (&codes), NULL, ids);
  columns[1] = vc_column_new_take ("kind", VC_COLUMN_TYPE_TEXT, n, g_steal_pointer (&kind), NULL, labels);
  table = vc_table_new_take ("parties", columns, 2);
  if (table != NULL)
    vc_chain_builder_add_parties (builder, table, name);
  return table != NULL;
}

static gboolean
add_flows (VcChainBuilder *builder, VcStrings *ids, const VcEventLabels *labels, VcEventFlows *flows, const char *name)
{
  g_autoptr (VcTable) table = NULL;
  VcColumn *columns[] = {
    vc_column_new_take ("from", VC_COLUMN_TYPE_TEXT, flows->n, g_steal_pointer (&flows->from), NULL, ids),
    vc_column_new_take ("to", VC_COLUMN_TYPE_TEXT, flows->n, g_steal_pointer (&flows->to), NULL, ids),
    vc_column_new_take ("at", VC_COLUMN_TYPE_TIME, flows->n, g_steal_pointer (&flows->at), NULL, NULL),
    vc_column_new_take ("case", VC_COLUMN_TYPE_TEXT, flows->n, g_steal_pointer (&flows->cases), NULL,
                        (VcStrings *) labels->cases),
    flows->amounts != NULL
      ? vc_column_new_take ("amount", VC_COLUMN_TYPE_DOUBLE, flows->n, g_steal_pointer (&flows->amounts), NULL, NULL)
      : NULL,
  };

  table = vc_table_new_take ("flows", columns, columns[4] != NULL ? 5 : 4);
  if (table != NULL)
    vc_chain_builder_add_flows (builder, table, name);
  return table != NULL;
}

gboolean
vc_event_chain_add (VcChainBuilder *builder, const VcEventLabels *labels, VcEventFlows *flows, VcPartyKind party_kind,
                    const char *name, GError **error)
{
  guint32 n_parties = n_labels (labels->parties);
  g_autoptr (VcStrings) ids = combine_ids (labels, name, error);

  if (ids == NULL || !check_ids (ids, n_parties, flows->seen, name, error))
    return FALSE;
  if (!add_parties (builder, ids, n_parties, flows->seen, party_kind, name))
    return fail (error, name, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the parties");
  return add_flows (builder, ids, labels, flows, name)
         || fail (error, name, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the flows");
}
