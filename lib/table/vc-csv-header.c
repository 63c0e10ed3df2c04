/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "vc-csv-private.h"

/* What a name looks like: without what is not seen (white space around it, zero-width and other format characters), in
 * one Unicode form and one case. Two names that look alike are one name written wrongly. */
static char *
skeleton (const char *name)
{
  g_autofree char *form = g_utf8_normalize (name, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *folded = g_utf8_casefold (form, -1);
  g_autoptr (GString) seen = g_string_new (NULL);

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (g_unichar_type (c) != G_UNICODE_FORMAT && !g_unichar_isspace (c))
      g_string_append_unichar (seen, c);
  }
  return g_utf8_normalize (seen->str, -1, G_NORMALIZE_ALL_COMPOSE);
}

static gboolean
refuse (VcCsvProblem *problem, VcImportError code, const char *what, const char *declared, const VcCsvName *place)
{
  *problem = (VcCsvProblem) { .found = TRUE,
                             .code = code,
                             .what = what,
                             .field = -1,
                             .name = declared,
                             .line = place->line,
                             .column = place->column };
  return FALSE;
}

/* The declaration that a name is, or (`alike`) only looks like; or NULL. */
static const VcCsvDeclared *
find (const char *name, const VcCsvDeclared *declared, char *const *skeletons, guint n, gboolean *alike)
{
  g_autofree char *ours = skeleton (name);

  *alike = FALSE;
  for (guint i = 0; i < n; i++)
    if (strcmp (declared[i].name, name) == 0)
      return &declared[i];
  *alike = TRUE;
  for (guint i = 0; i < n; i++)
    if (strcmp (skeletons[i], ours) == 0)
      return &declared[i];
  return NULL;
}

static gboolean
has_field (const VcCsvPlan *self, const char *name)
{
  for (guint i = 0; i < self->n_fields; i++)
    if (strcmp (self->fields[i].name, name) == 0)
      return TRUE;
  return FALSE;
}

static void
add_field (VcCsvPlan *self, const VcCsvDeclared *declaration, const char *name, gboolean kept)
{
  self->fields[self->n_fields++] = (VcCsvField) {
    .name = g_strdup (name),
    .type = declaration != NULL ? declaration->type : VC_COLUMN_TYPE_TEXT,
    .declared = declaration != NULL,
    .required = declaration != NULL && declaration->required,
    .kept = kept,
  };
}

/* Fields get their names as they stand. What is skipped needs none: data frames are often written with a nameless first
 * column. */
static gboolean
take_names (VcCsvPlan *self, const VcCsvHeader *header, const VcCsvDeclared *declared, guint n_declared, gboolean skip,
            VcCsvProblem *problem)
{
  g_auto (GStrv) skeletons = g_new0 (char *, n_declared + 1);

  for (guint i = 0; i < n_declared; i++)
    skeletons[i] = skeleton (declared[i].name);
  for (guint i = 0; i < header->n; i++) {
    const VcCsvName *name = &header->names[i];
    gboolean alike;
    const VcCsvDeclared *declaration = find (name->text, declared, skeletons, n_declared, &alike);

    if (*name->text == '\0' && !skip)
      return refuse (problem, VC_IMPORT_ERROR_HEADER, "a column has no name", NULL, name);
    if (declaration != NULL && alike)
      return refuse (problem, VC_IMPORT_ERROR_HEADER,
                     "the name here differs from it only in case, spaces, Unicode form or characters that are not seen",
                     declaration->name, name);
    if (declaration != NULL && has_field (self, name->text))
      return refuse (problem, VC_IMPORT_ERROR_HEADER, "the column stands twice", declaration->name, name);
    add_field (self, declaration, name->text, declaration != NULL || !skip);
  }
  return TRUE;
}

/* A name that nobody asked for may stand twice: the second becomes NAME_2, or what is free. No name that stands in the
 * header is free. Each name goes on counting where it has been: with as many alike as there may be, to begin anew would
 * take a second. */
static void
rename_duplicates (VcCsvPlan *self)
{
  g_autoptr (GHashTable) first = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree guint *numbers = g_new0 (guint, MAX (self->n_fields, 1));

  for (guint i = self->n_fields; i-- > 0;)
    g_hash_table_replace (first, self->fields[i].name, &self->fields[i]);
  for (guint i = 0; i < self->n_fields; i++) {
    VcCsvField *field = &self->fields[i];
    VcCsvField *namesake = g_hash_table_lookup (first, field->name);
    g_autofree char *name = NULL;

    if (namesake == field)
      continue;
    name = g_steal_pointer (&field->name);
    while (field->name == NULL || g_hash_table_contains (first, field->name)) {
      g_free (field->name);
      field->name = g_strdup_printf ("%s_%u", name, ++numbers[namesake - self->fields] + 1);
    }
    g_hash_table_insert (first, field->name, field);
  }
}

gboolean
vc_csv_plan_set_header (VcCsvPlan *self, const VcCsvHeader *header, const VcCsvDeclared *declared, guint n_declared,
                        gboolean skip_undeclared, VcCsvProblem *problem)
{
  self->fields = g_new0 (VcCsvField, MAX (header->n, 1));
  if (!take_names (self, header, declared, n_declared, skip_undeclared, problem))
    return FALSE;
  for (guint i = 0; i < n_declared; i++)
    if (declared[i].required && !has_field (self, declared[i].name))
      return refuse (problem, VC_IMPORT_ERROR_MISSING, "the header has no such column", declared[i].name,
                     &header->names[0]);
  rename_duplicates (self);
  return TRUE;
}

void
vc_csv_plan_clear (VcCsvPlan *self)
{
  for (guint i = 0; i < self->n_fields; i++)
    g_free (self->fields[i].name);
  g_clear_pointer (&self->fields, g_free);
  self->n_fields = 0;
}
