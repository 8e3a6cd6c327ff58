"""Tables: rows, columns, and the same by Arrow in four libraries."""

import datetime
import gc

import pytest

import trimhorizon as th
from conftest import REPORT, shop


@pytest.fixture
def result(poisoned):
    return poisoned.run()


def test_a_row_is_a_dict(result):
    assert len(result.records) == 6
    row = result.records[5]
    assert row["id"] == "r5" and row["arrival"] == 0
    assert (row["fates.billing-orders"], row["deliveries.billing-orders"]) == ("discarded", 4)
    assert result.records[-1] == row and result.records[4:] == [result.records[4], row]
    assert [each["id"] for each in result.records] == ["r0", "r1", "r2", "r3", "r4", "r5"]
    assert result.records["id"][2] == "r2"
    with pytest.raises(IndexError):
        result.records[6]
    with pytest.raises(KeyError):
        result.records["nothing"]


def test_invocations_are_in_order_with_their_records(result):
    rows = result.invocations
    assert rows.columns == ["number", "mapping", "function", "shard", "started", "ended", "attempt",
                            "records", "outcome", "request_id"]
    assert rows["records"] == [["r0", "r1", "r2"]] + [["r3", "r4", "r5"]] * 4
    assert rows["outcome"] == ["success"] + ["error"] * 4
    assert rows["attempt"] == [1, 1, 2, 3, 4]
    assert rows[0]["ended"] - rows[0]["started"] == 100_000


def test_deliveries_say_which_had_an_effect(result):
    r3 = [row for row in result.deliveries if row["id"] == "r3"]
    assert [(row["invocation"], row["attempt"], row["position"], row["effect"]) for row in r3] == [
        (2, 1, 0, True), (3, 2, 0, True), (4, 3, 0, True), (5, 4, 0, True)]


def test_a_destination_exists_even_when_nothing_was_sent(result):
    message = result.destinations["dlq"][0]
    assert message["condition"] == "RetryAttemptsExhausted"
    assert message["requestContext"]["approximateInvokeCount"] == 4
    assert message["KinesisBatchInfo"]["batchSize"] == message["batchSize"] == 3
    assert message["records"] == ["r3", "r4", "r5"]
    assert result.destinations["dlq"].messages == result.to_dict()["destinations"]["dlq"]
    assert len(th.loads(shop()).run().destinations["dlq"]) == 0
    with pytest.raises(KeyError):
        result.destinations["nowhere"]


def test_metrics_have_a_row_for_each_statistic(result):
    rows = {(row["metric"], row["statistic"]): row for row in result.metrics}
    assert rows["Invocations", "sum"]["value"] == 5
    assert rows["Errors", "sum"]["value"] == 4
    assert rows["Duration", "max"]["value"] == 100_000
    assert rows["Duration", "max"]["unit"] == "us"


def test_a_mapping_on_another_stream_has_no_fate():
    text = shop(more="""\
variants: {}
""").replace("streams:\n", "streams:\n  other: {ShardCount: 1}\n").replace(
        "producers:\n", "producers:\n  second: {stream: other, rate: 1/s, records: 2}\n").replace(
        "variants: {}\n", "")
    rows = th.loads(text).run().records
    assert {row["fates.billing-orders"] for row in rows if row["producer"] == "second"} == {None}


def test_pyarrow_reads_a_table(result):
    pyarrow = pytest.importorskip("pyarrow")
    for table in (result.records, result.invocations, result.deliveries, result.metrics,
                  result.destinations["dlq"]):
        read = pyarrow.table(table)
        read.validate(full=True)
        assert read.column_names == table.columns
        for name in table.columns:
            want = table[name]
            if pyarrow.types.is_duration(read.schema.field(name).type):
                want = [None if us is None else datetime.timedelta(microseconds=us) for us in want]
            assert read[name].to_pylist() == want, name
    assert str(pyarrow.table(result.records).schema.field("arrival").type) == "duration[us]"


def test_a_table_outlives_its_result():
    pyarrow = pytest.importorskip("pyarrow")
    read = pyarrow.table(th.example().run().records)
    gc.collect()
    assert read["id"].to_pylist()[9] == "r9"


def test_a_stream_that_nobody_reads_is_given_back(result):
    capsules = [result.records.__arrow_c_stream__() for _ in range(100)]
    del capsules
    gc.collect()


def test_nulls_survive_arrow():
    pyarrow = pytest.importorskip("pyarrow")
    sim = th.loads(shop()).start()
    sim.run_until("50ms")
    rows = sim.result().invocations
    assert rows["ended"] == [None]
    assert pyarrow.table(rows)["ended"].to_pylist() == [None]
    assert rows.to_pandas()["ended"].isna().tolist() == [True]


def test_polars_reads_a_table(result):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(result.invocations)
    assert frame["records"].to_list() == result.invocations["records"]
    assert frame["started"].dtype == polars.Duration("us")


def test_duckdb_reads_a_table(result):
    duckdb = pytest.importorskip("duckdb")
    pyarrow = pytest.importorskip("pyarrow")
    deliveries = pyarrow.table(result.deliveries)
    found = duckdb.sql("select id, count(*) n from deliveries group by id order by id").fetchall()
    assert deliveries.num_rows == 15
    assert found == [("r0", 1), ("r1", 1), ("r2", 1), ("r3", 4), ("r4", 4), ("r5", 4)]


def test_pandas_gets_the_same(result):
    pytest.importorskip("pandas")
    frame = result.invocations.to_pandas()
    assert list(frame["records"]) == result.invocations["records"]
    assert str(frame["started"].dtype) == "timedelta64[us]"
    assert str(frame["number"].dtype) == "int64"
    assert len(th.loads(shop(mapping=REPORT)).run().destinations["dlq"].to_pandas()) == 0


def test_the_core_needs_no_library(command):
    import subprocess
    import sys

    code = ("import sys, trimhorizon as th; r = th.example().run(); repr(r), r.to_html(), "
            "list(r.records); bad = {'numpy', 'pandas', 'pyarrow', 'time_machine', 'tqdm'}; "
            "sys.exit(bool(bad & set(sys.modules)))")
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_without_tables_it_says_how_to_get_them(poisoned):
    result = poisoned.run(tables=False)
    assert len(result.metrics) > 0 and len(result.destinations["dlq"]) == 1
    with pytest.raises(th.TrimhorizonError, match=r"run\(tables=True\)"):
        result.records
