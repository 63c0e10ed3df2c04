/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chain-helpers.h"

#include "base/vc-parallel-private.h"
#include "table/vc-table-private.h"

/* Commitments of anna, team and cust, with lines that begin at 2. */
static VcChainBuilder *
builder_with (VcTable *commitments, gboolean lenient)
{
  VcChainBuilder *builder = vc_chain_builder_new ();
  g_autoptr (VcTable) parties
    = TABLE (TEXTS ("id", "anna", "team", "cust"), TEXTS ("kind", "person", "unit", "customer"));
  g_autoptr (VcTable) owned = commitments;

  vc_table_set_lines (commitments, 2, NULL, NULL, 0);
  g_object_set (builder, "lenient", lenient, NULL);
  vc_chain_builder_add_parties (builder, parties, "parties.csv");
  vc_chain_builder_add_commitments (builder, commitments, "commitments.csv");
  return builder;
}

static VcTable *
check (VcChainBuilder *builder)
{
  g_autoptr (GError) error = NULL;
  VcTable *list = vc_chain_builder_check (builder, NULL, NULL, &error);

  cr_assert_no_error (error);
  return list;
}

static guint
count_severity (VcTable *list, const char *severity)
{
  guint n = 0;

  for (guint64 row = 0; row < vc_table_get_n_rows (list); row++) {
    g_autofree char *this_one = vc_column_dup_text (vc_table_lookup_column (list, "severity"), row);

    n += strcmp (this_one, severity) == 0;
  }
  return n;
}

/* The same record is an error with its line and field, and left out with a warning where the builder is lenient. */
static void
assert_contradiction (VcTable *commitments, const char *field, const char *code, gint64 line)
{
  g_autoptr (VcChainBuilder) strict = builder_with (g_object_ref (commitments), FALSE);
  g_autoptr (VcChainBuilder) lenient = builder_with (commitments, TRUE);
  g_autoptr (VcTable) errors = check (strict);
  g_autoptr (VcTable) warnings = check (lenient);
  g_autoptr (VcChain) chain = build (lenient);
  g_autoptr (VcTable) told = vc_chain_check (chain);
  g_autoptr (GError) error = NULL;
  gint64 row = find_problem (errors, "contradiction", field);

  cr_assert_eq (count_severity (errors, "error"), 1u, "%s", code);
  cr_assert (row >= 0, "%s", code);
  cr_assert_eq (vc_column_get_int64 (vc_table_lookup_column (errors, "line"), (guint64) row), line);
  cr_assert_null (vc_chain_builder_build (strict, NULL, NULL, &error));
  cr_assert (g_error_matches (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_CONTRADICTION));
  cr_assert_eq (count_severity (warnings, "error"), 0u);
  cr_assert_eq (count_of (warnings, code, field), 1, "%s", code);
  cr_assert_eq (vc_column_get_int64 (vc_table_lookup_column (warnings, "line"),
                                     (guint64) find_problem (warnings, code, field)), line);
  cr_assert_eq (count_of (told, code, field), 1, "the chain tells too");
  cr_assert_eq (vc_table_get_n_rows (vc_chain_get_commitments (chain)), 1u, "%s", code);
}

#define OWED TEXTS ("from", "anna", "team"), TEXTS ("to", "cust", "anna")
#define DAY(n) ((n) * G_TIME_SPAN_DAY)

Test (commitments, that_contradict_themselves_are_told_with_line_and_field)
{
  assert_contradiction (TABLE (TEXTS ("from", "anna", "anna"), TEXTS ("to", "cust", "anna")), "to", "owed-to-self", 3);
  assert_contradiction (TABLE (OWED, TIMES ("made", DAY (1), DAY (2)), TIMES ("closed", DAY (1), DAY (2) - 1)),
                        "closed", "closed-before-made", 3);
  assert_contradiction (TABLE (OWED, TIMES ("due", DAY (1), DAY (2)), TEXTS ("state", "broken", "kept")), "closed",
                        "kept-unclosed", 3);
  assert_contradiction (TABLE (OWED, TIMES ("closed", DAY (1), DAY (2)), TEXTS ("state", "open", "kept")), "closed",
                        "open-closed", 2);
  assert_contradiction (TABLE (OWED, TEXTS ("closed_by", "anna", "cust"), TEXTS ("state", "kept", "open")), "closed_by",
                        "open-closed-by", 3);
  assert_contradiction (TABLE (OWED, TIMES ("due", DAY (2), DAY (2)), TIMES ("closed", DAY (2) + 1, DAY (2)),
                               TEXTS ("state", "late", "late")),
                        "state", "late-in-time", 3);
}

