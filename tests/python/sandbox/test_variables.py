"""Lambda's environment variables and time zone, and what was there before."""

import os
import time

import pytest

from trimhorizon._sandbox.variables import Variables


@pytest.fixture
def variables():
    made = Variables()
    before = {**os.environ, "PYTEST_CURRENT_TEST": ""}
    yield made
    made.stop()
    assert {**os.environ, "PYTEST_CURRENT_TEST": ""} == before


def test_what_was_set_comes_back_and_what_was_not_goes(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME", raising=False)
    variables = Variables()
    variables.start()
    variables.show("billing", "256", "stream")
    assert os.environ["AWS_REGION"] == "us-east-1"
    assert os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    variables.stop()
    assert os.environ["AWS_REGION"] == "eu-central-1"
    assert "AWS_LAMBDA_FUNCTION_NAME" not in os.environ


def test_they_follow_the_environment_that_is_shown(variables):
    variables.start()
    for function, stream in (("billing", "a"), ("billing", "b"), ("audit", "b"), ("audit", "b")):
        variables.show(function, "128", stream)
        assert os.environ["AWS_LAMBDA_FUNCTION_NAME"] == function
        assert os.environ["AWS_LAMBDA_LOG_GROUP_NAME"] == f"/aws/lambda/{function}"
        assert os.environ["AWS_LAMBDA_LOG_STREAM_NAME"] == stream


def test_what_a_handler_changes_stays_until_another_environment_is_shown(variables):
    variables.start()
    variables.show("billing", "128", "a")
    os.environ["AWS_LAMBDA_LOG_STREAM_NAME"] = "mine"
    variables.show("billing", "128", "a")
    assert os.environ["AWS_LAMBDA_LOG_STREAM_NAME"] == "mine"
    variables.show("billing", "128", "b")
    assert os.environ["AWS_LAMBDA_LOG_STREAM_NAME"] == "b"


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="no time zones")
def test_the_time_zone_is_utc_until_it_stops(monkeypatch):
    monkeypatch.setenv("TZ", "JST-9")
    time.tzset()
    try:
        variables = Variables()
        variables.start()
        variables.use_utc()
        assert time.localtime(0).tm_hour == 0
        variables.stop()
        assert os.environ["TZ"] == "JST-9" and time.timezone != 0
    finally:
        monkeypatch.undo()
        time.tzset()
