/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-event-walk-private.h"

#include "base/vc-buffer-private.h"
#include "valuechain/vc-error.h"
#include "vc-event-causes-private.h"
#include "vc-event-steps-private.h"

/* Hand-over of work, subcontracting and working together: van der Aalst, Reijers and Song (2005), Discovering social
 * networks from event logs, Computer Supported Cooperative Work 14:549-593. */

#define CANCEL_EVERY 4096 /* steps, of which each may hand over from many */
/* A step further back than this weighs nothing. */
#define LEAST_WEIGHT 1e-12

/* A party whose steps decay, and what is left of them. */
typedef struct {
  gint32 party;
  double weight;
} Memory;

typedef struct {
  const VcEvents     *events;
  const VcEventRules *rules;
  VcEventFlows       *flows;
  VcEventRelations   *relations; /* NULL: none */
  VcEventCounts      *counts;
  GCancellable       *cancellable;
  GError            **error;
  VcSteps             steps;
  VcEventPairs        first;     /* where a pair counts once in a case */
  VcEventCauses       causes;
  gboolean            learns;    /* only notes what follows what */
  gint32             *found;     /* causes of a step */
  Memory             *memories;
  gsize               n_memories;
  gint32              holder;    /* the step that ended last; -1: none */
  guint32             in_case;
  guint32             row;       /* of the event that is looked at */
  guint64             left;      /* flows that may still be made */
} Walk;

void
vc_event_flows_clear (VcEventFlows *self)
{
  vc_buffer_free (self->from);
  vc_buffer_free (self->to);
  vc_buffer_free (self->at);
  vc_buffer_free (self->cases);
  vc_buffer_free (self->amounts);
  vc_buffer_free (self->seen);
  *self = (VcEventFlows) { 0 };
}

static gboolean
no_memory (GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the flows");
  return FALSE;
}

static const VcEventField *
field (const Walk *walk, VcEventRole role)
{
  return &walk->events->fields[role];
}

/* Looks at the cancellable at each so many of what is counted. */
static gboolean
is_cancelled_at (const Walk *walk, guint64 i)
{
  return i % CANCEL_EVERY == 0 && g_cancellable_set_error_if_cancelled (walk->cancellable, walk->error);
}

/* ---- how much may be made ---- */

static gboolean
refuse_more (const Walk *walk, const char *what)
{
  g_autofree char *place = vc_events_dup_place (walk->events, walk->row, walk->rules->name);

  g_set_error (walk->error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT, "%s: with this event the log makes more %s", place,
               what);
  return FALSE;
}

static gboolean
spend (Walk *walk, guint64 flows)
{
  if (flows > walk->left)
    return refuse_more (walk, walk->relations != NULL ? "flows and pairs of parties than its size allows"
                                                      : "flows than its size allows");
  walk->left -= flows;
  return TRUE;
}

static void
see (Walk *walk, gint32 code)
{
  vc_bit_set (walk->flows->seen, (gsize) code);
}

/* ---- flows ---- */

static gboolean
enlarge (gpointer where, gsize old_n, gsize new_n, gsize size)
{
  gpointer grown = vc_buffer_realloc (*(gpointer *) where, old_n, new_n, size);

  if (grown != NULL)
    *(gpointer *) where = grown;
  return grown != NULL;
}

static gboolean
grow_flows (Walk *walk)
{
  VcEventFlows *flows = walk->flows;
  gsize room = flows->room + flows->room / 2 + 16;

  if (!enlarge (&flows->from, flows->n, room, sizeof *flows->from)
      || !enlarge (&flows->to, flows->n, room, sizeof *flows->to)
      || !enlarge (&flows->at, flows->n, room, sizeof *flows->at)
      || !enlarge (&flows->cases, flows->n, room, sizeof *flows->cases)
      || (flows->amounts != NULL && !enlarge (&flows->amounts, flows->n, room, sizeof *flows->amounts)))
    return no_memory (walk->error);
  flows->room = room;
  return TRUE;
}

static gboolean
add_flow (Walk *walk, gint32 from, gint32 to, guint32 row, double amount)
{
  VcEventFlows *flows = walk->flows;

  if (flows->n >= walk->rules->max_flows)
    return refuse_more (walk, "flows than the limit allows");
  if (!spend (walk, 1) || (flows->n == flows->room && !grow_flows (walk)))
    return FALSE;
  flows->from[flows->n] = from;
  flows->to[flows->n] = to;
  flows->at[flows->n] = field (walk, VC_EVENT_ROLE_TIME)->int64s[row];
  flows->cases[flows->n] = field (walk, VC_EVENT_ROLE_CASE)->codes[row];
  if (flows->amounts != NULL)
    flows->amounts[flows->n] = amount;
  flows->n++;
  return TRUE;
}

