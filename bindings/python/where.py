#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: where.py PREFIX FOLDER    Where in PREFIX packages go so that this Python finds them.

FOLDER is Meson's guess, and the answer where this Python looks there, or nowhere in PREFIX. On Debian it is right in /usr
alone: in /usr/local each minor version has a folder of its own.
"""
import pathlib
import site
import sys


def main(prefix, guess):
    within = [folder for folder in map(pathlib.Path, site.getsitepackages()) if folder.is_relative_to(prefix)]
    print(guess if guess in within or not within else within[0])


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:]))
