# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who works for whom, by an object-centric log: objects.py LOG"""
import sys

import valuechain

path = sys.argv[1] if len(sys.argv) > 1 else "examples/objects/bakery.json"
# Orders are the cases: what is neither an employee nor a customer.
chain, report = valuechain.import_log(path, party="object:Employee:by", customer="object:Customer")
for row in chain.score("alignment")["parties"]:
    print(f"{row['party']}: {'undefined' if row['reach'] is None else format(row['reach'], '.4f')}")
