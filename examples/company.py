#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the chain folder of a made-up company: company.py FOLDER

Halden Scales builds and services industrial weighing systems: 38 people in ten functions, two committees, an
archive, three suppliers and eight customers, in 2025. Everything is invented. The same bytes come out of every
Python from 3.9 on: the only source of chance is the generator below, and amounts are whole quarters of an hour.
"""
import csv
import datetime
import json
import pathlib
import sys

YEAR = 2025
MONTH_DAYS = 27


class Chance:
    """The linear congruential generator of Knuth's MMIX, of which the upper bits are used."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) * n >> 31


# function: its head, and its people with the hours each has in the year
FUNCTIONS = {
    "management": ("greta.holm", {"greta.holm": 1700}),
    "sales": ("mona.lind", {"mona.lind": 1650, "anna.berg": 1600, "jon.vik": 1600, "ida.moe": 1600, "per.nes": 1400}),
    "design": ("erik.dahl", {"erik.dahl": 1650, "sara.lund": 1600, "nils.foss": 1600, "eva.strand": 1450,
                             "tom.haug": 1600}),
    "production": ("olaf.nygard", {"olaf.nygard": 1700, "kari.bakke": 1600, "arne.solberg": 1600, "liv.eide": 1600,
                                   "bjorn.hagen": 1600, "stig.rud": 1600, "ruth.lien": 1500, "tilda.moen": 1950}),
    "testing": ("inger.myhre", {"inger.myhre": 1600, "paul.krog": 1600, "hanne.vold": 1500}),
    "shipping": ("geir.tangen", {"geir.tangen": 1600, "rolf.aas": 1600, "nina.brekke": 1300}),
    "service": ("siri.falk", {"siri.falk": 1600, "max.ove": 1600, "linn.sand": 1400, "odd.berge": 1600}),
    "it": ("vera.hill", {"vera.hill": 1600, "ole.stene": 1600}),
    "finance": ("lars.aune", {"lars.aune": 1700, "britt.gran": 1500, "ivar.moss": 1500}),
    "reporting": ("astrid.wold", {"astrid.wold": 1650, "henrik.tveit": 1600, "marit.gaupe": 1600, "knut.ask": 1500}),
}
HEADS_REPORT_TO = {"reporting": "lars.aune"}  # all others to the chief
CHIEF = "greta.holm"
BODIES = {"pricing-committee": "Pricing committee", "portfolio-board": "Portfolio board", "archive": "Archive"}
SUPPLIERS = {"nordstaal": "Nordstaal steel", "elko": "Elko sensors", "strategy-partners": "Strategy Partners"}
# customer: its name and what it pays in a month
CUSTOMERS = {
    "nordsund": ("Nordsund shipyard", 118000),
    "havn": ("Havn logistics", 86000),
    "bergkraft": ("Bergkraft mining", 61000),
    "alta": ("Alta hospital", 44000),
    "fjell": ("Fjell foods", 31000),
    "sund": ("Sund university", 17500),
    "kyst": ("Kyst museum", 6000),
    "gamlevik": ("Gamlevik mill", 4200),  # pays for an old licence; nobody works for it
}
SALES = {"anna.berg": ("nordsund", "havn"), "jon.vik": ("bergkraft", "alta"), "ida.moe": ("fjell", "sund"),
         "per.nes": ("kyst", "alta")}
SERVICE = {"siri.falk": ("nordsund", "bergkraft"), "max.ove": ("nordsund", "alta", "kyst"),
           "linn.sand": ("havn", "fjell"), "odd.berge": ("havn", "bergkraft", "sund")}
SHIPPING = {"geir.tangen": (("nordsund", 46), ("havn", 38), ("fjell", 28)),
            "rolf.aas": (("nordsund", 30), ("bergkraft", 52), ("alta", 25)),
            "nina.brekke": (("havn", 48), ("alta", 20), ("sund", 15), ("kyst", 6))}
DESIGNERS = ("sara.lund", "nils.foss", "eva.strand", "tom.haug")
MACHINISTS = ("kari.bakke", "arne.solberg", "liv.eide")
ASSEMBLERS = ("bjorn.hagen", "stig.rud")
TESTERS = ("paul.krog", "hanne.vold")


