# SPDX-License-Identifier: LGPL-2.1-or-later
"""Says who keeps what they owe, up and down the line and function by function: both-ways.py FOLDER"""
import sys

import valuechain


def percent(share):
    return int(100 * share + 0.5)


scores = valuechain.load(sys.argv[1] if len(sys.argv) > 1 else "examples/company").score("accountability")
kept = {row["name"]: row["value"] for row in scores["summary"]}

print(f"managers keep {percent(kept['kept_down'])} % of what they owe to their people, "
      f"who keep {percent(kept['kept_up'])} %")
for row in scores["functions"]:
    print(f"{row['unit']:<10}  {percent(row['kept']):2} % kept ({percent(row['kept_low']):2} to {percent(row['kept_high']):3}), "
          f"{percent(row['closed_by_owed']):2} % closed by who asked, {percent(row['reopened']):2} % reopened")
