# SPDX-License-Identifier: LGPL-2.1-or-later
"""From a ticket system's export to scores: event-log.py TICKETS.csv"""
import sys

import valuechain

path = sys.argv[1] if len(sys.argv) > 1 else "examples/event-log/tickets.csv"
chain, report = valuechain.import_log(path, case="ticket", party="team", time="changed", time_format="%Y-%m-%d %H:%M",
                                      customer="caller", missing="?")
for row in chain.score("alignment")["parties"]:
    print(f"{row['party']}: {'undefined' if row['reach'] is None else format(row['reach'], '.4f')}")
