/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-table.h"
#include "vc-number-private.h"
#include "vc-writer-private.h"

G_BEGIN_DECLS

/* What is shown of a table, to people: cells as short text, in a terminal or in HTML. */

/* The first `n_head` rows and the last `n_tail` of `n_rows`. */
typedef struct {
  gsize n_head;
  gsize n_tail;
  gsize n_rows;
} VcShownRows;

static inline gsize
vc_shown_rows_count (const VcShownRows *self)
{
  return self->n_head + self->n_tail;
}

/* The row that stands at place `i` of those shown. */
static inline gsize
vc_shown_rows_get (const VcShownRows *self, gsize i)
{
  return i < self->n_head ? i : self->n_rows - self->n_tail + (i - self->n_head);
}

typedef enum {
  VC_TIME_SHAPE_DAY,
  VC_TIME_SHAPE_MINUTE,
  VC_TIME_SHAPE_FULL,
} VcTimeShape;

typedef struct {
  VcCells     cells;
  const char *name;
  const char *unit;        /* NULL: none */
  const char *description; /* NULL: none */
  VcTimeShape time_shape;  /* the shortest that all times shown allow */
  gboolean    is_number;   /* stands to the right, on the decimal point */
  guint       whole_width; /* of the widest cell; of numbers: up to the decimal point */
  guint       part_width;  /* of the widest part of a number from the decimal point on */
  gboolean    has_interval; /* its ends, NAME_low and NAME_high, stand behind each number */
  VcCells     low, high;
  guint       number_width; /* where it has: of the widest part without the interval */
} VcRenderColumn;

/* No cell takes more than this many columns of characters. */
#define VC_RENDER_CELL_WIDTH 72

typedef struct {
  const char *text; /* not NUL-terminated; in `buffer` or borrowed from the column */
  gsize       length;
  gsize       part; /* of a number: how much of the text stands from the decimal point on */
  gsize       interval; /* how much of it the interval takes, behind the number and a gap */
  gboolean    is_null;
  char        buffer[VC_RENDER_CELL_WIDTH + 3 * VC_NUMBER_SIZE];
} VcRenderCell;

/* The columns as they are shown: a figure NAME that NAME_low and NAME_high follow takes these in. `self` has room for
 * all; answers how many there are. */
guint vc_render_columns_init (VcRenderColumn *self, VcTable *table, const VcShownRows *rows);
void  vc_render_cell_init   (VcRenderCell *self, const VcRenderColumn *column, gsize row);

/* Columns of characters that text takes once what a terminal could obey (control characters, those that turn the
 * direction of writing) is written as escapes. */
guint vc_render_width       (const char *text, gsize length);
/* The next character of `*text`, which is not at `end`: 1 to VC_RENDER_PIECE bytes, and how wide they are. */
#define VC_RENDER_PIECE 8
gsize vc_render_next        (const char **text, const char *end, char piece[VC_RENDER_PIECE], guint *width);

/* A writer onto memory that may run out, and the text it holds. */
VcWriter *vc_render_writer_new    (GOutputStream **memory) G_GNUC_WARN_UNUSED_RESULT;
char     *vc_render_writer_finish (VcWriter *writer, GOutputStream *memory) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
