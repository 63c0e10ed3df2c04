/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-measure-private.h"

#include "base/vc-buffer-private.h"
#include "table/vc-number-private.h"
#include "table/vc-table-private.h"
#include "valuechain/vc-error.h"

#include <string.h>

/* Options are few, as many as somebody wrote properties: they are held in ordinary GLib containers. */

static gboolean
is_option (GParamSpec *pspec)
{
  const GParamFlags needed = G_PARAM_READABLE | G_PARAM_WRITABLE;

  return (pspec->flags & needed) == needed && (pspec->flags & G_PARAM_CONSTRUCT_ONLY) == 0 &&
         pspec->owner_type != VC_TYPE_MEASURE && g_type_is_a (pspec->owner_type, VC_TYPE_MEASURE);
}

/* In the order in which they were declared, a parent's first. */
static GPtrArray *
list_pspecs (VcMeasure *self)
{
  guint n_pspecs = 0;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (self), &n_pspecs);
  GPtrArray *options = g_ptr_array_new ();

  for (guint i = 0; i < n_pspecs; i++)
    if (is_option (pspecs[i]))
      g_ptr_array_add (options, pspecs[i]);
  return options;
}

static char *
double_to_text (double value)
{
  char buffer[VC_NUMBER_SIZE];

  return g_strndup (buffer, vc_format_double (value, buffer));
}

static char *
enum_to_text (const GValue *value)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (G_VALUE_TYPE (value));
  GEnumValue *member = g_enum_get_value (klass, g_value_get_enum (value));

  return g_strdup (member != NULL ? member->value_nick : NULL);
}

static char *
value_to_text (const GValue *value)
{
  g_auto (GValue) text = G_VALUE_INIT;

  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value))) {
    case G_TYPE_BOOLEAN:
      return g_strdup (g_value_get_boolean (value) ? "true" : "false");
    case G_TYPE_DOUBLE:
      return double_to_text (g_value_get_double (value));
    case G_TYPE_ENUM:
      return enum_to_text (value);
    default:
      g_value_init (&text, G_TYPE_STRING);
      return g_value_transform (value, &text) ? g_value_dup_string (&text) : NULL;
  }
}

static GVariant *
value_to_variant (const GValue *value)
{
  g_auto (GValue) integer = G_VALUE_INIT;
  g_autofree char *text = NULL;

  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value))) {
    case G_TYPE_BOOLEAN:
      return g_variant_new_boolean (g_value_get_boolean (value));
    case G_TYPE_DOUBLE:
      return g_variant_new_double (g_value_get_double (value));
    case G_TYPE_INT:
    case G_TYPE_INT64:
      g_value_init (&integer, G_TYPE_INT64);
      g_value_transform (value, &integer);
      return g_variant_new_int64 (g_value_get_int64 (&integer));
    case G_TYPE_UINT:
    case G_TYPE_UINT64:
      g_value_init (&integer, G_TYPE_UINT64);
      g_value_transform (value, &integer);
      return g_variant_new_uint64 (g_value_get_uint64 (&integer));
    default:
      text = value_to_text (value);
      return text != NULL ? g_variant_new_string (text) : NULL;
  }
}

GVariant *
vc_measure_options_to_variant (VcMeasure *self)
{
  g_autoptr (GPtrArray) pspecs = list_pspecs (self);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < pspecs->len; i++) {
    GParamSpec *pspec = g_ptr_array_index (pspecs, i);
    g_auto (GValue) value = G_VALUE_INIT;
    GVariant *variant;

    g_object_get_property (G_OBJECT (self), pspec->name, &value);
    variant = value_to_variant (&value);
    g_variant_builder_add (&builder, "{sv}", pspec->name, variant != NULL ? variant : g_variant_new ("ms", NULL));
  }
  return g_variant_builder_end (&builder);
}

