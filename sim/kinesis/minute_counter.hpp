// What one shard takes minute by minute, as CloudWatch counts it: whole minutes of the run, a count
// for the minute that goes on and one for the last that is over. KDS-LIM-12.
//
// Always:
//  1. Nothing is asked for a minute that has passed unseen: a minute without a put counts 0.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"

namespace trimhorizon {

struct MinuteTraffic {
  std::int64_t records = 0;    // stored
  std::int64_t bytes = 0;      // of these
  std::int64_t throttled = 0;  // entries that were refused for throughput

  MinuteTraffic& operator+=(const MinuteTraffic& more) {
    records += more.records;
    bytes += more.bytes;
    throttled += more.throttled;
    return *this;
  }
  friend bool operator==(const MinuteTraffic&, const MinuteTraffic&) = default;
};

class MinuteCounter {
 public:
  // REQUIRES for both: `now` never goes back to an earlier minute.
  void add(Instant now, const MinuteTraffic& more) {
    advance(minute_of(now));
    current_ += more;
  }
  // The last full minute before `now`. On the minute, that is the one that ends now.
  MinuteTraffic last_minute(Instant now) const {
    const std::int64_t minute = minute_of(now);
    return minute == minute_ ? last_ : minute == minute_ + 1 ? current_ : MinuteTraffic{};
  }
  friend bool operator==(const MinuteCounter&, const MinuteCounter&) = default;

 private:
  static constexpr std::int64_t minute_of(Instant t) { return t.us / minutes(1).us; }

  void advance(std::int64_t minute) {
    if (minute == minute_) return;
    last_ = minute == minute_ + 1 ? current_ : MinuteTraffic{};
    current_ = {};
    minute_ = minute;
  }

  std::int64_t minute_ = 0;  // the number of the current one
  MinuteTraffic current_;
  MinuteTraffic last_;
};

}  // namespace trimhorizon
