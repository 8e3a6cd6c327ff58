"""Loading, running, reading what a run came to."""

import copy
import datetime
import glob
import json
import pickle
import warnings

import pytest

import trimhorizon as th
from conftest import REPORT, TOP, shop

FILES = sorted(glob.glob(f"{TOP}/scenarios/0[0-9]0-*.yaml"))


def test_all_mistakes_of_a_file_are_said_at_once():
    text = shop().replace("BatchSize", "BatchSise").replace("Timeout: 3", "Timeout: 30s")
    with pytest.raises(th.ScenarioError) as caught:
        th.loads(text, file="shop.yaml")
    error = caught.value
    assert [(d.file, d.line) for d in error.diagnostics] == [("shop.yaml", 11), ("shop.yaml", 17)]
    assert "BatchSize" in error.diagnostics[1].suggestion
    assert str(error).startswith("shop.yaml:11:") and "^" in str(error)
    assert isinstance(error, th.TrimhorizonError)


def test_a_file_is_loaded_by_its_path(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(shop())
    scenario = th.load(path)
    assert (scenario.title, scenario.functions, scenario.mappings, scenario.destinations) == (
        "A shop", ["billing"], ["billing-orders"], ["dlq"])
    assert scenario.file == str(path)


def test_values_are_set_by_any_unique_end_of_a_path():
    assert len(th.loads(shop(), set={"BatchSize": 1}).run().invocations) == 6
    assert len(th.loads(shop()).set({"BatchSize": 2}).run().invocations) == 3
    with pytest.raises(th.ScenarioError, match="BatchSise"):
        th.loads(shop(), set={"BatchSise": 1})


def test_totals_are_those_of_the_report(poisoned):
    result = poisoned.run(seed=3)
    assert result.seed == 3
    assert result.fates == {"billing-orders": {"processed": 3, "discarded": 3}}
    assert (result.lost, result.duplicates) == (0, 6)
    assert result.verdict == "holds" and result.ended == "drained"
    assert isinstance(result.simulated, datetime.timedelta)
    assert result.check() is result


@pytest.mark.parametrize("rows", [False, True])
def test_to_dict_is_the_json_of_the_command_line(poisoned, command, tmp_path, rows):
    path = tmp_path / "shop.yaml"
    path.write_text(poisoned.text)
    options = ["--records"] if rows else []
    said = command("run", str(path), "--seed", "9", "--format", "json", *options)
    result = th.load(path).run(seed=9)
    assert result.to_json(rows=rows) == said
    assert result.to_dict(rows=rows) == json.loads(said)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.rsplit("/", 1)[-1])
def test_every_scenario_says_the_same_in_python_and_on_the_command_line(path, command):
    if "30h" in open(path).read():
        pytest.skip("long")
    said = command("run", path, "--format", "json")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", th.TrimhorizonWarning)
        result = th.load(path).run()
    assert result.to_json() == said
    assert repr(result) == command("run", path).rstrip("\n")


def test_variants_are_run_beside_the_base():
    more = "variants:\n  one: {set: {BatchSize: 1}}\n"
    scenario = th.loads(shop(more=more))
    result = scenario.run()
    assert list(result.variants) == ["one"] == scenario.variants
    assert (len(result.invocations), len(result.variants["one"].invocations)) == (2, 6)
    assert result.to_dict()["variants"]["one"]["mappings"]["billing-orders"]["invocations"] == 6
    assert result.variants["one"] == scenario.variant("one").run()
    assert scenario.run(variants=False).variants == {}
    with pytest.raises(KeyError, match="two"):
        scenario.variant("two")


def test_a_record_is_explained(poisoned):
    story = poisoned.run().explain("r5")
    assert story.startswith("r5: ") and "dlq" in story
    assert repr(story) == str(story)
    with pytest.raises(KeyError, match="r99"):
        poisoned.run().explain("r99")


