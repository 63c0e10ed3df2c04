/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-measure.h"

G_BEGIN_DECLS

#define VC_MEASURE_MAX_THREADS 1024

/* The options of a measure as a{sv} (floating): each readable and writable property of its type and parents below
 * VcMeasure. Enumerations are their nicks. Types: b, x, t, d, s; an empty "ms" for what is not set. */
GVariant *vc_measure_options_to_variant (VcMeasure *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
