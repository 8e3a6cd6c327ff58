// KPL between a caller and a stream, with a clock: for the tests of sim/producer/kpl.cpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/producer/kpl.hpp"

namespace trimhorizon::testing {

using What = KplAnswer::What;

inline constexpr HashKey half_way = HashKey{1} << 127;
inline const std::vector<KplShardRange> before_the_split = {{0, {}}};
inline const std::vector<KplShardRange> after_the_split = {{1, {0, half_way - 1}},
                                                           {2, {half_way, last_hash_key}}};

constexpr Instant at_ms(std::int64_t ms) { return Instant{0} + milliseconds(ms); }

struct SentCall {
  Instant at;
  KplCall call;
};

struct KplRun {
  KplSettings settings = {};
  std::vector<KplShardRange> listing = before_the_split;
  KplState kpl = start_kpl(Instant{0});
  KplNews news = {};
  Instant now = Instant{0};
  std::vector<SentCall> sent = {};  // the calls that nobody has answered
  bool answers_map = true;

  void look_around() {
    if (answers_map && take_kpl_map_call(kpl, now)) give_kpl_map(kpl, listing, now);
    while (const KplCall* call = take_kpl_call(kpl, settings)) sent.push_back({now, *call});
  }
  Instant next() const {
    if (answers_map) return kpl_due(kpl);
    return std::min({kpl.buffers_due(), kpl.limiter_due, kpl.collector_due});
  }
  void run_until(Instant until) {
    look_around();
    while (next() <= until) {
      now = std::max(now, next());
      advance_kpl(kpl, settings, now, news);
      look_around();
    }
    now = until;
  }
  // A user record whose key has its number.
  bool put(std::uint64_t number, std::uint32_t bytes = 100, HashKey hash = 7) {
    const KplRecord record{
        number, KeyId{static_cast<std::uint32_t>(number)}, 3, bytes, false, hash, {}, {}};
    look_around();
    const bool is_accepted = add_user_record(kpl, settings, record, now, news);
    look_around();
    return is_accepted;
  }
  // All entries of the oldest call that was sent get this answer.
  void answer(KplAnswer answer) {
    const KplCall call = sent.front().call;
    sent.erase(sent.begin());
    kpl_answered(kpl, settings, call.number, std::vector<KplAnswer>(call.entries.size(), answer),
                 now, news);
    look_around();
  }
  std::vector<std::uint64_t> again(KplRetry why) const {
    std::vector<std::uint64_t> numbers;
    for (const auto& each : news.again) {
      if (each.why == why) numbers.push_back(each.number);
    }
    return numbers;
  }
  std::vector<std::uint64_t> ended(KplEnd how) const {
    std::vector<std::uint64_t> numbers;
    for (const auto& each : news.ended) {
      if (each.how == how) numbers.push_back(each.number);
    }
    return numbers;
  }
};

inline std::vector<std::uint64_t> numbers_of(const KplEntry& entry) {
  std::vector<std::uint64_t> numbers;
  for (const KplRecord& record : entry.records) numbers.push_back(record.number);
  return numbers;
}

inline std::vector<std::uint64_t> first_numbers(std::uint64_t count) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t number = 0; number < count; ++number) numbers.push_back(number);
  return numbers;
}

// Puts so many user records and runs until their first call is sent.
inline KplRun run_with_call_of(std::uint64_t count, KplSettings settings = {}) {
  KplRun run{settings};
  for (std::uint64_t number = 0; number < count; ++number) run.put(number);
  run.run_until(at_ms(120));
  return run;
}

}  // namespace trimhorizon::testing
