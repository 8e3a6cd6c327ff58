"""Pictures: what stands on the axes is what happened. Images are not compared, their data are."""

import sys
import time
from datetime import timedelta

import pytest

import trimhorizon as th
from conftest import REPORT, TOP, shop

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402

from trimhorizon import plot  # noqa: E402
from trimhorizon.plot import _data, _style  # noqa: E402

FAIL = ", fail: [{records: [r3]}]"


@pytest.fixture(autouse=True)
def no_figures_left():
    pyplot.close("all")  # examples of docstrings, run before in this process, leave some open
    yield
    pyplot.close("all")


def scenario(name, **options):
    return th.load(f"{TOP}/scenarios/{name}.yaml", **options)


def with_gid(ax, gid):
    return [each for each in ax.findobj() if each.get_gid() == gid]


def staircase(ax, gid):
    (line,) = with_gid(ax, gid)
    return list(zip(*line.get_data()))


def rectangles(ax, gid):
    """(left, right, bottom, top) of each polygon of a collection."""
    (collection,) = with_gid(ax, gid)
    boxes = [path.get_extents() for path in collection.get_paths()]
    return [tuple(round(each, 6) for each in (box.x0, box.x1, box.y0, box.y1)) for box in boxes]


def texts(ax, gid=None):
    """Texts by the place they speak of."""
    found = ax.texts if gid is None else with_gid(ax, gid)
    places = [getattr(text, "xy", text.get_position()) for text in found]
    return {tuple(map(float, place)): text.get_text() for place, text in zip(places, found)}


def endings(ax):
    """What stands above the bars."""
    return [text.get_text() for text in ax.texts if (text.get_gid() or "").startswith("ended")]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


# ---- F1 ------------------------------------------------------------------------------------------
def test_position_time_has_tip_checkpoint_and_a_bar_for_each_invocation():
    result = scenario("030-poison-pill-retries-only").run(variants=False)
    ax = plot.position_time(result)
    assert [y for _, y in staircase(ax, "tip")] == [10, 10, 10]
    moves = staircase(ax, "checkpoint")
    assert moves[:2] == [(0, 0), (result.simulated.total_seconds(), 10)] and moves[-1][1] == 10
    wanted = [(each["started"] / 1e6, each["ended"] / 1e6, 0, 10) for each in result.invocations]
    assert rectangles(ax, "invocations: error") == wanted
    assert [label.get_text() for label in ax.get_yticklabels()] == [f"r{i}" for i in range(10)]
    assert ax.get_title(loc="left") == "billing-orders reads shard 0"
    assert "x  invocation: error" in legend(ax)


def test_bars_say_how_they_ended_on_rows_of_their_own_and_repeated_effects_their_number():
    """Narrow ones full of dots do not say `ok`: the letters would cover a dot."""
    ax = plot.position_time(th.loads(shop(function=FAIL)).run())
    assert endings(ax) == ["ok", "x", "x", "x", "x"]  # the first is broad enough on this scale
    for text in ax.texts:
        if str(text.get_gid()).startswith("ended "):
            top = 3 if text.get_text() == "ok" else 6  # r0 to r2, then r3 to r5
            assert text.xy[1] == top and text.get_va() == "top"
    assert texts(ax, "fate") == {(1, p + 0.5): code for p, code in enumerate("...DDD")}
    again = plot.position_time(scenario("090-timeout-after-side-effect").run())
    assert sorted(texts(again, "effect again").values()) == ["2"] * 10 + ["3"] * 10
    assert len(with_gid(again, "effects")[0].get_xdata()) == 10
    assert endings(again) == ["t", "t"]


def test_the_checkpoint_is_that_of_the_simulation_at_every_step():
    loaded = scenario("040-bisect-vs-report")
    history = _data.history_of(loaded.run(variants=False), "billing-orders",
                                    "shardId-000000000000")
    sim = loaded.start()
    seen = {}
    while sim.step():
        seen[sim.now // timedelta(microseconds=1)] = (
            sim.shards[0].stored, sim.pollers[0].iterator)
    assert len(seen) > 5
    for at, state in seen.items():
        point = history.at(at)
        assert (point.tip, point.checkpoint) == state, at