/* Adds what one event says. FALSE: nothing. */
static gboolean
add_amount (Walk *walk, guint32 row, double *amount)
{
  const VcEventField *amounts = field (walk, VC_EVENT_ROLE_AMOUNT);

  if (!vc_bit_is_set (amounts->validity, row))
    return FALSE;
  *amount += amounts->doubles[row];
  return TRUE;
}

/* What the activity that ends with a step amounts to: both its events may say. FALSE: neither does. */
static gboolean
get_amount (Walk *walk, const VcStep *step, double *amount)
{
  gboolean has;

  if (field (walk, VC_EVENT_ROLE_AMOUNT)->doubles == NULL) {
    *amount = 1;
    return TRUE;
  }
  *amount = 0;
  has = add_amount (walk, step->row, amount);
  if (step->kind == VC_STEP_END)
    has |= add_amount (walk, walk->steps.steps[step->partner].row, amount);
  walk->counts->no_amount += !has;
  return has;
}

/* ---- relations ---- */

#define FLOWS_PER_PAIR 2

static gboolean
relate (Walk *walk, VcRelation relation, gint32 from, gint32 to, double weight)
{
  VcEventPairs *pairs = &walk->relations->pairs[relation];
  const gsize n = pairs->n;
  gboolean is_first;

  if (!vc_event_pairs_add (pairs, from, to, weight, walk->in_case, &is_first))
    return no_memory (walk->error);
  if (pairs->n > walk->rules->max_flows)
    return refuse_more (walk, "pairs of a relation than the limit allows");
  return pairs->n == n || spend (walk, FLOWS_PER_PAIR);
}

/* From a party to another and back to the first: the first let the other do a part of its work. `before`: of what is
 * handed over from. */
static gboolean
relate_three (Walk *walk, const VcStep *to)
{
  const VcStep *steps = walk->steps.steps, *middle = to->before >= 0 ? &steps[to->before] : NULL;
  gint32 first = middle == NULL ? -1 : middle->kind == VC_STEP_END ? steps[middle->partner].before : middle->before;

  if (walk->relations == NULL || first < 0)
    return TRUE;
  walk->relations->n_possible[VC_RELATION_SUBCONTRACTING]++;
  if (steps[first].party != to->party || middle->party == to->party)
    return TRUE;
  return relate (walk, VC_RELATION_SUBCONTRACTING, to->party, middle->party, 1);
}

static void
meet (Walk *walk, gint32 party)
{
  if (walk->relations != NULL)
    vc_event_company_meet (&walk->relations->company, party, walk->in_case);
}

/* What one case makes is known before it is made. */
static gboolean
end_company (Walk *walk)
{
  const guint64 n = vc_event_company_end_case (&walk->relations->company), n_pairs = n * (n - 1) / 2;

  if (n_pairs > walk->rules->max_flows)
    return refuse_more (walk, "pairs of parties that work together than the limit allows");
  return n_pairs <= walk->left / FLOWS_PER_PAIR
         || refuse_more (walk, "pairs of parties that work together than its size allows");
}

/* What cases have in common counts once: only where all are known it is. */
static gboolean
count_company (Walk *walk)
{
  VcEventRelations *relations = walk->relations;
  const guint64 allowed = walk->left / FLOWS_PER_PAIR, most = MIN (allowed, walk->rules->max_flows);

  if (!vc_event_company_count (&relations->company, most, &relations->n_together, walk->cancellable))
    return !g_cancellable_set_error_if_cancelled (walk->cancellable, walk->error) && no_memory (walk->error);
  if (relations->n_together <= most)
    return TRUE;
  g_set_error (walk->error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_LIMIT,
               "%s: more pairs of parties work together than the %s allows", walk->rules->name,
               most < allowed ? "limit" : "size of the log");
  return FALSE;
}

/* ---- hand-overs ---- */

/* Says whether it is the first of the pair in the case. */
static gboolean
note_pair (Walk *walk, gint32 from, gint32 to, gboolean *is_first)
{
  const gsize n = walk->first.n;

  if (!vc_event_pairs_add (&walk->first, from, to, 1, walk->in_case, is_first))
    return no_memory (walk->error);
  return walk->first.n == n || spend (walk, 1);
}

