#include "sim/report/stream_tables.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/table_rows.hpp"

namespace trimhorizon {
namespace {

struct ListedRow {
  const StreamResult* stream;
  const ListedShard* shard;
};

struct StreamMetricRow {
  const StreamResult* stream;
  std::string_view metric;
  MetricCell cell;
};

}  // namespace

std::shared_ptr<const Table> shards_table(const Result& result) {
  using Row = ListedRow;
  std::vector<Row> rows;
  for (const StreamResult& stream : result.streams) {
    for (const ListedShard& shard : stream.listed) rows.push_back({&stream, &shard});
  }
  const auto of_shard = [](auto ListedShard::*member) {
    return [member](const Row& row) { return row.shard->*member; };
  };
  return table_of<Row>(
      "shards", rows,
      {
          {"stream", ColumnKind::text, [](const Row& row) { return row.stream->name; }},
          {"ShardId", ColumnKind::text, of_shard(&ListedShard::id)},
          {"ParentShardId", ColumnKind::text, of_shard(&ListedShard::parent)},
          {"AdjacentParentShardId", ColumnKind::text, of_shard(&ListedShard::adjacent)},
          {"StartingHashKey", ColumnKind::text, of_shard(&ListedShard::first_hash_key)},
          {"EndingHashKey", ColumnKind::text, of_shard(&ListedShard::last_hash_key)},
          {"StartingSequenceNumber", ColumnKind::text,
           of_shard(&ListedShard::starting_sequence_number)},
          {"EndingSequenceNumber", ColumnKind::text,
           of_shard(&ListedShard::ending_sequence_number)},
          {"open", ColumnKind::boolean, of_shard(&ListedShard::open)},
          {"stored", ColumnKind::integer, of_shard(&ListedShard::stored)},
      });
}

std::shared_ptr<const Table> api_calls_table(const Result& result) {
  using Row = ApiCallRow;
  const auto when_refused = [](auto text_of) {
    return [text_of](const Row& row) {
      return row.error ? std::optional(std::string(text_of(row))) : std::nullopt;
    };
  };
  return table_of<Row>("api_calls", result.api_calls,
                       {
                           {"at", ColumnKind::duration, [](const Row& row) { return row.at.us; }},
                           {"action", ColumnKind::text, &Row::action},
                           {"stream", ColumnKind::text, &Row::stream},
                           {"error", ColumnKind::text,
                            when_refused([](const Row& row) { return name(*row.error); })},
                           {"why", ColumnKind::text,
                            when_refused([](const Row& row) { return sentence(row.reason); })},
                       });
}

std::shared_ptr<const Table> stream_metrics_table(const Result& result) {
  using Row = StreamMetricRow;
  std::vector<Row> rows;
  for (const StreamResult& stream : result.streams) {
    for (const StreamMetric& metric : stream.metrics) {
      for (const MetricCell& cell : cells_of(metric)) {
        rows.push_back({&stream, metric.info().name, cell});
      }
    }
  }
  return table_of<Row>(
      "stream_metrics", rows,
      {
          {"stream", ColumnKind::text, [](const Row& row) { return row.stream->name; }},
          {"metric", ColumnKind::text, &Row::metric},
          {"statistic", ColumnKind::text, [](const Row& row) { return row.cell.statistic; }},
          {"value", ColumnKind::integer, [](const Row& row) { return row.cell.value; }},
          {"unit", ColumnKind::text, [](const Row& row) { return row.cell.unit; }},
      });
}

}  // namespace trimhorizon
