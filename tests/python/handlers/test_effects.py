"""What a handler says that it did, in all the forms in which it has a record."""

import json
import types

import pytest

import trimhorizon as th
from trimhorizon._handlers.effects import Effects

RECORDS = [{"eventID": f"shardId-000000000000:{n}", "kinesis": {"sequenceNumber": str(n)}}
           for n in (100, 101, 102)]


@pytest.fixture
def effects():
    Effects.current = Effects(types.SimpleNamespace(event_json=json.dumps({"Records": RECORDS})))
    yield Effects.current
    Effects.current = None


class Powertools:
    """A record as the batch processor of Powertools has it."""

    def __init__(self, number):
        self.kinesis = types.SimpleNamespace(sequence_number=number)


def test_a_record_is_known_in_every_form(effects):
    assert effects.offsets is None
    for record in (RECORDS[2], RECORDS[0]["eventID"], "101", Powertools("101")):
        assert th.effect(record) is True
    assert effects.offsets == [2, 0, 1, 1]


def test_a_record_of_another_batch_is_refused(effects):
    with pytest.raises(ValueError, match="^record 7 is not in this batch$"):
        th.effect("7")
    assert effects.offsets is None


@pytest.mark.parametrize("thing", [7, {}, {"kinesis": 3}, object()])
def test_what_is_no_record_is_refused(effects, thing):
    with pytest.raises(ValueError, match="^this is not a record of a Kinesis event: "):
        th.effect(thing)


def test_outside_of_a_call_nothing_is_noted():
    assert th.effect(7) is False
