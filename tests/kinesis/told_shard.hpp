// A shard as a list of arrivals, and the calls of a consumer that reads it by polling.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/kinesis/iterator.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kinesis_oracle.hpp"

namespace trimhorizon::testing {

// A shard as a list of arrivals in wall milliseconds; record i is "r<i>".
struct ToldShard {
  std::vector<std::int64_t> arrivals_ms;
  std::int64_t created_s = 1'700'002'163;
  Position trim_horizon = 0;
  std::int64_t now_ms = 0;
  std::int64_t record_bytes = 1'000;
  RecordTimes times;
  std::optional<std::int64_t> closes_ms;  // with the children 7 and 8

  Shard shard() const {
    Shard made;
    for (std::uint32_t i = 0; i < arrivals_ms.size(); ++i) {
      made.log.append({clock().at(arrivals_ms[i]), RecordId::of({0}, i), {0}});
    }
    if (closes_ms) {
      made.closes = clock().at(*closes_ms);
      made.is_cut = *closes_ms <= now_ms;
      made.children = {ShardId{7}, ShardId{8}};
    }
    return made;
  }
  WallClock clock() const { return {created_s * 1000}; }
  Instant now() const { return clock().at(now_ms); }
  ShardAt view(const Shard& made) const { return {made, clock(), now(), trim_horizon, times}; }
  std::string sequence(Position p) const {
    return sequence_number_text({created_s, sequence_index(p), arrivals_ms[p] / 1000, 0});
  }
  auto iterator(const IteratorRequest& request,
                TrimmedPosition trimmed = TrimmedPosition::start_at_horizon) const {
    const Shard made = shard();
    return get_shard_iterator(request, view(made), trimmed);
  }
  ShardIterator good_iterator(const IteratorRequest& request,
                              TrimmedPosition trimmed = TrimmedPosition::start_at_horizon) const {
    const auto answer = iterator(request, trimmed);
    REQUIRE(std::holds_alternative<ShardIterator>(answer));
    return std::get<ShardIterator>(answer);
  }
  auto read(const ShardIterator& it, std::int64_t limit = 10'000) const {
    const Shard made = shard();
    return get_records(it, view(made), limit, [&](const StoredRecord&) { return record_bytes; });
  }
  ReadResult good_read(const ShardIterator& it, std::int64_t limit = 10'000) const {
    const auto answer = read(it, limit);
    REQUIRE(std::holds_alternative<ReadResult>(answer));
    return std::get<ReadResult>(answer);
  }
};

// The shard of the oracle: five records, a second apart; asked a second after the last.
inline ToldShard oracle_shard() {
  const Json& iterators = at(kinesis_oracle(), "iterators");
  ToldShard shard;
  shard.created_s = number_of(at(iterators, "created_s"));
  for (const Json& ms : list_at(iterators, "arrival_ms")) {
    shard.arrivals_ms.push_back(std::stoll(*ms.number()));
  }
  shard.now_ms = shard.arrivals_ms.back() + 1000;
  return shard;
}

inline std::vector<std::string> names(Span records) {
  std::vector<std::string> texts;
  for (Position p = records.first; p < records.end; ++p) texts.push_back("r" + std::to_string(p));
  return texts;
}

template <class Answer>
std::string error_of(const Answer& answer) {
  const auto* refusal = std::get_if<ApiRefusal>(&answer);
  return refusal ? std::string(name(refusal->error)) : "ok";
}
template <class Answer>
std::string reason_of(const Answer& answer) {
  const auto* refusal = std::get_if<ApiRefusal>(&answer);
  return refusal ? std::string(name(refusal->reason)) : "ok";
}

inline const Json& oracle_scene(const std::string& name) {
  for (const Json& scene : list_at(at(kinesis_oracle(), "iterators"), "cases")) {
    if (text_at(scene, "name") == name) return scene;
  }
  FAIL("no scene " << name);
  return kinesis_oracle();
}

inline IteratorRequest of_type(IteratorType type) { return {type, std::nullopt, std::nullopt}; }
inline IteratorRequest at_ms(std::int64_t ms) {
  return {IteratorType::at_timestamp, std::nullopt, ms};
}
inline IteratorRequest at_number(std::string text) {
  return {IteratorType::at_sequence_number, std::move(text), std::nullopt};
}
inline IteratorRequest after_number(std::string text) {
  return {IteratorType::after_sequence_number, std::move(text), std::nullopt};
}

}  // namespace trimhorizon::testing
