# SPDX-License-Identifier: LGPL-2.1-or-later
"""Loads a chain folder and names the parties that are farthest from the customer: far-from-customer.py FOLDER"""
import sys

import valuechain

chain = valuechain.load(sys.argv[1] if len(sys.argv) > 1 else "examples/company")
parties = chain.score("alignment")["parties"]
reached = [row for row in parties if row["distance"] is not None]

for row in sorted(reached, key=lambda row: -row["distance"])[:6]:
    print(f"{row['party']}: {row['distance']:.2f} hand-overs, {100 * row['reach']:.0f} % of the work gets there, "
          f"receipts of {row['revenue']:.0f} rest on it")
