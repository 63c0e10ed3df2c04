# SPDX-License-Identifier: LGPL-2.1-or-later
"""A chain on disk and a way to run the program, which VALUECHAIN names."""
import os
import random
import subprocess

import pytest

PROGRAM = os.environ["VALUECHAIN"]
SOURCE = os.environ["VC_TEST_SOURCE_DIR"]


def environment(**changes):
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "LC_ALL", "LANG", "LC_CTYPE", "G_DEBUG")}
    return {**kept, "G_DEBUG": "fatal-criticals", "TERM": "xterm", "LC_ALL": "C.UTF-8", **changes}


class Result:
    def __init__(self, done):
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr


def run(*arguments, env=None, **options):
    done = subprocess.run([PROGRAM, *map(str, arguments)], env=env or environment(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=120, **options)
    return Result(done)


def write(folder, name, header, rows):
    folder.mkdir(exist_ok=True)
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    (folder / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def company(n_people=30, n_flows=200, seed=1):
    """Parties, flows and receipts of a made-up company, in canonical order."""
    chance = random.Random(seed)
    parties = [(f"c{i}", "customer", f"Customer {i}", "", "", "") for i in range(3)]
    parties += [(f"u{i}", "unit", f"Unit {i}", "", "p0", "") for i in range(4)]
    parties += [(f"p{i}", "person", f"Person {i}", f"u{i % 4}", f"p{(i - 1) // 3}" if i else "", chance.choice(["", 9.5, 800]))
                for i in range(n_people)]
    people = [f"p{i}" for i in range(n_people)]
    flows = []
    for _ in range(n_flows):
        to = chance.choice(people + ["c0", "c1", "c2"])
        kind = chance.choice(["work", "work", "work", "instruction", "information"])
        at = f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}T08:00:00Z"
        flows.append((chance.choice(people), to, kind, chance.choice([1, 0.1, 2.5, chance.random()]), at))
    receipts = [(f"c{i % 3}", f"2025-{i + 1:02}-15", 1000.01 * (i + 1)) for i in range(6)]
    return parties, flows, receipts


def write_company(folder, parties, flows, receipts):
    write(folder, "parties.csv", "id,kind,name,unit,manager,effort", parties)
    write(folder, "flows.csv", "from,to,kind,amount,at", flows)
    write(folder, "receipts.csv", "customer,at,amount", receipts)
    return folder


@pytest.fixture
def chain(tmp_path):
    return write_company(tmp_path / "company", *company())


@pytest.fixture
def shuffled(tmp_path):
    tables = company()
    for table in tables:
        random.Random(7).shuffle(table)
    return write_company(tmp_path / "shuffled", *tables)


@pytest.fixture
def large(tmp_path):
    """What it prints does not fit into a pipe."""
    return write_company(tmp_path / "large", *company(3000, 20000))
