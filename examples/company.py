#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the chain folder of a made-up company: company.py FOLDER

Halden Scales builds and services industrial weighing systems: 38 people in ten functions, two committees, an
archive, three suppliers and eight customers, in 2025, with what they promised each other in 2024 and 2025. Everything is
invented. The same bytes come out of every Python from 3.9 on: the only source of chance is the generator below, and amounts
are whole quarters of an hour.
"""
import csv
import datetime
import json
import pathlib
import sys

YEAR = 2025
FIRST_YEAR = 2024  # of promises
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


# What is promised comes to: kept in time, kept late, broken, of 100; the rest is withdrawn.
USUALLY = (80, 11, 5)
MOSTLY = (87, 8, 3)
UPWARDS = (96, 3, 1)  # what the manager sees
DESIGN_DOWN = (37, 27, 31)
DESIGN_ACROSS = (50, 33, 12)
IT_ON_PAPER = (94, 3, 1)
CUSTOMERS_DO = (66, 20, 9)


class Promise:
    """Who owes what to whom, how many times in ten months, within how many days, and what that comes to; of 100, how many
    the debtor calls done itself, and how many are opened again."""

    def __init__(self, debtor, creditor, what, often, days, outcome=USUALLY, by_debtor=12, again=4):
        self.debtor, self.creditor, self.what, self.often, self.days = debtor, creditor, what, often, days
        self.outcome, self.by_debtor, self.again = outcome, by_debtor, again


def reporting_lines():
    """Each tie of a manager and a report, with the function of the report."""
    for function, (head, people) in FUNCTIONS.items():
        for person in people:
            boss = head if person != head else HEADS_REPORT_TO.get(function, CHIEF)
            if person != boss:
                yield boss, person, function


def promises_along_the_lines():
    """Up and down. In design, what goes up is kept and what comes down is not; in reporting, nothing comes down at all."""
    for boss, person, function in reporting_lines():
        if person == "ivar.moss":
            continue  # nobody promises him anything, and nobody asks
        in_design = boss == "erik.dahl"
        yield Promise(person, boss, "status report", 6, 7, UPWARDS if in_design or function == "reporting" else MOSTLY)
        if function != "reporting":
            yield Promise(boss, person, "decision", 9 if in_design else 4, 10, DESIGN_DOWN if in_design else MOSTLY)
            yield Promise(boss, person, "training", 1, 45, DESIGN_DOWN if in_design else MOSTLY)


def promises_across(month):
    """Between functions, and with customers and suppliers. Service gets better month by month."""
    learned = 52 + 42 * month // 23
    for i, designer in enumerate(DESIGNERS):
        yield Promise(designer, MACHINISTS[i % 3], "drawing", 12, 12, DESIGN_ACROSS)
        yield Promise(designer, MACHINISTS[(i + 1) % 3], "drawing", 8, 12, DESIGN_ACROSS)
    for machinist in MACHINISTS:
        yield Promise(machinist, "bjorn.hagen", "parts", 9, 10)
        yield Promise("tilda.moen", machinist, "repair of a machine", 7, 2, MOSTLY)
        yield Promise("nordstaal", machinist, "steel", 5, 21, (74, 20, 4))
    for i, assembler in enumerate(ASSEMBLERS):
        yield Promise(assembler, TESTERS[i], "assembled scale", 12, 8)
        yield Promise("elko", assembler, "sensors", 5, 30, MOSTLY)
    for tester in TESTERS:
        for shipper in SHIPPING:
            yield Promise(tester, shipper, "test report", 5, 4, MOSTLY)
    for shipper, customers in SHIPPING.items():
        for customer, _ in customers:
            yield Promise(shipper, customer, "delivery", 6, 14, MOSTLY)
    for seller, customers in SALES.items():
        for customer in customers:
            yield Promise(seller, customer, "offer", 6, 10)
            yield Promise(customer, seller, "approval", 3, 15, CUSTOMERS_DO)
    for servant, customers in SERVICE.items():
        for customer in customers:
            yield Promise(servant, customer, "visit", 10, 5, (learned, 96 - learned, 2), 15, 6)


def promises_of_functions(chance):
    """IT answers in time and calls its tickets done itself; who asked opens a third of them again. Finance waits to be told."""
    others = [person for function, (_, people) in FUNCTIONS.items() for person in people if function not in ("it", "finance")]
    for _ in range(16 + chance.below(5)):
        desk = "ole.stene" if chance.below(10) < 7 else "vera.hill"
        yield Promise(desk, others[chance.below(len(others))], "ticket", 10, 3, IT_ON_PAPER, 92, 34)
    for _ in range(4 + chance.below(3)):
        yield Promise("britt.gran", others[chance.below(len(others))], "expense claim", 10, 14)
    for reporter in ("astrid.wold", "henrik.tveit"):
        yield Promise(reporter, CHIEF, "monthly figures", 10, 9, UPWARDS)


def moment_after(made, days, minutes=0):
    return made + datetime.timedelta(days=days, minutes=minutes)


def close(chance, promise, made, due):
    """How a promise ended: its state and when."""
    kept, late, broken = promise.outcome
    luck = chance.below(100)
    if luck < kept:
        return "kept", moment_after(made, promise.days * (30 + chance.below(70)) // 100, chance.below(400))
    if luck < kept + late:
        return "kept", moment_after(due, 1 + chance.below(promise.days + 3), chance.below(400))
    if luck < kept + late + broken:
        return "broken", moment_after(due, 2 + chance.below(20))
    return "withdrawn", moment_after(made, 1 + chance.below(promise.days))


def record(chance, promise, made):
    """A row of commitments.csv without its id. What ends after the last year is open."""
    due = moment_after(made, promise.days, 600)
    state, closed = close(chance, promise, made, due)
    closed_by = promise.debtor if chance.below(100) < promise.by_debtor else promise.creditor
    reopened = 1 + chance.below(2) if chance.below(100) < promise.again else 0
    if closed.year > YEAR:
        state, closed, closed_by, reopened = "open", None, "", 0
    return (promise.debtor, promise.creditor, promise.what, written(made), written(due), written(closed), state, closed_by,
            reopened)


def commitments(chance):
    """Rows of commitments.csv: id, from, to, what, made, due, closed, state, closed_by, reopened."""
    rows = []
    for month in range(24):
        year, number = FIRST_YEAR + month // 12, month % 12 + 1
        for promise in (*promises_along_the_lines(), *promises_across(month), *promises_of_functions(chance)):
            times = promise.often // 10 + (chance.below(10) < promise.often % 10)
            for at in moments(chance, year, number, times):
                rows.append(record(chance, promise, at))
    rows.sort(key=lambda row: (row[3], row[:3]))
    return [(f"c{number:04}", *row) for number, row in enumerate(rows, 1)]


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


def moments(chance, year, month, n):
    """`n` moments of a month, in order."""
    minutes = sorted(chance.below(MONTH_DAYS * 600) for _ in range(n))
    for minute in minutes:
        day, minute = divmod(minute, 600)
        yield datetime.datetime(year, month, day + 1, 8) + datetime.timedelta(minutes=minute)


def written(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


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
            for i, at in enumerate(moments(chance, YEAR, month, parts)):
                amount = total // parts + (total % parts if i == 0 else 0)
                case = f"order-{chance.below(12) + 12 * month - 11:03}" if target in CUSTOMERS else ""
                rows.append((source, target, "work", quarters(amount), written(at), case))
        for kind, pairs in (("instruction", instructions()), ("information", information())):
            for source, target, times in pairs:
                at, = moments(chance, YEAR, month, 1)
                rows.append((source, target, kind, max(1, times - 1 + chance.below(3)), written(at), ""))
    return sorted(rows, key=lambda row: (row[4], row[:3]))


def receipts(chance):
    """Rows of receipts.csv: customer, at, amount."""
    for month in range(1, 13):
        for customer, (_, amount) in CUSTOMERS.items():
            at, = moments(chance, YEAR, month, 1)
            yield customer, written(at), amount * (88 + chance.below(25)) // 100


def package():
    """datapackage.json, in the words of a Frictionless Data Package."""
    names = ("parties", "flows", "receipts", "commitments")
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
    write_csv(folder / "commitments.csv", ("id", "from", "to", "what", "made", "due", "closed", "state", "closed_by", "reopened"),
              commitments(Chance(FIRST_YEAR)))
    text = json.dumps(package(), indent=2) + "\n"
    (folder / "datapackage.json").write_bytes(text.encode())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