/* Withdrawn and kept: which of both is nobody's guess, so neither counts. */
Test (commitments, of_one_id_in_two_states)
{
  g_autoptr (VcChainBuilder) lenient = builder_with (
    TABLE (TEXTS ("from", "anna", "anna", "team", "team"), TEXTS ("to", "cust", "cust", "anna", "anna"),
           TEXTS ("id", "1", "1", "2", "1"), TEXTS ("state", "kept", "withdrawn", "kept", "kept")), TRUE);
  g_autoptr (VcChainBuilder) strict = builder_with (
    TABLE (OWED, TEXTS ("id", "1", "1"), TEXTS ("state", "", "kept")), FALSE);
  g_autoptr (VcChainBuilder) twice = builder_with (
    TABLE (OWED, TEXTS ("id", "1", "1"), TEXTS ("state", "kept", "kept")), TRUE);
  g_autoptr (VcTable) warnings = check (lenient), errors = check (strict), duplicates = check (twice);
  g_autoptr (VcChain) chain = build (lenient);
  g_autofree char *left = NULL;

  cr_assert_eq (count_severity (warnings, "warning"), 3 + 1u, "three of one id, and a customer whom nobody serves");
  cr_assert_eq (vc_table_get_n_rows (vc_chain_get_commitments (chain)), 1u);
  left = vc_column_dup_text (vc_table_lookup_column (vc_chain_get_commitments (chain), "id"), 0);
  cr_assert_str_eq (left, "2");
  cr_assert_eq (count_severity (errors, "error"), 2u, "each record is told");
  cr_assert_eq (count_severity (duplicates, "error"), 1u, "what stands there twice alike is no contradiction");
  cr_assert_eq (count_of (duplicates, "duplicate", "id"), 1);
}

Test (commitments, that_are_merely_strange_stay)
{
  g_autoptr (VcChainBuilder) builder = builder_with (
    TABLE (TEXTS ("from", "anna", "team", "team", "anna", "team"), TEXTS ("to", "cust", "anna", "cust", "team", "anna"),
           TEXTS ("state", "kept", "withdrawn", "broken", "", "open"),
           TIMES ("made", DAY (5), DAY (5), DAY (5), DAY (5), DAY (5)),
           DOUBLES ("weight", 0, 1, 1, 1, 1)), FALSE);
  g_autoptr (VcChainBuilder) early = builder_with (
    TABLE (OWED, TIMES ("made", DAY (2), DAY (2)), TIMES ("due", DAY (2), DAY (1)), TIMES ("closed", DAY (2), DAY (3)),
           TEXTS ("state", "kept", "broken")), FALSE);
  g_autoptr (VcTable) notes = check (builder), warnings = check (early);
  gint64 row = find_problem (warnings, "due-before-made", "due");

  cr_assert_eq (count_severity (notes, "error"), 0u);
  cr_assert_eq (count_of (notes, "never-closed", "closed"), 2, "kept and withdrawn: the state counts");
  cr_assert_eq (count_severity (warnings, "error"), 0u);
  cr_assert_eq (vc_column_get_int64 (vc_table_lookup_column (warnings, "line"), (guint64) row), 3);
}

/* One that has several faults is told several times where it is an error, and left out once. */
Test (commitments, are_left_out_once)
{
  VcTable *all_wrong = TABLE (TEXTS ("from", "anna"), TEXTS ("to", "anna"), TEXTS ("state", "open"),
                              TIMES ("made", DAY (2)), TIMES ("closed", DAY (1)), TEXTS ("closed_by", "cust"));
  g_autoptr (VcChainBuilder) strict = builder_with (g_object_ref (all_wrong), FALSE);
  g_autoptr (VcChainBuilder) lenient = builder_with (all_wrong, TRUE);
  g_autoptr (VcTable) errors = check (strict), warnings = check (lenient);
  g_autoptr (VcChain) chain = build (lenient);

  cr_assert_eq (count_severity (errors, "error"), 4u);
  cr_assert_eq (count_of (warnings, "owed-to-self", "to"), 1);
  cr_assert_eq (find_problem (warnings, "open-closed", NULL), -1);
  cr_assert_eq (vc_table_get_n_rows (vc_chain_get_commitments (chain)), 0u);
}

Test (commitments, being_lenient_forgives_nothing_else)
{
  g_autoptr (VcChainBuilder) builder = builder_with (
    TABLE (OWED, DOUBLES ("weight", -1, 1), TEXTS ("state", "kept", "lost"), TEXTS ("closed_by", "", "nobody")), TRUE);
  g_autoptr (VcTable) errors = check (builder);
  gboolean lenient;

  cr_assert_eq (count_severity (errors, "error"), 3u);
  g_object_get (builder, "lenient", &lenient, NULL);
  cr_assert (lenient);
}

/* ---- against a twin that reads the words ---- */

