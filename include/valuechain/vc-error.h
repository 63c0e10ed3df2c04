/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <glib.h>

#include <valuechain/vc-version-macros.h>

G_BEGIN_DECLS

/**
 * VcImportError:
 * @VC_IMPORT_ERROR_FAILED: anything that no other code describes
 * @VC_IMPORT_ERROR_EMPTY: the input has no content
 * @VC_IMPORT_ERROR_ENCODING: the text is not valid UTF-8
 * @VC_IMPORT_ERROR_NUL: a NUL byte stands inside a field
 * @VC_IMPORT_ERROR_UNCLOSED_QUOTE: a quote is opened and never closed
 * @VC_IMPORT_ERROR_STRAY_QUOTE: a quote or text stands where none may
 * @VC_IMPORT_ERROR_FIELD_COUNT: a row has fewer or more fields than the header
 * @VC_IMPORT_ERROR_HEADER: the header row lacks, repeats or confuses a name
 * @VC_IMPORT_ERROR_NUMBER: a field is no number
 * @VC_IMPORT_ERROR_RANGE: a number or time is outside what can be represented or is allowed
 * @VC_IMPORT_ERROR_TIME: a field is no time
 * @VC_IMPORT_ERROR_VALUE: a field is none of the words allowed there
 * @VC_IMPORT_ERROR_MISSING: a required value, column or file is missing
 * @VC_IMPORT_ERROR_DUPLICATE: an id stands twice
 * @VC_IMPORT_ERROR_REFERENCE: an id names no known party
 * @VC_IMPORT_ERROR_CYCLE: units or parties contain each other in a circle
 * @VC_IMPORT_ERROR_FORMAT: the input is not of the format it claims or is expected to be
 * @VC_IMPORT_ERROR_LIMIT: the input is larger than a limit of #VcLimits
 * @VC_IMPORT_ERROR_NO_MEMORY: memory for the input could not be had
 * @VC_IMPORT_ERROR_CORRUPT: a binary file is damaged or cut off
 * @VC_IMPORT_ERROR_CONTRADICTION: a record says two things that cannot both be true
 *
 * What is wrong with an input.
 *
 * The message names the file, the line, the column and the field where they are known, and never the content of the
 * field: it may be personal.
 */
typedef enum {
  VC_IMPORT_ERROR_FAILED,
  VC_IMPORT_ERROR_EMPTY,
  VC_IMPORT_ERROR_ENCODING,
  VC_IMPORT_ERROR_NUL,
  VC_IMPORT_ERROR_UNCLOSED_QUOTE,
  VC_IMPORT_ERROR_STRAY_QUOTE,
  VC_IMPORT_ERROR_FIELD_COUNT,
  VC_IMPORT_ERROR_HEADER,
  VC_IMPORT_ERROR_NUMBER,
  VC_IMPORT_ERROR_RANGE,
  VC_IMPORT_ERROR_TIME,
  VC_IMPORT_ERROR_VALUE,
  VC_IMPORT_ERROR_MISSING,
  VC_IMPORT_ERROR_DUPLICATE,
  VC_IMPORT_ERROR_REFERENCE,
  VC_IMPORT_ERROR_CYCLE,
  VC_IMPORT_ERROR_FORMAT,
  VC_IMPORT_ERROR_LIMIT,
  VC_IMPORT_ERROR_NO_MEMORY,
  VC_IMPORT_ERROR_CORRUPT,
  VC_IMPORT_ERROR_CONTRADICTION,
} VcImportError;

#define VC_IMPORT_ERROR (vc_import_error_quark ())

VC_AVAILABLE_IN_ALL
GQuark vc_import_error_quark (void);

/**
 * VcMeasureError:
 * @VC_MEASURE_ERROR_FAILED: anything that no other code describes
 * @VC_MEASURE_ERROR_UNKNOWN: no measure, table, option or party has that name
 * @VC_MEASURE_ERROR_OPTION: an option has a value that it cannot have
 * @VC_MEASURE_ERROR_NOT_FINITE: a number that goes in or comes out is not finite
 * @VC_MEASURE_ERROR_NO_CONVERGENCE: a solver did not reach its tolerance in the iterations allowed
 * @VC_MEASURE_ERROR_CONSERVATION: a result contradicts a law of conservation
 * @VC_MEASURE_ERROR_LIMIT: the problem is larger than can be counted
 * @VC_MEASURE_ERROR_NO_MEMORY: memory for the computation could not be had
 * @VC_MEASURE_ERROR_UNSUPPORTED: the measure cannot do what it was asked for
 *
 * Why a score could not be computed at all.
 *
 * A single figure that is undefined is no error: it is null, with a #VcStatus.
 */
typedef enum {
  VC_MEASURE_ERROR_FAILED,
  VC_MEASURE_ERROR_UNKNOWN,
  VC_MEASURE_ERROR_OPTION,
  VC_MEASURE_ERROR_NOT_FINITE,
  VC_MEASURE_ERROR_NO_CONVERGENCE,
  VC_MEASURE_ERROR_CONSERVATION,
  VC_MEASURE_ERROR_LIMIT,
  VC_MEASURE_ERROR_NO_MEMORY,
  VC_MEASURE_ERROR_UNSUPPORTED,
} VcMeasureError;

#define VC_MEASURE_ERROR (vc_measure_error_quark ())

VC_AVAILABLE_IN_ALL
GQuark vc_measure_error_quark (void);

/**
 * VcSaveError:
 * @VC_SAVE_ERROR_NOT_DURABLE: the new file or folder is in place, whole, but that it stands there could not be made
 *   durable, nor taken back: after a power cut what stood there before may stand there again
 *
 * What may be wrong with what was saved.
 *
 * Any other error of a save, of whatever domain, says that what stood at its target stands there still.
 */
typedef enum {
  VC_SAVE_ERROR_NOT_DURABLE,
} VcSaveError;

#define VC_SAVE_ERROR (vc_save_error_quark ())

VC_AVAILABLE_IN_ALL
GQuark vc_save_error_quark (void);

G_END_DECLS
