"""Hostile text in every place where text may stand: nothing but the text comes out, in every medium
that Python writes, and what was written is read back."""

import html.parser
import json
import pickle
import re
import types
import warnings
import xml.etree.ElementTree as tree

import pytest

import trimhorizon as th
from trimhorizon import _text

KINDS = {
    "bell": "a\x07b", "escape": "a\x1b[31mred\x1b[0m", "title": "\x1b]0;owned\x07",
    "delete": "a\x7fb", "c1": "a\x9b31mb", "next line": "a\x85b", "tab": "a\tb", "line": "a\nb",
    "return": "a\rb", "crlf": "a\r\nb", "override": "a\u202egpj.exe", "isolate": "\u2066a\u2069",
    "mark": "a\u200fb", "zero width": "a\u200bb\u2060c", "joiner": "👩\u200d💻", "bom": "\ufeffa",
    "nonchar": "a\ufffe\uffffb", "separators": "a\u2028b\u2029c", "tags": "a\U000e0041b",
    "soft hyphen": "a\xadb", "quotes": "\"a\" 'b' `c`", "backslash": "a\\nb\\",
    "dollar": "$x_{$ costs $5 $", "dollars": "$\\frac{1}{",
    "markup": "<script>alert(1)</script>&amp;",
    "cdata": "]]><!--", "yaml": "a: b # c - d %e {f} [g] &h *i !j", "braces": "{0}{} {x!r}",
    "combining": "Z\u0351\u036b\u0343a", "right to left": "שלום", "long": "x" * 5000,
}
PLACES = ("title", "lesson", "ids", "key", "mapping", "function", "producer", "stream",
          "destination", "variant", "file")
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f"
                    "\ufeff\ufffe\uffff\U000e0000-\U000e0fff]")


def scenario(places, text):
    """A scenario with this text in these places; None if the reader refuses it there, in words."""
    name = {each: text if each in places else each for each in PLACES}
    whole = {
        "trimhorizon": 1, "title": name["title"], "lesson": name["lesson"],
        "streams": {name["stream"]: {"ShardCount": 1}},
        "producers": {name["producer"]: {
            "stream": name["stream"], "ids": name["ids"],
            "put": [{"at": "0s", "records": [{"key": name["key"]}, {"key": "k"}]}]}},
        "functions": {name["function"]: {"duration": "10ms", "fail": [{"probability": "100%"}]}},
        "event_source_mappings": {name["mapping"]: {
            "EventSourceArn": name["stream"], "FunctionName": name["function"],
            "StartingPosition": "TRIM_HORIZON", "MaximumRetryAttempts": 0,
            "DestinationConfig": {"OnFailure": {"Destination": name["destination"]}}}},
        "destinations": {name["destination"]: {"type": "sqs"}},
        "timeline": [{"at": "0s", "for": "1s", "throttle": {"function": name["function"]}}],
        "variants": {name["variant"]: {"set": {"BatchSize": 1}}},
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", th.TrimhorizonWarning)
            return th.loads(json.dumps(whole), file=name["file"])
    except th.ScenarioError as error:
        assert not HIDDEN.search(str(error))
        return None


class Words(html.parser.HTMLParser):
    """The tags of a page, and all that it shows."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words = set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)

    def handle_data(self, data):
        self.words += data




@pytest.fixture(scope="module", params=KINDS)
def made(request):
    """A scenario with the text in all places that take it, and the result of its run."""
    text = KINDS[request.param]
    places = [place for place in PLACES if scenario([place], text) is not None]
    assert "title" in places or "file" in places
    loaded = scenario(places, text)
    return loaded, loaded.run()


def test_a_terminal_shows_no_hidden_character(made):
    loaded, result = made
    sim = loaded.start()
    sim.run()
    things = [
        loaded, result, result.explain(result.records[0]["id"]), result.records, sim,
        result.invocations, result.deliveries, result.metrics, result.destinations,
        result.disturbances, th.diff(result, next(iter(result.variants.values()))),
        th.sweep(loaded, {"BatchSize": [1, 2]}), th.explore(loaded, 0, states=50)]
    for thing in things:
        assert not HIDDEN.search(repr(thing)), (type(thing), repr(thing))


def test_html_has_only_its_own_tags_and_no_hidden_character(made):
    loaded, result = made
    for text in (result.to_html(), result.records._repr_html_(),
                 th.sweep(loaded, {"BatchSize": [1]})._repr_html_(),
                 th.explore(loaded, 0, states=50)._repr_html_()):
        assert not HIDDEN.search(text)
        assert Words(text).tags <= {
            "html", "head", "meta", "title", "body", "div", "style", "p", "b", "span", "br",
            "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "pre", "h2"}


def test_json_and_pickles_give_the_text_back(made):
    loaded, result = made
    assert json.loads(result.to_json(rows=True)) == result.to_dict(rows=True)
    assert list(result.to_dict()["mappings"]) == loaded.mappings
    again = pickle.loads(pickle.dumps(result))
    assert again == result and again.records == result.records
    assert pickle.loads(pickle.dumps(loaded)) == loaded


@pytest.mark.filterwarnings("ignore:(?s).*replaces `BatchSize`")
def test_a_golden_gives_the_text_back_and_hides_nothing(made, tmp_path):
    from trimhorizon._results.golden import Golden, _run_of
    from trimhorizon.pytest_plugin import pytest_assertrepr_compare

    loaded, result = made
    path = tmp_path / "hostile.json"
    assert Golden(path, True) == result
    golden = Golden(path, False)
    assert golden == result and not HIDDEN.search(path.read_text("utf-8"))
    assert "\n".join(golden.read()["scenario"]) == loaded.text
    assert _run_of(golden.read()).again().trace_digest() == result.trace_digest
    other = loaded.set({"BatchSize": 1}).run()
    config = types.SimpleNamespace(getoption=lambda name: 2)
    lines = pytest_assertrepr_compare(config, "==", other, golden)
    assert len(lines) > 2 and not HIDDEN.search("\n".join(lines))


def test_pictures_show_it_as_text_in_png_and_svg(made, tmp_path):
    pytest.importorskip("matplotlib").use("agg")
    from matplotlib import pyplot

    from trimhorizon import plot

    loaded, result = made
    found = th.explore(loaded, 0, states=50)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        for draw, thing in ((plot.position_time, result), (plot.fate_strip, result),
                            (plot.iterator_age, result), (plot.outcome_map, found)):
            axes = draw(thing)
            axes.figure.savefig(tmp_path / "picture.png", dpi=40)
            axes.figure.savefig(tmp_path / "picture.svg")
            pyplot.close(axes.figure)
            text = (tmp_path / "picture.svg").read_text("utf-8")
            tree.fromstring(text)  # it is XML
            assert not HIDDEN.search(text)


def test_each_medium_has_one_function():
    nasty = "".join(KINDS.values())
    for make in (_text.on_page, _text.on_line, _text.in_html, _text.in_picture):
        assert not HIDDEN.search(make(nasty))
    assert "\n" not in _text.on_line(nasty) and "<" not in _text.in_html(nasty)
    assert json.loads(_text.in_json(json.dumps(nasty, ensure_ascii=False))) == nasty
    assert _text.on_line("\udcff\ud800") == "\\xff\\u{d800}"