def test_what_retention_took_is_red_with_a_letter():
    text = shop(records=3, batch=3, retries=-1, function=", fail: [{records: [r0]}]")
    result = th.loads(text, set={"duration": "30h"}).run()
    assert result.fates["billing-orders"] == {"expired": 3}
    ax = plot.position_time(result)
    (area,) = with_gid(ax, "expired")
    box = area.get_paths()[0].get_extents()
    assert (box.y0, box.y1) == (0, 3) and box.x0 >= 86400
    assert list(texts(ax, "fate E").values()) == ["E"]
    assert "E  expired: retention took it" in legend(ax)
    (horizon,) = with_gid(ax, "trim horizon")
    assert max(horizon.get_ydata()) == 3
    # Thousands of tries of one batch are one bar that says how many.
    assert endings(ax) == [f"x {len(result.invocations):,}×"]


def test_what_was_never_read_is_red_with_a_letter_and_a_number():
    ax = plot.position_time(scenario("110-latest-gap-on-create").run(variants=False))
    (area,) = with_gid(ax, "unread")
    box = area.get_paths()[0].get_extents()
    assert (box.y0, box.y1) == (0, 600)
    assert list(texts(ax, "fate G").values()) == ["G  600"]
    assert ax.get_ylabel() == "position in the shard"


def test_faults_are_a_grey_band_and_what_happens_at_once_a_line():
    sim = scenario("010-hello-shard").start()
    sim.run_until("1.05s")
    sim.inject("crash_poller", mapping="billing-orders", shard=0)
    sim.run_until("1.5s")
    sim.inject("throttle", function="billing", duration="1s")
    sim.run()
    ax = plot.position_time(sim)
    (band,) = with_gid(ax, "throttle: billing")
    box = band.get_extents().transformed(ax.transData.inverted())
    assert (round(box.x0, 6), round(box.x1, 6)) == (1.5, 2.5)
    (line,) = with_gid(ax, "crash poller: billing-orders")
    assert list(line.get_xdata()) == [1.05, 1.05]
    assert "fault" in legend(ax)
    assert sorted(texts(ax, "effect again").values()) == ["2"] * 4


def test_what_was_written_before_the_mapping_began_is_there():
    text = shop(mapping="    created: 10s\n")
    ax = plot.position_time(th.loads(text).run())
    assert staircase(ax, "tip")[0] == (0, 6)
    assert staircase(ax, "checkpoint")[:3] == [(0, 0), (10.1, 3), (10.2, 6)]


def test_a_failure_limited_in_time_is_a_fault_too():
    text = shop(function=", fail: [{keys: [k0], from: 1s, until: 2s}]")
    table = th.loads(text).run().disturbances
    assert table.to_list() == [
        {"at": 1_000_000, "until": 2_000_000, "action": "fail", "target": "billing"}]


def test_a_simulation_is_drawn_as_far_as_it_went():
    sim = scenario("010-hello-shard").start()
    sim.run_until("1.05s")
    ax = plot.position_time(sim)
    assert rectangles(ax, "invocations: running") == [(1.0, 1.05, 0, 4)]
    assert "…  invocation: running" in legend(ax)


def test_until_and_measure():
    result = scenario("010-hello-shard").run()
    ax = plot.position_time(result, until="1.5s", legend=False)
    assert ax.get_legend() is None
    assert len(ax.get_yticks()) == 6 and staircase(ax, "tip")[-1] == (1.5, 6)
    words = [text.get_text() for text in plot.position_time(result, measure="2s").texts]
    assert "backlog 4" in words and "iterator age 750 ms" in words


def test_time_axes_count_seconds_and_show_round_times():
    ax = plot.position_time(scenario("010-hello-shard").run())
    ax.set_xlim(0, 30 * 3600)
    ax.figure.canvas.draw()
    assert [text.get_text() for text in ax.get_xticklabels()] == [
        "0", "6 h", "12 h", "18 h", "24 h", "30 h"]


# ---- F3 ------------------------------------------------------------------------------------------
def strip(ax, row):
    """A row of the fate strip as text; -2 is the fates, -1 the effects."""
    columns = len(with_gid(ax, "fate"))
    cells = {x: text for (x, y), text in texts(ax).items() if y == row}
    return "".join(cells.get(x, " ") for x in range(columns))


