# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes one log in each of the three formats of OCEL 2.0."""
import dataclasses
import json
import sqlite3
import typing
from xml.sax.saxutils import escape, quoteattr

START = "1970-01-01T00:00:00Z"
KINDS = {"string": "TEXT", "integer": "INTEGER", "float": "REAL", "boolean": "BOOLEAN", "time": "TIMESTAMP"}


@dataclasses.dataclass
class Log:
    """`events()` yields (id, type, time, {attribute: value}, [(object, qualifier)]), `objects()` the same without a time."""
    event_types: dict  # type: {attribute: kind}
    object_types: dict
    events: typing.Callable
    objects: typing.Callable


def _json_types(types):
    return json.dumps([{"name": name, "attributes": [{"name": attribute, "type": kind} for attribute, kind in attributes.items()]}
                       for name, attributes in types.items()])


def _json_row(row_id, kind, values, relations, time=None):
    row = {"id": row_id, "type": kind}
    if time is not None:
        row["time"] = time
    row["attributes"] = [{"name": name, "value": value} if time is not None else {"name": name, "time": START, "value": value}
                         for name, value in values.items()]
    row["relationships"] = [{"objectId": other, "qualifier": qualifier} for other, qualifier in relations]
    return json.dumps(row)


def write_json(log, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write(f'{{"objectTypes": {_json_types(log.object_types)},\n"eventTypes": {_json_types(log.event_types)},\n"objects": [\n')
        out.writelines((",\n" if i else "") + _json_row(*row) for i, row in enumerate(log.objects()))
        out.write('],\n"events": [\n')
        out.writelines((",\n" if i else "") + _json_row(row_id, kind, values, relations, time)
                       for i, (row_id, kind, time, values, relations) in enumerate(log.events()))
        out.write("]}\n")


def _xml_types(side, types):
    for name, attributes in types.items():
        yield f"<{side}-type name={quoteattr(name)}><attributes>"
        for attribute, kind in attributes.items():
            yield f"<attribute name={quoteattr(attribute)} type={quoteattr(kind)}/>"
        yield f"</attributes></{side}-type>\n"


def _xml_row(side, head, values, relations):
    time = f' time="{START}"' if side == "object" else ""
    attributes = "".join(f"<attribute name={quoteattr(name)}{time}>{escape(str(value))}</attribute>" for name, value in values.items())
    links = "".join(f"<relationship object-id={quoteattr(other)} qualifier={quoteattr(qualifier)}/>" for other, qualifier in relations)
    return f"<{side} {head}><attributes>{attributes}</attributes><objects>{links}</objects></{side}>\n"


def write_xml(log, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write("<?xml version='1.0' encoding='UTF-8'?>\n<log>\n<object-types>\n")
        out.writelines(_xml_types("object", log.object_types))
        out.write("</object-types>\n<event-types>\n")
        out.writelines(_xml_types("event", log.event_types))
        out.write("</event-types>\n<objects>\n")
        out.writelines(_xml_row("object", f"id={quoteattr(row_id)} type={quoteattr(kind)}", values, relations)
                       for row_id, kind, values, relations in log.objects())
        out.write("</objects>\n<events>\n")
        out.writelines(_xml_row("event", f"id={quoteattr(row_id)} type={quoteattr(kind)} time={quoteattr(time)}", values, relations)
                       for row_id, kind, time, values, relations in log.events())
        out.write("</events>\n</log>\n")


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'


def _make_tables(database, side, types):
    fixed = "ocel_time TIMESTAMP" + (", ocel_changed_field TEXT" if side == "object" else "")
    database.execute(f"CREATE TABLE {side} (ocel_id TEXT PRIMARY KEY, ocel_type TEXT)")
    database.execute(f"CREATE TABLE {side}_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT)")
    for number, (name, attributes) in enumerate(types.items()):
        columns = "".join(f", {_quoted(attribute)} {KINDS[kind]}" for attribute, kind in attributes.items())
        database.execute(f"CREATE TABLE {side}_T{number} (ocel_id TEXT, {fixed}{columns})")
        database.execute(f"INSERT INTO {side}_map_type VALUES (?, ?)", (name, f"T{number}"))


def _insert(database, side, types, row_id, kind, time, values):
    number = list(types).index(kind)
    names = "".join(f", {_quoted(name)}" for name in values)
    marks = ", ?" * len(values)
    database.execute(f"INSERT INTO {side} VALUES (?, ?)", (row_id, kind))
    database.execute(f"INSERT INTO {side}_T{number} (ocel_id, ocel_time{names}) VALUES (?, ?{marks})", (row_id, time, *values.values()))


def write_sqlite(log, path):
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous = OFF")
    _make_tables(database, "event", log.event_types)
    _make_tables(database, "object", log.object_types)
    database.execute("CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT)")
    database.execute("CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT)")
    for row_id, kind, values, relations in log.objects():
        _insert(database, "object", log.object_types, row_id, kind, START, values)
        database.executemany("INSERT INTO object_object VALUES (?, ?, ?)", [(row_id, *relation) for relation in relations])
    for row_id, kind, time, values, relations in log.events():
        _insert(database, "event", log.event_types, row_id, kind, time, values)
        database.executemany("INSERT INTO event_object VALUES (?, ?, ?)", [(row_id, *relation) for relation in relations])
    database.commit()
    database.close()


WRITERS = {"jsonocel": write_json, "xmlocel": write_xml, "sqlite": write_sqlite}
