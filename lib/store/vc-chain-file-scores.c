/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "valuechain/vc-chain-file-scores.h"

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"
#include "vc-score-index-private.h"
#include "vc-score-save-private.h"

/* As the chain is read: see VcChainFile. */
#define CHECK_UP_TO (16 << 20)

/**
 * vc_chain_file_save_scores:
 * @self: a chain file, which exists
 * @scores: what a measure found
 * @chain: the chain in which it found them
 * @progress: (nullable): told how far it has come
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Keeps @scores in the file, with their options and proof, the version of this library, the digest of @chain, and the
 * time. They replace those of the same measure, party, options and digest; all others stay, and the chain stays as it
 * is. It need not be @chain that the file holds: scores of a window of it, or of what it held before
 * [method@ChainFile.append], are known by their digest.
 *
 * All or nothing and as safe as [method@ChainFile.append]. [method@ChainFile.save] makes the file anew, without scores.
 *
 * Errors: all of [method@ChainFile.append] but those of what @chain says; %VC_IMPORT_ERROR_LIMIT where the options or
 * the proof take more than 1 MiB as text or have more than 1,024 members.
 *
 * Takes as long as checking all pages of the file and copying it, and O(n) for n rows of scores.
 *
 * Returns: %TRUE where it succeeded
 */
