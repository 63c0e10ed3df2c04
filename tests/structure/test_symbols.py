# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the shared library exports is what the introspection data describe, and nothing else."""
import subprocess

import tree

LIBRARY = tree.BUILD / "lib" / "libvaluechain-1.so"


def exported():
    listing = subprocess.run(["nm", "-D", "--defined-only", "--extern-only", LIBRARY],
                             check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].split("@")[0] for line in listing.splitlines()}


def described():
    """The C names of all functions, of the get_type functions and of the error quarks."""
    names = set()
    for element in tree.namespace().iter():
        names.add(element.get(tree.C + "identifier") if element.tag.rsplit("}", 1)[-1] in
                  ("function", "method", "constructor") else None)
        names.add(element.get(tree.GLIB + "get-type"))
    return names - {None, "intern"}


def test_every_exported_symbol_is_described():
    assert sorted(exported() - described()) == []


def test_every_described_symbol_is_exported():
    assert sorted(described() - exported()) == []


def test_every_exported_symbol_has_our_prefix():
    assert [name for name in sorted(exported()) if not name.startswith("vc_")] == []


def test_library_stays_light():
    listing = subprocess.run(["readelf", "-d", LIBRARY], check=True, capture_output=True, text=True).stdout
    needed = [line.split("[")[1].split("]")[0].split(".so")[0] for line in listing.splitlines() if "(NEEDED)" in line]
    assert sorted(set(needed) - {"libglib-2.0", "libgobject-2.0", "libgio-2.0", "libsqlite3", "libexpat", "libm", "libc", "ld-linux-x86-64",
                                 "libasan", "libubsan", "libgcc_s"}) == []
