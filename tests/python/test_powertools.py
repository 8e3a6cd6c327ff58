"""AWS Lambda Powertools, unmodified: the batch processor and the idempotency utility."""

import time

import pytest

import trimhorizon as th
from conftest import REPORT, shop

powertools = pytest.importorskip("aws_lambda_powertools")
pytest.importorskip("boto3")

from aws_lambda_powertools.utilities.batch import (  # noqa: E402
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.idempotency import (  # noqa: E402
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from botocore.exceptions import ClientError  # noqa: E402


class Table:
    """The one table operation of the idempotency utility that decides anything, in memory."""

    def __init__(self):
        self.items = {}
        self.refused = 0
        self.meta = self
        self.exceptions = self

    class ConditionalCheckFailedException(ClientError):
        pass

    def put_item(self, *, Item, ExpressionAttributeValues=None, **_):
        key = Item["id"]["S"]
        found = self.items.get(key)
        if found is not None and ExpressionAttributeValues is not None:
            now = int(ExpressionAttributeValues[":now"]["N"])
            now_ms = int(ExpressionAttributeValues[":now_in_millis"]["N"])
            expired = int(found["expiration"]["N"]) < now
            abandoned = (
                found["status"]["S"] == "INPROGRESS"
                and "in_progress_expiration" in found
                and int(found["in_progress_expiration"]["N"]) < now_ms
            )
            if not expired and not abandoned:
                self.refused += 1
                error = {"Error": {"Code": "ConditionalCheckFailedException", "Message": ""}}
                raise self.ConditionalCheckFailedException({**error, "Item": found}, "PutItem")
        self.items[key] = dict(Item)

    def get_item(self, *, Key, **_):
        return {"Item": self.items[Key["id"]["S"]]}

    def update_item(self, *, Key, ExpressionAttributeValues, ExpressionAttributeNames, **_):
        item = self.items[Key["id"]["S"]]
        for name, attribute in ExpressionAttributeNames.items():
            value = ExpressionAttributeValues.get(":" + name[1:])
            if value is not None:
                item[attribute] = value

    def delete_item(self, *, Key, **_):
        self.items.pop(Key["id"]["S"], None)


def batch_handler(poison, work):
    processor = BatchProcessor(event_type=EventType.KinesisDataStreams)

    def one(record):
        work.append(record.kinesis.partition_key)
        if record.kinesis.partition_key == poison:
            raise ValueError("poison")
        th.effect(record)

    def handler(event, context):
        return process_partial_response(
            event=event, record_handler=one, processor=processor, context=context)

    return handler


def test_everything_after_the_first_failure_is_done_again():
    """Scenario 070: the batch processor goes on after a failure, the mapping starts there again."""
    work = []
    text = shop(records=10, batch=10, retries=2, mapping=REPORT)
    result = th.loads(text).run(handlers={"billing": batch_handler("k3", work)})
    deliveries = result.records["deliveries.billing-orders"]
    assert deliveries == [1, 1, 1, 4, 4, 4, 4, 4, 4, 4]
    assert result.records["effects.billing-orders"] == [1, 1, 1, 0, 4, 4, 4, 4, 4, 4]
    assert result.duplicates == 18 and sum(deliveries) == 31 == len(work)
    assert result.invocations["outcome"] == ["partial"] * 4
    message = result.destinations["dlq"][0]
    assert (message["batchSize"], message["approximateInvokeCount"]) == (7, 3)


def test_a_batch_of_failures_only_is_an_error_of_powertools():
    result = th.loads(shop(records=1, retries=1, mapping=REPORT)).run(
        handlers={"billing": batch_handler("k0", [])})
    assert result.invocations["outcome"] == ["error", "error"]
    assert "BatchProcessingError" in result.handler_failures[0].error


def idempotent_handler(table, work, expires_after_seconds=3600):
    layer = DynamoDBPersistenceLayer(table_name="seen", boto3_client=table)
    config = IdempotencyConfig(expires_after_seconds=expires_after_seconds)

    @idempotent_function(data_keyword_argument="data", config=config, persistence_store=layer)
    def once(data):
        work.append(data)
        return data

    def handler(event, context):
        config.register_lambda_context(context)
        for record in event["Records"]:
            once(data=record["kinesis"]["data"])

    return handler


FAIL_AFTER_ALL = ", fail: [{attempts: [1, 2], as: timeout, after: all}]"


def test_idempotency_makes_a_timeout_after_the_work_harmless():
    """Scenario 100: what was done before a timeout is not done again."""
    work, table = [], Table()
    text = shop(records=10, batch=10, retries=-1, function=FAIL_AFTER_ALL)
    result = th.loads(text).run(handlers={"billing": idempotent_handler(table, work)})
    assert result.invocations["outcome"] == ["timeout", "timeout", "success"]
    assert len(work) == 10 and len(set(work)) == 10
    assert table.refused == 20
    assert th.loads(text).run().duplicates == 20  # the same failures without idempotency


def test_idempotency_holds_under_every_crash_of_a_poller():
    """Without it one crash is enough; with it no schedule of two does anything twice."""

    def plain(event, context):
        return None

    def make():
        layer = DynamoDBPersistenceLayer(table_name="seen", boto3_client=Table())
        config = IdempotencyConfig()

        @idempotent_function(data_keyword_argument="data", config=config, persistence_store=layer)
        def once(data, record):
            th.effect(record)
            return data

        def handler(event, context):
            config.register_lambda_context(context)
            for record in event["Records"]:
                once(data=record["kinesis"]["data"], record=record)

        return handler

    scenario = th.loads(shop(records=3, batch=2))
    options = {"sites": ["poller_crash", "function_error"], "properties": ["at_most_once"]}
    without = th.explore(scenario, 2, handlers={"billing": plain}, **options)
    assert without.violations[0].minimum_faults == 1
    found = th.explore(scenario, 2, handlers={"billing": th.handler(make, factory=True)}, **options)
    assert found.verdict_words == "HOLDS for all schedules with at most 2 faults"
    assert any("it depends on what it remembers" in note for note in found.notes)
    # Its memory is put back before every run.
    plainly = th.explore(scenario, 2, handlers={"billing": make()}, **options)
    assert plainly.outcomes == found.outcomes and plainly.verdict == "holds"


def test_a_record_that_expired_in_virtual_time_is_done_again():
    work, table = [], Table()
    text = shop(records=1, batch=1, function=FAIL_AFTER_ALL)
    result = th.loads(text, set={"retry_backoff": {"first": "90s", "cap": "90s"}}).run(
        handlers={"billing": idempotent_handler(table, work, expires_after_seconds=60)})
    assert result.invocations["outcome"] == ["timeout", "timeout", "success"]
    assert len(work) == 3


def test_work_cut_off_in_progress_waits_for_its_marker():
    """The marker of an invocation that was stopped expires with that invocation's Timeout."""
    work, table = [], Table()
    handler = idempotent_handler(table, work)
    layer = DynamoDBPersistenceLayer(table_name="seen", boto3_client=table)
    config = IdempotencyConfig()
    slow = {"first": True}

    @idempotent_function(data_keyword_argument="data", config=config, persistence_store=layer)
    def once(data):
        if slow.pop("first", False):
            time.sleep(10)
        work.append(data)

    def handler(event, context):  # noqa: F811
        config.register_lambda_context(context)
        for record in event["Records"]:
            once(data=record["kinesis"]["data"])

    result = th.loads(shop(records=1, batch=1, retries=-1)).run(handlers={"billing": handler})
    outcomes = result.invocations["outcome"]
    assert outcomes[0] == "timeout" and outcomes[-1] == "success" and len(work) == 1
    assert all(each == "error" for each in outcomes[1:-1])
    assert all("AlreadyInProgress" in failure.error for failure in result.handler_failures)
