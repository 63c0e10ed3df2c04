# SPDX-License-Identifier: LGPL-2.1-or-later
"""How much of an organisation's work reaches a paying customer?

    import valuechain
    chain = valuechain.load("company/")
    scores = chain.score("alignment")
    scores["parties"].to_pandas()

The classes are those of the namespace `gi.repository.Valuechain`; this package adds data frames, progress and Ctrl-C.
Where something does not work, `python3 -m valuechain doctor` says what is missing.
"""
import sys

# The doctor comes when the rest cannot be imported.
if sys.argv != ["-m", "doctor"]:
    from ._api import *  # noqa: F403
    from ._api import __all__, __version__  # noqa: F401
