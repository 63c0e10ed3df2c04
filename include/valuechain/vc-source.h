/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (VC_INSIDE) && !defined (VC_COMPILATION)
#error "Only <valuechain/valuechain.h> can be included directly."
#endif

#include <gio/gio.h>

#include <valuechain/vc-chain.h>
#include <valuechain/vc-limits.h>
#include <valuechain/vc-progress.h>

G_BEGIN_DECLS

#define VC_TYPE_SOURCE (vc_source_get_type ())

/* Where a chain comes from. Properties: path (string, construct-only), limits (VcLimits), lenient (boolean: whether
 * commitments that contradict themselves are left out and counted). Derive it, in any language, by overriding read().
 */
VC_AVAILABLE_IN_ALL
G_DECLARE_DERIVABLE_TYPE (VcSource, vc_source, VC, SOURCE, GObject)

/**
 * VcSourceClass:
 * @parent_class: the parent class
 * @read: reads into the builder; what there is to say about it goes into the report by [method@Source.add_report]
 *
 * The class of sources.
 */
struct _VcSourceClass
{
  GObjectClass parent_class;

  gboolean (*read) (VcSource        *self,
                    VcChainBuilder  *builder,
                    VcProgress      *progress,
                    GCancellable    *cancellable,
                    GError         **error);

  /*< private >*/
  gboolean runs_in_thread; /* read() may be called from another thread (C sources); else load_async() calls it from the
                              main context */
  gpointer padding[8];
};

/* The source for what stands at `path`, known by its content: a folder is a chain folder. */
VC_AVAILABLE_IN_ALL
VcSource   *vc_source_for_path     (const char           *path,
                                    GError              **error) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
const char *vc_source_get_path     (VcSource             *self);
VC_AVAILABLE_IN_ALL
VcLimits   *vc_source_get_limits   (VcSource             *self);
VC_AVAILABLE_IN_ALL
void        vc_source_set_limits   (VcSource             *self,
                                    VcLimits             *limits);
VC_AVAILABLE_IN_ALL
gboolean    vc_source_get_lenient  (VcSource             *self);
VC_AVAILABLE_IN_ALL
void        vc_source_set_lenient  (VcSource             *self,
                                    gboolean              lenient);
/* Reads and builds: read(), then vc_chain_builder_build(). */
VC_AVAILABLE_IN_ALL
VcChain    *vc_source_load         (VcSource             *self,
                                    VcProgress           *progress,
                                    GCancellable         *cancellable,
                                    GError              **error) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
void        vc_source_load_async   (VcSource             *self,
                                    VcProgress           *progress,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
VC_AVAILABLE_IN_ALL
VcChain    *vc_source_load_finish  (VcSource             *self,
                                    GAsyncResult         *result,
                                    GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads and checks, without failing on what check() lists: the table of VcChainBuilder.check(). Fails only where the
 * source cannot be read. */
VC_AVAILABLE_IN_ALL
VcTable    *vc_source_check        (VcSource             *self,
                                    VcProgress           *progress,
                                    GCancellable         *cancellable,
                                    GError              **error) G_GNUC_WARN_UNUSED_RESULT;
/* What the last load read, left out and why: table "report" (what, count, note). */
VC_AVAILABLE_IN_ALL
VcTable    *vc_source_get_report   (VcSource             *self) G_GNUC_WARN_UNUSED_RESULT;
VC_AVAILABLE_IN_ALL
void        vc_source_add_report   (VcSource             *self,
                                    const char           *what,
                                    guint64               count,
                                    const char           *note);

G_END_DECLS
