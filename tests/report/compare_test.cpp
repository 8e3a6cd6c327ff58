#include "sim/report/compare.hpp"

#include "sim/base/json.hpp"
#include "tests/report/samples.hpp"
#include "tests/support/approved.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/given.hpp"
#include "tests/support/json_text.hpp"

using namespace trimhorizon;
using samples::Sample;
using trimhorizon::testing::to_text;

TEST_CASE("two runs side by side, with what differs marked") {
  const Sample a = samples::partial_response();
  Sample b = samples::partial_response();
  ConsumerResult& mapping = b.result.consumers[0];
  mapping.invocations = 3, mapping.deliveries = 1'230;
  mapping.fates = testing::given<Fate>({{Fate::processed, 2}, {Fate::dropped, 4}});
  mapping.lost = b.result.lost = 4;
  mapping.lost_by_cause = testing::given<LossCause>({{LossCause::retries, 4}});
  mapping.max_iterator_age.reset();
  const CompareOptions options{false, "trimhorizon diff file.yaml base BatchSize=1 --seed 1"};
  const std::string text = compare_text(a.view("base"), b.view("BatchSize=1"), options);
  CHECK_APPROVED("report", "compare.txt", text);
  const std::string json = compare_json(a.view("base"), b.view("BatchSize=1"), options);
  const auto parsed = parse_json(json);
  REQUIRE(std::holds_alternative<Json>(parsed));
  CHECK(*std::get<Json>(parsed).find("edition")->string() == "2026-11");
  CHECK(to_text(*std::get<Json>(parsed).find("differences")->array()->data()) ==
        R"({"name":"mappings.billing-orders.invocations","a":6,"b":3})");
}

TEST_CASE("two runs alike have no difference") {
  const Sample a = samples::partial_response();
  for (const ComparedRow& row : compare(a.result, a.result)) CHECK(!row.differs());
  const std::string text = compare_text(a.view("x"), a.view("y"), {});
  CHECK(text.find("No difference: both runs took the same course.") != std::string::npos);
}

TEST_CASE("a mapping that exists on one side only is compared with nothing") {
  const Sample a = samples::partial_response();
  Sample b = samples::partial_response();
  b.result.consumers[0].name = "other";
  std::size_t different = 0;
  for (const ComparedRow& row : compare(a.result, b.result)) different += row.differs();
  CHECK(different == 12);
}

TEST_CASE("what a stream refused is compared") {
  Sample a = samples::partial_response();
  Sample b = samples::partial_response();
  a.result.streams = {StreamResult{"orders"}};
  b.result.streams = {StreamResult{"orders"}};
  b.result.streams[0].metrics = {{StreamMetricId::WriteThrottled, 7, std::nullopt}};
  b.result.streams[0].stored_again = 2;
  std::vector<std::string> different;
  for (const ComparedRow& row : compare(a.result, b.result)) {
    if (row.differs()) different.push_back(row.name + " " + row.b);
  }
  CHECK(different == std::vector<std::string>{"streams.orders.WriteProvisionedThroughputExceeded 7",
                                              "streams.orders.stored_again 2"});
}
