"""The line that makes a run again is one that does."""

import pickle

import pytest

import trimhorizon as th
from conftest import shop

WRONG = "expect: {lost: 7}\n"


def plain(event, context):
    return None


@pytest.fixture
def file(tmp_path, monkeypatch):
    (tmp_path / "rep.yaml").write_text(shop(batch=2, more=WRONG))
    monkeypatch.chdir(tmp_path)
    return "rep.yaml"


def said(result):
    """The same in the text, in the JSON, in the error of check() and, but for its end, explain."""
    line = result.to_dict()["replay"]
    assert repr(result).splitlines()[-1] == f"replay: {line}"
    if result.verdict == "violated":
        with pytest.raises(th.ExpectationError) as caught:
            result.check()
        assert str(caught.value).splitlines()[-1] == line
    if not line.startswith("trimhorizon run "):
        assert result.explain("r1").splitlines()[-1] == f"replay: {line}.explain('r1')"
    assert pickle.loads(pickle.dumps(result)).to_dict()["replay"] == line
    return line


def made_again(line):
    """What the line comes to; ``sim = ...; ...`` are statements before an expression."""
    *before, last = line.replace("handlers=...", 'handlers={"billing": plain}').split("; ")
    names = {"th": th, "plain": plain, "shop": shop}
    exec("\n".join(before), names)
    return eval(last, names)


def test_a_file_without_handlers_is_the_command_line(file):
    assert said(th.load(file).run(seed=2)) == "trimhorizon run rep.yaml --seed 2"
    assert said(th.load(file).start().fork().result()).startswith("sim = th.load(")


def test_runs_with_handlers_are_made_again_in_python(file):
    scenario = th.load(file, set={"BatchSize": 3})
    result = scenario.run(seed=1, handlers={"billing": plain})
    assert said(result) == 'th.load("rep.yaml", set={"BatchSize": "3"}).run(seed=1, handlers=...)'
    assert made_again(said(result)) == result
    sim = scenario.start(seed=1, handlers={"billing": plain})
    sim.run()
    assert said(sim.result()) == said(result)


def test_texts_are_no_file():
    assert said(th.example().run(seed=1)) == "th.example().run(seed=1)"
    assert said(th.example().set({"BatchSize": 2}).run()) == (
        'th.example().set({"BatchSize": "2"}).run(seed=1)')
    assert said(th.loads(shop(more=WRONG)).run()) == "th.loads(...).run(seed=1)"
    assert "trimhorizon run" not in repr(th.example().run())


def test_variants_say_theirs(file):
    text = shop(more="variants:\n  one: {set: {BatchSize: 1}}\n")
    result = th.loads(text).run()
    assert result.variants["one"].to_dict()["replay"] == 'th.loads(...).variant("one").run(seed=1)'
    assert said(th.loads(text).variant("one").run()) == 'th.loads(...).variant("one").run(seed=1)'


def test_simulations_say_what_was_done_to_them(file):
    sim = th.load(file).start(handlers={"billing": plain})
    sim.run_until("150ms")
    sim.inject("outage", function="billing", duration="1s")
    early = sim.result()
    assert said(early) == ('sim = th.load("rep.yaml").start(seed=1, handlers=...); '
                           'sim.run_until("0.15s"); sim.inject("outage", function="billing", '
                           'duration="1s"); sim.run_until("0.15s"); sim.result()')
    sim.run()
    sim.inject("crash_poller", mapping="billing-orders", shard=0)
    other = sim.fork({"billing": plain})
    sim.run(), other.run()
    for result in (early, sim.result(), other.result()):
        assert made_again(said(result)) == result
    assert "sim = sim.fork(handlers=...); sim.run()" in said(other.result())


def test_within_an_instant_steps_are_counted():
    sim = th.loads(shop()).start()
    sim.step()
    assert sim.pending[0].at == sim.now
    sim.inject("throttle", function="billing", duration="1s")
    sim.run()
    assert "[sim.step() for _ in range(1 - sim.steps)]" in said(sim.result())
    line = said(sim.result()).replace("th.loads(...)", "th.loads(shop())")
    assert made_again(line) == sim.result()


def test_failures_of_a_sweep_say_theirs():
    def raises(event, context):
        raise ValueError

    with pytest.raises(th.SweepError) as caught:
        th.sweep(th.example(), {"BatchSize": [5]}, [3], errors="raise",
                 handlers={"billing": "sweep_handlers.no_such_function"})
    assert caught.value.failures[0].replay == (
        'th.example().set({"BatchSize": "5"}).run(seed=3, handlers=...)')