/* What the range of an option is, as text; NULL where its type has none. */
static void
describe_range (GParamSpec *pspec, char **minimum, char **maximum)
{
  *minimum = *maximum = NULL;
  if (G_IS_PARAM_SPEC_INT (pspec)) {
    *minimum = g_strdup_printf ("%d", G_PARAM_SPEC_INT (pspec)->minimum);
    *maximum = g_strdup_printf ("%d", G_PARAM_SPEC_INT (pspec)->maximum);
  } else if (G_IS_PARAM_SPEC_UINT (pspec)) {
    *minimum = g_strdup_printf ("%u", G_PARAM_SPEC_UINT (pspec)->minimum);
    *maximum = g_strdup_printf ("%u", G_PARAM_SPEC_UINT (pspec)->maximum);
  } else if (G_IS_PARAM_SPEC_INT64 (pspec)) {
    *minimum = g_strdup_printf ("%" G_GINT64_FORMAT, G_PARAM_SPEC_INT64 (pspec)->minimum);
    *maximum = g_strdup_printf ("%" G_GINT64_FORMAT, G_PARAM_SPEC_INT64 (pspec)->maximum);
  } else if (G_IS_PARAM_SPEC_UINT64 (pspec)) {
    *minimum = g_strdup_printf ("%" G_GUINT64_FORMAT, G_PARAM_SPEC_UINT64 (pspec)->minimum);
    *maximum = g_strdup_printf ("%" G_GUINT64_FORMAT, G_PARAM_SPEC_UINT64 (pspec)->maximum);
  } else if (G_IS_PARAM_SPEC_DOUBLE (pspec)) {
    *minimum = double_to_text (G_PARAM_SPEC_DOUBLE (pspec)->minimum);
    *maximum = double_to_text (G_PARAM_SPEC_DOUBLE (pspec)->maximum);
  }
}

static char *
list_nicks (GType type)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (type);
  g_autoptr (GString) nicks = g_string_new (NULL);

  for (guint i = 0; i < klass->n_values; i++)
    g_string_append_printf (nicks, "%s%s", i > 0 ? ", " : "", klass->values[i].value_nick);
  return g_string_free (g_steal_pointer (&nicks), FALSE);
}

/* What a value must be, for messages and for the table of options. */
static char *
describe_type (GParamSpec *pspec)
{
  switch (G_TYPE_FUNDAMENTAL (pspec->value_type)) {
    case G_TYPE_BOOLEAN:
      return g_strdup ("true, false");
    case G_TYPE_INT:
    case G_TYPE_UINT:
    case G_TYPE_INT64:
    case G_TYPE_UINT64:
      return g_strdup ("integer");
    case G_TYPE_DOUBLE:
      return g_strdup ("number");
    case G_TYPE_ENUM:
      return list_nicks (pspec->value_type);
    case G_TYPE_STRING:
      return g_strdup ("text");
    default:
      return g_strdup (g_type_name (pspec->value_type));
  }
}

static gboolean
enum_from_text (const char *text, GValue *value)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (G_VALUE_TYPE (value));
  GEnumValue *member = g_enum_get_value_by_nick (klass, text);

  if (member != NULL)
    g_value_set_enum (value, member->value);
  return member != NULL;
}

static gboolean
boolean_from_text (const char *text, GValue *value)
{
  g_value_set_boolean (value, g_str_equal (text, "true"));
  return g_str_equal (text, "true") || g_str_equal (text, "false");
}

static gboolean
double_from_text (const char *text, GValue *value)
{
  double number;

  if (vc_parse_double (text, strlen (text), &number) != VC_PARSE_OK)
    return FALSE;
  g_value_set_double (value, number);
  return TRUE;
}

static gboolean
signed_from_text (const char *text, GValue *value)
{
  gint64 number;

  if (vc_parse_int64 (text, strlen (text), &number) != VC_PARSE_OK)
    return FALSE;
  if (G_VALUE_HOLDS_INT64 (value))
    g_value_set_int64 (value, number);
  else if (number >= G_MININT && number <= G_MAXINT)
    g_value_set_int (value, (int) number);
  else
    return FALSE;
  return TRUE;
}

