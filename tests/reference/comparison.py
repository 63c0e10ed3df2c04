# SPDX-License-Identifier: LGPL-2.1-or-later
"""What comparing a measure with its slow twin takes, whichever measure it is: chains in the words of tests/measure/chains.h, asking
the program that reads them, and going through its tables."""
import itertools
import json
import subprocess
import sys
import threading

AT_ONCE = 100


class Mismatch(Exception):
    pass


def party_words(party, fields):
    words = ["party", party, fields["kind"]]
    words += [f"{name}={fields[name]}" for name in ("unit", "manager") if fields.get(name)]
    if fields.get("effort") is not None:
        words.append(f"effort={float(fields['effort'])!r}")
    return " ".join(words)


def check_table(name, found, exact, check_cell):
    """Row by row: the same columns, and in them what `check_cell` lets pass."""
    if len(found) != len(exact):
        raise Mismatch(f"{name}: {len(found)} rows, exactly {len(exact)}")
    for found_row, exact_row in zip(found, exact):
        if list(found_row) != list(exact_row):
            raise Mismatch(f"{name}: columns {list(found_row)}, exactly {list(exact_row)}")
        for column, value in exact_row.items():
            try:
                check_cell(column, found_row[column], value)
            except Mismatch as mismatch:
                raise Mismatch(f"{name} {found_row}: {mismatch}") from None


def read_tables(answer, names):
    """The tables in a line that the program has answered: those of these names, in this order."""
    found = json.loads(answer)
    if "error" in found:
        raise Mismatch(found["error"])
    if list(found) != list(names):
        raise Mismatch(f"tables {list(found)}, exactly {list(names)}")
    return found


def compare(program, cases, write, check):
    """Asks the program about all cases, as `write` puts them, and has `check` look at its answers. Writes from a thread of its own:
    neither side waits for the other for ever."""
    process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    pending, n = [], 0
    cases = iter(cases)

    def feed(batch):
        process.stdin.write("".join(write(*case) for case in batch))
        process.stdin.flush()

    while pending := list(itertools.islice(cases, AT_ONCE)):
        writer = threading.Thread(target=feed, args=(pending,), daemon=True)
        writer.start()
        for case in pending:
            answer = process.stdout.readline()
            try:
                check(*case, answer)
            except (Mismatch, json.JSONDecodeError) as mismatch:
                process.kill()
                sys.exit(f"chain {n}: {mismatch}\n{write(*case)}{answer}")
            n += 1
        writer.join()
    process.stdin.close()
    if process.wait() != 0:
        sys.exit(f"the program failed with {process.returncode}")
    return n
