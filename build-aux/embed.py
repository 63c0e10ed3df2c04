#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Puts the example files into a page of the guide: embed.py PAGE EXAMPLES OUTPUT DEPFILE

A line {{folder/file}} becomes the file, without the lines that name its licence. A file that is not there is an error.
"""
import pathlib
import re
import sys

PLACE = re.compile(r"^\{\{(.+)\}\}$", re.MULTILINE)


def main(page, examples, output, depfile):
    used = []

    def embed(match):
        path = pathlib.Path(examples, match.group(1))
        used.append(str(path))
        lines = path.read_text(encoding="utf-8").splitlines()
        return "\n".join(line for line in lines if "SPDX-License-Identifier" not in line)

    text = PLACE.sub(embed, pathlib.Path(page).read_text(encoding="utf-8"))
    pathlib.Path(output).write_text(text, encoding="utf-8")
    escaped = [path.replace(" ", "\\ ") for path in used]
    pathlib.Path(depfile).write_text(f"{output.replace(' ', chr(92) + ' ')}: {' '.join(escaped)}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
