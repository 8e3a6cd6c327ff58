#include "sim/world/plan.hpp"

#include <algorithm>

#include "sim/producer/arrivals.hpp"
#include "sim/producer/numbering.hpp"

namespace trimhorizon {
namespace {

KeyId generated_key(const Plan& plan, ProducerId id, std::uint64_t number) {
  const ProducerPlan& producer = plan.producer(id);
  const KeySettings& keys = producer.settings.load->keys;
  std::uint32_t index = 0;
  if (keys.distribution == KeyDistribution::round_robin) {
    index = static_cast<std::uint32_t>(number % keys.count);
  } else {
    const std::uint64_t bits =
        draw_bits(plan.seed, producer.draws_as, Purpose::partition_key, number);
    index = keys.distribution == KeyDistribution::zipf
                ? producer.key_table->pick(bits)
                : static_cast<std::uint32_t>(bits_below(bits, keys.count));
  }
  return {producer.first_generated_key.value + index};
}

}  // namespace

RecordTimes Plan::times_of(StreamId id) const {
  if (exploring) return {};
  const StreamPlan& planned = stream(id);
  return {planned.settings.visibility_delay, planned.settings.timestamp_skew, seed,
          planned.draws_as, planned.aggregates};
}

bool Plan::finds_nothing(StreamId id, std::uint32_t shard_number, std::uint32_t caller,
                         Instant now) const {
  const StreamPlan& planned = stream(id);
  const Probability probability = planned.settings.empty_read_probability;
  if (probability == Probability{} || exploring) return false;
  const std::uint64_t reads = mix64((std::uint64_t{shard_number} << 32) | caller);
  return bits_hit(draw_bits(seed, planned.draws_as, Purpose::empty_read,
                            reads + static_cast<std::uint64_t>(now.us)),
                  probability);
}

std::uint32_t entity_named(std::string_view name) {
  Digest digest;
  digest.add_text(name);
  return static_cast<std::uint32_t>(digest.low());
}

KeyId key_of_record_in(const Plan& plan, ProducerId id, std::uint64_t number) {
  const ProducerPlan& producer = plan.producer(id);
  return producer.settings.load ? generated_key(plan, id, number) : producer.records[number].key;
}

bool Plan::changes_streams() const {
  return !reshards.empty() ||
         std::any_of(timeline.begin(), timeline.end(),
                     [](const TimelineAction& action) { return action.call.has_value(); });
}

std::optional<RecordId> Plan::record_named(std::string_view id) const {
  for (std::uint32_t p = 0; p < producers.size(); ++p) {
    const ProducerPlan& producer = producers[p];
    for (std::uint64_t n = 0; n < producer.records.size(); ++n) {
      if (producer.records[n].id == id) return RecordId::of({p}, n);
    }
    if (!producer.settings.load) continue;
    const std::optional<std::uint64_t> number = record_number(id, producer.settings.ids);
    if (number && *number < most_records(*producer.settings.load))
      return RecordId::of({p}, *number);
  }
  return std::nullopt;
}

std::uint64_t ProducerPlan::records_made() const {
  return settings.load ? whole_load(*settings.load).records : records.size();
}

Instant ProducerPlan::last_put() const {
  Instant last{0};
  if (settings.load) {
    last = whole_load(*settings.load).last;
  } else if (!calls.empty()) {
    last = calls.back().at;
  }
  // KDS-PRD-12: without failures a record waits at most so long in KPL's buffer and collector.
  if (settings.kpl) return last + settings.kpl->buffered() * 2;
  return last + settings.retry.backoff * static_cast<std::int64_t>(settings.retry.attempts);
}

std::string ProducerPlan::record_id(std::uint64_t number) const {
  if (number < records.size()) return records[number].id;
  return settings.ids + std::to_string(number);
}

std::string ProducerPlan::data(std::uint64_t number) const {
  if (number < records.size()) return records[number].data;
  std::string text = record_id(number);
  const auto size = static_cast<std::size_t>(data_bytes(number));
  if (text.size() < size) text.resize(size, ' ');
  return text;
}

}  // namespace trimhorizon
