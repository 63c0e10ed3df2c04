# SPDX-License-Identifier: LGPL-2.1-or-later
"""Says what is behind a figure: where the work of one person goes, and how: why.py FOLDER PARTY"""
import sys

import valuechain

folder, party = sys.argv[1:3] if len(sys.argv) > 2 else ("examples/company", "nils.foss")
why = valuechain.load(folder).explain("alignment", party, paths=8)
summary = {row["name"]: row for row in why["summary"]}

print(f"{100 * summary['reach']['value']:.1f} % of the work of {party} reaches a customer")
for path in why["paths"]:
    print(f"{100 * path['share']:5.1f} %  {path['kind']:<11}  {path['path']}")
print(f"{100 * summary['all']['remainder']:5.1f} %  by all other ways")