/* One party hands over to another, or to itself. `giver`: the step that is handed over. */
static gboolean
hand_over (Walk *walk, gint32 party, const VcStep *giver, const VcStep *taker, double weight)
{
  gboolean is_self = party == taker->party, counts = TRUE;
  double amount;

  walk->counts->hand_overs += !is_self;
  walk->counts->reworks += is_self;
  if (is_cancelled_at (walk, walk->counts->hand_overs + walk->counts->reworks))
    return FALSE;
  if (walk->relations != NULL) {
    walk->relations->n_possible[VC_RELATION_HAND_OVER] += weight;
    if (!relate (walk, is_self ? VC_RELATION_SELF_HAND_OVER : VC_RELATION_HAND_OVER, party, taker->party, weight))
      return FALSE;
  }
  if (walk->rules->weight == VC_EVENT_WEIGHT_CASE && !note_pair (walk, party, taker->party, &counts))
    return FALSE;
  walk->counts->repeated += !counts;
  if (!counts || !get_amount (walk, giver, &amount))
    return TRUE;
  return add_flow (walk, party, taker->party, taker->row, weight * amount);
}

static gboolean
take_from_holder (Walk *walk, const VcStep *step)
{
  const VcStep *holder = &walk->steps.steps[walk->holder];

  return hand_over (walk, holder->party, holder, step, 1);
}

static gboolean
take_from_causes (Walk *walk, const VcStep *step)
{
  const VcStep *steps = walk->steps.steps;
  guint32 n = vc_event_causes_find (&walk->causes, step->activity, walk->found);

  walk->counts->no_cause
    += walk->holder >= 0 && !vc_event_causes_has (&walk->causes, steps[walk->holder].activity, step->activity);
  for (guint32 i = 0; i < n; i++)
    if (!hand_over (walk, steps[walk->found[i]].party, &steps[walk->found[i]], step, 1))
      return FALSE;
  return TRUE;
}

static gboolean
take_from_memories (Walk *walk, const VcStep *step)
{
  for (gsize i = 0; i < walk->n_memories; i++)
    if (!hand_over (walk, walk->memories[i].party, step, step, walk->memories[i].weight))
      return FALSE;
  return TRUE;
}

/* A step begins: whoever had the work before hands it over. */
static gboolean
arrive (Walk *walk, VcStep *step)
{
  step->before = walk->holder;
  if (walk->learns) {
    if (walk->holder >= 0)
      vc_event_causes_note (&walk->causes, walk->steps.steps[walk->holder].activity, step->activity);
    return TRUE;
  }
  see (walk, step->party);
  meet (walk, step->party);
  if (!relate_three (walk, step))
    return FALSE;
  if (walk->rules->causal)
    return take_from_causes (walk, step);
  if (walk->rules->weight == VC_EVENT_WEIGHT_DECAY)
    return take_from_memories (walk, step);
  return walk->holder < 0 || take_from_holder (walk, step);
}

/* All grows fainter by one step, and the newest is remembered. */
static void
remember (Walk *walk, gint32 party)
{
  gsize n = 0;
  gboolean is_known = FALSE;

  for (gsize i = 0; i < walk->n_memories; i++) {
    Memory memory = walk->memories[i];

    memory.weight *= walk->rules->decay;
    is_known |= memory.party == party;
    memory.weight += memory.party == party;
    if (memory.weight >= LEAST_WEIGHT)
      walk->memories[n++] = memory;
  }
  if (!is_known)
    walk->memories[n++] = (Memory) { party, 1 };
  walk->n_memories = n;
}

static void
leave (Walk *walk, gsize i)
{
  const VcStep *step = &walk->steps.steps[i];

  walk->holder = (gint32) i;
  if (walk->rules->causal)
    vc_event_causes_done (&walk->causes, step->activity, (gint32) i);
  else if (walk->memories != NULL)
    remember (walk, step->party);
}

static void
forget (Walk *walk)
{
  walk->holder = -1;
  walk->n_memories = 0;
  vc_event_causes_forget (&walk->causes);
}

/* An activity is completed, maybe by another party than started it. */
static gboolean
complete (Walk *walk, const VcStep *step)
{
  const VcStep *start = &walk->steps.steps[step->partner];

  if (walk->learns)
    return TRUE;
  walk->counts->pairs++;
  see (walk, step->party);
  meet (walk, step->party);
  return start->party == step->party || hand_over (walk, start->party, start, step, 1);
}