static guint
below (guint64 *state, guint n)
{
  *state = *state * G_GUINT64_CONSTANT (6364136223846793005) + 1442695040888963407;
  return (guint) (*state >> 33) % n;
}

typedef struct {
  const char *from, *to, *made, *due, *closed, *state, *closed_by, *id;
} Words;

/* Times are single digits: days of January. */
static gboolean
contradicts (const Words *words, guint n, guint which)
{
  const Words *one = &words[which];

  for (guint i = 0; i < n; i++)
    if (*one->id != '\0' && strcmp (words[i].id, one->id) == 0 && strcmp (words[i].state, one->state) != 0)
      return TRUE;
  if (strcmp (one->from, one->to) == 0)
    return TRUE;
  if (*one->made != '\0' && *one->closed != '\0' && strcmp (one->closed, one->made) < 0)
    return TRUE;
  if (strcmp (one->state, "kept") == 0 && *one->due != '\0' && *one->closed == '\0')
    return TRUE;
  if (strcmp (one->state, "late") == 0 && *one->due != '\0' && *one->closed != '\0'
      && strcmp (one->closed, one->due) <= 0)
    return TRUE;
  return strcmp (one->state, "open") == 0 && (*one->closed != '\0' || *one->closed_by != '\0');
}

static Words
random_words (guint64 *state, guint row)
{
  static const char *const parties[] = { "anna", "team", "cust" };
  static const char *const times[] = { "", "2025-01-01", "2025-01-02", "2025-01-03" };
  static const char *const states[] = { "kept", "broken", "withdrawn", "", "open", "late" };
  const gboolean shares_id = below (state, 4) == 0;

  return (Words) {
    .from = parties[below (state, 3)],
    .to = parties[below (state, 3)],
    .made = times[below (state, 4)],
    .due = times[below (state, 4)],
    .closed = times[below (state, 4)],
    .state = shares_id ? states[row % 2] : states[below (state, 6)], /* of one id, at most one of each: no duplicates */
    .closed_by = below (state, 2) == 0 ? "" : parties[below (state, 3)],
    .id = shares_id ? numbered ("shared-", row / 2) : below (state, 2) == 0 ? "" : numbered ("own-", row),
  };
}

static VcTable *
table_of_words (const Words *words, const guint *rows, guint n)
{
  static const char *const names[] = { "from", "to", "made", "due", "closed", "state", "closed_by", "id" };
  VcColumn *columns[G_N_ELEMENTS (names) + 1] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree const char **values = g_new0 (const char *, n + 1);

    for (guint row = 0; row < n; row++)
      values[row] = ((const char *const *) &words[rows[row]])[i];
    columns[i] = texts (names[i], values);
  }
  return table_of (columns);
}

Test (commitments, what_is_left_out_is_what_a_twin_leaves_out)
{
  guint64 state = 11;

  for (guint run = 0; run < 150; run++) {
    guint n = below (&state, 60), n_good = 0;
    g_autofree Words *words = g_new0 (Words, n + 1);
    g_autofree guint *all = g_new (guint, n + 1);
    g_autofree guint *good = g_new (guint, n + 1);
    g_autoptr (VcChainBuilder) lenient = NULL, strict = NULL, rest = NULL;
    g_autoptr (VcChain) a = NULL, b = NULL;
    g_autoptr (VcTable) errors = NULL;

    for (guint i = 0; i < n; i++)
      words[i] = random_words (&state, i);
    for (guint i = 0; i < n; i++) {
      all[i] = i;
      if (!contradicts (words, n, i))
        good[n_good++] = i;
    }
    lenient = builder_with (table_of_words (words, all, n), TRUE);
    strict = builder_with (table_of_words (words, all, n), FALSE);
    rest = builder_with (table_of_words (words, good, n_good), FALSE);
    errors = check (strict);
    cr_assert_eq (count_severity (errors, "error") > 0, n_good < n);
    a = build (lenient);
    b = build (rest);
    cr_assert_str_eq (vc_chain_get_digest (a), vc_chain_get_digest (b), "run %u", run);
  }
}

/* Threads scan ranges; what is told comes in order of rows, and each hundred is followed by a count. */
Test (commitments, of_many_rows)
{
  static const gsize bad[] = { 0, VC_PARALLEL_RANGE - 1, VC_PARALLEL_RANGE, 2 * VC_PARALLEL_RANGE + 9 };
  const gsize n = 2 * VC_PARALLEL_RANGE + 10;
  g_autofree const char **from = g_new (const char *, n + 1), **to = g_new (const char *, n + 1);
  g_autoptr (VcChainBuilder) builder = NULL;
  g_autoptr (VcTable) errors = NULL;

  for (gsize i = 0; i < n; i++)
    from[i] = "anna", to[i] = "cust";
  from[n] = to[n] = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    to[bad[i]] = "anna";
  builder = builder_with (TABLE (texts ("from", from), texts ("to", to)), FALSE);
  errors = check (builder);
  cr_assert_eq (count_severity (errors, "error"), G_N_ELEMENTS (bad));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    cr_assert_eq (vc_column_get_int64 (vc_table_lookup_column (errors, "line"), i), (gint64) bad[i] + 2);
}

