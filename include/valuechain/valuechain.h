/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define VC_INSIDE

#include <valuechain/vc-accountability.h>
#include <valuechain/vc-alignment.h>
#include <valuechain/vc-chain-builder.h>
#include <valuechain/vc-chain-file-scores.h>
#include <valuechain/vc-chain-file.h>
#include <valuechain/vc-chain.h>
#include <valuechain/vc-column.h>
#include <valuechain/vc-csv-reader.h>
#include <valuechain/vc-enum-types.h>
#include <valuechain/vc-error.h>
#include <valuechain/vc-event-log.h>
#include <valuechain/vc-flow-kind.h>
#include <valuechain/vc-folder.h>
#include <valuechain/vc-limits.h>
#include <valuechain/vc-measure.h>
#include <valuechain/vc-party-kind.h>
#include <valuechain/vc-progress.h>
#include <valuechain/vc-report.h>
#include <valuechain/vc-row.h>
#include <valuechain/vc-scores.h>
#include <valuechain/vc-source.h>
#include <valuechain/vc-status.h>
#include <valuechain/vc-table.h>
#include <valuechain/vc-version-macros.h>
#include <valuechain/vc-version.h>

#undef VC_INSIDE
