#include "sim/history/result.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("a broken invariant is told by how often, when and where it was first") {
  InvariantResult broken;
  CHECK(broken.holds());
  broken.violations = 3;
  broken.at = Instant{0} + milliseconds(4'500);
  broken.reader = "billing-orders on shardId-000000000000";
  broken.position = 12;
  CHECK_FALSE(broken.holds());
  CHECK(violation_text(broken) ==
        "3 times, first at 4.5s in billing-orders on shardId-000000000000, position 12");
}

TEST_CASE("a record is found at the consumers of its stream, by their names") {
  RecordRow row;
  row.consumers = {{"audit", Fate::pending, 0, 0}, {"billing", Fate::processed, 2, 1}};
  REQUIRE(row.at("billing"));
  CHECK(row.at("billing")->deliveries == 2);
  CHECK(row.at("audit") == row.consumers.data());
  CHECK(row.at("bill") == nullptr);
}

TEST_CASE("a metric knows its row of the catalogue") {
  Metric metric;
  metric.id = MetricId::IteratorAge;
  CHECK(metric.info().name == "IteratorAge");
  CHECK(metric.info().unit == MetricUnit::time);
}
