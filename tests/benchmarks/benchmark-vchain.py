#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Saves and loads a chain file beside bare loops of SQLite over the same rows: benchmark-vchain.py PROGRAM [FLOWS]

PROGRAM is benchmark-vchain. All is done in one process, in turns.
"""
import subprocess
import sys
import tempfile


def main():
    flows = sys.argv[2] if len(sys.argv) > 2 else "10000000"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], flows, folder], check=True)


if __name__ == "__main__":
    main()