def test_fate_strip_shows_every_invocation_of_a_bisect():
    ax = plot.fate_strip(scenario("040-bisect-vs-report").run(variants=False))
    assert strip(ax, -2) == "2222233D.."
    assert strip(ax, -1) == "2222233011"
    assert [strip(ax, row) for row in range(7)] == [
        "•••••••xxx", "22222     ", "     22xxx", "     33   ",
        "       xxx", "       x  ", "        ••"]
    assert [label.get_text() for label in ax.get_yticklabels()][2:5] == [
        "#1  error  0 s", "#2  success  100 ms", "#3  error  200 ms"]
    assert len(rectangles(ax, "effect again")) == 9
    assert legend(ax)[-1] == "D  given up, in a destination"


@pytest.mark.parametrize("name, variant, wanted", [
    ("010-hello-shard", None, ".........."),
    ("030-poison-pill-retries-only", "without_destination", "XXXXXXXXXX"),
    ("090-timeout-after-side-effect", None, "3333333333"),
    ("190-record-age-prefix-drop", None, "D....."),
])
def test_fate_letters(name, variant, wanted):
    loaded = scenario(name)
    result = (loaded.variant(variant) if variant else loaded).run(variants=False)
    assert strip(plot.fate_strip(result), -2) == wanted


def test_copies_of_a_record_are_told_apart_and_counted_together():
    text = shop(records=2, batch=1, more="timeline:\n  - {at: 0s, for: 50ms, "
                "lose_acknowledgements: {producer: shop, probability: 100%}}\n").replace(
        "ids: r", "ids: r\n    retry: {attempts: 1, scope: whole_request, backoff: 100ms}")
    ax = plot.fate_strip(th.loads(text).run())
    assert [label.get_text() for label in ax.get_xticklabels()] == ["r0", "r1", "r0′", "r1′"]
    assert (strip(ax, -2), strip(ax, -1)) == ("2222", "1111")

    done = set()

    def once(event, context):
        for record in event["Records"]:
            if record["kinesis"]["data"] not in done:
                done.add(record["kinesis"]["data"])
                th.effect(record)

    ax = plot.fate_strip(th.loads(text).run(handlers={"billing": th.handler(
        once, effects="reported")}))
    assert strip(ax, -2) == "..==" and "=  a copy, its twin is done" in legend(ax)


def test_of_many_records_those_around_the_first_change_are_shown():
    result = scenario("110-latest-gap-on-create").run(variants=False)
    ax = plot.fate_strip(result)
    assert strip(ax, -2) == "G" * 25 + "." * 25
    assert ax.get_title(loc="left").endswith("r575 to r624, 50 of 3,000 records")
    swallowed = scenario("080-handler-swallows-errors").run()
    assert strip(plot.fate_strip(swallowed, records=["r19", "r20", "r80"]), -2) == ".SS"
    with pytest.raises(KeyError, match="r500"):
        plot.fate_strip(swallowed, records=["r500"])


def test_of_many_invocations_the_first_and_the_last_are_shown():
    text = shop(records=2, batch=2, retries=100, function=", fail: [{records: [r1]}]")
    ax = plot.fate_strip(th.loads(text).run(), rows=6)
    labels = [label.get_text().split()[0] for label in ax.get_yticklabels()][2:]
    assert labels == ["#1", "#2", "#3", "…", "#99", "#100", "#101"]
    assert strip(ax, 6) == "+x"


def test_two_shards_are_two_groups_of_columns():
    text = shop(records=8).replace("ShardCount: 1", "ShardCount: 2")
    result = th.loads(text).run()
    both = [text.get_text() for text in plot.fate_strip(result).texts]
    assert "shard 1" in both
    shards = result.records["shard"]
    one = plot.fate_strip(result, shard=1)
    assert len(with_gid(one, "fate")) == sum(each.endswith("1") for each in shards)


# ---- F5, outcomes --------------------------------------------------------------------------------
@pytest.mark.parametrize("taken", ["at_send", "at_finish"])
def test_iterator_age_is_that_of_the_metrics(taken):
    result = scenario("030-poison-pill-retries-only", set={"assumptions.iterator_age": taken}).run(
        variants=False
    )
    ax = plot.iterator_age(result)
    (line,) = with_gid(ax, "age")
    assert max(line.get_ydata()) == pytest.approx(result.simulated.total_seconds())
    (dots,) = with_gid(ax, "CloudWatch")
    highest = next(row["value"] for row in result.metrics
                   if (row["metric"], row["statistic"]) == ("IteratorAge", "max"))
    assert list(dots.get_data()[1]) == [highest / 1e6]
    assert with_gid(ax, "retention") == []  # far away


