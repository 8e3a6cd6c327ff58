// Sizes that change with the rate.
#include "sim/producer/sizes.hpp"

#include "sim/producer/arrivals.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

GeneratedLoad minutes_of(const std::vector<std::pair<std::int64_t, std::int64_t>>& periods) {
  GeneratedLoad load;
  for (const auto& [records, bytes] : periods) {
    RateStep step{Instant{} + minutes(static_cast<std::int64_t>(load.rate.size())),
                  records * 1'000'000, minutes(1)};
    if (bytes > 0) step.size_bytes = bytes;
    load.rate.push_back(step);
  }
  load.lasts = minutes(static_cast<std::int64_t>(periods.size()));
  return load;
}

}  // namespace

TEST_CASE("each period has exactly its records, whatever their number [MET-02]") {
  // 1, 7 and 59 do not divide a minute; the last record of a period comes at its end.
  const GeneratedLoad load = minutes_of({{1234, 0}, {0, 0}, {1, 0}, {7, 0}, {59, 0}, {999'983, 0}});
  CHECK(records_by_step(load) == std::vector<std::uint64_t>{1234, 0, 1, 7, 59, 999'983});
  CHECK(whole_load(load).records == 1234 + 1 + 7 + 59 + 999'983);
  std::vector<std::uint64_t> arrived(load.rate.size());
  ArrivalCursor cursor;
  for (NextCall call = next_call(load, cursor, 1, 0); call.records > 0;
       call = next_call(load, cursor, 1, 0)) {
    arrived[static_cast<std::size_t>((call.at.us - 1) / minutes(1).us)] += 1;
  }
  CHECK(arrived == records_by_step(load));
}

TEST_CASE("records by step end with the number of records") {
  GeneratedLoad load = minutes_of({{10, 0}, {10, 0}, {10, 0}});
  load.lasts.reset();
  load.records = 14;
  CHECK(records_by_step(load) == std::vector<std::uint64_t>{10, 4, 0});
  load.records = 100;
  CHECK(records_by_step(load) == std::vector<std::uint64_t>{10, 10, 80});
}

TEST_CASE("a record has the size of the step in which it arrives") {
  GeneratedLoad load = minutes_of({{3, 200}, {0, 7}, {2, 0}, {1, 100}, {4, 900}});
  const std::vector<SizeFrom> sizes = sizes_of(load);
  CHECK(sizes == std::vector<SizeFrom>{{0, 200}, {3, 100}, {6, 900}});  // 100: of the load
  CHECK(size_of_record(sizes, 2) == 200);
  CHECK(size_of_record(sizes, 3) == 100);
  CHECK(size_of_record(sizes, 5) == 100);
  CHECK(size_of_record(sizes, 6) == 900);
  CHECK(size_of_record(sizes, 1'000) == 900);
  CHECK(largest_size(load) == 900);
  CHECK(smallest_size(load) == 7);
}

TEST_CASE("without sizes of its steps a load has one size, and no table") {
  GeneratedLoad load = minutes_of({{3, 0}, {4, 0}});
  CHECK(sizes_of(load).empty());
  CHECK(largest_size(load) == 100);
  CHECK(smallest_size(load) == 100);
}
