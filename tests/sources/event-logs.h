/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "folders.h"

/* The flows as "from>to*amount", in the order of the chain, separated by spaces; parallel flows are added up. */
char    *show_flows     (VcChain *chain);
/* Loads what must load. */
VcChain *expect_log     (VcEventLog *log);
void     assert_flows   (VcEventLog *log, const char *expected);
/* Refused with this code and, where it is given, end of the message. */
void     assert_refused (VcEventLog *log, int code, const char *message);
/* what, count, what, count, ..., NULL; -1: the report has no such row. */
void     assert_report  (VcEventLog *log, ...) G_GNUC_NULL_TERMINATED;