static gboolean
unsigned_from_text (const char *text, GValue *value)
{
  guint64 number;

  if ((text[0] == '0' && text[1] != '\0') || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &number, NULL))
    return FALSE;
  if (G_VALUE_HOLDS_UINT64 (value))
    g_value_set_uint64 (value, number);
  else if (number <= G_MAXUINT)
    g_value_set_uint (value, (guint) number);
  else
    return FALSE;
  return TRUE;
}

static gboolean
string_from_text (const char *text, GValue *value)
{
  g_value_set_string (value, text);
  return g_utf8_validate (text, -1, NULL);
}

/* Strictly: no blanks, no sign before what has none, no other base. FALSE where the text is no value of the type. */
static gboolean
value_from_text (const char *text, GValue *value)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value))) {
    case G_TYPE_BOOLEAN:
      return boolean_from_text (text, value);
    case G_TYPE_INT:
    case G_TYPE_INT64:
      return signed_from_text (text, value);
    case G_TYPE_UINT:
    case G_TYPE_UINT64:
      return unsigned_from_text (text, value);
    case G_TYPE_DOUBLE:
      return double_from_text (text, value);
    case G_TYPE_ENUM:
      return enum_from_text (text, value);
    case G_TYPE_STRING:
      return string_from_text (text, value);
    default:
      return FALSE;
  }
}

static char *
list_names (GPtrArray *pspecs)
{
  g_autoptr (GString) names = g_string_new ("threads");

  for (guint i = 0; i < pspecs->len; i++)
    g_string_append_printf (names, ", %s", ((GParamSpec *) g_ptr_array_index (pspecs, i))->name);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static GParamSpec *
find_option (VcMeasure *self, const char *name, GError **error)
{
  g_autoptr (GPtrArray) pspecs = list_pspecs (self);
  g_autofree char *names = NULL;
  g_autofree char *asked = NULL;

  if (g_str_equal (name, "threads"))
    return g_object_class_find_property (G_OBJECT_GET_CLASS (self), name);
  for (guint i = 0; i < pspecs->len; i++) {
    GParamSpec *pspec = g_ptr_array_index (pspecs, i);

    if (g_str_equal (pspec->name, name))
      return pspec;
  }
  names = list_names (pspecs);
  asked = g_utf8_make_valid (name, -1);
  g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_UNKNOWN, "measure \"%s\" has no option \"%s\"; it has: %s",
               vc_measure_get_name (self), asked, names);
  return NULL;
}

static void
set_option_error (VcMeasure *self, GParamSpec *pspec, GError **error)
{
  g_autofree char *type = describe_type (pspec);
  g_autofree char *minimum = NULL;
  g_autofree char *maximum = NULL;

  describe_range (pspec, &minimum, &maximum);
  if (minimum != NULL)
    g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION,
                 "option \"%s\" of measure \"%s\" must be: %s from %s to %s", pspec->name, vc_measure_get_name (self),
                 type, minimum, maximum);
  else
    g_set_error (error, VC_MEASURE_ERROR, VC_MEASURE_ERROR_OPTION, "option \"%s\" of measure \"%s\" must be: %s",
                 pspec->name, vc_measure_get_name (self), type);
}

/**
 * vc_measure_set_option:
 * @self: a measure
 * @name: the name of an option, or "threads"
 * @value: the value as text: a number, a word of an enumeration, `true` or `false`
 * @error: return location for an error
 *
 * Sets an option from text, as on a command line. Numbers are read in the same way in every locale.
 *
 * Fails with %VC_MEASURE_ERROR_UNKNOWN where there is no such option and with %VC_MEASURE_ERROR_OPTION where it
 * cannot have that value; the measure is unchanged then.
 *
 * Returns: %TRUE if the option is set
 */
