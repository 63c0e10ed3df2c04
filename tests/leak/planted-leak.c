/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A test that passes and leaks. tests/run fails unless the sanitizers report it. */
#include <criterion/criterion.h>
#include <stdlib.h>

Test (leak, planted)
{
  volatile char *leaked = malloc (1234);

  cr_assert_not_null ((void *) leaked);
  leaked = NULL;
}