def test_the_cliff_and_the_alarm_before_it():
    text = shop(records=3, batch=3, retries=-1, function=", fail: [{records: [r0]}]")
    ax = plot.iterator_age(th.loads(text, set={"duration": "30h"}).run(), alarm="1h")
    (retention,) = with_gid(ax, "retention")
    assert list(retention.get_ydata()) == [86400, 86400]
    (fired,) = with_gid(ax, "fired")
    assert fired.get_xdata()[0] == 3600
    assert any("fires at 1 h" in text.get_text() for text in ax.texts)


OUTCOMES = [
    {"stored": 2, "effects": {"r0": 1, "r1": 1}, "discarded": [], "lost": [], "minimum_faults": 0},
    {"stored": 2, "effects": {"r0": 2, "r1": 0}, "discarded": ["r1"], "lost": [],
     "minimum_faults": 1},
    {"stored": 1, "effects": {"r0": 0, "r1": 3}, "discarded": [], "lost": ["r0"],
     "minimum_faults": 2},
]


def test_outcome_map_has_a_row_for_each_outcome():
    ax = plot.outcome_map({"outcomes": OUTCOMES})
    cells = texts(ax)
    assert [cells[x, y] for y in range(3) for x in range(2)] == ["•", "•", "2", "D", "L", "3"]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "no fault, 2 stored", "1 fault, 2 stored", "2 faults"]
    assert "1 more" in plot.outcome_map(OUTCOMES, rows=2).get_title(loc="left")


# ---- all -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("draw", [plot.position_time, plot.fate_strip, plot.iterator_age])
def test_every_picture_draws_on_the_axes_it_is_given(draw):
    result = th.loads(shop(function=FAIL, mapping=REPORT)).run()
    figure, axes = pyplot.subplots(1, 2)
    assert draw(result, ax=axes[1]) is axes[1]
    assert axes[0].get_title(loc="left") == "" and pyplot.get_fignums() == [figure.number]
    with pytest.raises(KeyError, match="no mapping 'nobody'"):
        draw(result, mapping="nobody")
    with pytest.raises(KeyError):
        draw(result, shard=7)
    with pytest.raises(th.TrimhorizonError, match="no tables"):
        draw(th.example().run(tables=False))


def test_a_picture_survives_the_pickle():
    import pickle

    result = scenario("040-bisect-vs-report").run(variants=False)
    again = pickle.loads(pickle.dumps(result))
    assert staircase(plot.position_time(again), "checkpoint") == staircase(
        plot.position_time(result), "checkpoint")


def test_colour_is_never_the_only_sign():
    letters = list(_data.OUTCOME_LETTERS.values())
    assert len(set(letters)) == len(letters)
    assert set(_data.OUTCOME_LETTERS) == set(_style.OUTCOMES)
    assert set(_data.CODE_WORDS) == set(_style.CODES)
    hatches = [hatch for _, _, hatch, _ in _style.OUTCOMES.values()]
    assert len(set(hatches)) == len(hatches) - 1  # malformed and running are told by letters


def test_without_matplotlib_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install 'trimhorizon\[plot\]'"):
        plot.position_time(th.example().run())


def test_a_position_time_of_many_records_grows_with_their_number():
    # 720,000 records took 23 s once. Four times as many records may take six times as long here.
    def cpu_seconds(minutes):
        result = th.loads(f"""\
trimhorizon: 1
streams: {{s: {{ShardCount: 1}}}}
producers: {{p: {{stream: s, rate: 100/s, for: {minutes}m}}}}
functions: {{f: {{duration: 50ms}}}}
event_source_mappings:
  m: {{EventSourceArn: s, FunctionName: f, StartingPosition: TRIM_HORIZON}}
""").run()
        started = time.process_time()
        plot.position_time(result)
        return time.process_time() - started

    cpu_seconds(1)  # imports, fonts
    few = min(cpu_seconds(4) for _ in range(2))  # 24,000 records
    many = cpu_seconds(16)
    assert many < 6 * max(few, 0.2)