/* ---- one by one ---- */

Test (commitments, one_by_one_make_the_same_chain_as_a_table)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcChainBuilder) of_table = builder_with (
    TABLE (OWED, TEXTS ("what", "reply", ""), TIMES ("made", DAY (1), DAY (2)), TEXTS ("due", "", "1970-01-09"),
           TEXTS ("closed", "1970-01-05T12:00", ""), TEXTS ("state", "kept", "broken"), TEXTS ("closed_by", "cust", ""),
           DOUBLES ("reopened", 2, 0), DOUBLES ("weight", 1, 0.5), TEXTS ("id", "c1", "c2")), FALSE);
  g_autoptr (VcChain) a = NULL, b = build (of_table);
  guint first, second;

  vc_chain_builder_add_party (builder, "anna", VC_PARTY_KIND_PERSON);
  vc_chain_builder_add_party (builder, "team", VC_PARTY_KIND_UNIT);
  vc_chain_builder_add_party (builder, "cust", VC_PARTY_KIND_CUSTOMER);
  first = vc_chain_builder_add_commitment (builder, "anna", "cust");
  second = vc_chain_builder_add_commitment (builder, "team", "anna");
  cr_assert (first == 0 && second == 1);
  vc_chain_builder_set_commitment_field (builder, second, "made", "1970-01-03");
  vc_chain_builder_set_commitment_field (builder, second, "due", "1970-01-09");
  vc_chain_builder_set_commitment_field (builder, second, "state", "kept");
  vc_chain_builder_set_commitment_field (builder, second, "state", "broken");
  vc_chain_builder_set_commitment_field (builder, second, "id", "c2");
  vc_chain_builder_set_commitment_number (builder, second, "weight", 0.5);
  vc_chain_builder_set_commitment_number (builder, second, "reopened", 0);
  vc_chain_builder_set_commitment_field (builder, first, "what", "reply");
  vc_chain_builder_set_commitment_field (builder, first, "made", "1970-01-02T00:00:00Z");
  vc_chain_builder_set_commitment_field (builder, first, "closed", "1970-01-05T12:00:00");
  vc_chain_builder_set_commitment_field (builder, first, "state", "kept");
  vc_chain_builder_set_commitment_field (builder, first, "closed_by", "cust");
  vc_chain_builder_set_commitment_number (builder, first, "reopened", 2);
  vc_chain_builder_set_commitment_field (builder, first, "id", "c1");
  a = build (builder);
  cr_assert_str_eq (vc_chain_get_digest (a), vc_chain_get_digest (b));
}

Test (commitments, one_by_one_are_checked_like_others)
{
  g_autoptr (VcChainBuilder) builder = vc_chain_builder_new ();
  g_autoptr (VcTable) list = NULL;
  guint commitment;

  vc_chain_builder_add_party (builder, "anna", VC_PARTY_KIND_PERSON);
  vc_chain_builder_add_party (builder, "bob", VC_PARTY_KIND_PERSON);
  vc_chain_builder_add_commitment (builder, "anna", "nobody");
  vc_chain_builder_add_commitment (builder, "\xff", "anna");
  commitment = vc_chain_builder_add_commitment (builder, "bob", "anna");
  vc_chain_builder_set_commitment_field (builder, commitment, "due", "tomorrow");
  vc_chain_builder_set_commitment_field (builder, commitment, "state", "lost");
  vc_chain_builder_set_commitment_number (builder, commitment, "weight", NAN);
  vc_chain_builder_set_commitment_number (builder, commitment, "reopened", 0.5);
  vc_chain_builder_add_commitment (builder, "bob", "bob");
  list = check (builder);
  cr_assert_eq (count_of (list, "reference", "to"), 1);
  cr_assert_eq (count_of (list, "encoding", NULL), 1);
  cr_assert_eq (count_of (list, "missing", "from"), 1);
  cr_assert_eq (count_of (list, "time", "due"), 1);
  cr_assert_eq (count_of (list, "value", "state"), 1);
  cr_assert_eq (count_of (list, "number", "weight"), 1);
  cr_assert_eq (count_of (list, "number", "reopened"), 1);
  cr_assert_eq (count_of (list, "contradiction", "to"), 1);
  cr_assert_eq (count_severity (list, "error"), 8u);
}
