/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "random-chain.h"

#include <criterion/criterion.h>
#include <string.h>

typedef struct {
  GRand     *random;
  GPtrArray *columns;
  guint      n_parties;
  gsize      n; /* rows of the table that is being made */
} Maker;

static guint
pick (Maker *self, guint n)
{
  return (guint) g_rand_int_range (self->random, 0, (gint32) n);
}

/* Every third column has no nulls, and some have nothing else. */
static GBytes *
make_validity (Maker *self)
{
  g_autofree guint8 *bits = g_malloc0 (self->n / 8 + 1);
  const guint way = pick (self, 3);

  for (gsize i = 0; i < self->n; i++)
    if (way == 0 || pick (self, way * 4) > 3)
      bits[i / 8] |= (guint8) (1 << i % 8);
  return g_bytes_new (bits, self->n / 8 + 1);
}

static void
add_numbers (Maker *self, const char *name, VcColumnType type, gboolean attribute)
{
  g_autofree gint64 *values = g_new0 (gint64, self->n + 1);
  g_autoptr (GBytes) bytes = NULL, validity = attribute ? make_validity (self) : NULL;

  for (gsize i = 0; i < self->n; i++) {
    const double number = (pick (self, 3) == 0 ? 1 : g_rand_double (self->random)) * (1 + pick (self, 1000));

    if (type == VC_COLUMN_TYPE_DOUBLE)
      memcpy (&values[i], &number, sizeof number);
    else
      values[i]
        = ((gint64) g_rand_int (self->random) << 20) - (attribute && pick (self, 2) ? G_GINT64_CONSTANT (1) << 51 : 0);
  }
  bytes = g_bytes_new (values, self->n * sizeof *values);
  g_ptr_array_add (self->columns, vc_column_new_from_bytes (name, type, bytes, validity, NULL));
}

static void
add_booleans (Maker *self, const char *name)
{
  g_autofree guint8 *values = g_malloc0 (self->n + 1);
  g_autoptr (GBytes) bytes = NULL, validity = make_validity (self);

  for (gsize i = 0; i < self->n; i++)
    values[i] = pick (self, 2) != 0;
  bytes = g_bytes_new (values, self->n);
  g_ptr_array_add (self->columns, vc_column_new_from_bytes (name, VC_COLUMN_TYPE_BOOLEAN, bytes, validity, NULL));
}

/* Texts with a number below `n_labels` in the place of "#"; where there are as many as rows, a row's own. */
static void
add_texts (Maker *self, const char *name, const char *format, guint n_labels, gboolean attribute)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) labels = NULL;
  g_autofree gint32 *codes = g_new0 (gint32, self->n + 1);
  g_autoptr (GBytes) bytes = NULL, validity = attribute ? make_validity (self) : NULL;

  for (guint i = 0; i < n_labels; i++) {
    g_autofree char *number = g_strdup_printf ("%u", i);
    g_auto (GStrv) parts = g_strsplit (format, "#", 2);
    g_autofree char *label = g_strjoinv (number, parts);

    g_strv_builder_add (builder, label);
  }
  labels = g_strv_builder_end (builder);
  for (gsize i = 0; i < self->n; i++)
    codes[i] = (gint32) (n_labels == self->n && !attribute ? i : pick (self, n_labels));
  bytes = g_bytes_new (codes, self->n * sizeof *codes);
  g_ptr_array_add (self->columns, vc_column_new_coded (name, bytes, (const char *const *) labels, validity, NULL));
}

static void
add_words (Maker *self, const char *name, const char *const *words, guint n_words, guint n_last)
{
  g_autofree gint32 *codes = g_new0 (gint32, self->n + 1);
  g_autoptr (GBytes) bytes = NULL;

  for (gsize i = 0; i < self->n; i++)
    codes[i] = (gint32) (i + n_last >= self->n ? 0 : pick (self, n_words));
  bytes = g_bytes_new (codes, self->n * sizeof *codes);
  g_ptr_array_add (self->columns, vc_column_new_coded (name, bytes, words, NULL, NULL));
}

