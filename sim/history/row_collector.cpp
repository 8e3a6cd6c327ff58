#include "sim/history/row_collector.hpp"

#include <algorithm>
#include <iterator>

#include "sim/base/check.hpp"
#include "sim/lambda/call_outcome.hpp"
#include "sim/world/aws_event.hpp"
#include "sim/world/event_records.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {

void RowCollector::on(const Happened& event, const World& world) {
  if (const auto* delivered = std::get_if<Delivered>(&event.what)) {
    TH_CHECK(delivered->call.value == handed_out_ + rows_.size() + 1);
    rows_.push_back({delivered->reader, delivered->batch, event.at});
    rows_.back().attempt = delivered->attempt;
    rows_.back().request = delivered->request;
  } else if (const auto* ended = std::get_if<Ended>(&event.what)) {
    Row& row = rows_[ended->call.value - 1 - handed_out_];
    row.ended = event.at;
    row.outcome = outcome_of(ended->ruling, ended->end);
    row.worked.assign(ended->worked.begin(), ended->worked.end());
    while (take_ && !rows_.empty() && rows_.front().ended != Instant{-1}) hand_out(world);
  }
}

void RowCollector::finish(const World& world) {
  while (!rows_.empty()) hand_out(world);
}

void RowCollector::fill(Result& result, const World& world,
                        const std::function<void()>& poll_progress) {
  take_ = [&](InvocationRow&& row, std::vector<DeliveryRow>&& records) {
    result.invocations.push_back(std::move(row));
    std::move(records.begin(), records.end(), std::back_inserter(result.deliveries));
    if (poll_progress && result.invocations.size() % 256 == 0) poll_progress();
  };
  finish(world);
}

void RowCollector::hand_out(const World& world) {
  const Row& row = rows_.front();
  const Reader& reader = world.reader(row.reader);
  const MappingPlan& mapping = world.mapping_of(reader);
  InvocationRow out;
  out.number = handed_out_ + 1;
  out.mapping = mapping.name;
  out.function = world.plan->function(mapping.function).name;
  out.shard = shard_name(world, reader.shard);
  out.started_us = row.started.us;
  out.ended_us = row.ended.us;
  out.attempt = row.attempt;
  out.outcome = row.outcome;
  out.request_id = request_id(*world.plan, row.request);
  std::vector<DeliveryRow> records;
  const Position known = world.shard(reader.shard).log.first();
  std::size_t run = 0;
  const auto add = [&](Position p) {
    while (run < row.worked.size() && row.worked[run].end <= p) ++run;
    const bool effect = run < row.worked.size() && row.worked[run].contains(p);
    out.records.push_back(record_name(world, reader.shard, p));
    records.push_back({out.records.back(), out.mapping, out.shard,
                       sequence_number_of(world, reader.shard, p), out.number, out.attempt,
                       static_cast<std::uint32_t>(p - row.batch.span.first), effect});
  };
  each_run(world, row.batch, [&](Span part) {
    for (Position p = std::max(part.first, known); p < part.end; ++p) add(p);
  });
  take_(std::move(out), std::move(records));
  rows_.pop_front();
  handed_out_ += 1;
}

}  // namespace trimhorizon
