/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sources/vc-chain-file-private.h"
#include "valuechain/vc-scores.h"

G_BEGIN_DECLS

/* What a chain file says of the scores in it. doc/chain-file.md has the tables in prose. */
enum {
  VC_SCORES_KEY,
  VC_SCORES_MEASURE,
  VC_SCORES_PARTY,
  VC_SCORES_OPTIONS,
  VC_SCORES_OPTIONS_TYPE,
  VC_SCORES_PROOF,
  VC_SCORES_PROOF_TYPE,
  VC_SCORES_DIGEST,
  VC_SCORES_LIBRARY,
  VC_SCORES_MADE,
};
enum { VC_SCORE_TABLE_KEY, VC_SCORE_TABLE_SCORES, VC_SCORE_TABLE_NAME };
enum {
  VC_SCORE_COLUMN_TABLE,
  VC_SCORE_COLUMN_NAME,
  VC_SCORE_COLUMN_TYPE,
  VC_SCORE_COLUMN_UNIT,
  VC_SCORE_COLUMN_DESCRIPTION,
  VC_SCORE_COLUMN_STORED,
};

typedef struct {
  VcChainFileReading reading;
  gboolean           is_made; /* whether the file has the tables */
  VcTable           *scores;  /* without rows where it has not */
  VcTable           *tables;
  VcTable           *columns;
} VcScoreIndex;

void       vc_score_index_clear   (VcScoreIndex *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VcScoreIndex, vc_score_index_clear)
/* Opens the chain file at `path`; `check_up_to` as in vc_sqlite_open(). */
gboolean   vc_score_index_open    (VcScoreIndex  *self,
                                   VcChainFile   *file,
                                   guint64        check_up_to,
                                   GCancellable  *cancellable,
                                   GError       **error);
/* The text of a cell; NULL where it is null. */
char      *vc_score_index_text    (VcTable       *table,
                                   guint          column,
                                   guint64        row);
gint64     vc_score_index_number  (VcTable       *table,
                                   guint          column,
                                   guint64        row);
/* Makes the scores of a row. */
VcScores  *vc_score_index_load    (VcScoreIndex  *self,
                                   guint64        row,
                                   GError       **error) G_GNUC_WARN_UNUSED_RESULT;

/* The table of the database that holds a table of scores. */
#define VC_SCORE_NAME_SIZE 32
void       vc_score_table_name    (gint64 key, char name[VC_SCORE_NAME_SIZE]);

G_END_DECLS
