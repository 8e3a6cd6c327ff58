// A 128-bit digest of everything that happened. It is computed from the facts, not from text or
// memory, so that every compiler and machine gets the same.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "sim/base/hash.hpp"
#include "sim/world/happening.hpp"

namespace trimhorizon {

// Mixes the members of an event into 64 bits. Each member has its own key and adds a different
// number for each value, so two events that differ in one member give different results. No member
// waits for the result of another, which keeps it fast. A structured binding takes each event
// apart: a member that is forgotten here does not compile.
class EventMixer {
 public:
  explicit EventMixer(std::uint64_t start) : mixed_(start) {}
  std::uint64_t mixed() const { return mixed_; }

  template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>) void operator()(T value) {
    key_ += step;
    mixed_ += (static_cast<std::uint64_t>(value) ^ key_) * (key_ | 1);
  }
  template <class Tag>
  void operator()(Id<Tag> id) {
    (*this)(id.value);
  }
  template <class Tag>
  void operator()(Serial<Tag> number) {
    (*this)(number.value);
  }
  void operator()(Instant t) { (*this)(t.us); }
  void operator()(Duration d) { (*this)(d.us); }
  void operator()(Span s) { all(s.first, s.end); }
  void operator()(const Batch& batch) {
    const auto& [shard, lane, span, count] = batch;
    all(shard, lane, span, count);
  }
  void operator()(const GivingUp& what) {
    const auto& [batch, why, invocations, function_error] = what;
    all(batch, why, invocations, function_error);
  }
  // There are many of these. Their position is left out, because it follows from the number of
  // earlier records of the shard.
  void operator()(const StoredRecordAt& stored) {
    const auto& [position, shard, offset, copy] = stored;
    (*this)(std::uint64_t{shard.value} | std::uint64_t{offset} << 32 |
            static_cast<std::uint64_t>(copy) << 48);
  }
  template <class T>
  void operator()(std::span<const T> items) {
    (*this)(items.size());
    for (const T& item : items) (*this)(item);
  }

  void operator()(const Put& e) {
    const auto& [producer, numbers, tries, again, will_repeat, has_copies, stored] = e;
    all(producer, numbers, tries, again, will_repeat, has_copies, stored);
  }
  void operator()(const PutAnswered& e) {
    const auto& [producer, numbers, acknowledged] = e;
    all(producer, numbers, acknowledged);
  }
  void operator()(const ReaderOpened& e) {
    const auto& [reader, consumer, shard] = e;
    all(reader, consumer, shard);
  }
  void operator()(const Positioned& e) {
    const auto& [reader, shard, from] = e;
    all(reader, shard, from);
  }
  void operator()(const Read& e) {
    const auto& [reader, shard, records] = e;
    all(reader, shard, records);
  }
  void operator()(const Delivered& e) {
    const auto& [reader, call, batch, attempt, retry, reason, cold] = e;
    all(reader, call, batch, attempt, retry, reason, cold);
  }
  void operator()(const Ended& e) {
    const auto& [reader, call, batch, attempt, started, took, end, ruling, cut, swallowed, stale,
                 replaced_by, worked, failed] = e;
    all(reader, call, batch, attempt, started, took, end, ruling, cut, swallowed, stale,
        replaced_by, worked, failed);
  }
  void operator()(const Throttled& e) {
    const auto& [reader, batch, in_a_row] = e;
    all(reader, batch, in_a_row);
  }
  void operator()(const WillRetry& e) {
    const auto& [reader, batch, same_batch, after] = e;
    all(reader, batch, same_batch, after);
  }
  void operator()(const SplitInTwo& e) {
    const auto& [reader, first, second] = e;
    all(reader, first, second);
  }
  void operator()(const GaveUp& e) {
    const auto& [reader, what, to] = e;
    all(reader, what, to);
  }
  void operator()(const MessageSent& e) {
    const auto& [reader, what, last_call, to, taken] = e;
    all(reader, what, last_call, to, taken);
  }
  void operator()(const Settled& e) {
    const auto& [reader, shard, records, fate, cause, persists] = e;
    all(reader, shard, records, fate, cause, persists);
  }
  void operator()(const CheckpointKept& e) {
    const auto& [reader, shard, asked] = e;
    all(reader, shard, asked);
  }
  void operator()(const ReaderRestarted& e) {
    const auto& [reader, shard, reason] = e;
    all(reader, shard, reason);
  }
  void operator()(const MappingSwitched& e) {
    const auto& [mapping, enabled] = e;
    all(mapping, enabled);
  }
  void operator()(const FaultStruck& e) {
    const auto& [site, reader, shard] = e;
    all(site, reader, shard);
  }
  void operator()(const TimelineActed& e) {
    const auto& [index] = e;
    (*this)(index);
  }

 private:
  template <class... Ts>
  void all(const Ts&... values) {
    ((*this)(values), ...);
  }

  static constexpr std::uint64_t step = 0x9e3779b97f4a7c15ull;
  std::uint64_t key_ = 0;
  std::uint64_t mixed_;
};

class TraceDigest {
 public:
  // `what` is the content of `event.what`.
  template <class Event>
  void on(const Happened& event, const Event& what) {
    EventMixer mixer(event.what.index());
    mixer(event.at);
    mixer(event.number);
    mixer(event.cause);
    mixer(what);
    digest_.add(mixer.mixed());
  }
  void on(const Happened& event) {
    std::visit([&](const auto& what) { on(event, what); }, event.what);
  }
  std::string hex() const { return digest_.hex(); }
  friend bool operator==(const TraceDigest&, const TraceDigest&) = default;

 private:
  Digest digest_;
};

}  // namespace trimhorizon
