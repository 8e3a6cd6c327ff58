"""Notebooks: they run from top to bottom, say what they say, and are kept without outputs."""

import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

import trimhorizon as th
from conftest import TOP

nbclient = pytest.importorskip("nbclient")
pytest.importorskip("matplotlib")
pytest.importorskip("ipykernel")
nbformat = pytest.importorskip("nbformat")

NOTEBOOKS = sorted(pathlib.Path(TOP, "notebooks").glob("*.ipynb"))
SECONDS = 60  # for one cell; a whole notebook takes less than that on an idle machine
NEEDS = {"30-duplicates-and-idempotency": ("time_machine", "aws_lambda_powertools", "boto3")}


def executed(path):
    """The notebook with the outputs it has now; an exception in a cell raises."""
    notebook = nbformat.read(path, as_version=4)
    package = str(pathlib.Path(th.__file__).parents[1])  # the same module in the kernel
    path_before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [package, path_before]))
    try:
        client = nbclient.NotebookClient(
            notebook, timeout=SECONDS, kernel_name="python3",
            resources={"metadata": {"path": str(path.parent)}})
        return client.execute()
    finally:
        if path_before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = path_before


def printed(notebook):
    """All text that its cells put out. What is printed may come in pieces, even of one line."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            found.append(output.get("text", "\n"))
            found.append(output.get("data", {}).get("text/plain", ""))
        found.append("\n")
    return "".join(found)


def pictures(notebook):
    return sum("image/png" in output.get("data", {})
               for cell in notebook.cells for output in cell.get("outputs", []))


# What each notebook must show for its text to be true.
WORDS = {
    "10-first-run": [
        "LATEST: 600 lost. {'trim_horizon': 0, 'at_timestamp': 0}",
        "duplicates: 0 without the crash, 4 with it",
        "{'billing-orders': {'processed': 100}}  lost: 3",
        "'DroppedEventCount': 0",
        "100 concurrent executions                lost 14,389",
        "two shards                               lost      0",
    ],
    "20-poison-pills": [
        "invocations 5,728, duplicates 40,089, lost 5",
        "'batchSize': 10",
        "{'billing-orders': {'processed': 2, 'dropped': 10}} lost: 3",
        "{'billing-orders': {'processed': 12}} duplicates: 0",
    ],
    "30-duplicates-and-idempotency": [
        "{'o0': 2, 'o1': 2, 'o2': 1, 'o3': 1, 'o4': 1, 'o5': 1}",
        "{'o0': 1, 'o1': 1, 'o3': 1, 'o4': 1, 'o5': 1} lost: 1",
        "{'o0': 1, 'o2': 4, 'o3': 4, 'o4': 2, 'o5': 2} duplicates: 8",
        "{'o0': 1, 'o2': 1, 'o3': 1, 'o4': 1, 'o5': 1}  outcomes: ['timeout', 'partial'",
        "by order        {'o0': 1, 'o1': 1, 'o2': 1, 'o3': 1, 'o4': 1, 'o5': 1}",
    ],
    "40-exploring-faults": [
        "holds with at most one fault:",
        "7 ways to end",
        "no_loss is broken by 2 faults",
        "▶  6  1.3s  fault 2: invocation 2 on shard 0 fails at o0",
        "lost with 2 faults",
        "at_most_once is broken by 1 fault",
        "HOLDS for all schedules with at most 2 faults\n61 runs for 6 ways to end",
        "it depends on what it remembers",
    ],
    "50-choosing-settings": ["(210, 'runs')"],
}


def test_there_are_notebooks_and_each_is_tested():
    assert {path.stem for path in NOTEBOOKS} == set(WORDS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path):
    for module in NEEDS.get(path.stem, ()):
        pytest.importorskip(module)
    notebook = executed(path)
    text = printed(notebook)
    for words in WORDS[path.stem]:
        assert words in text, f"{words!r} not in:\n{text}"
    assert pictures(notebook) >= 1


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    assert content["cells"][0]["source"][0].startswith("# ")


def test_links_between_notebooks_lead_somewhere():
    for path in NOTEBOOKS:
        for target in re.findall(r"\]\(([^)#]+\.(?:ipynb|md|yaml))\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_importing_the_package_imports_no_matplotlib():
    code = "import sys, trimhorizon; sys.exit('matplotlib' in sys.modules)"
    package = str(pathlib.Path(th.__file__).parents[1])
    assert subprocess.run([sys.executable, "-c", code],
                          env={**os.environ, "PYTHONPATH": package}).returncode == 0
