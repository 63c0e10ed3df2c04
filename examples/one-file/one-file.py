# SPDX-License-Identifier: LGPL-2.1-or-later
"""A year in one file, quarter by quarter: one-file.py CHAIN"""
import os
import sys
import tempfile

import valuechain

QUARTERS = ["2025-01/2025-04", "2025-04/2025-07", "2025-07/2025-10", "2025-10/2026-01"]

year = valuechain.load(sys.argv[1] if len(sys.argv) > 1 else "examples/company")
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "year.vchain")
    for quarter in QUARTERS:
        period = year.window_text(quarter, None, None)
        if os.path.exists(path):
            period.append_to(path)
        else:
            period.save(path)
        print(f"until {quarter[8:]}: {valuechain.load(path).get_n_flows()} flows")
    print(f"of the year: {year.get_n_flows()} flows")
