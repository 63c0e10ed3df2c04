# SPDX-License-Identifier: LGPL-2.1-or-later
"""The commitments of a ticket log, made the obvious way: the reference twin of what VcEventLog makes of promises.

Events are dicts with texts or None, times already comparable. Nothing here is fast.
"""


def last(events, column):
    """The last word of a case's events."""
    return next((event[column] for event in reversed(events) if column and event.get(column) is not None), None)


def state_of(due, closed, kept):
    if due is None and kept is not None:
        return "kept" if kept == "true" else "late" if closed is not None else "broken"
    return "open" if closed is None else "kept"


def commitments(rows, roles, *, breaks=False, unknown=None, people=False):
    """{case: commitment}; `roles` names the column of each role that the log has."""
    prefix = "" if people else "person:"
    cases = {}
    for row in rows:
        if row[roles["case"]] is not None and row[roles["time"]] is not None:
            cases.setdefault(row[roles["case"]], []).append(row)
    made = {}
    for case, events in cases.items():
        events.sort(key=lambda event: event[roles["time"]])  # stable
        one = {role: last(events, column) for role, column in roles.items()}
        party = events[-1][roles["party"]] if breaks else one["party"]
        owed_role = "owed-to" if "owed-to" in roles else "customer"
        owed_prefix = "customer:" if owed_role == "customer" else prefix
        owed = one[owed_role]
        if unknown is None and None in (party, owed):
            continue
        closed = one["closed"] if "closed" in roles else events[-1][roles["time"]]
        state = state_of(one.get("due"), closed, one.get("kept"))
        closer = one.get("closed-by") if state != "open" else None
        if closer is not None:
            closer = owed_prefix + closer if closer == owed else prefix + closer
        made[case] = {
            "from": party if party is not None else unknown,
            "to": owed_prefix + (owed if owed is not None else unknown),
            "made": one["made"] if one.get("made") is not None else events[0][roles["time"]],
            "due": one.get("due"), "closed": closed, "state": state, "closed_by": closer,
            "reopened": int(one["reopened"]) if one.get("reopened") is not None else None,
        }
    return made


def contradicts(one):
    """What the chain would refuse."""
    if one["from"] == one["to"] or (one["closed"] is not None and one["closed"] < one["made"]):
        return True
    return one["state"] == "kept" and one["due"] is not None and one["closed"] is None
