/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-csv-reader.h"
#include "base/vc-input-private.h"
#include "valuechain/vc-error.h"
#include "vc-column-private.h"
#include "vc-number-private.h"

G_BEGIN_DECLS

/* How vc-csv-*.c read. A block of bytes that ends at the end of a record is cut at ends of records into lanes; lanes
 * are parsed side by side into scratch columns, and then each column takes over what the lanes found, in order of the
 * lanes. What comes out depends neither on the size of blocks nor on the number of lanes. */

/* Columns that somebody asked for. */
typedef struct {
  char        *name;
  VcColumnType type;
  gboolean     required;
} VcCsvDeclared;

/* A field of the header. */
typedef struct {
  char        *name;
  VcColumnType type;
  gboolean     declared;
  gboolean     required;
  gboolean     kept;
} VcCsvField;

/* What a file is read by. */
typedef struct {
  const char         *file; /* as messages call it */
  char                delimiter;
  const char         *missing;
  gsize               missing_length;
  const VcTimeFormat *time_format;
  int                 zone; /* minutes east of UTC, of times that do not say */
  gsize               max_field_size;
  guint               max_columns;
  guint               n_fields;
  VcCsvField         *fields;
} VcCsvPlan;

/* Something wrong at a place. Lines and columns count from 0, lines from the beginning of the lane, columns in bytes.
 */
typedef struct {
  gboolean      found;
  VcImportError code;
  const char   *what;
  int           field; /* -1: none */
  const char   *name;  /* of a declared column that is no field; or NULL */
  guint64       line;
  guint64       column;
} VcCsvProblem;

/* A field's values in a lane: of text the slices and of truth values bytes; the rows that are null in ascending order.
 * Slices of nulls are left out, other values are 0. */
typedef struct {
  union {
    gpointer any;
    double  *doubles;
    gint64  *int64s;
    VcSlice *slices;
    guint8  *bytes;
  };
  guint32 *nulls;
  gsize    n_nulls;
} VcCsvScratch;

/* From row `row` of the lane on, `lines` more lines than rows have passed. */
typedef struct {
  guint32 row;
  guint32 lines;
} VcCsvShift;

typedef struct {
  const VcCsvPlan *plan;
  char            *base;
  gsize            start;
  gsize            end;
  gboolean         partial; /* the last record goes on after the end */
  VcCsvScratch    *scratch; /* one for each field */
  guint            n_scratch;
  gsize            room;    /* in rows */
  gsize            n_rows;
  guint64          n_lines;
  VcCsvShift      *shifts;
  gsize            n_shifts;
  gsize            shifts_room;
  gsize            open;    /* where a quote that is still open at the end stands; G_MAXSIZE: none */
  VcCsvProblem     problem;
} VcCsvLane;

/* A name in the header, and its place. */
typedef struct {
  char   *text;
  guint64 line;
  guint64 column;
} VcCsvName;

typedef struct {
  VcCsvName *names;
  guint      n;
} VcCsvHeader;

gboolean vc_csv_lane_prepare     (VcCsvLane *self, const VcCsvPlan *plan, char *base, gsize start, gsize end);
void     vc_csv_lane_parse       (VcCsvLane *self);
/* Reads the first record that is no empty line; its end in `self->start`. FALSE: there is none, or a problem. */
gboolean vc_csv_lane_read_header (VcCsvLane *self, VcCsvHeader *header);
void     vc_csv_lane_clear       (VcCsvLane *self);
void     vc_csv_header_clear     (VcCsvHeader *self);
/* The end of the last record that ends within, or 0. */
gsize    vc_csv_last_end         (const char *text, gsize length);
/* Cuts [start, end), which begins and ends between records, into `n` parts of about equal length: `cuts` has n + 1
 * places. */
void     vc_csv_split            (const char *text, gsize start, gsize end, guint n, gsize *cuts);

/* Checks the names and makes the fields of the plan. */
gboolean vc_csv_plan_set_header (VcCsvPlan *self, const VcCsvHeader *header, const VcCsvDeclared *declared,
                                 guint n_declared, gboolean skip_undeclared, VcCsvProblem *problem);
void     vc_csv_plan_clear       (VcCsvPlan *self);

/* A column as it grows. */
typedef struct {
  const VcCsvField *field;
  gpointer          values;
  guint8           *validity; /* NULL: all valid so far */
  VcInterner       *interner;
  gsize             n_rows;
  gsize             room;
} VcCsvStore;

gboolean  vc_csv_store_init   (VcCsvStore *self, const VcCsvField *field);
/* `expected`: rows that may come in all. FALSE: no memory, or too many labels. */
gboolean  vc_csv_store_append (VcCsvStore *self, const VcCsvLane *lane, guint field, gsize expected);
VcColumn *vc_csv_store_finish (VcCsvStore *self);
void      vc_csv_store_clear  (VcCsvStore *self);

/* One reading of one file. */
typedef struct {
  VcCsvPlan            plan;
  const VcCsvDeclared *declared;
  guint                n_declared;
  gboolean             skip_undeclared;
  const char          *table_name;
  VcLimits            *limits;
  VcProgress          *progress;
  GCancellable        *cancellable;
  gsize                block_size; /* 0: default */
  guint                n_threads;  /* 0: default */
} VcCsvJob;

VcTable *vc_csv_job_run (VcCsvJob *self, VcInput *input, GError **error);

/* Reads what is open to its end, into a table of that name. The limits are those of the input. */
VcTable *vc_csv_reader_read_input (VcCsvReader *self, VcInput *input, const char *table_name, VcProgress *progress,
                                   GCancellable *cancellable, GError **error);

/* Reads a file that is open, and closes it. `name` is what messages call it; the table is called so too, without .csv
 * and .gz. */
VcTable *vc_csv_reader_read_open (VcCsvReader *self, int fd, const char *name, VcProgress *progress,
                                  GCancellable *cancellable, GError **error);
/* The zone of times that do not say theirs, in minutes east of UTC; 0 at first. */
void     vc_csv_reader_set_zone  (VcCsvReader *self, int zone);
/* For tests: the size of the first block, and how many lanes each is cut into whatever its length. */
void     vc_csv_reader_set_blocks (VcCsvReader *self, gsize block_size, guint n_threads);

G_END_DECLS
