// A log against a plain list, around the ends of its tail and of its chunks. KDS-SHD-16.
#include "sim/kinesis/record_log.hpp"

#include "sim/base/check.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

StoredRecord stored(std::uint64_t i) {
  // Three records arrive at each instant.
  return {Instant{static_cast<std::int64_t>(i / 3 * 10)}, RecordId{1'000'000 + i},
          KeyId{static_cast<std::uint32_t>(i % 7)}};
}

RecordLog log_of(std::uint64_t n) {
  RecordLog log;
  for (std::uint64_t i = 0; i < n; ++i) log.append(stored(i));
  return log;
}

bool holds(const RecordLog& log, Position p) {
  const StoredRecord want = stored(p);
  return log.arrival(p) == want.arrival && log.record(p) == want.record && log.key(p) == want.key;
}

bool holds_all(const RecordLog& log) {
  for (Position p = log.first(); p < log.end(); ++p) {
    if (!holds(log, p)) return false;
  }
  return true;
}

constexpr Position tail = RecordLog::tail_records;
constexpr Position chunk = RecordLog::chunk_records;

}  // namespace

TEST_CASE("positions are dense from 0, and every record is found where it was put") {
  RecordLog log;
  CHECK(log.first() == 0);
  CHECK(log.end() == 0);
  for (std::uint64_t i = 0; i < 2 * chunk + tail + 2; ++i) {
    REQUIRE(log.append(stored(i)) == i);
    REQUIRE(holds(log, i));
  }
  CHECK(holds_all(log));
  CHECK(log.end() == 2 * chunk + tail + 2);
}

TEST_CASE("a copy and its original go on without seeing each other [KDS-SHD-16]") {
  for (const Position n : {Position{5}, tail, tail + 1, chunk - 1, chunk, chunk + tail + 1}) {
    RecordLog one = log_of(n);
    RecordLog other = one;
    CHECK(one == other);
    for (Position i = n; i < n + 2 * tail; ++i) {
      one.append(stored(i));
      other.append({stored(i).arrival, RecordId{5}, KeyId{5}});
    }
    CHECK(holds_all(one));
    CHECK(other.record(n) == RecordId{5});
    CHECK(other.record(n + tail) == RecordId{5});
    CHECK(holds(other, n - 1));
    CHECK_FALSE(one == other);
  }
}

TEST_CASE("the first record at or after an instant is found from any position") {
  const RecordLog log = log_of(chunk + 500);
  CHECK(log.first_at_or_after(Instant{-1}, 0) == 0);
  CHECK(log.first_at_or_after(Instant{0}, 0) == 0);
  CHECK(log.first_at_or_after(Instant{1}, 0) == 3);
  CHECK(log.first_at_or_after(Instant{10}, 0) == 3);  // of three equal ones the first
  CHECK(log.first_at_or_after(Instant{10}, 5) == 5);  // but not before `from`
  CHECK(log.first_at_or_after(Instant{10}, 700) == 700);
  const Position late = chunk + 1;
  CHECK(log.first_at_or_after(log.arrival(late), 0) == late / 3 * 3);
  CHECK(log.first_at_or_after(Instant{INT64_MAX}, 0) == log.end());
  CHECK(log.first_at_or_after(Instant{0}, log.end()) == log.end());
  CHECK(RecordLog{}.first_at_or_after(Instant{0}, 0) == 0);
}

TEST_CASE("only whole chunks are forgotten, and the rest stays where it was") {
  RecordLog log = log_of(3 * chunk + 10);
  log.forget_before(chunk - 1);
  CHECK(log.first() == 0);
  log.forget_before(2 * chunk + 7);
  CHECK(log.first() == 2 * chunk);
  CHECK(holds_all(log));
  log.forget_before(chunk);  // it does not come back
  CHECK(log.first() == 2 * chunk);
  CHECK(log.first_at_or_after(Instant{0}, 0) == 2 * chunk);
  CHECK(log.append(stored(3 * chunk + 10)) == 3 * chunk + 10);
  CHECK_THROWS_AS(log.forget_before(log.end() + 1), InternalError);
  RecordLog filling = log_of(chunk);  // its last records are not in the chunk yet
  filling.forget_before(chunk);
  CHECK(filling.first() == 0);
}

TEST_CASE("a log whose chunks are all forgotten goes on in the right chunk") {
  RecordLog log = log_of(2 * chunk);
  log.append(stored(2 * chunk));
  log.forget_before(log.end());
  CHECK(log.first() == 2 * chunk);
  for (Position i = log.end(); i < 3 * chunk + 2; ++i) log.append(stored(i));
  CHECK(holds_all(log));
}

TEST_CASE("the newest record is never forgotten: a closed shard expires with it [KDS-RSH-05]") {
  for (const std::uint64_t count : {std::uint64_t{1}, tail, chunk, 2 * chunk, 2 * chunk + tail}) {
    RecordLog log = log_of(count);
    log.forget_before(log.end());
    CHECK(log.first() < log.end());
    CHECK(holds(log, log.end() - 1));
  }
}

TEST_CASE("what one copy forgets, the other still has") {
  RecordLog log = log_of(2 * chunk + 1);
  const RecordLog copy = log;
  log.forget_before(chunk);
  CHECK(log.first() == chunk);
  CHECK(copy.first() == 0);
  CHECK(holds_all(copy));
  CHECK_FALSE(log == copy);
}

TEST_CASE("a cleared log begins again") {
  RecordLog log = log_of(chunk + 5);
  log.forget_before(chunk);
  log.clear();
  CHECK(log == RecordLog{});
  CHECK(log.append(stored(0)) == 0);
  CHECK(log == log_of(1));
}

TEST_CASE("logs are equal when all their records are, wherever those lie in memory") {
  const RecordLog log = log_of(tail + 3);
  CHECK(log == log_of(tail + 3));
  CHECK_FALSE(log == log_of(tail + 2));
  for (const Position at : {Position{0}, tail, tail + 2}) {
    for (int column = 0; column < 3; ++column) {
      RecordLog other;
      for (Position i = 0; i < log.end(); ++i) {
        StoredRecord record = stored(i);
        if (i == at && column == 0) record.arrival.us += 1;
        if (i == at && column == 1) record.record.value += 1;
        if (i == at && column == 2) record.key.value += 1;
        other.append(record);
      }
      CHECK_FALSE(log == other);
    }
  }
}
