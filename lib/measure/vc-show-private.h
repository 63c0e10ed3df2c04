/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "table/vc-render-private.h"

G_BEGIN_DECLS

#define VC_SHOW_BOLD   "\033[1m"
#define VC_SHOW_DIM    "\033[2m"
#define VC_SHOW_NORMAL "\033[0m"

/* How scores are shown to people. */
typedef struct {
  guint              width;
  guint              max_rows;
  gboolean           color;
  const char *const *tables; /* only these; NULL: all */
} VcShow;

/* Writes about `subject`; FALSE and an error where memory could not be had. What the stream says comes from
 * vc_writer_finish(). */
typedef gboolean (*VcPut) (gpointer subject, const VcShow *show, VcWriter *writer, GError **error);

/* A line of text that cannot steer a terminal, in `style` (an escape sequence) where there is colour. */
void     vc_show_line      (const VcShow *show,
                            const char   *style,
                            const char   *text,
                            gsize         length,
                            VcWriter     *writer);
/* Says that memory could not be had. */
gboolean vc_show_no_memory (GError      **error);
/* Text between tags of HTML. */
void     vc_show_escaped   (const char   *text,
                            VcWriter     *writer);
/* The keys of an a{s*} in byte order. */
char   **vc_show_keys      (GVariant     *dictionary) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
