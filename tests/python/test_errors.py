"""Exceptions: what they say, what they are, and that they pickle."""

import pickle

import pytest

import trimhorizon as th

ERRORS = [
    th.TrimhorizonError("no"), th.InvariantViolation("no"), th.ExpectationError("no"),
    th.ExploreError("no"), th.ExploreError("no", "do this"), th.HandlerError("no"),
    th.DriftError("no"), th.InternalError("no"),
    th.ScenarioError("all of it", [("shop.yaml", 1, 2, "wrong", "right")]),
    th.SweepError([th.SweepFailure({"BatchSize": "1"}, 7, "no", "again")],
                  th.sweep(th.example())),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_the_same_after_pickling(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and str(again) == str(error)
    assert isinstance(again, th.TrimhorizonError)
    assert vars(again) == vars(error)


def test_a_hint_is_a_line_of_its_own():
    assert str(th.ExploreError("no", "do this")) == "no\n  do this"
    assert str(th.ExploreError("no")) == "no"


def test_an_expectation_is_an_assertion():
    assert issubclass(th.ExpectationError, AssertionError)
    assert issubclass(th.TrimhorizonWarning, UserWarning)


def test_a_sweep_names_the_first_ten_failures():
    failures = [th.SweepFailure({"BatchSize": str(i)}, i, "no", f"again {i}") for i in range(12)]
    lines = str(th.SweepError(failures, th.sweep(th.example()))).splitlines()
    assert lines[0] == "12 of 13 runs failed, twice each; .sweep has the others"
    assert lines[1:3] == ["  BatchSize=0, seed 0: no", "    again 0"]
    assert lines[-1] == "  and 2 more" and len(lines) == 22


def test_a_warning_of_many_places_is_given_once():
    puts = ", ".join(f"{{at: {20 + i}s, record: {{}}}}" for i in range(50))
    with pytest.warns(th.TrimhorizonWarning) as given:
        th.loads(f"""\
trimhorizon: 1
duration: 10s
streams: {{s: {{}}}}
producers: {{p: {{stream: s, put: [{puts}]}}}}
""")
    assert len(given) == 1 and "(and 49 more like it)" in str(given[0].message)
