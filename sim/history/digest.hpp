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
  // All members of a struct, in their order.
#define TH_MIXED(Struct, ...)        \
  void operator()(const Struct& e) { \
    const auto& [__VA_ARGS__] = e;   \
    all(__VA_ARGS__);                \
  }
  void operator()(const Batch& b) {  // whether it is unpacked is a setting of its mapping
    all(b.shard, b.lane, b.span, b.count);
  }
  TH_MIXED(GivingUp, batch, why, attempts, function_error, request)
  // There are many of these. Their position is left out, because it follows from the number of
  // earlier records of the shard; and their key and size, because they belong to the record. The
  // size of an aggregate follows from its user records, and why KPL puts it again from its answers.
  void operator()(const PutEntry& entry) {
    [[maybe_unused]] const auto& [position, number, shard, key, bytes, user_records, end, copy,
                                  fault, because] = entry;
    if (user_records != 1) (*this)(user_records);
    (*this)(number | static_cast<std::uint64_t>(copy) << 48 |
            static_cast<std::uint64_t>(end) << 56 | static_cast<std::uint64_t>(fault) << 60);
    (*this)(shard);
  }
  template <class T>
  void operator()(std::span<const T> items) {
    (*this)(items.size());
    for (const T& item : items) (*this)(item);
  }

  TH_MIXED(Put, producer, tries, put_records, again, will_repeat, has_copies, refused, entries)
  void operator()(const PutAnswered& e) {  // its entries are those of the put
    all(e.producer, e.acknowledged);
  }
  TH_MIXED(PutGivenUp, producer, knows, entries)
  TH_MIXED(ReaderOpened, reader, consumer, shard)
  TH_MIXED(Positioned, reader, shard, from)
  TH_MIXED(Read, reader, shard, records)
  void operator()(const Fetched& e) {  // how many records are stored follows from the puts
    all(e.reader, e.shard, e.records, e.bytes, e.pushed);
  }
  TH_MIXED(SubscriptionOpened, reader, shard)
  TH_MIXED(ReadRefused, reader, shard, why, holds_up, fault)
  TH_MIXED(Delivered, reader, call, request, batch, attempt, retry, reason, cold)
  TH_MIXED(Ended, reader, call, batch, attempt, started, took, end, ruling, cut, swallowed, outage,
           stale, replaced_by, worked, failed)
  TH_MIXED(Throttled, reader, batch, in_a_row, why)
  TH_MIXED(TooLarge, reader, batch, attempt)
  TH_MIXED(WillRetry, reader, batch, same_batch, after)
  TH_MIXED(SplitInTwo, reader, first, second)
  TH_MIXED(GaveUp, reader, what, to)
  TH_MIXED(MessageSent, reader, what, to, taken)
  TH_MIXED(Settled, reader, shard, records, fate, cause, persists, reported)
  TH_MIXED(CheckpointKept, reader, shard, asked)
  TH_MIXED(ShardFinished, reader, shard)
  TH_MIXED(ApiRefusal, error, reason)
  TH_MIXED(ApiAnswered, stream, by, action, accepted, refusal)
  void operator()(const ShardsCut& e) {
    all(e.stream, e.parents[0], e.parents[1], e.children[0], e.children[1]);
  }
  TH_MIXED(ReaderRestarted, reader, shard, reason)
  TH_MIXED(PollingWaits, reader, why, until)
  TH_MIXED(MappingSwitched, mapping, enabled, polls_on)
  TH_MIXED(FaultStruck, site, reader, shard)
  TH_MIXED(TimelineActed, index)
  void operator()(const BareReadAnswered& e) {  // its other members follow from these
    all(e.entry, e.shard, e.accepted, e.refusal, e.records, e.bytes, e.millis_behind_latest,
        e.last);
  }
#undef TH_MIXED

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
    digest_.add(mixed(event.what.index(), event.at, event.number, event.cause, what));
  }
  void on(const Happened& event) {
    std::visit([&](const auto& what) { on(event, what); }, event.what);
  }
  void on_run(const PutRun& run) {
    constexpr std::size_t put = Happening(Put{}).index();
    constexpr std::size_t answered = Happening(PutAnswered{}).index();
    Digest digest = digest_;  // stays in registers
    EventNumber number = run.first;
    for (const PutRun::Call& call : run.calls) {
      digest.add(mixed(put, call.at, number, {}, PutRun::put(run.producer, call)));
      const EventNumber cause = number;
      number.value += 1;
      digest.add(mixed(answered, call.at, number, cause, PutRun::answer(run.producer, call)));
      number.value += 1;
    }
    digest_ = digest;
  }
  std::string hex() const { return digest_.hex(); }
  friend bool operator==(const TraceDigest&, const TraceDigest&) = default;

 private:
  template <class Event>
  static std::uint64_t mixed(std::size_t index, Instant at, EventNumber number, EventNumber cause,
                             const Event& what) {
    EventMixer mixer(index);
    mixer(at);
    mixer(number);
    mixer(cause);
    mixer(what);
    return mixer.mixed();
  }

  Digest digest_;
};

}  // namespace trimhorizon
