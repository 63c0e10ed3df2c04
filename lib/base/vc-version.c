/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-version.h"

/**
 * vc_get_major_version:
 *
 * The major version of the library in use, which may be newer than the one compiled against.
 *
 * Returns: the version
 */
guint
vc_get_major_version (void)
{
  return VC_MAJOR_VERSION;
}

/**
 * vc_get_minor_version:
 *
 * The minor version of the library in use.
 *
 * Returns: the version
 */
guint
vc_get_minor_version (void)
{
  return VC_MINOR_VERSION;
}

/**
 * vc_get_micro_version:
 *
 * The micro version of the library in use.
 *
 * Returns: the version
 */
guint
vc_get_micro_version (void)
{
  return VC_MICRO_VERSION;
}

/**
 * vc_get_version:
 *
 * The version of the library in use, as "MAJOR.MINOR.MICRO".
 *
 * Returns: the version
 */
const char *
vc_get_version (void)
{
  return VC_VERSION_S;
}
