# SPDX-License-Identifier: LGPL-2.1-or-later
"""Scores from a PostgreSQL database, through ADBC: database.py URI"""
import sys

import adbc_driver_postgresql.dbapi
import valuechain

COLUMNS = {
    "parties": {"id": "login", "kind": "type", "manager": "boss"},
    "flows": {"from": "sender", "to": "receiver", "amount": "hours"},
    "receipts": {"customer": "payer", "amount": "paid"},
}

with adbc_driver_postgresql.dbapi.connect(sys.argv[1]) as connection, connection.cursor() as cursor:

    def query(statement):
        """The rows of the answer as a table, over the memory that the driver has put them into."""
        cursor.execute(statement)
        return valuechain.table(cursor.fetch_arrow())

    # This driver gives PostgreSQL's numeric as text: the amounts are asked for as double precision.
    chain = valuechain.chain(
        query("SELECT login, type, boss FROM colleagues"),
        query("SELECT sender, receiver, hours::float8 FROM handovers WHERE kind = 'work'"),
        receipts=query("SELECT payer, paid::float8 FROM payments"),
        columns=COLUMNS,
    )

for row in chain.score("alignment")["customers"]:
    worth = row["receipts_per_effort"]
    print(f"{row['customer']}: " + (f"{row['effort']:.0f} hours get there, {worth:.2f} for each" if worth else "no work gets there"))
