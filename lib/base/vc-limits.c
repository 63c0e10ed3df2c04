/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-limits.h"

/**
 * VcLimits:
 *
 * How large an input may be before it is refused.
 *
 * Every importer takes one. The defaults let pass what a large organisation exports in a year; a service that reads
 * files of strangers sets them lower. Each default is also the ceiling: a limit can be set down, never up.
 */

enum {
  PROP_0,
  PROP_MAX_FILE_SIZE,
  PROP_MAX_ROWS,
  PROP_MAX_COLUMNS,
  PROP_MAX_FIELD_SIZE,
  PROP_MAX_DECOMPRESSED_SIZE,
  PROP_MAX_COMPRESSION_RATIO,
  PROP_MAX_PARTIES,
  PROP_MAX_FLOWS,
  N_PROPS
};

struct _VcLimits
{
  GObject parent_instance;

  guint64 values[N_PROPS];
};

G_DEFINE_FINAL_TYPE (VcLimits, vc_limits, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
vc_limits_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  VcLimits *self = VC_LIMITS (object);

  if (prop_id > PROP_0 && prop_id < N_PROPS)
    g_value_set_uint64 (value, self->values[prop_id]);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
vc_limits_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  VcLimits *self = VC_LIMITS (object);

  if (prop_id > PROP_0 && prop_id < N_PROPS)
    self->values[prop_id] = g_value_get_uint64 (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
install (guint id, const char *name, guint64 ceiling)
{
  properties[id] = g_param_spec_uint64 (name, NULL, NULL, 0, ceiling, ceiling,
                                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
}

static void
vc_limits_class_init (VcLimitsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = vc_limits_get_property;
  object_class->set_property = vc_limits_set_property;

  /**
   * VcLimits:max-file-size:
   *
   * The largest size of a file, in bytes. Default and ceiling: 16 GiB.
   */
  install (PROP_MAX_FILE_SIZE, "max-file-size", G_GUINT64_CONSTANT (16) << 30);

  /**
   * VcLimits:max-rows:
   *
   * The most rows of a table. Default and ceiling: 100,000,000.
   */
  install (PROP_MAX_ROWS, "max-rows", G_GUINT64_CONSTANT (100000000));

  /**
   * VcLimits:max-columns:
   *
   * The most columns of a table. Default and ceiling: 1,024.
   */
  install (PROP_MAX_COLUMNS, "max-columns", 1024);

  /**
   * VcLimits:max-field-size:
   *
   * The largest size of one field, in bytes. Default and ceiling: 1 MiB.
   */
  install (PROP_MAX_FIELD_SIZE, "max-field-size", 1 << 20);

  /**
   * VcLimits:max-decompressed-size:
   *
   * The largest size of what a compressed file unpacks to, in bytes. Default and ceiling: 16 GiB.
   */
  install (PROP_MAX_DECOMPRESSED_SIZE, "max-decompressed-size", G_GUINT64_CONSTANT (16) << 30);

  /**
   * VcLimits:max-compression-ratio:
   *
   * The largest size of what a compressed file of over 1 MiB unpacks to, as a multiple of its own. Default and ceiling:
   * 200.
   */
  install (PROP_MAX_COMPRESSION_RATIO, "max-compression-ratio", 200);

  /**
   * VcLimits:max-parties:
   *
   * The most parties of a chain. Default and ceiling: 100,000,000.
   */
  install (PROP_MAX_PARTIES, "max-parties", G_GUINT64_CONSTANT (100000000));

  /**
   * VcLimits:max-flows:
   *
   * The most flows of a chain, and the most pairs of each relation of an event log. Default and ceiling: 1,000,000,000.
   */
  install (PROP_MAX_FLOWS, "max-flows", G_GUINT64_CONSTANT (1000000000));

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vc_limits_init (VcLimits *self)
{
}

/**
 * vc_limits_new:
 *
 * Makes the default limits.
 *
 * Lower ones are given as properties when the object is made: `g_object_new (VC_TYPE_LIMITS, "max-rows", 1000, NULL)`.
 *
 * Returns: (transfer full): new limits
 */
VcLimits *
vc_limits_new (void)
{
  return g_object_new (VC_TYPE_LIMITS, NULL);
}

/**
 * vc_limits_get_max_file_size:
 * @self: limits
 *
 * The largest size of a file, in bytes.
 *
 * Returns: the limit
 */
guint64
vc_limits_get_max_file_size (VcLimits *self)
{
  g_return_val_if_fail (VC_IS_LIMITS (self), 0);

  return self->values[PROP_MAX_FILE_SIZE];
}

/**
 * vc_limits_get_max_rows:
 * @self: limits
 *
 * The most rows of a table.
 *
 * Returns: the limit
 */
guint64
vc_limits_get_max_rows (VcLimits *self)
{
  g_return_val_if_fail (VC_IS_LIMITS (self), 0);

  return self->values[PROP_MAX_ROWS];
}

/**
 * vc_limits_get_max_columns:
 * @self: limits
 *
 * The most columns of a table.
 *
 * Returns: the limit
 */
guint64
vc_limits_get_max_columns (VcLimits *self)
{
  g_return_val_if_fail (VC_IS_LIMITS (self), 0);

  return self->values[PROP_MAX_COLUMNS];
}

/**
 * vc_limits_get_max_field_size:
 * @self: limits
 *
 * The largest size of one field, in bytes.
 *
 * Returns: the limit
 */
guint64
vc_limits_get_max_field_size (VcLimits *self)
{
  g_return_val_if_fail (VC_IS_LIMITS (self), 0);

  return self->values[PROP_MAX_FIELD_SIZE];
}

/**
 * vc_limits_get_max_decompressed_size:
 * @self: limits
 *
 * The largest size of what a compressed file unpacks to, in bytes.
 *
 * Returns: the limit
 */
guint64
vc_limits_get_max_decompressed_size (VcLimits *self)
{
  g_return_val_if_fail (VC_IS_LIMITS (self), 0);

  return self->values[PROP_MAX_DECOMPRESSED_SIZE];
}

/**
 * vc_limits_get_max_compression_ratio:
 * @self: limits
 *
 * The largest size of what a compressed file of over 1 MiB unpacks to, as a multiple of its own.
 *
 * Returns: the limit
 */
guint64
vc_limits_get_max_compression_ratio (VcLimits *self)
{
  g_return_val_if_fail (VC_IS_LIMITS (self), 0);

  return self->values[PROP_MAX_COMPRESSION_RATIO];
}

/**
 * vc_limits_get_max_parties:
 * @self: limits
 *
 * The most parties of a chain.
 *
 * Returns: the limit
 */
guint64
vc_limits_get_max_parties (VcLimits *self)
{
  g_return_val_if_fail (VC_IS_LIMITS (self), 0);

  return self->values[PROP_MAX_PARTIES];
}

/**
 * vc_limits_get_max_flows:
 * @self: limits
 *
 * The most flows of a chain, and the most pairs of each relation of an event log.
 *
 * Returns: the limit
 */
guint64
vc_limits_get_max_flows (VcLimits *self)
{
  g_return_val_if_fail (VC_IS_LIMITS (self), 0);

  return self->values[PROP_MAX_FLOWS];
}