def delivery():
    """Work on its way to the customer: (from, to, hours a month)."""
    for seller, customers in SALES.items():
        for customer in customers:
            yield seller, customer, 24
    for i, seller in enumerate(SALES):
        yield seller, DESIGNERS[i], 30
    for i, designer in enumerate(DESIGNERS):
        yield designer, MACHINISTS[i % 3], 44
        yield designer, MACHINISTS[(i + 1) % 3], 28
        yield designer, designer, 11
    for machinist in MACHINISTS:
        yield machinist, "bjorn.hagen", 58
        yield machinist, "stig.rud", 49
        yield "tilda.moen", machinist, 53  # keeps their machines running
        yield "ruth.lien", machinist, 30  # buys their steel
        yield "nordstaal", machinist, 40
    for i, assembler in enumerate(ASSEMBLERS):
        yield assembler, TESTERS[i], 60
        yield assembler, TESTERS[1 - i], 48
        yield assembler, assembler, 9
        yield "elko", assembler, 35
    for tester in TESTERS:
        for shipper in SHIPPING:
            yield tester, shipper, 31
        yield tester, "bjorn.hagen", 9  # what failed goes back
    yield "inger.myhre", "geir.tangen", 82
    for shipper, customers in SHIPPING.items():
        for customer, hours in customers:
            yield shipper, customer, hours
    for servant, customers in SERVICE.items():
        for customer in customers:
            yield servant, customer, 90 // len(customers) if servant != "siri.falk" else 42


def upwards():
    """Work that ends where it is filed, presented or approved: (from, to, hours a month)."""
    for designer in DESIGNERS:
        yield designer, "erik.dahl", 37  # approvals and status
    for person in (*MACHINISTS, *ASSEMBLERS):
        yield person, "olaf.nygard", 13
    for tester in TESTERS:
        yield tester, "inger.myhre", 11
    for seller in SALES:
        yield seller, "mona.lind", 21
        yield seller, "pricing-committee", 9
    yield "mona.lind", CHIEF, 55
    yield "mona.lind", "portfolio-board", 22
    yield "mona.lind", "nordsund", 26
    yield "inger.myhre", CHIEF, 16
    yield "siri.falk", CHIEF, 36
    for servant in ("max.ove", "linn.sand", "odd.berge"):
        yield servant, "siri.falk", 12
    yield "strategy-partners", "portfolio-board", 30
    yield "pricing-committee", "portfolio-board", 27  # papers
    yield "portfolio-board", "pricing-committee", 25  # remarks on the papers
    for i, reporter in enumerate(("astrid.wold", "henrik.tveit", "marit.gaupe", "knut.ask")):
        yield reporter, "lars.aune", 43
        yield reporter, CHIEF, 44 - 6 * i
        yield reporter, ("erik.dahl", "olaf.nygard")[i % 2], 28
    yield "vera.hill", "astrid.wold", 52
    yield "vera.hill", CHIEF, 32
    yield "vera.hill", "sara.lund", 24
    yield "ole.stene", "henrik.tveit", 58
    yield "ole.stene", "bjorn.hagen", 30
    yield "ole.stene", "archive", 14
    yield "britt.gran", "marit.gaupe", 34
    yield "britt.gran", "lars.aune", 32
    yield "britt.gran", "havn", 22
    yield "britt.gran", "nordsund", 20
    yield "ivar.moss", "archive", 41
    yield "ivar.moss", "lars.aune", 38
    yield "ivar.moss", "bergkraft", 18


def instructions():
    """Who tells whom what to do: (from, to, times a month)."""
    for people, times in ((SALES, 4), (SERVICE, 6)):
        for person, customers in people.items():
            for customer in customers:
                yield customer, person, times
    for i, seller in enumerate(SALES):
        yield seller, DESIGNERS[i], 3
    for i, designer in enumerate(DESIGNERS):
        yield designer, MACHINISTS[i % 3], 2
        yield "erik.dahl", designer, 5
    for machinist in MACHINISTS:
        yield machinist, "tilda.moen", 3
        yield "olaf.nygard", machinist, 4
    for assembler in ASSEMBLERS:
        yield "olaf.nygard", assembler, 5
        yield assembler, TESTERS[ASSEMBLERS.index(assembler)], 2
    for shipper in SHIPPING:
        yield "inger.myhre", shipper, 3
    for head in ("mona.lind", "erik.dahl", "olaf.nygard", "inger.myhre", "siri.falk", "vera.hill", "lars.aune"):
        yield CHIEF, head, 4
    for person in ("astrid.wold", "henrik.tveit", "marit.gaupe", "knut.ask", "britt.gran", "ivar.moss"):
        yield "lars.aune", person, 6
    yield "vera.hill", "ole.stene", 5
    yield "ruth.lien", "nordstaal", 2
    yield "olaf.nygard", "ruth.lien", 2
    yield "pricing-committee", "portfolio-board", 2
    yield "portfolio-board", "pricing-committee", 2


