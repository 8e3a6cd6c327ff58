"""HTML: static, escaped, and whole."""

import html.parser

import pytest

import trimhorizon as th
from conftest import shop
from trimhorizon._results.html import page, table_html

NASTY = shop().replace("title: A shop", "title: \"<b>A & 'shop'</b>\"")


class Tags(html.parser.HTMLParser):
    """Fails for a tag that is not closed, or not open."""

    VOID = {"br", "meta"}

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.words = [], set(), ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


@pytest.fixture(scope="module")
def things():
    scenario = th.loads(NASTY)
    return {"result": scenario.run(), "sweep": th.sweep(scenario, {"BatchSize": [1, 2]}),
            "exploration": th.explore(scenario, 0)}


@pytest.mark.parametrize("kind", ["result", "sweep", "exploration"])
def test_a_fragment_is_whole_and_has_no_script(things, kind):
    text = things[kind]._repr_html_()
    tags = Tags(text)
    assert "script" not in tags.seen and "http" not in text
    if kind != "exploration":  # that one has no title
        assert "<b>A & 'shop'</b>" in tags.words and "<b>A &" not in text


def test_a_verdict_has_its_colour(things):
    assert '<span class="verdict holds">' in things["result"]._repr_html_()
    assert '<span class="verdict holds">' in things["exploration"]._repr_html_()
    violated = th.loads(shop(more="expect: {lost: 1}\n")).run()
    assert '<span class="verdict violated">violated</span>' in violated._repr_html_()
    bounded = th.explore(th.loads(shop()), 3, states=50)
    assert '<span class="verdict undecided">' in bounded._repr_html_()


def test_a_page_has_its_tables_where_they_were_kept(things):
    whole = page(things["result"])
    assert Tags(whole).seen >= {"html", "head", "body", "details", "table"}
    assert "<h2>Invocations</h2>" in whole and "<details open>" in whole
    assert "<h2>" not in page(th.loads(NASTY).run(tables=False))


def test_of_a_long_table_the_first_rows_are_shown():
    records = th.example().set({"producers.shop.records": 23}).run().records
    text = table_html(records)
    assert text.count("<tr>") == 21 and "… 3 more rows" in Tags(text).words
    assert "more rows" not in table_html(th.example().run().records)