static gboolean
walk_step (Walk *walk, gsize i)
{
  VcStep *step = &walk->steps.steps[i];

  if (is_cancelled_at (walk, i))
    return FALSE;
  walk->row = step->row;
  switch (step->kind) {
    case VC_STEP_GAP:
      forget (walk);
      return TRUE;
    case VC_STEP_BEGIN:
      return arrive (walk, step);
    case VC_STEP_END:
      if (!complete (walk, step))
        return FALSE;
      break;
    case VC_STEP_WHOLE:
    default:
      if (!arrive (walk, step))
        return FALSE;
  }
  leave (walk, i);
  return TRUE;
}

/* ---- deliveries ---- */

/* The last customer that the case names; -1: none. FALSE: cancelled. */
static gboolean
find_customer (Walk *walk, const guint32 *rows, gsize n, gint32 *customer)
{
  const VcEventField *customers = field (walk, VC_EVENT_ROLE_CUSTOMER);
  gboolean moved = FALSE;

  *customer = -1;
  for (gsize i = 0; i < n && customers->codes != NULL; i++) {
    if (is_cancelled_at (walk, i + 1))
      return FALSE;
    if (!vc_bit_is_set (customers->validity, rows[i]))
      continue;
    moved |= *customer >= 0 && customers->codes[rows[i]] != *customer;
    *customer = customers->codes[rows[i]];
  }
  walk->counts->moved += moved;
  return TRUE;
}

static gboolean
deliver (Walk *walk, gint32 customer)
{
  const VcStep *holder = walk->holder >= 0 ? &walk->steps.steps[walk->holder] : NULL;
  gint32 code = (gint32) vc_event_field_n_labels (field (walk, VC_EVENT_ROLE_PARTY)) + customer;
  double amount;

  if (customer >= 0)
    see (walk, code);
  if (holder == NULL) {
    walk->counts->no_deliverer++;
  } else if (customer < 0) {
    walk->counts->no_customer++;
  } else {
    walk->counts->deliveries++;
    if (get_amount (walk, holder, &amount))
      return add_flow (walk, holder->party, code, holder->row, amount);
  }
  return TRUE;
}

/* ---- cases ---- */

/* FALSE: cancelled. */
static gboolean
note_events (Walk *walk, const guint32 *rows, gsize n)
{
  VcEventCounts *counts = walk->counts;
  const gint64 *times = field (walk, VC_EVENT_ROLE_TIME)->int64s;
  const guint8 *has_activity = field (walk, VC_EVENT_ROLE_ACTIVITY)->validity;

  if (counts->cases == 0 || times[rows[0]] < counts->first)
    counts->first = times[rows[0]];
  if (counts->cases == 0 || times[rows[n - 1]] > counts->last)
    counts->last = times[rows[n - 1]];
  for (gsize i = 0; i < n; i++) {
    if (is_cancelled_at (walk, i + 1))
      return FALSE;
    counts->ties += i > 0 && times[rows[i]] == times[rows[i - 1]];
    counts->no_activity += walk->rules->causal && !vc_bit_is_set (has_activity, rows[i]);
  }
  counts->cases++;
  return TRUE;
}

static gboolean
walk_case (Walk *walk, const guint32 *rows, gsize n)
{
  gint32 customer;

  if (!vc_steps_make (&walk->steps, rows, n, walk->cancellable))
    return !g_cancellable_set_error_if_cancelled (walk->cancellable, walk->error);
  forget (walk);
  for (gsize i = 0; i < walk->steps.n; i++)
    if (!walk_step (walk, i))
      return FALSE;
  if (walk->learns)
    return TRUE;
  return note_events (walk, rows, n) && find_customer (walk, rows, n, &customer) && deliver (walk, customer)
         && (walk->relations == NULL || end_company (walk));
}

static gboolean
walk_cases (Walk *walk, const VcEventOrder *order)
{
  for (guint32 i = 0; i < order->n_cases; i++) {
    gsize n = order->starts[i + 1] - order->starts[i];

    if (is_cancelled_at (walk, i))
      return FALSE;
    walk->in_case = i;
    if (n > 0 && !walk_case (walk, order->rows + order->starts[i], n))
      return FALSE;
  }
  return TRUE;
}

/* ---- all of it ---- */