def information():
    """Who tells whom what happened: (from, to, times a month)."""
    for servant in SERVICE:
        yield servant, "siri.falk", 4
    yield "siri.falk", "tom.haug", 2
    for tester in TESTERS:
        yield tester, "eva.strand", 3
    for head in ("mona.lind", "erik.dahl", "olaf.nygard", "siri.falk"):
        yield head, "astrid.wold", 3


def parties():
    """Rows of parties.csv: id, kind, name, unit, manager, effort."""
    for customer, (name, _) in CUSTOMERS.items():
        yield customer, "customer", name, "", "", ""
    for function, (head, people) in FUNCTIONS.items():
        yield function, "unit", function.capitalize() if function != "it" else "IT", "", "", ""
        boss = HEADS_REPORT_TO.get(function, CHIEF)
        for person, hours in people.items():
            manager = head if person != head else boss if person != CHIEF else ""
            name = " ".join(part.capitalize() for part in person.split("."))
            yield person, "person", name, function, manager, hours
    for body, name in BODIES.items():
        yield body, "unit", name, "", "", {"pricing-committee": 340, "portfolio-board": 320}.get(body, "")
    for supplier, name in SUPPLIERS.items():
        yield supplier, "supplier", name, "", "", ""


def moments(chance, month, n):
    """`n` moments of a month, in order."""
    minutes = sorted(chance.below(MONTH_DAYS * 600) for _ in range(n))
    for minute in minutes:
        day, minute = divmod(minute, 600)
        moment = datetime.datetime(YEAR, month, day + 1, 8) + datetime.timedelta(minutes=minute)
        yield moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def quarters(hours_in_quarters):
    """Quarters of an hour as hours, without a trailing zero."""
    whole, rest = divmod(hours_in_quarters, 4)
    return f"{whole}{('', '.25', '.5', '.75')[rest]}"


def flows(chance):
    """Rows of flows.csv: from, to, kind, amount, at, case."""
    rows = []
    for month in range(1, 13):
        for source, target, hours in (*delivery(), *upwards()):
            total = hours * 4 * (90 + chance.below(21)) // 100
            parts = 2 if hours >= 20 else 1
            for i, at in enumerate(moments(chance, month, parts)):
                amount = total // parts + (total % parts if i == 0 else 0)
                case = f"order-{chance.below(12) + 12 * month - 11:03}" if target in CUSTOMERS else ""
                rows.append((source, target, "work", quarters(amount), at, case))
        for kind, pairs in (("instruction", instructions()), ("information", information())):
            for source, target, times in pairs:
                at, = moments(chance, month, 1)
                rows.append((source, target, kind, max(1, times - 1 + chance.below(3)), at, ""))
    return sorted(rows, key=lambda row: (row[4], row[:3]))


def receipts(chance):
    """Rows of receipts.csv: customer, at, amount."""
    for month in range(1, 13):
        for customer, (_, amount) in CUSTOMERS.items():
            at, = moments(chance, month, 1)
            yield customer, at, amount * (88 + chance.below(25)) // 100


def package():
    """datapackage.json, in the words of a Frictionless Data Package."""
    names = ("parties", "flows", "receipts")
    return {
        "profile": "tabular-data-package",
        "name": "halden-scales",
        "title": "Halden Scales (made up), 2025",
        "valuechain": {"currency": "EUR", "effort_unit": "h", "window": f"{YEAR}-01-01/{YEAR + 1}-01-01"},
        "resources": [{"name": name, "path": name + ".csv", "profile": "tabular-data-resource"} for name in names],
    }


def write_csv(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    chance = Chance(2025)
    write_csv(folder / "parties.csv", ("id", "kind", "name", "unit", "manager", "effort"), parties())
    write_csv(folder / "flows.csv", ("from", "to", "kind", "amount", "at", "case"), flows(chance))
    write_csv(folder / "receipts.csv", ("customer", "at", "amount"), receipts(chance))
    text = json.dumps(package(), indent=2) + "\n"
    (folder / "datapackage.json").write_bytes(text.encode())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
