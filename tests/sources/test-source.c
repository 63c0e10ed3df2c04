/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <gio/gio.h>
#include "folders.h"

/* A source as somebody else would write it. */
typedef struct {
  VcSource parent_instance;
  GThread *thread; /* that read in */
  gboolean fails;
  gboolean is_silent;
} TestSource;

typedef struct {
  VcSourceClass parent_class;
} TestSourceClass;

GType test_source_get_type (void);
G_DEFINE_TYPE (TestSource, test_source, VC_TYPE_SOURCE)

static gboolean
test_source_read (VcSource *source, VcChainBuilder *builder, VcProgress *progress, GCancellable *cancellable,
                  GError **error)
{
  TestSource *self = (TestSource *) source;

  self->thread = g_thread_self ();
  if (self->fails) {
    if (!self->is_silent)
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the line is dead");
    return FALSE;
  }
  if (progress != NULL)
    vc_progress_update (progress, 1, "read");
  vc_chain_builder_add_party (builder, "a", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_party (builder, "c", VC_PARTY_KIND_CUSTOMER);
  vc_chain_builder_add_flow (builder, "a", "c", VC_FLOW_KIND_WORK, 1);
  vc_source_add_report (source, "records", 3, NULL);
  vc_source_add_report (source, "left out", G_MAXUINT64, "for a reason");
  return TRUE;
}

static void
test_source_class_init (TestSourceClass *klass)
{
  VC_SOURCE_CLASS (klass)->read = test_source_read;
}

static void
test_source_init (TestSource *self)
{
}

typedef struct {
  VcSource parent_instance;
} IdleSource;

typedef struct {
  VcSourceClass parent_class;
} IdleSourceClass;

GType idle_source_get_type (void);
G_DEFINE_TYPE (IdleSource, idle_source, VC_TYPE_SOURCE)

static void
idle_source_class_init (IdleSourceClass *klass)
{
}

static void
idle_source_init (IdleSource *self)
{
}

static void
keep_result (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

Test (source, of_somebody_else_loads)
{
  g_autoptr (VcSource) source = g_object_new (test_source_get_type (), NULL);
  g_autoptr (VcProgress) progress = vc_progress_new ();
  g_autoptr (VcChain) chain = NULL;
  g_autoptr (VcTable) report = vc_source_get_report (source), check = NULL;

  cr_assert_null (vc_source_get_path (source));
  cr_assert_eq (vc_table_get_n_rows (report), 0u);
  g_clear_object (&report);
  chain = vc_source_load (source, progress, NULL, NULL);
  cr_assert_not_null (chain);
  cr_assert_eq (vc_chain_get_n_flows (chain), 1u);
  check = vc_source_check (source, NULL, NULL, NULL);
  cr_assert_not_null (check);

  report = vc_source_get_report (source);
  cr_assert_str_eq (vc_table_get_name (report), "report");
  cr_assert_eq (vc_table_get_n_rows (report), 2u, "each load begins anew");
  cr_assert (vc_column_is_null (vc_table_lookup_column (report, "note"), 0));
  cr_assert_eq (report_count (source, "left out"), G_MAXINT64);
}

Test (source, failure_is_told)
{
  g_autoptr (VcSource) source = g_object_new (test_source_get_type (), NULL),
                       idle = g_object_new (idle_source_get_type (), NULL);
  g_autoptr (GError) error = NULL;

  ((TestSource *) source)->fails = TRUE;
  cr_assert_null (vc_source_load (source, NULL, NULL, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
  cr_assert_null (vc_source_load (source, NULL, NULL, NULL));
  g_clear_error (&error);
  ((TestSource *) source)->is_silent = TRUE;
  cr_assert_null (vc_source_load (source, NULL, NULL, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FAILED));
  g_clear_error (&error);
  cr_assert_null (vc_source_check (idle, NULL, NULL, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FAILED));
}

/* What an interpreter runs must run in its own thread. */
Test (source, of_somebody_else_is_read_in_the_thread_of_the_caller)
{
  g_autoptr (VcSource) source = g_object_new (test_source_get_type (), NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (VcChain) chain = NULL;

  vc_source_load_async (source, NULL, NULL, keep_result, &result);
  cr_assert_null (((TestSource *) source)->thread, "not before the main context runs");
  chain = vc_source_load_finish (source, wait_for (&result), NULL);
  cr_assert_not_null (chain);
  cr_assert_eq (((TestSource *) source)->thread, g_thread_self ());
}

Test (source, of_the_library_is_read_in_another_thread)
{
  char *root = make_folder ();
  g_autofree char *path = put_files (root, "x", "parties.csv", "id,kind\na,unit\n", NULL);
  g_autoptr (VcSource) source = vc_source_for_path (path, NULL);
  g_autoptr (VcProgress) progress = vc_progress_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (VcChain) chain = NULL;

  cr_assert (VC_SOURCE_GET_CLASS (source)->runs_in_thread);
  cr_assert_str_eq (vc_source_get_path (source), path);
  vc_source_load_async (source, progress, NULL, keep_result, &result);
  chain = vc_source_load_finish (source, wait_for (&result), NULL);
  cr_assert_not_null (chain);
  cr_assert_eq (report_count (source, "parties"), 1);
  drop_folder (root);
}

Test (source, async_failure_and_cancellation)
{
  g_autoptr (VcSource) missing = VC_SOURCE (vc_folder_new ("/nowhere/at/all")),
                       mine = g_object_new (test_source_get_type (), NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) one = NULL, other = NULL;
  g_autoptr (GError) error = NULL;

  vc_source_load_async (missing, NULL, NULL, keep_result, &one);
  cr_assert_null (vc_source_load_finish (missing, wait_for (&one), &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  vc_source_load_async (mine, NULL, cancellable, keep_result, &other);
  cr_assert_null (vc_source_load_finish (mine, wait_for (&other), &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  cr_assert_null (((TestSource *) mine)->thread);
}
