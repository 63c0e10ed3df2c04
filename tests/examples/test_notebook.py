# SPDX-License-Identifier: LGPL-2.1-or-later
"""The notebooks run from top to bottom, and show what they showed when they were written."""
import copy
import os
import pathlib

import nbclient
import nbformat
import pytest

EXAMPLES = pathlib.Path(os.environ["VC_TEST_SOURCE_DIR"]) / "examples"


def shown(notebook):
    """The plain text of each output."""
    return [output.get("data", {}).get("text/plain", output.get("text", ""))
            for cell in notebook.cells for output in cell.get("outputs", [])]


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.ipynb")))
def test_notebook_runs_and_shows_the_same(name):
    written = nbformat.read(EXAMPLES / name, as_version=4)
    run = copy.deepcopy(written)
    nbclient.NotebookClient(run, timeout=300, kernel_name="python3",
                            resources={"metadata": {"path": str(EXAMPLES)}}).execute()
    assert shown(run) == shown(written)
