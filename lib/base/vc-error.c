/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-error.h"

/**
 * vc_import_error_quark:
 *
 * The domain of errors in what comes in: files, tables, records. Its codes are #VcImportError.
 *
 * Returns: a quark
 */
G_DEFINE_QUARK (vc-import-error-quark, vc_import_error)

/**
 * vc_measure_error_quark:
 *
 * The domain of errors in what is computed: options, solvers, conservation. Its codes are #VcMeasureError.
 *
 * Returns: a quark
 */
G_DEFINE_QUARK (vc-measure-error-quark, vc_measure_error)

/**
 * vc_save_error_quark:
 *
 * The domain of errors in what was saved all the same. Its codes are #VcSaveError.
 *
 * Returns: a quark
 */
G_DEFINE_QUARK (vc-save-error-quark, vc_save_error)