gboolean
vc_chain_file_save_scores (VcChainFile *self, VcScores *scores, VcChain *chain, VcProgress *progress,
                           GCancellable *cancellable, GError **error)
{
  VcScoreOrder order = { .scores = scores, .progress = progress, .cancellable = cancellable };

  g_return_val_if_fail (VC_IS_CHAIN_FILE (self), FALSE);
  g_return_val_if_fail (VC_IS_SCORES (scores), FALSE);
  g_return_val_if_fail (VC_IS_CHAIN (chain), FALSE);
  g_return_val_if_fail (progress == NULL || VC_IS_PROGRESS (progress), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  order.digest = vc_chain_get_digest (chain);
  return vc_chain_file_change (self, vc_score_save, &order, error);
}

/* Whether each row is of that chain. */
static VcColumn *
compare_digests (VcTable *scores, VcChain *chain, GError **error)
{
  const guint64 n = vc_table_get_n_rows (scores);
  VC_BUFFER (guint8) same = vc_buffer_new (guint8, n);
  g_autoptr (GBytes) bytes = NULL;

  if (same == NULL) {
    g_set_error_literal (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "scores: no memory to list them");
    return NULL;
  }
  for (guint64 row = 0; row < n; row++) {
    g_autofree char *digest = vc_score_index_text (scores, VC_SCORES_DIGEST, row);

    same[row] = g_strcmp0 (digest, vc_chain_get_digest (chain)) == 0;
  }
  bytes = g_bytes_new_static (same, n);
  return vc_column_new_from_bytes ("of_chain", VC_COLUMN_TYPE_BOOLEAN, bytes, NULL, error);
}

/**
 * vc_chain_file_list_scores:
 * @self: a chain file, which exists
 * @chain: (nullable): a chain, usually the one that the file holds
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * What scores are kept in the file, oldest first, one row each: `scores` (the key), `measure`, `party` (null: they are
 * of all), `options` (JSON), `digest` (of the chain that they are of), `library`, `made` (a time) and, where @chain is
 * given, `of_chain`: whether @chain is the chain that they are of. A chain that has been appended to is not.
 *
 * Errors: those of [method@Source.load] that concern files and databases; a file without scores gives a table without
 * rows.
 *
 * Returns: (transfer full): the table `scores`
 */
VcTable *
vc_chain_file_list_scores (VcChainFile *self, VcChain *chain, GCancellable *cancellable, GError **error)
{
  static const guint shown[] = { VC_SCORES_KEY,     VC_SCORES_MEASURE, VC_SCORES_PARTY, VC_SCORES_OPTIONS,
                                 VC_SCORES_LIBRARY, VC_SCORES_MADE,    VC_SCORES_DIGEST };
  g_auto (VcScoreIndex) index = { 0 };
  g_autoptr (VcColumn) same = NULL;
  VcColumn *columns[G_N_ELEMENTS (shown) + 1];
  gsize n = 0;

  g_return_val_if_fail (VC_IS_CHAIN_FILE (self), NULL);
  g_return_val_if_fail (chain == NULL || VC_IS_CHAIN (chain), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!vc_score_index_open (&index, self, CHECK_UP_TO, cancellable, error)
      || !vc_sqlite_finish (index.reading.database, error))
    return NULL;
  for (; n < G_N_ELEMENTS (shown); n++)
    columns[n] = vc_table_get_column (index.scores, shown[n]);
  if (chain != NULL) {
    same = compare_digests (index.scores, chain, error);
    if (same == NULL)
      return NULL;
    columns[n++] = same;
  }
  return vc_table_new ("scores", columns, n, error);
}

/* ---- loading ---- */

static gboolean
is_of (const VcScoreIndex *index, guint64 row, guint column, const char *text)
{
  g_autofree char *found = vc_score_index_text (index->scores, column, row);

  return g_strcmp0 (found, text) == 0;
}

/* The newest; *outdated where there are some, but of other chains. */
static gint64
find_scores (const VcScoreIndex *index, const char *measure, const char *party, VcChain *chain, gboolean *outdated)
{
  for (guint64 row = vc_table_get_n_rows (index->scores); row-- > 0;) {
    if (!is_of (index, row, VC_SCORES_MEASURE, measure) || !is_of (index, row, VC_SCORES_PARTY, party))
      continue;
    if (chain == NULL || is_of (index, row, VC_SCORES_DIGEST, vc_chain_get_digest (chain)))
      return (gint64) row;
    *outdated = TRUE;
  }
  return -1;
}

/**
 * vc_chain_file_load_scores:
 * @self: a chain file, which exists
 * @measure: the name of a measure
 * @party: (nullable): the party that they explain, or %NULL for scores of all
 * @chain: (nullable): the chain that they must be of, or %NULL for any
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * The newest scores of @measure that the file keeps, the same to the last bit as those that were saved. The measure
 * itself is not needed.
 *
 * Errors: %VC_IMPORT_ERROR_MISSING where none are kept; %VC_IMPORT_ERROR_CONTRADICTION where all that are kept are of
 * other chains than @chain, as after [method@ChainFile.append]: they want to be made anew. All of
 * [method@ChainFile.list_scores], and those of tables that are not as they have to be.
 *
 * Returns: (transfer full): scores
 */
VcScores *
vc_chain_file_load_scores (VcChainFile *self, const char *measure, const char *party, VcChain *chain,
                           GCancellable *cancellable, GError **error)
{
  g_auto (VcScoreIndex) index = { 0 };
  gboolean outdated = FALSE;
  gint64 row;

  g_return_val_if_fail (VC_IS_CHAIN_FILE (self), NULL);
  g_return_val_if_fail (measure != NULL, NULL);
  g_return_val_if_fail (chain == NULL || VC_IS_CHAIN (chain), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!vc_score_index_open (&index, self, CHECK_UP_TO, cancellable, error))
    return NULL;
  row = find_scores (&index, measure, party, chain, &outdated);
  if (row >= 0)
    return vc_score_index_load (&index, (guint64) row, error);
  if (outdated)
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_CONTRADICTION,
                 "%s: its scores of this measure are of another chain: it has changed since",
                 vc_sqlite_name (index.reading.database));
  else
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING, "%s: no scores of this measure are kept in it",
                 vc_sqlite_name (index.reading.database));
  return NULL;
}

/**
 * vc_chain_file_load_scores_at:
 * @self: a chain file, which exists
 * @key: what stands under `scores` in [method@ChainFile.list_scores]
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * The scores of that key, as [method@ChainFile.load_scores] gives them.
 *
 * Returns: (transfer full): scores
 */
VcScores *
vc_chain_file_load_scores_at (VcChainFile *self, gint64 key, GCancellable *cancellable, GError **error)
{
  g_auto (VcScoreIndex) index = { 0 };

  g_return_val_if_fail (VC_IS_CHAIN_FILE (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!vc_score_index_open (&index, self, CHECK_UP_TO, cancellable, error))
    return NULL;
  for (guint64 row = 0; row < vc_table_get_n_rows (index.scores); row++)
    if (vc_score_index_number (index.scores, VC_SCORES_KEY, row) == key)
      return vc_score_index_load (&index, row, error);
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_MISSING, "%s: no scores of this key are kept in it",
               vc_sqlite_name (index.reading.database));
  return NULL;
}
