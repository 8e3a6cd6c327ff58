"""Notebooks: they run from top to bottom, say what they say, and are kept with their outputs, so
that they can be read where they lie. ``TH_ACCEPT=1`` writes the outputs again.
"""

import base64
import io
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


def kept_outputs(outputs):
    """Outputs as they are committed: what is printed, values as text, pictures. No warnings, no
    HTML (it repeats the text), and nothing of the machine: no times, no paths.
    """
    kept = []
    for each in outputs:
        if each["output_type"] == "stream":
            if each["name"] != "stdout":
                continue
            if kept and kept[-1]["output_type"] == "stream":
                kept[-1]["text"] += each["text"]
                continue
            made = {"output_type": "stream", "name": "stdout", "text": each["text"]}
        elif each["output_type"] in ("execute_result", "display_data"):
            data = {kind: each["data"][kind] for kind in ("text/plain", "image/png")
                    if kind in each["data"]}
            if "image/png" in data:  # the name of the figure has its address
                data = {"image/png": small(data["image/png"])}
            made = {"output_type": "display_data", "data": data, "metadata": {}}
        else:
            made = {"output_type": each["output_type"], "ename": each["ename"],
                    "evalue": each["evalue"], "traceback": []}
        kept.append(made)
    return json.loads(json.dumps(kept).replace(TOP, "."))


def small(png):
    """The same picture with 128 colours, which is a third of the size."""
    from PIL import Image

    image = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    out = io.BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(out, "png", optimize=True)
    return base64.b64encode(out.getvalue()).decode() + "\n"


def as_text(outputs):
    """Outputs for comparing: of a picture only that it is there, since fonts differ."""
    found = []
    for each in outputs:
        if "text" in each:
            found.append("".join(each["text"]))
        elif "image/png" in each.get("data", {}):
            found.append("(a picture)")
        else:
            found.append("".join(each.get("data", {}).get("text/plain", each.get("evalue", ""))))
    return "".join(text if text.endswith("\n") else text + "\n" for text in found)


def lines_of(text):
    return text.splitlines(keepends=True)


def write_outputs(path, content, notebook):
    for cell, ran in zip(content["cells"], notebook.cells):
        if cell["cell_type"] != "code":
            continue
        outputs = kept_outputs(ran["outputs"])
        for each in outputs:
            if "text" in each:
                each["text"] = lines_of(each["text"])
            if "text/plain" in each.get("data", {}):
                each["data"]["text/plain"] = lines_of(each["data"]["text/plain"])
        cell["outputs"] = outputs
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


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
    content = json.loads(path.read_text(encoding="utf-8"))
    if os.environ.get("TH_ACCEPT") == "1":
        write_outputs(path, content, notebook)
        return
    for number, (cell, ran) in enumerate(zip(content["cells"], notebook.cells)):
        if cell["cell_type"] == "code":
            assert as_text(cell["outputs"]) == as_text(kept_outputs(ran["outputs"])), (
                f"cell {number} puts out something else than what is committed; if that is right: "
                "TH_ACCEPT=1 pytest tests/python/test_notebooks.py")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_carries_its_outputs_without_times_and_paths(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    outputs = [each for cell in content["cells"] for each in cell.get("outputs", [])]
    assert any("image/png" in each.get("data", {}) for each in outputs)
    assert any("text" in each or "text/plain" in each.get("data", {}) for each in outputs)
    text = as_text(outputs)
    assert not re.search(r"/(home|root|tmp|work|usr)/| at 0x[0-9a-f]{6}", text)
    assert all(cell.get("execution_count") is None and not cell["metadata"].get("execution")
               for cell in content["cells"])
    assert path.stat().st_size < 1_000_000
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


def test_an_extra_brings_what_the_notebooks_import():
    """Notebook 30 needed Powertools, which no extra brought."""
    text = pathlib.Path(TOP, "pyproject.toml").read_text("utf-8")
    extra = re.search(r"^notebook = \[(.*?)\]\n", text, re.M | re.S)[1]
    brings = {re.split(r"[><=\[]", each)[0].replace("-", "_")
              for each in re.findall(r'"([^"]+)"', extra)}
    imported = set()
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                source = "".join(cell["source"])
                imported |= set(re.findall(r"^\s*(?:from|import) (\w+)", source, re.M))
    imported |= {"time_machine"}  # every notebook with handlers
    needed = imported - set(sys.stdlib_module_names) - {"trimhorizon"}
    assert "aws_lambda_powertools" in needed and needed <= brings
    assert "aws-lambda-powertools[aws-sdk]" in extra  # its idempotency module imports boto3
