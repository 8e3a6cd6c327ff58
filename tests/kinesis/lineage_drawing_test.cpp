#include "sim/kinesis/lineage_drawing.hpp"

#include "tests/kinesis/some_stream.hpp"
#include "tests/support/approved.hpp"

namespace trimhorizon::testing {
namespace {

// 2 -> 3 as recorded on AWS, then a split that is announced.
SomeStream resharded() {
  SomeStream stream(2);
  stream.update(second(0), 3);
  stream.split(second(60), 2);
  return stream;
}

}  // namespace

TEST_CASE("the lineage as DOT [KDS-RSH-01]") {
  CHECK_APPROVED("kinesis", "lineage.dot", lineage_dot(resharded().at(second(70)), "orders"));
}

TEST_CASE("the lineage as SVG: open, closed and announced shards [KDS-RSH-05] [KDS-RSH-15]") {
  CHECK_APPROVED("kinesis", "lineage.svg", lineage_svg(resharded().at(second(70)), "orders"));
}

TEST_CASE("a picture of a name and of shards that are hard to draw") {
  SomeStream stream(1);
  stream.split(second(0), 0, 2);
  const std::string svg = lineage_svg(stream.at(second(60)), "a<b & \"c\"");
  CHECK(svg.find("a&lt;b &amp; \"c\": 2 of 3 shards open") != std::string::npos);
  CHECK(svg.find("&lt; 0.1 %") != std::string::npos);
  CHECK(lineage_dot(stream.at(second(60)), "a\"b").starts_with("digraph \"a\\\"b\" {"));
  SomeStream many(2'000);
  CHECK(lineage_svg(many.at(second(0)), "many").size() > 100'000);
}

TEST_CASE("the share of the hash keys in words") {
  CHECK(hash_share_text({}) == "100 %");
  CHECK(hash_share_text(initial_hash_ranges(3)[1]) == "33.3 %");
  CHECK(hash_share_text(initial_hash_ranges(4)[3]) == "25 %");
  CHECK(hash_share_text({0, 5}) == "< 0.1 %");
}

}  // namespace trimhorizon::testing
