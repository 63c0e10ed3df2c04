/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-measure.h"

G_BEGIN_DECLS

/* The options of a measure as a{sv} (floating): each readable and writable property of its type and parents up to VcMeasure. */
GVariant *vc_measure_options_to_variant (VcMeasure *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
