/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/valuechain.h"

/* Chains in a few words, a line each:
 *
 *   party ID KIND [unit=ID] [manager=ID] [effort=NUMBER]
 *   work FROM TO AMOUNT         (also: information, instruction)
 *   receipt CUSTOMER AMOUNT
 *   commitment FROM TO [FIELD=VALUE]...   (fields of commitments.csv)
 *   unit-of-effort WORD, currency WORD
 *
 * Ids are without blanks. NULL where a line is none of these. */
VcChainBuilder *chains_read_builder (const char *text);
/* Aborts where the text is no chain. */
VcChain        *chains_new          (const char *text);

/* The scores of a chain in words; options are NAME=VALUE, separated by blanks, or NULL; `measure=NAME`, first, stands
 * for another measure than "alignment". Aborts where there are none. */
VcScores       *chains_score        (const char *text, const char *options);
VcScores       *chains_score_chain  (VcChain *chain, const char *options);

/* The row whose first column (or first two, with `second`) is this text, or -1. */
gint64          chains_find         (VcScores *scores, const char *table, const char *first, const char *second);
/* The measure of an option `measure=NAME`, with the other options set. NULL where one of them is wrong. */
VcMeasure      *chains_measure      (const char *options, GError **error);
/* A figure; NaN where it is null; aborts where there is no such row or column. */
double          chains_figure       (VcScores *scores, const char *table, const char *row, const char *column);
double          chains_flow         (VcScores *scores, const char *from, const char *to, const char *column);
char           *chains_word         (VcScores *scores, const char *table, const char *row, const char *column);
double          chains_proof        (VcScores *scores, const char *name);
/* All tables as text, with the bits of each number: equal only where the scores are. */
char           *chains_dump         (VcScores *scores);
