/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/valuechain.h"

#include "memory.h"

/* Something that the library does, as a text in which any other result would show. It calls memory_disarm() before it
 * looks at its result, and holds no buffer when it returns. NULL where the library answers that it cannot. */
typedef char *(*Operation) (gconstpointer data, GError **error);

/* Lets each allocation of an operation fail, alone and with all that follow. Each time the operation answers NULL with
 * VC_IMPORT_ERROR_NO_MEMORY or VC_MEASURE_ERROR_NO_MEMORY, or, where it can do without, what it answers otherwise;
 * leaves no buffer behind; and works when it is asked again. */
void  expect_no_harm       (Operation operation, gconstpointer data);
/* The same for what has no error to give: NULL stands alone. */
void  expect_no_harm_plain (Operation operation, gconstpointer data);

/* After memory_disarm(): a table as JSON; a chain by its digest, its tables and what is odd about it. NULL for NULL,
 * which they free. */
char *tell_table           (VcTable *table);
char *tell_chain           (VcChain *chain);
