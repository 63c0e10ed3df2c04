# SPDX-License-Identifier: LGPL-2.1-or-later
"""Scoring a chain, and what is behind a score."""
import os

from ._namespace import Valuechain
from ._run import run


def measures():
    """The names of the measures that come with the library."""
    return Valuechain.Measure.list_names()


def _option_text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return getattr(value, "value_nick", None) or str(value)


def _measure(measure, options):
    if isinstance(measure, str):
        measure = Valuechain.Measure.for_name(measure)
    elif isinstance(measure, type):
        measure = measure()
    for name, value in options.items():
        measure.set_option(name.replace("_", "-"), _option_text(value))
    return measure


def score(chain, measure="alignment", *, progress=None, **options):
    """What `measure` finds in `chain`: its Scores.

    `measure` is a name, a Measure, or a class of measures (one of your own too); `options` are its properties, as text or as what
    they are: `score(chain, "alignment", group_by="unit")`.
    """
    measure = _measure(measure, options)
    return run(lambda bar, cancellable: measure.run(chain, bar, cancellable), progress)


def explain(chain, measure, party, *, progress=None, **options):
    """What is behind the scores that `measure` gives the party with the id `party`: Scores again, whose tables add up to them.

    `measure` and `options` as for score(): `explain(chain, "alignment", "helpdesk", paths=20)`.
    """
    measure = _measure(measure, options)
    return run(lambda bar, cancellable: measure.explain(chain, party, bar, cancellable), progress)


def _options(self):
    return self.get_options().unpack()


def _proof(self):
    return self.get_proof().unpack()


def _tables(self):
    return {name: self.get_table(name) for name in self.list_tables()}


def to_json(self, chain):
    """These scores of `chain` as JSON: the same bytes as `valuechain score --format json` prints."""
    report = Valuechain.Report.new(chain)
    report.add_scores(self)
    return report.to_string(Valuechain.ReportFormat.JSON)


def save(self, path, chain, *, progress=None):
    """Keeps these scores of `chain` in the chain file at `path`, with their options and the digest of `chain`: all or nothing.

    They replace those of the same measure, options and digest. `progress`: as for score().
    """
    file = Valuechain.ChainFile.new(os.fspath(path))
    run(lambda bar, cancellable: file.save_scores(self, chain, bar, cancellable), progress)


def load_scores(path, measure="alignment", party=None, *, chain=None):
    """The newest Scores of `measure` that the chain file at `path` keeps: of all parties, or about the one with the id `party`.

    Where `chain` is given they must be of it; scores of what the file held before a period was appended are not.
    """
    file = Valuechain.ChainFile.new(os.fspath(path))
    return run(lambda bar, cancellable: file.load_scores(measure, party, chain, cancellable), False)


def list_scores(path, chain=None):
    """A Table of the scores that the chain file at `path` keeps; where `chain` is given, `of_chain` says which are of it."""
    file = Valuechain.ChainFile.new(os.fspath(path))
    return run(lambda bar, cancellable: file.list_scores(chain, cancellable), False)


Valuechain.Chain.score = score
Valuechain.Chain.explain = explain
Valuechain.Scores.options = property(_options, doc="The options used, as a dict.")
Valuechain.Scores.proof = property(_proof, doc="How far each solver got, and what was conserved, as a dict.")
Valuechain.Scores.tables = property(_tables, doc="The tables by name.")
Valuechain.Scores.to_json = to_json
Valuechain.Scores.save = save
