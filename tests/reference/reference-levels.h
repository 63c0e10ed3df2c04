/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdint.h>

/* Trophic levels where amounts may differ as widely as they like: parties are taken out one after the other, as they
 * are numbered, and those who hung by one hang together pair by pair. Dense, in long double, with weights and pulls
 * where the library keeps weights and steps. The lowest of each component is at 0. 0: no memory for n x n. */
int reference_wide_levels (int n, long m, const int32_t *from, const int32_t *to, const double *amount,
                           long double *level);