gboolean
vc_measure_set_option (VcMeasure *self, const char *name, const char *value, GError **error)
{
  g_auto (GValue) parsed = G_VALUE_INIT;
  GParamSpec *pspec;

  g_return_val_if_fail (VC_IS_MEASURE (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  pspec = find_option (self, name, error);
  if (pspec == NULL)
    return FALSE;
  g_value_init (&parsed, pspec->value_type);
  /* Validation answers whether it had to change the value: then that was out of range. */
  if (!value_from_text (value, &parsed) || g_param_value_validate (pspec, &parsed)) {
    set_option_error (self, pspec, error);
    return FALSE;
  }
  g_object_set_property (G_OBJECT (self), pspec->name, &parsed);
  return TRUE;
}

enum {
  NAME,
  TYPE,
  DEFAULT,
  VALUE,
  MINIMUM,
  MAXIMUM,
  DESCRIPTION,
  N_COLUMNS
};

static void
add_option (VcMeasure *self, GParamSpec *pspec, GPtrArray *cells[N_COLUMNS])
{
  g_auto (GValue) value = G_VALUE_INIT;
  const char *blurb = g_param_spec_get_blurb (pspec);
  char *minimum, *maximum;

  g_object_get_property (G_OBJECT (self), pspec->name, &value);
  describe_range (pspec, &minimum, &maximum);
  g_ptr_array_add (cells[NAME], g_strdup (pspec->name));
  g_ptr_array_add (cells[TYPE], describe_type (pspec));
  g_ptr_array_add (cells[DEFAULT], value_to_text (g_param_spec_get_default_value (pspec)));
  g_ptr_array_add (cells[VALUE], value_to_text (&value));
  g_ptr_array_add (cells[MINIMUM], minimum);
  g_ptr_array_add (cells[MAXIMUM], maximum);
  g_ptr_array_add (cells[DESCRIPTION], blurb != NULL && blurb[0] != '\0' ? g_strdup (blurb) : NULL);
}

/* NULL is null. */
static VcColumn *
make_column (const char *name, GPtrArray *cells)
{
  g_autoptr (VcInterner) interner = vc_interner_new ();
  g_autoptr (VcStrings) labels = NULL;
  VC_BUFFER (gint32) codes = vc_buffer_new0 (gint32, cells->len);
  VC_BUFFER (guint8) validity = vc_buffer_new0 (guint8, cells->len / 8 + 1);

  if (interner == NULL || codes == NULL || validity == NULL)
    return NULL;
  for (guint i = 0; i < cells->len; i++) {
    const char *cell = g_ptr_array_index (cells, i);
    gint32 code = vc_interner_add (interner, cell != NULL ? cell : "", cell != NULL ? strlen (cell) : 0);

    if (code < 0)
      return NULL;
    codes[i] = code;
    if (cell != NULL)
      vc_bit_set (validity, i);
  }
  labels = vc_interner_finish (interner);
  if (labels == NULL)
    return NULL;
  return vc_column_new_take (name, VC_COLUMN_TYPE_TEXT, cells->len, g_steal_pointer (&codes),
                             g_steal_pointer (&validity), labels);
}

/**
 * vc_measure_list_options:
 * @self: a measure
 *
 * What can be set about a measure, as a table "options" with a row for each option and the columns name, type (or the
 * words that are allowed), default, value, minimum, maximum and description. All are text, null where an option has
 * no such thing.
 *
 * Returns: (transfer full) (nullable): a table, or %NULL if memory for it could not be had
 */
VcTable *
vc_measure_list_options (VcMeasure *self)
{
  static const char *const names[N_COLUMNS]
    = { "name", "type", "default", "value", "minimum", "maximum", "description" };
  g_autoptr (GPtrArray) pspecs = NULL;
  GPtrArray *cells[N_COLUMNS];
  VcColumn *columns[N_COLUMNS];

  g_return_val_if_fail (VC_IS_MEASURE (self), NULL);

  pspecs = list_pspecs (self);
  for (guint i = 0; i < N_COLUMNS; i++)
    cells[i] = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < pspecs->len; i++)
    add_option (self, g_ptr_array_index (pspecs, i), cells);
  for (guint i = 0; i < N_COLUMNS; i++) {
    columns[i] = make_column (names[i], cells[i]);
    g_ptr_array_unref (cells[i]);
  }
  return vc_table_new_take ("options", columns, N_COLUMNS);
}
