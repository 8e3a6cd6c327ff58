"""The second argument of a handler."""

import re

from trimhorizon._sandbox import Clock, LambdaContext, log_stream


def test_it_has_lambda_s_names_and_units(capsys):
    clock = Clock(0, virtual=True)
    context = LambdaContext(clock, 3_000_000, "billing", "256", "id", "stream")
    assert context.invoked_function_arn == (
        "arn:aws:lambda:us-east-1:123456789012:function:billing")
    assert (context.memory_limit_in_mb, context.log_group_name, context.function_version) == (
        "256", "/aws/lambda/billing", "$LATEST")
    assert context.identity.cognito_identity_id is context.client_context is None
    context.log("said")
    assert capsys.readouterr().out == "said\n"
    assert repr(context) == "LambdaContext(function_name='billing', aws_request_id='id')"


def test_the_remaining_time_follows_the_clock():
    clock = Clock(0, virtual=True)
    context = LambdaContext(clock, 3_000_000, "billing", "256", "id", "stream")
    clock.begin(500_001)
    assert context.get_remaining_time_in_millis() == 2499
    clock.begin(9_000_000)
    assert context.get_remaining_time_in_millis() == 0


def test_a_log_stream_belongs_to_a_day_a_function_and_an_environment():
    stream = log_stream("billing", 0, 1_767_225_600.0)
    assert re.fullmatch(r"2026/01/01/\[\$LATEST\][0-9a-f]{32}", stream)
    assert stream == log_stream("billing", 0, 1_767_225_601.0)
    others = [log_stream("billing", 1, 1_767_225_600.0), log_stream("audit", 0, 1_767_225_600.0),
              log_stream("billing", 0, 1_767_312_000.0)]
    assert len({stream, *others}) == 4
