#include "sim/history/row_collector.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/lambda/call_outcome.hpp"
#include "sim/world/aws_event.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {

void RowCollector::on(const Happened& event, const World&) {
  if (const auto* delivered = std::get_if<Delivered>(&event.what)) {
    TH_CHECK(delivered->call.value == rows_.size() + 1);
    rows_.push_back({delivered->reader, delivered->batch, event.at});
    rows_.back().attempt = delivered->attempt;
    rows_.back().request = delivered->request;
  } else if (const auto* ended = std::get_if<Ended>(&event.what)) {
    Row& row = rows_[ended->call.value - 1];
    row.ended = event.at;
    row.outcome = outcome_of(ended->ruling, ended->end);
    row.worked.assign(ended->worked.begin(), ended->worked.end());
  }
}

void RowCollector::fill(Result& result, const World& world,
                        const std::function<void()>& poll_progress) const {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    const Reader& reader = world.reader(row.reader);
    const MappingPlan& mapping = world.mapping_of(reader);
    InvocationRow out;
    out.number = i + 1;
    out.mapping = mapping.name;
    out.function = world.plan->function(mapping.function).name;
    out.shard = shard_name(world, reader.shard);
    out.started_us = row.started.us;
    out.ended_us = row.ended.us;
    out.attempt = row.attempt;
    out.outcome = row.outcome;
    out.request_id = request_id(*world.plan, row.request);
    const Position known = world.shard(reader.shard).log.first();
    std::size_t run = 0;
    for (Position p = std::max(row.batch.span.first, known); p < row.batch.span.end; ++p) {
      while (run < row.worked.size() && row.worked[run].end <= p) ++run;
      const bool effect = run < row.worked.size() && row.worked[run].contains(p);
      out.records.push_back(record_name(world, reader.shard, p));
      result.deliveries.push_back(
          {out.records.back(), out.mapping, out.shard, sequence_number_of(world, reader.shard, p),
           out.number, out.attempt, static_cast<std::uint32_t>(p - row.batch.span.first), effect});
    }
    result.invocations.push_back(std::move(out));
    if (poll_progress && result.invocations.size() % 256 == 0) poll_progress();
  }
}

}  // namespace trimhorizon
