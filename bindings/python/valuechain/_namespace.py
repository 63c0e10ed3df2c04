# SPDX-License-Identifier: LGPL-2.1-or-later
"""The introspected namespace, or an error that says what to install."""
# Where PyGObject is missing, the folder of our overrides passes for a package gi, but an empty one.
try:
    from gi import require_version
except ImportError as error:
    raise ModuleNotFoundError(
        "PyGObject (the module gi) is missing for this Python; `python3 -m valuechain doctor` with the distribution's own "
        "python3 tells more. Debian and Ubuntu: python3-gi; Fedora: python3-gobject.",
        name="gi",
    ) from error

try:
    require_version("Valuechain", "1")
except ValueError as error:
    raise ModuleNotFoundError(
        "the typelib Valuechain-1 is not found: install libvaluechain, or name its folder in GI_TYPELIB_PATH",
        name="gi.repository.Valuechain",
    ) from error

from gi.repository import Gio, GLib, Valuechain  # noqa: E402

if not hasattr(Valuechain.Table, "__arrow_c_stream__"):
    raise ModuleNotFoundError(
        "the overrides for Valuechain (gi/overrides/Valuechain.py) are not where this PyGObject looks for them",
        name="gi.overrides.Valuechain",
    )

__all__ = ["Gio", "GLib", "Valuechain"]
