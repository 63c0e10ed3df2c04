# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whole columns at once, without a copy: whose effort do half of the receipts rest on? columns.py FOLDER"""
import sys

import valuechain

chain = valuechain.load(sys.argv[1] if len(sys.argv) > 1 else "examples/company")
parties = chain.score("alignment")["parties"].to_pandas()

falling = parties["revenue"].fillna(0).sort_values(ascending=False)
n = int((falling.cumsum() < falling.sum() / 2).sum()) + 1
print(f"{n} of {len(falling)} parties support half of {falling.sum():.0f}")
