/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-names-private.h"

#include "base/vc-buffer-private.h"
#include "chain/vc-fields-private.h"
#include "chain/vc-gather-private.h"
#include "table/vc-strings-private.h"
#include "table/vc-table-private.h"

#include <string.h>

static const char *const prefixes[VC_EVENT_N_SPACES] = {
  [VC_EVENT_SPACE_PARTY] = "",
  [VC_EVENT_SPACE_CUSTOMER] = VC_EVENT_CUSTOMER_PREFIX,
  [VC_EVENT_SPACE_PERSON] = "person:",
};

static const VcEventRole named[] = {
  VC_EVENT_ROLE_PARTY, VC_EVENT_ROLE_CUSTOMER, VC_EVENT_ROLE_OWED_TO, VC_EVENT_ROLE_CLOSED_BY,
};

gboolean
vc_event_names_init (VcEventNames *self, const VcEvents *events)
{
  gboolean ok;

  *self = (VcEventNames) { .ids = vc_interner_new () };
  ok = self->ids != NULL;
  for (guint i = 0; i < G_N_ELEMENTS (named); i++) {
    self->codes[named[i]] = vc_buffer_new0 (gint32, vc_event_field_n_labels (&events->fields[named[i]]));
    ok = ok && self->codes[named[i]] != NULL;
  }
  return ok;
}

void
vc_event_names_clear (VcEventNames *self)
{
  g_clear_pointer (&self->ids, vc_interner_free);
  vc_buffer_free (self->spaces);
  for (guint i = 0; i < VC_EVENT_N_ROLES; i++)
    vc_buffer_free (self->codes[i]);
  *self = (VcEventNames) { NULL };
}

/* Room for the space of one more id. */
static gboolean
reserve (VcEventNames *self)
{
  gsize n = vc_interner_size (self->ids), capacity = MAX (64, 2 * n);
  guint8 *moved;

  if (n < self->capacity)
    return TRUE;
  moved = vc_buffer_realloc (self->spaces, self->capacity, capacity, 1);
  if (moved == NULL)
    return FALSE;
  self->spaces = moved;
  self->capacity = capacity;
  return TRUE;
}

gint32
vc_event_names_add (VcEventNames *self, VcEventSpace space, const char *text, gsize length)
{
  const gsize prefix_length = strlen (prefixes[space]);
  VC_BUFFER (char) id = vc_buffer_new (char, prefix_length + length);
  guint32 n = vc_interner_size (self->ids);
  gint32 code;

  if (id == NULL || !reserve (self))
    return -1;
  memcpy (id, prefixes[space], prefix_length);
  memcpy (id + prefix_length, text, length);
  code = vc_interner_add (self->ids, id, prefix_length + length);
  if (code >= 0 && (guint32) code == n)
    self->spaces[code] = (guint8) (1 + space);
  self->clash = self->clash || (code >= 0 && self->spaces[code] != 1 + space);
  return code;
}

gint32
vc_event_names_of_row (VcEventNames *self, const VcEvents *events, VcEventRole role, VcEventSpace space, gsize row)
{
  const VcEventField *field = &events->fields[role];
  gint32 label = field->codes[row];
  gsize length;
  const char *text = vc_strings_peek (field->labels, (guint32) label, &length);

  if (self->codes[role][label] == 0)
    self->codes[role][label] = 1 + vc_event_names_add (self, space, text, length);
  return self->codes[role][label] - 1;
}

/* Whom flows name needs no row of its own. Somebody else with the same id keeps one, so that the builder tells. */
static void
forget_known (VcEventNames *self, const VcEvents *events, const VcEventFlows *flows)
{
  static const struct {
    VcEventRole  role;
    VcEventSpace space;
  } known[] = { { VC_EVENT_ROLE_PARTY, VC_EVENT_SPACE_PARTY }, { VC_EVENT_ROLE_CUSTOMER, VC_EVENT_SPACE_CUSTOMER } };
  gsize bit = 0;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    const VcEventField *field = &events->fields[known[i].role];
    g_autoptr (GString) id = g_string_new (NULL);

    for (guint32 label = 0; label < vc_event_field_n_labels (field); label++, bit++) {
      gsize length;
      const char *text = vc_strings_peek (field->labels, label, &length);
      gint32 code;

      if (!vc_bit_is_set (flows->seen, bit))
        continue;
      g_string_assign (id, prefixes[known[i].space]);
      g_string_append_len (id, text, (gssize) length);
      code = vc_interner_lookup (self->ids, id->str, id->len);
      if (code >= 0 && self->spaces[code] == 1 + known[i].space)
        self->spaces[code] = 0;
    }
  }
}

static VcTable *
make_parties (const VcEventNames *self, VcStrings *ids, VcPartyKind party_kind)
{
  const gint32 kinds[VC_EVENT_N_SPACES] = { (gint32) party_kind, VC_PARTY_KIND_CUSTOMER, VC_PARTY_KIND_PERSON };
  g_autoptr (VcStrings) words = vc_words_to_labels (vc_party_kind_words);
  VC_BUFFER (gint32) codes = vc_buffer_new (gint32, ids->n_labels);
  VC_BUFFER (gint32) kind = vc_buffer_new (gint32, ids->n_labels);
  VcColumn *columns[2];
  gsize n = 0;

  if (words == NULL || codes == NULL || kind == NULL)
    return NULL;
  for (guint32 i = 0; i < ids->n_labels; i++) {
    if (self->spaces[i] == 0)
      continue;
    codes[n] = (gint32) i;
    kind[n++] = kinds[self->spaces[i] - 1];
  }
  columns[0] = vc_column_new_take ("id", VC_COLUMN_TYPE_TEXT, n, g_steal_pointer (&codes), NULL, ids);
  columns[1] = vc_column_new_take ("kind", VC_COLUMN_TYPE_TEXT, n, g_steal_pointer (&kind), NULL, words);
  return vc_table_new_take ("parties", columns, 2);
}

VcStrings *
vc_event_names_finish (VcEventNames *self, const VcEvents *events, const VcEventFlows *flows, VcPartyKind party_kind,
                       VcTable **parties)
{
  g_autoptr (VcStrings) ids = NULL;

  forget_known (self, events, flows);
  ids = vc_interner_finish (self->ids);
  *parties = ids != NULL ? make_parties (self, ids, party_kind) : NULL;
  return *parties != NULL ? g_steal_pointer (&ids) : NULL;
}