/* A case of n events makes at most n flows where each is handed over once: n - 1 steps and the delivery. */
static gboolean
prepare_flows (Walk *walk)
{
  const VcEventRules *rules = walk->rules;
  gsize n = walk->events->n_rows;
  gsize n_codes = (gsize) vc_event_field_n_labels (field (walk, VC_EVENT_ROLE_PARTY)) +
                  vc_event_field_n_labels (field (walk, VC_EVENT_ROLE_CUSTOMER));
  gboolean has_amounts = rules->weight == VC_EVENT_WEIGHT_DECAY || field (walk, VC_EVENT_ROLE_AMOUNT)->doubles != NULL;

  *walk->flows = (VcEventFlows) {
    .room = n,
    .from = vc_buffer_new (gint32, n),
    .to = vc_buffer_new (gint32, n),
    .at = vc_buffer_new (gint64, n),
    .cases = vc_buffer_new (gint32, n),
    .amounts = has_amounts ? vc_buffer_new (double, n) : NULL,
    .seen = vc_buffer_new0 (guint8, vc_bits_size (n_codes)),
  };
  return walk->flows->from != NULL && walk->flows->to != NULL && walk->flows->at != NULL && walk->flows->cases != NULL
         && (walk->flows->amounts != NULL) == has_amounts && walk->flows->seen != NULL;
}

static gboolean
prepare_rules (Walk *walk, gsize longest)
{
  guint32 n_activities = vc_event_field_n_labels (field (walk, VC_EVENT_ROLE_ACTIVITY));
  guint32 n_parties = vc_event_field_n_labels (field (walk, VC_EVENT_ROLE_PARTY));
  guint32 n_cases = vc_event_field_n_labels (field (walk, VC_EVENT_ROLE_CASE));

  if (walk->rules->causal) {
    walk->found = vc_buffer_new (gint32, n_activities);
    if (walk->found == NULL || !vc_event_causes_init (&walk->causes, n_activities))
      return FALSE;
  }
  if (walk->rules->weight == VC_EVENT_WEIGHT_DECAY) {
    walk->memories = vc_buffer_new (Memory, MAX (longest, 1));
    if (walk->memories == NULL)
      return FALSE;
  }
  if (walk->relations != NULL && !vc_event_company_init (&walk->relations->company, walk->events->n_rows, n_cases,
                                                        n_parties))
    return FALSE;
  return vc_steps_init (&walk->steps, walk->events, longest, walk->rules->breaks);
}

static void
walk_clear (Walk *walk)
{
  vc_steps_clear (&walk->steps);
  vc_event_pairs_clear (&walk->first);
  vc_event_causes_clear (&walk->causes);
  vc_buffer_free (walk->found);
  vc_buffer_free (walk->memories);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

/* What follows what must be known of the whole log before anything is handed over. */
static gboolean
learn_causes (Walk *walk, const VcEventOrder *order)
{
  walk->learns = TRUE;
  if (!walk_cases (walk, order))
    return FALSE;
  vc_event_causes_settle (&walk->causes);
  walk->steps.n_no_party = 0;
  walk->learns = FALSE;
  return TRUE;
}

/* As many as events make where each is handed over once; and the pairs, where these are to be known. */
static guint64
least_flows (const VcEvents *events, const VcEventRules *rules)
{
  return (guint64) events->n_rows * (rules->weight == VC_EVENT_WEIGHT_CASE ? 2 : 1);
}

gboolean
vc_event_walk (const VcEvents *events, const VcEventOrder *order, const VcEventRules *rules, VcEventFlows *flows,
               VcEventRelations *relations, VcEventCounts *counts, GCancellable *cancellable, GError **error)
{
  g_auto (Walk) walk = {
    .events = events,
    .rules = rules,
    .flows = flows,
    .relations = relations,
    .counts = counts,
    .cancellable = cancellable,
    .error = error,
    .holder = -1,
    .left = MAX (least_flows (events, rules), rules->size / VC_EVENT_BYTES_PER_FLOW) + VC_EVENT_FREE_FLOWS,
  };

  *counts = (VcEventCounts) { 0 };
  if (!prepare_flows (&walk) || !prepare_rules (&walk, order->longest))
    return no_memory (error);
  if ((rules->causal && !learn_causes (&walk, order)) || !walk_cases (&walk, order))
    return FALSE;
  counts->no_party = walk.steps.n_no_party;
  if (relations != NULL) {
    if (!count_company (&walk))
      return FALSE;
    relations->n_cases = counts->cases;
    relations->n_possible[VC_RELATION_SELF_HAND_OVER] = relations->n_possible[VC_RELATION_HAND_OVER];
    relations->n_possible[VC_RELATION_WORKING_TOGETHER] = (double) counts->cases;
  }
  return TRUE;
}
