# SPDX-License-Identifier: LGPL-2.1-or-later
import pytest

import valuechain


@pytest.fixture
def small():
    """A team and a clerk serve a customer, a reporter serves a boss who passes nothing on."""
    return valuechain.chain(
        parties=[
            {"id": "team", "kind": "unit"},
            {"id": "clerk", "kind": "person", "manager": "boss"},
            {"id": "reporter", "kind": "person", "manager": "boss"},
            {"id": "boss", "kind": "person"},
            {"id": "payer", "kind": "customer"},
        ],
        flows=[
            {"from": "team", "to": "payer", "amount": 3.0},
            {"from": "clerk", "to": "team", "amount": 1.0},
            {"from": "clerk", "to": "boss", "amount": 1.0},
            {"from": "reporter", "to": "boss", "amount": 2.0},
        ],
        receipts=[{"customer": "payer", "amount": 800.0}],
        title="Small",
        currency="EUR",
        effort_unit="hours",
    )
