"""Calls from inside of an event loop that see none."""

import asyncio

import pytest

from trimhorizon._sandbox import outside_any_loop


def test_without_a_loop_it_is_an_ordinary_call():
    assert outside_any_loop(divmod, 7, 2) == (3, 1)


def test_inside_of_a_loop_another_one_can_run():
    async def cell():
        loop = asyncio.get_running_loop()
        value = outside_any_loop(asyncio.run, asyncio.sleep(0, 7))
        assert asyncio.get_running_loop() is loop is asyncio.get_event_loop()
        await asyncio.sleep(0)
        return value

    assert asyncio.run(cell()) == 7


def test_the_loop_comes_back_when_the_call_fails():
    def fails():
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        raise ValueError("no")

    async def cell():
        with pytest.raises(ValueError, match="no"):
            outside_any_loop(fails)
        return asyncio.get_running_loop()

    assert asyncio.run(cell()) is not None