def test_the_text_report_comes_first_and_html_second(poisoned, tmp_path):
    result = poisoned.run()
    assert "billing-orders" in repr(result) and "\x1b" not in repr(result)
    page = result.to_html(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == page
    for html in (page, result._repr_html_(), result.records._repr_html_()):
        assert "<script" not in html and "http" not in html
    assert "discarded 3" in page


def test_what_is_expected_can_be_asserted():
    scenario = th.loads(shop(more="expect: {lost: 1}\n"))
    with pytest.raises(th.ExpectationError, match="lost: wanted == 1, got 0") as caught:
        scenario.run().check()
    assert isinstance(caught.value, AssertionError)


LONG = """\
trimhorizon: 1
streams: {orders: {ShardCount: 1}}
producers: {shop: {stream: orders, rate: 1000/s, records: 300000}}
functions: {billing: {}}
event_source_mappings:
  m: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON, BatchSize: 1}
"""


def test_progress_is_told():
    told = []
    th.loads(LONG).run(progress=told.append, tables=False)
    assert told and told == sorted(told) and 0 <= told[0] <= told[-1] <= 1
    assert th.loads(LONG, set={"records": 10}).run(progress=True).lost == 0


def test_settings_without_meaning_are_warned_of():
    with pytest.warns(th.TrimhorizonWarning, match="900"):
        th.loads(shop().replace("Timeout: 3", "Timeout: 1000"))


def test_a_scenario_shows_what_it_is():
    scenario = th.loads(shop(mapping=REPORT), file="shop.yaml")
    assert repr(scenario) == "<Scenario shop.yaml (A shop)>"
    assert scenario == th.loads(shop(mapping=REPORT), file="shop.yaml")
    assert scenario != scenario.set({"BatchSize": 1})


def test_an_argument_of_another_kind_is_answered_in_words():
    result = th.example().run()
    for call, words in [
        (lambda: th.sweep(3), "sweep takes a scenario"),
        (lambda: th.sweep(result, {}), "sweep takes a scenario"),
        (lambda: th.explore(result), "explore takes a scenario"),
        (lambda: th.replay("a.yaml"), "replay takes a scenario"),
        (lambda: th.diff(result, 3), "diff takes two results"),
        (lambda: result.explain(3), 'explain takes the id of a record, "r5", not 3'),
        (lambda: th.example().run(handlers={3: len}), "3 is no name"),
    ]:
        with pytest.raises(TypeError, match=words):
            call()


def test_a_page_never_overwrites_the_scenario_and_is_never_half(tmp_path, monkeypatch):
    scenario = tmp_path / "a.yaml"
    scenario.write_text(th.example().text, encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to(scenario)
    (tmp_path / "hard.yaml").hardlink_to(scenario)
    for loaded in (scenario, tmp_path / "link.yaml"):
        result = th.load(loaded).run()
        for place in (scenario, tmp_path / "link.yaml", tmp_path / "hard.yaml"):
            with pytest.raises(ValueError, match="is the file of the scenario"):
                result.to_html(place)
    # It is known where the file was, whatever folder the process is in by now.
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    result = th.load("a.yaml").set({"BatchSize": 2}).run()
    monkeypatch.chdir(tmp_path / "sub")
    with pytest.raises(ValueError, match="is the file of the scenario"):
        result.to_html("../a.yaml")
    for same in (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result)):
        with pytest.raises(ValueError, match="is the file of the scenario"):
            same.to_html("../a.yaml")
    (tmp_path / "sub" / "a.yaml").write_text("another file", encoding="utf-8")
    result.to_html("a.yaml")
    assert scenario.read_text(encoding="utf-8") == th.example().text
    (tmp_path / "page.html").write_text("old", encoding="utf-8")
    (tmp_path / "page.html").chmod(0o600)
    (tmp_path / "page-link.html").symlink_to("page.html")
    page = result.to_html(tmp_path / "page-link.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page
    assert (tmp_path / "page-link.html").is_symlink()
    assert (tmp_path / "page.html").stat().st_mode & 0o777 == 0o600
    result.to_html("/dev/null")
    with pytest.raises(OSError):
        result.to_html(tmp_path / "nowhere" / "page.html")
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "a.yaml", "hard.yaml", "link.yaml", "page-link.html", "page.html", "sub"]