static void
add_attributes (Maker *self)
{
  add_numbers (self, "x", VC_COLUMN_TYPE_DOUBLE, TRUE);
  add_numbers (self, "X", VC_COLUMN_TYPE_INT64, TRUE);
  add_numbers (self, "since \"when\"", VC_COLUMN_TYPE_TIME, TRUE);
  add_booleans (self, "; DROP TABLE flow; --");
  add_texts (self, "a name that is longer than what a view shows of it", "'#\n\xf0\x9f\x98\x80", 7, TRUE);
}

static VcTable *
finish (Maker *self)
{
  VcTable *table;

  for (guint i = 0; i < self->columns->len; i++)
    cr_assert_not_null (self->columns->pdata[i]);
  table = vc_table_new ("random", (VcColumn **) self->columns->pdata, self->columns->len, NULL);
  g_ptr_array_set_size (self->columns, 0);
  cr_assert_not_null (table);
  return table;
}

static void
add_parties (Maker *self, VcChainBuilder *builder)
{
  static const char *const kinds[] = { "customer", "unit", "person", "supplier", NULL };
  g_autoptr (VcTable) table = NULL;

  self->n = self->n_parties;
  add_texts (self, "id", "p#", self->n_parties, FALSE);
  add_words (self, "kind", kinds, 4, 1);
  add_texts (self, "name", "Name, #", 9, TRUE);
  add_numbers (self, "effort", VC_COLUMN_TYPE_DOUBLE, FALSE);
  add_attributes (self);
  table = finish (self);
  vc_chain_builder_add_parties (builder, table, NULL);
}

static void
add_flows (Maker *self, VcChainBuilder *builder, guint size)
{
  static const char *const kinds[] = { "work", "information", "instruction", NULL };
  g_autoptr (VcTable) table = NULL;

  self->n = pick (self, size * 4) + 1;
  add_words (self, "kind", kinds, 3, 0);
  add_numbers (self, "amount", VC_COLUMN_TYPE_DOUBLE, FALSE);
  if (pick (self, 2))
    add_numbers (self, "at", VC_COLUMN_TYPE_TIME, FALSE);
  if (pick (self, 2))
    add_texts (self, "case", "case #", 1 + size / 2, TRUE);
  add_attributes (self);
  add_texts (self, "from", "p#", self->n_parties, FALSE);
  add_texts (self, "to", "p#", self->n_parties, FALSE);
  table = finish (self);
  vc_chain_builder_add_flows (builder, table, NULL);
}

static void
add_receipts (Maker *self, VcChainBuilder *builder, guint size)
{
  g_autofree char *customer = g_strdup_printf ("p%u", self->n_parties - 1);

  for (guint i = pick (self, size); i > 0; i--)
    vc_chain_builder_add_receipt (builder, customer, g_rand_double (self->random) * 1e6 - 1e5);
}

static void
add_commitments (Maker *self, VcChainBuilder *builder, guint size)
{
  static const char *const states[] = { "open", "kept", "broken", "withdrawn", NULL };
  g_autoptr (VcTable) table = NULL;

  self->n = pick (self, size) + 1;
  add_texts (self, "from", "p#", self->n_parties, FALSE);
  add_texts (self, "to", "p#", self->n_parties, FALSE);
  add_texts (self, "what", "#", 5, TRUE);
  add_words (self, "state", states, 1, 0);
  add_attributes (self);
  table = finish (self);
  vc_chain_builder_add_commitments (builder, table, NULL);
}

VcChain *
random_chain (guint32 seed, guint size)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (GError) error = NULL;
  Maker maker = { .random = random, .columns = columns };
  VcChain *chain;

  maker.n_parties = pick (&maker, size) + 1;
  add_parties (&maker, builder);
  if (pick (&maker, 8))
    add_flows (&maker, builder, size);
  if (pick (&maker, 4))
    add_receipts (&maker, builder, size);
  if (pick (&maker, 2))
    add_commitments (&maker, builder, size);
  if (pick (&maker, 2))
    vc_chain_builder_set_window (builder, pick (&maker, 2) ? G_MININT64 : -1,
                                 pick (&maker, 2) ? G_MAXINT64 : 1700000000000001);
  g_object_set (builder, "lenient", TRUE, "currency", pick (&maker, 2) ? "EUR" : NULL, "title",
                pick (&maker, 2) ? "It's" : NULL, NULL);
  chain = vc_chain_builder_build (builder, NULL, NULL, &error);
  cr_assert_not_null (chain, "%s", error != NULL ? error->message : "");
  return chain;
}
