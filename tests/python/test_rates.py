"""Traffic from an export of CloudWatch: files beside a scenario, and scenarios without a file."""

import pickle

import pytest

import trimhorizon as th
from conftest import shop

INCOMING = "Label,IncomingRecords Sum\n2026/10/01 10:05:00,7\n2026/10/01 10:06:00,5\n"


@pytest.fixture
def text():
    lines = shop().split("\n")
    put = next(i for i, line in enumerate(lines) if line.startswith("    put:"))
    lines[put] = "    rate: {cloudwatch: incoming.csv}"
    return "\n".join(lines)


def fates(result):
    return result.fates["billing-orders"]


def test_the_export_lies_beside_the_file(tmp_path, text):
    (tmp_path / "incoming.csv").write_text(INCOMING)
    (tmp_path / "shop.yaml").write_text(text)
    assert sum(fates(th.load(tmp_path / "shop.yaml").run()).values()) == 12


def test_a_text_without_a_file_finds_it_in_the_working_directory(tmp_path, text, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(th.ScenarioError, match="cannot be opened"):
        th.loads(text)
    (tmp_path / "incoming.csv").write_text(INCOMING)
    assert sum(fates(th.loads(text).run()).values()) == 12


def test_the_traffic_stays_when_the_export_is_gone(tmp_path, text, monkeypatch):
    monkeypatch.chdir(tmp_path)
    export = tmp_path / "incoming.csv"
    export.write_text(INCOMING)
    scenario = th.loads(text)
    result = scenario.run()
    export.unlink()
    assert scenario.run() == result
    assert sum(fates(scenario.set({"BatchSize": 2}).run()).values()) == 12
    again = pickle.loads(pickle.dumps(scenario))
    assert again.run() == result
    assert pickle.loads(pickle.dumps(result)) == result
    simulation = scenario.start()
    simulation.run()
    assert simulation.result().trace_digest == result.trace_digest


def test_a_sweep_keeps_the_traffic(tmp_path, text, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "incoming.csv").write_text(INCOMING)
    scenario = th.loads(text)
    (tmp_path / "incoming.csv").unlink()
    grid = {"BatchSize": [1, 2]}
    th.sweep(scenario, grid, seeds=range(2))
    th.sweep(scenario, grid, seeds=range(2), handlers={"billing": echo}, workers=1)


def echo(event, context):
    return None
