/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/valuechain.h"

G_BEGIN_DECLS

typedef enum {
  ODD_GIVES_SCORES,
  ODD_GIVES_NOTHING,
  ODD_FAILS,
  ODD_GIVES_BOTH,
  ODD_WAITS_FOR_CANCEL,
} OddBehaviour;

/* A measure with an option of each type, that does what it is told; run() keeps in which thread it ran. */
#define ODD_TYPE_MEASURE (odd_measure_get_type ())
G_DECLARE_DERIVABLE_TYPE (OddMeasure, odd_measure, ODD, MEASURE, VcMeasure)

struct _OddMeasureClass
{
  VcMeasureClass parent_class;
};

/* The same, but run_async() may use another thread. */
GType      odd_threaded_get_type (void);
/* Overrides nothing. */
GType      odd_empty_get_type    (void);

VcMeasure *odd_measure_new       (GType         type,
                                  OddBehaviour  behaviour);
GThread   *odd_measure_thread    (VcMeasure    *self);
VcScores  *odd_scores_new        (void);
/* Two customers, a person and a team. */
VcChain   *odd_chain_new         (void);

G_END_DECLS
