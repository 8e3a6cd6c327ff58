// Consumers with enhanced fan-out, what a mapping reads, and scalers.
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

std::string with_consumers(const std::string& source, const std::string& consumers,
                           const std::string& rest = "") {
  return "trimhorizon: 1\nstreams: {clicks: {}, orders: {}}\nfunctions: {billing: {}}\n" +
         consumers + "event_source_mappings:\n  m: {EventSourceArn: " + source +
         ", FunctionName: billing, StartingPosition: LATEST}\n" + rest;
}
const std::string one =
    "stream_consumers: {efo: {StreamARN: orders, ConsumerName: billing-efo, Tags: []}}\n";
const std::string arn =
    "'arn:aws:kinesis:eu-west-1:123456789012:stream/orders/consumer/billing-efo:1700000000'";

}  // namespace

TEST_CASE("a mapping names a consumer by its name, its ARN or a reference [KDS-EFO-01]") {
  for (const std::string& source :
       {std::string("efo"), std::string("!Ref efo"), std::string("!GetAtt efo.ConsumerARN"),
        std::string("{Fn::GetAtt: [efo, ConsumerARN]}"), arn}) {
    INFO(source);
    const Scenario scenario = read_all(with_consumers(source, one));
    REQUIRE(scenario.stream_consumers.size() == 1);
    CHECK(scenario.stream_consumers[0].consumer_name == "billing-efo");
    CHECK(scenario.stream_consumers[0].stream == StreamId{1});
    CHECK(scenario.mappings[0].consumer == StreamConsumerId{0});
    CHECK(scenario.mappings[0].stream == StreamId{1});
  }
  CHECK_FALSE(read_all(with_consumers("orders", one)).mappings[0].consumer.valid());
}

TEST_CASE("a mapping may name a consumer that the timeline registers") {
  const Scenario scenario =
      read_all(with_consumers("late-efo", "",
                              "timeline: [{at: 9m, RegisterStreamConsumer: {StreamARN: orders, "
                              "ConsumerName: late-efo}}]\n"));
  REQUIRE(scenario.stream_consumers.size() == 1);
  CHECK(scenario.stream_consumers[0].later);
  CHECK(scenario.mappings[0].consumer == StreamConsumerId{0});
  CHECK(scenario.mappings[0].stream == StreamId{1});
}

TEST_CASE("consumers that AWS would refuse, or nobody could name, are mistakes [KDS-EFO-01]") {
  CHECK(said_about_all(with_consumers(
            "a",
            "stream_consumers:\n  a: {StreamARN: orders, ConsumerName: x}\n"
            "  b: {StreamARN: orders, ConsumerName: x}\n  clicks: {StreamARN: orders, "
            "ConsumerName: y}\n  d: {StreamName: orders, ConsumerName: z}\n")) ==
        "6:3 stream `orders` has two consumers with ConsumerName `x`: AWS answers "
        "ResourceInUseException (give each its own name)\n"
        "7:3 a stream is called `clicks` too (rename the consumer: an EventSourceArn may name "
        "either of them)\n"
        "8:7 unknown key `StreamName` in a stream consumer (did you mean `StreamARN`?)");
  CHECK(said_about_all(with_consumers("!GetAtt efa.ConsumerARN", one)) ==
        "6:31 no stream consumer is called `efa` (did you mean `efo`?)");
  CHECK(said_about_all(
            with_consumers("'arn:aws:kinesis:eu-west-1:1:stream/orders/consumer/other:17'", one)) ==
        "6:23 stream `orders` has no consumer with ConsumerName `other` (define it under "
        "`stream_consumers:`)");
  CHECK(said_about_all(with_consumers("efo", one, "producers: {p: {stream: efo}}\n"))
            .find("no stream is called `efo`") != std::string::npos);
}

TEST_CASE("a stream has at most 20 consumers, with names that AWS takes [KDS-LIM-14]") {
  std::string file = "trimhorizon: 1\nstreams: {orders: {}}\nstream_consumers:\n";
  for (int i = 0; i < 20; ++i) {
    const std::string name = "c" + std::to_string(i);
    file += "  " + name + ": {StreamARN: orders, ConsumerName: " + name + "}\n";
  }
  CHECK(said_about_all(file) == "");
  CHECK(said_about_all(file + "  c20: {StreamARN: orders, ConsumerName: c20}\n") ==
        "24:3 stream `orders` has 20 consumers already: AWS answers LimitExceededException (leave "
        "it out)");
  CHECK(said_about_all("trimhorizon: 1\nstreams: {orders: {}}\nstream_consumers:\n"
                       "  c: {StreamARN: orders, ConsumerName: a b}\n") ==
        "4:3 ConsumerName `a b` has a character that AWS does not take (use letters, digits, `_`, "
        "`.` and `-`)");
}

TEST_CASE("an autoscaler has its settings, and scales up or down") {
  const std::string head = "trimhorizon: 1\nstreams: {orders: {}}\nautoscaler:\n  ";
  const Scenario scenario =
      read_all(head +
               "orders: {check_every: 45s, up_above: 80%, down_below: 25%, step: 2, metric: "
               "IncomingRecords}\n");
  REQUIRE(scenario.autoscalers.size() == 1);
  const Autoscaler wanted{seconds(45), Probability{800'000'000}, Probability{250'000'000}, 2,
                          ScalerMetric::IncomingRecords};
  CHECK(scenario.autoscalers[0].settings == wanted);
  CHECK(scenario.autoscalers[0].stream == StreamId{0});
  CHECK(read_all(head + "orders: {}\n").autoscalers[0].settings == Autoscaler{});
  CHECK(said_about_all(head + "orders: {up_above: 20%, down_below: 25%}\n") ==
        "4:39 down_below must be less than up_above");
  CHECK(said_about_all(head + "order: {up_above: 20%}\n") ==
        "4:3 no stream is called `order` (did you mean `orders`?)");
}

TEST_CASE("a name that is near a consumer is taken for a misspelt one [KDS-EFO-01]") {
  CHECK(said_about_all(with_consumers("efoo", one)) ==
        "6:23 no stream and no stream consumer `efoo` is defined (did you mean `efo`?)");
}

TEST_CASE("a scaler of a stream on demand changes nothing, unless the mode may change") {
  const auto warnings = [](const std::string& timeline) {
    return read(
               "trimhorizon: 1\nstreams: {orders: {StreamModeDetails: {StreamMode: "
               "ON_DEMAND}}}\nautoscaler: {orders: {}}\n" +
               timeline)
        .warnings.size();
  };
  CHECK(warnings("") == 1);
  CHECK(warnings("timeline: [{at: 1m, UpdateStreamMode: {StreamARN: orders, StreamModeDetails: "
                 "{StreamMode: PROVISIONED}}}]\n") == 0);
}
