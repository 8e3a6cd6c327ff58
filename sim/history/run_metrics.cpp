#include "sim/history/run_metrics.hpp"

#include <algorithm>

#include "sim/base/rule.hpp"
#include "sim/world/event_records.hpp"

namespace trimhorizon {

RunMetrics::RunMetrics(const Plan& plan)
    : consumers_(plan.consumers()), in_flight_most_(plan.functions.size()) {}

ConsumerMetrics& RunMetrics::of(const World& world, ReaderId reader) {
  return consumers_[world.reader(reader).consumer.value];
}

Position& RunMetrics::polled_to(ReaderId reader) {
  if (polled_to_.size() <= reader.value) polled_to_.resize(reader.value + 1);
  return polled_to_[reader.value];
}

void RunMetrics::sample_age(const Batch& batch, const World& world, ConsumerMetrics& metrics) {
  metrics.iterator_age_us.add(world.stamped_log(batch.shard).age(batch.last(), world.now).us);
}

void RunMetrics::on(const Read& read, const World& world) {
  Position& counted = polled_to(read.reader);
  if (read.records.end <= counted) return;
  // KDS-PRD-18: an aggregate is one event, unless the mapping unpacks it.
  const Span fresh{std::max(read.records.first, counted), read.records.end};
  of(world, read.reader)
      .add(MetricId::PolledEventCount,
           event_records(world, world.reader(read.reader).consumer, read.shard, fresh));
  counted = read.records.end;
}

void RunMetrics::on(const Delivered& delivered, const World& world) {
  const FunctionId function = world.mapping_of(world.reader(delivered.reader)).function;
  std::uint32_t& most = in_flight_most_[function.value];
  most = std::max(most, world.functions[function.value].in_flight);
  ConsumerMetrics& metrics = of(world, delivered.reader);
  metrics.add(MetricId::Invocations);
  metrics.add(MetricId::InvokedEventCount, delivered.batch.count);
  if (world.plan->assumptions.iterator_age == assume::iterator_age::at_send) {
    sample_age(delivered.batch, world, metrics);
  }
}

void RunMetrics::on(const Ended& ended, const World& world) {
  ConsumerMetrics& metrics = of(world, ended.reader);
  metrics.duration_us.add(ended.took.us);
  if (ended.ruling == Ruling::partial || ended.ruling == Ruling::malformed) {
    metrics.add(MetricId::FailedInvokeEventCount, ended.batch.count);
  }
  if (ended.end != InvocationEnd::returned) metrics.add(MetricId::Errors);
  if (world.plan->assumptions.iterator_age == assume::iterator_age::at_finish) {
    sample_age(ended.batch, world, metrics);
  }
}

void RunMetrics::on(const Throttled& throttled, const World& world) {
  ConsumerMetrics& metrics = of(world, throttled.reader);
  metrics.add(MetricId::Throttles);
  metrics.add(MetricId::FailedInvokeEventCount, throttled.batch.count);
}

// MET-07: it could not be invoked.
void RunMetrics::on(const TooLarge& tried, const World& world) {
  of(world, tried.reader).add(MetricId::FailedInvokeEventCount, tried.batch.count);
}

void RunMetrics::on(const MessageSent& sent, const World& world) {
  ConsumerMetrics& metrics = of(world, sent.reader);
  if (sent.taken) {
    metrics.add(MetricId::OnFailureDestinationDeliveredEventCount, sent.what.batch.count);
  } else {
    metrics.add(MetricId::DestinationDeliveryFailures);
  }
}

void RunMetrics::on(const Settled& settled, const World& world) {
  Position& counted = polled_to(settled.reader);
  counted = std::max(counted, settled.records.end);
  // KDS-PRD-21: what the mapping leaves out, it does not count.
  if (settled.cause == LossCause::deaggregation) return;
  const bool dropped = settled.fate == Fate::dropped;
  if (TH_RULE(what_a_destination_has_is_not_dropped, dropped,
              dropped || settled.fate == Fate::discarded)) {
    // Given up, and nothing tells about them (MET-08).
    of(world, settled.reader)
        .add(MetricId::DroppedEventCount,
             event_records(world, world.reader(settled.reader).consumer, settled.shard,
                           settled.records));
  }
}

// The reader reads again what it had read, and AWS counts that again.
void RunMetrics::on(const ReaderRestarted& restarted, const World& world) {
  polled_to(restarted.reader) = world.reader(restarted.reader).checkpoint;
}

}  // namespace trimhorizon
