#include "sim/report/shard_history.hpp"

#include <optional>
#include <tuple>

#include "sim/report/table_rows.hpp"

namespace trimhorizon {

ShardHistory::ShardHistory(std::string mapping, std::string shard)
    : mapping_(std::move(mapping)), shard_(std::move(shard)) {}

void ShardHistory::add(const InvocationRow& row, const std::vector<DeliveryRow>& records) {
  if (row.mapping != mapping_) return;
  OfShard& here = shards_[row.shard];
  here.invocations += 1;
  if (row.outcome != CallOutcome::success && row.outcome != CallOutcome::running) here.failed += 1;
  Bar bar;
  for (const DeliveryRow& each : records) {
    if (each.effect) bar.effects.push_back({each.position, ++effects_[each.id]});
  }
  if (records.empty() || (!shard_.empty() && row.shard != shard_)) return;
  bar.row = row;
  bar.row.records.clear();
  bar.row.records.shrink_to_fit();
  bar.first_sequence = records.front().sequence_number;
  bar.offset = records.front().position;
  bar.count = records.size();
  here.bars.push_back(std::move(bar));
}

void ShardHistory::choose(const std::string& first_shard) {
  chosen_ = true;
  const auto score = [](const OfShard& each) { return std::tuple(each.failed, each.invocations); };
  const OfShard* best = nullptr;
  if (shard_.empty()) {
    for (const auto& [name, each] : shards_) {
      if (best == nullptr || score(each) > score(*best)) best = &each, shard_ = name;
    }
  }
  if (shard_.empty()) shard_ = first_shard;
  for (Bar& bar : shards_[shard_].bars) beginning_[bar.first_sequence].push_back(&bar);
}

void ShardHistory::add(const RecordRow& row) {
  const RecordAtConsumer* here = row.at(mapping_);
  if (here == nullptr) return;
  if (!chosen_) choose(row.shard);
  OfShard& shard = shards_[row.shard];
  const std::uint64_t position = shard.stored++;
  Copies& copies = copies_[row.id];
  copies.effects += here->effects;
  const std::uint64_t copy = copies.copies++;
  if (row.shard != shard_) return;
  records_.push_back({row.id, copy, row.arrival_us, here->fate, here->effects});
  const auto begins = beginning_.find(row.sequence_number);
  if (begins == beginning_.end()) return;
  for (Bar* bar : begins->second) bar->first = position;
}

std::vector<std::string> ShardHistory::shards() const {
  std::vector<std::string> names;
  for (const auto& [name, each] : shards_) {
    if (each.stored > 0) names.push_back(name);
  }
  return names;
}

std::shared_ptr<const Table> ShardHistory::records() const {
  using Row = Record;
  const auto total = [&](const Row& row) { return copies_.at(row.id).effects; };
  return table_of<Row>("records", records_,
                       {
                           {"id", ColumnKind::text, &Row::id},
                           {"copy", ColumnKind::integer, &Row::copy},
                           {"arrival", ColumnKind::duration, &Row::arrival_us},
                           {"fate", ColumnKind::text, &Row::fate},
                           {"effects", ColumnKind::integer, &Row::effects},
                           {"total", ColumnKind::integer, total},
                       });
}

std::shared_ptr<const Table> ShardHistory::bars() const {
  using Row = Bar;
  const auto ended = [](const Row& bar) {  // null: it still runs
    return bar.row.ended_us >= 0 ? std::optional(bar.row.ended_us) : std::nullopt;
  };
  const auto found = shards_.find(shard_);
  return table_of<Row>(
      "bars", found != shards_.end() ? found->second.bars : std::vector<Row>{},
      {
          {"number", ColumnKind::integer, [](const Row& bar) { return bar.row.number; }},
          {"started", ColumnKind::duration, [](const Row& bar) { return bar.row.started_us; }},
          {"ended", ColumnKind::duration, ended},
          {"outcome", ColumnKind::text, [](const Row& bar) { return bar.row.outcome; }},
          {"first", ColumnKind::integer, &Row::first},
          {"end", ColumnKind::integer, [](const Row& bar) { return bar.first + bar.count; }},
      });
}

std::shared_ptr<const Table> ShardHistory::effects() const {
  struct Row {
    std::uint64_t number, position, nth;
  };
  std::vector<Row> rows;
  const auto found = shards_.find(shard_);
  if (found != shards_.end()) {
    for (const Bar& bar : found->second.bars) {
      for (const Effect& each : bar.effects) {
        rows.push_back({bar.row.number, bar.first + each.offset - bar.offset, each.nth});
      }
    }
  }
  return table_of<Row>("effects", rows,
                       {
                           {"number", ColumnKind::integer, &Row::number},
                           {"position", ColumnKind::integer, &Row::position},
                           {"nth", ColumnKind::integer, &Row::nth},
                       });
}

}  // namespace trimhorizon
