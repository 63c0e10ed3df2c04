/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include "base/vc-buffer-private.h"

Test (buffer, is_aligned_and_zeroed)
{
  VC_BUFFER (double) buffer = vc_buffer_new0 (double, 1001);

  cr_assert_not_null (buffer);
  cr_assert_eq ((guintptr) buffer % 64, 0u);
  for (guint i = 0; i < 1001; i++)
    cr_assert (buffer[i] == 0);
}

Test (buffer, refuses_what_overflows)
{
  cr_assert_null (vc_buffer_alloc (G_MAXSIZE / 4, 8));
  cr_assert_null (vc_buffer_alloc (G_MAXSIZE - 3, 1));
  cr_assert_null (vc_buffer_alloc0 ((gsize) 1 << 60, 8));
}

Test (buffer, of_nothing_is_something)
{
  VC_BUFFER (char) buffer = vc_buffer_new (char, 0);

  cr_assert_not_null (buffer);
}

Test (buffer, keeps_contents_when_it_grows_and_itself_when_it_cannot)
{
  guint *buffer = vc_buffer_new (guint, 3);
  guint *grown;

  buffer[0] = 1, buffer[1] = 2, buffer[2] = 3;
  grown = vc_buffer_realloc (buffer, 3, 100, sizeof (guint));
  cr_assert_not_null (grown);
  cr_assert_eq (grown[2], 3u);
  cr_assert_null (vc_buffer_realloc (grown, 100, G_MAXSIZE / 2, sizeof (guint)));
  cr_assert_eq (grown[0], 1u);
  vc_buffer_free (grown);
}

/* What is freed comes again where it fits, a little more too, in its own thread and scope alone, and what is taken
 * along stays. */
Test (buffer, scopes_keep_what_is_freed)
{
  const gsize size = (gsize) 8 << 20;
  VcBufferScope scope = { 0 }, inner = { 0 };
  char *kept, *again, *other, *taken_along;

  vc_buffer_scope_open (&scope);
  kept = vc_buffer_new (char, size - size / 64);
  taken_along = vc_buffer_new0 (char, size);
  cr_assert (kept != NULL && taken_along != NULL);
  vc_buffer_free (kept);
  vc_buffer_scope_open (&inner);
  again = vc_buffer_new0 (char, size - 100);
  cr_assert_eq (again, kept);
  cr_assert (again[0] == 0 && again[size - 101] == 0);
  vc_buffer_scope_close (&inner);
  vc_buffer_free (again);
  other = vc_buffer_new (char, size / 4);
  cr_assert_neq (other, kept);
  vc_buffer_free (other);
  vc_buffer_scope_close (&scope);
  cr_assert (taken_along[size - 1] == 0);
  vc_buffer_free (taken_along);
  vc_buffer_free (vc_buffer_new (char, size));
}
