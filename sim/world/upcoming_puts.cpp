#include "sim/world/upcoming_puts.hpp"

namespace trimhorizon {
namespace {

// GCC and Clang have this function; it never fails, wherever it points.
void ask_for(const void* memory) { __builtin_prefetch(memory, 1); }

}  // namespace

void UpcomingPuts::look_ahead(const World& world, ProducerId producer, std::uint64_t number) {
  const bool goes_on = producer == producer_ && number < known_ && known_ <= number + key_ahead;
  if (!goes_on) known_ = number + 1;
  producer_ = producer;
  for (; known_ < number + key_ahead; ++known_) {
    const KeyId key = key_of_record_in(*world.plan, producer, known_);
    keys_[known_ % keys_.size()] = key;
    ask_for(&world.shard_of_key[key.value]);
  }
  const auto shard_after = [&](std::uint64_t records) -> const Shard& {
    return world.shard(world.shard_of_key[keys_[(number + records) % keys_.size()].value]);
  };
  const Shard& later = shard_after(shard_ahead);
  ask_for(&later.log);
  ask_for(&later.limits);
  const Shard& soon = shard_after(end_ahead);
  soon.log.ask_for_end();
  if (soon.newest_reader.valid()) ask_for(&world.reader(soon.newest_reader).phase);
}

}  // namespace trimhorizon
