// The number in the id of a generated record: one parser for the reader, the plan and `explain`.
#include "sim/producer/numbering.hpp"

#include "sim/base/ids.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("a record number is digits without leading zeros, below 2^48") {
  CHECK(record_number("0") == 0u);
  CHECK(record_number("17") == 17u);
  CHECK(record_number("281474976710655") == record_numbers_end - 1);
  CHECK(!record_number("281474976710656"));
  CHECK(!record_number("99999999999999999999999999"));
  for (const char* text : {"", "017", "1e3", "-1", "+1", " 1", "1 "}) CHECK(!record_number(text));
}

TEST_CASE("a record number follows the prefix of its producer") {
  CHECK(record_number("r17", "r") == 17u);
  CHECK(record_number("17", "") == 17u);
  CHECK(!record_number("q17", "r"));
  CHECK(!record_number("r", "r"));
}

TEST_CASE("every record number fits into a RecordId beside its producer") {
  const RecordId last = RecordId::of({7}, record_numbers_end - 1);
  CHECK(last.producer() == ProducerId{7});
  CHECK(last.number() == record_numbers_end - 1);
}

TEST_CASE("a load makes at most so many records") {
  GeneratedLoad load;
  load.rate = {{Instant{0}, 10'000'000, seconds(1)}};
  load.records = 25;
  CHECK(most_records(load) == 25);
  load.records.reset();
  load.lasts = seconds(60);
  CHECK(most_records(load) == 600);
  load.arrivals = Arrivals::poisson;
  CHECK(most_records(load) == 2'200);
}

TEST_CASE("a load whose rate is per day makes at most so many records") {
  GeneratedLoad load;
  load.rate = {{Instant{0}, 2'400'000'000, hours(24)}};
  load.lasts = hours(12);
  CHECK(most_records(load) == 1'200);
}
