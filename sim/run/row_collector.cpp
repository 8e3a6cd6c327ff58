#include "sim/run/row_collector.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/run/aws_message.hpp"
#include "sim/run/trace_facts.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {

void RowCollector::on(const TraceEvent& event, const World& world) {
  if (event.kind == TraceKind::invoke) {
    TH_CHECK(event.value == rows_.size() + 1);
    Row row;
    row.reader = {event.who};
    row.span = event.span;
    row.started = event.at;
    row.attempt = static_cast<std::uint32_t>(event.count);
    rows_.push_back(std::move(row));
  } else if (event.kind == TraceKind::invoke_result) {
    Row& row = rows_[event.value - 1];
    const Outcome& outcome = ended_invocation(event, world).outcome;
    row.ended = event.at;
    row.outcome = outcome_name(event);
    row.effects_until = outcome.effects_until;
    row.without_effect = outcome.without_effect;
  }
}

void RowCollector::fill(Result& result, const World& world,
                        const std::function<void()>& breathe) const {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    const Reader& reader = world.reader(row.reader);
    const MappingPlan& mapping = world.plan->mapping(reader.mapping);
    InvocationRow out;
    out.number = i + 1;
    out.mapping = mapping.name;
    out.function = world.plan->function(mapping.function).name;
    out.shard = shard_name(world, reader.shard);
    out.started_us = row.started.us;
    out.ended_us = row.ended.us;
    out.attempt = row.attempt;
    out.outcome = row.outcome;
    out.request_id = request_id(world, out.number);
    const Position known = world.shards[reader.shard.value].log.first();
    Outcome done;
    done.effects_until = row.effects_until;
    done.without_effect = row.without_effect;
    for (Position p = std::max(row.span.first, known); p < row.span.end; ++p) {
      const auto place = static_cast<std::uint32_t>(p - row.span.first);
      out.records.push_back(record_name(world, reader.shard, p));
      result.deliveries.push_back({out.records.back(), out.mapping, out.shard,
                                   sequence_number_of(world, reader.shard, p), out.number,
                                   out.attempt, place, has_effect(done, place)});
    }
    result.invocations.push_back(std::move(out));
    if (breathe && result.invocations.size() % 256 == 0) breathe();
  }
}

}  // namespace trimhorizon
