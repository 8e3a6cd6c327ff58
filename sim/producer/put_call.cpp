#include "sim/producer/put_call.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace trimhorizon {

Probability loss_of_answers(const ProducerState& producer, Instant now) {
  Probability weight;
  for (const LostAnswers& each : producer.losing) {
    const bool likelier = each.weight.parts_per_billion > weight.parts_per_billion;
    if (now < each.until && likelier) weight = each.weight;
  }
  return weight;
}

bool puts_again(const ProducerRetry& retry, const PendingPut& call, PutFailure failure) {
  if (failure == PutFailure::none || call.retries_left == 0) return false;
  if (retry.mode == RetryMode::retries) return true;
  // The SDK repeats calls that fail. An answer of PutRecords whose entries failed is a success for
  // it: the entries are the program's business (KDS-PRD-04).
  const bool of_the_call = failure == PutFailure::unanswered || failure == PutFailure::whole;
  return retry.mode == RetryMode::sdk && (of_the_call || !call.put_records);
}

Duration wait_before_put(const ProducerRetry& retry, const PendingPut& call, PutFailure failure,
                         std::uint64_t bits) {
  if (retry.mode != RetryMode::sdk) return retry.backoff;
  const Duration base = failure == PutFailure::throttled ? sdk_base_throttled : sdk_base;
  const std::uint32_t doublings = std::min(call.tries - 1, 20u);
  const Duration most = std::min(Duration{base.us << doublings}, sdk_wait_max);
  return Duration{
      static_cast<std::int64_t>(bits_below(bits, static_cast<std::uint64_t>(most.us) + 1))};
}

std::uint32_t put_aside(ProducerState& producer, PendingPut call) {
  call.used = true;
  if (producer.free.empty()) {
    producer.pending.push_back(std::move(call));
    return static_cast<std::uint32_t>(producer.pending.size() - 1);
  }
  std::pop_heap(producer.free.begin(), producer.free.end(), std::greater<>());
  const std::uint32_t slot = producer.free.back();
  producer.free.pop_back();
  producer.pending[slot] = std::move(call);
  return slot;
}

PendingPut take_up(ProducerState& producer, std::uint32_t slot) {
  producer.free.push_back(slot);
  std::push_heap(producer.free.begin(), producer.free.end(), std::greater<>());
  return std::exchange(producer.pending[slot], {});
}

void find_free(ProducerState& producer) {
  producer.free.clear();
  for (std::uint32_t i = 0; i < producer.pending.size(); ++i) {
    if (!producer.pending[i].used) producer.free.push_back(i);
  }
}

}  // namespace trimhorizon
