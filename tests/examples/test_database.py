# SPDX-License-Identifier: LGPL-2.1-or-later
"""The example with a database: a PostgreSQL server of its own, with the bundled company in it, gives the scores that the company's
folder gives."""
import glob
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile

import pytest

import valuechain

dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi")

EXAMPLES = pathlib.Path(os.environ["VC_TEST_SOURCE_DIR"]) / "examples"
# As in an operational database: names of its own, numeric amounts, a column `kind` that is not ours.
TABLES = {
    "colleagues": ("login text, type text, full_name text, boss text", "id, kind, name, manager"),
    "handovers": ("sender text, receiver text, hours numeric(12, 2), kind text, done timestamptz", '"from", "to", amount, kind, at'),
    "payments": ("payer text, paid numeric(14, 2), at timestamptz", "customer, amount, at"),
}


def programs():
    """Where the server's programs are: Debian keeps them out of the PATH."""
    found = shutil.which("initdb") or max(glob.glob("/usr/lib/postgresql/*/bin/initdb"), default=None)
    if found is None:
        pytest.skip("PostgreSQL's server is not installed")
    return pathlib.Path(found).parent


@pytest.fixture(scope="module")
def uri():
    """A server that listens on a socket in a folder of its own only, and belongs to somebody else where we are root."""
    bin = programs()
    user = "postgres" if os.getuid() == 0 else None
    # Not pytest's folder: the path of a socket has at most 107 bytes, and other users may not enter it.
    with tempfile.TemporaryDirectory(prefix="vc-") as folder:
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)

        def control(*command):
            subprocess.run([bin / command[0], "-D", f"{folder}/data", *command[1:]], check=True, cwd=folder, user=user,
                           stdout=subprocess.DEVNULL)

        control("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        control("pg_ctl", "start", "-w", "-t", "60", "-l", f"{folder}/log", "-o", f"-k {folder} -c listen_addresses='' -c fsync=off")
        try:
            yield f"postgresql://tester@/postgres?host={folder}"
        finally:
            control("pg_ctl", "stop", "-m", "immediate")


@pytest.fixture(scope="module")
def company(uri):
    chain = valuechain.load(EXAMPLES / "company")
    with dbapi.connect(uri, autocommit=True) as connection, connection.cursor() as cursor:
        for (name, (columns, ours)), table in zip(TABLES.items(), (chain.get_parties(), chain.get_flows(), chain.get_receipts())):
            cursor.execute(f"CREATE TABLE {name} ({columns})")
            cursor.adbc_ingest("incoming", table.to_arrow(), mode="replace")
            cursor.execute(f"INSERT INTO {name} SELECT {ours} FROM incoming")
    return chain


def test_the_example_prints_what_it_should(uri, company):
    run = subprocess.run([sys.executable, EXAMPLES / "database" / "database.py", uri], stdout=subprocess.PIPE, check=True, text=True)
    assert run.stdout == (EXAMPLES / "database" / "expected.txt").read_text(encoding="utf-8")


def test_the_database_scores_as_the_folder_does(uri, company):
    columns = {
        "parties": {"id": "login", "kind": "type", "name": "full_name", "manager": "boss"},
        "flows": {"from": "sender", "to": "receiver", "amount": "hours", "at": "done"},
        "receipts": {"customer": "payer", "amount": "paid"},
    }
    with dbapi.connect(uri) as connection, connection.cursor() as cursor:

        def query(statement):
            cursor.execute(statement)
            return valuechain.table(cursor.fetch_arrow())

        chain = valuechain.chain(
            query("SELECT * FROM colleagues"),
            query("SELECT sender, receiver, kind, hours::float8, done FROM handovers"),
            receipts=query("SELECT payer, paid::float8, at FROM payments"),
            columns=columns,
        )
    # The database has no efforts: nor may the folder's have any.
    bare = [{key: value for key, value in row.items() if key not in ("effort", "unit")} for row in company.get_parties()]
    expected = valuechain.chain(bare, company.get_flows(), receipts=company.get_receipts()).score()
    for name, table in chain.score().tables.items():
        assert list(table) == list(expected[name]), name
