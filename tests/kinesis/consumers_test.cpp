#include "sim/kinesis/consumers.hpp"

#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

Instant after_start(Duration since) { return Instant{0} + since; }

// The error and its reason, or the status of the consumer that the answer holds.
std::string said(const ConsumerAnswer& answer, Instant now) {
  if (const auto* refusal = std::get_if<ApiRefusal>(&answer)) {
    return std::string(name(refusal->error)) + " " + std::string(name(refusal->reason));
  }
  return std::string(name(std::get<StreamConsumer>(answer).status(now)));
}

struct Registry {
  StreamConsumers consumers;

  std::string add(std::uint32_t id, Duration at) {
    const Instant now = after_start(at);
    return said(register_stream_consumer(consumers, {id}, now), now);
  }
  std::string remove(std::uint32_t id, Duration at) {
    const Instant now = after_start(at);
    return said(deregister_stream_consumer(consumers, {id}, now), now);
  }
  std::string describe(std::uint32_t id, Duration at) const {
    const Instant now = after_start(at);
    return said(describe_stream_consumer(consumers, {id}, now), now);
  }
  std::string subscriber(std::uint32_t id, Duration created, Duration at) const {
    const auto refusal = refuse_subscriber(consumers, {id}, after_start(created), after_start(at));
    return refusal ? said(ConsumerAnswer(*refusal), after_start(at)) : "ok";
  }
};

}  // namespace

TEST_CASE("a consumer is CREATING, then ACTIVE, then DELETING, then gone [KDS-EFO-01]") {
  Registry registry;
  CHECK(registry.describe(1, {}) == "ResourceNotFoundException no_such_consumer");
  CHECK(registry.add(1, {}) == "CREATING");
  CHECK(registry.describe(1, seconds(10) - microseconds(1)) == "CREATING");
  CHECK(registry.describe(1, seconds(10)) == "ACTIVE");
  CHECK(registry.remove(1, seconds(60)) == "DELETING");
  CHECK(registry.describe(1, seconds(64) - microseconds(1)) == "DELETING");
  CHECK(registry.describe(1, seconds(64)) == "ResourceNotFoundException no_such_consumer");
  CHECK(registry.remove(1, seconds(64)) == "ResourceNotFoundException no_such_consumer");
}

TEST_CASE("names are unique until their consumer is gone [KDS-EFO-01]") {
  Registry registry;
  CHECK(registry.add(1, {}) == "CREATING");
  CHECK(registry.add(1, seconds(1)) == "ResourceInUseException consumer_exists");
  CHECK(registry.add(2, seconds(1)) == "CREATING");
  CHECK(registry.remove(1, seconds(20)) == "DELETING");
  const StreamConsumers before = registry.consumers;
  CHECK(registry.add(1, seconds(23)) == "ResourceInUseException consumer_exists");
  // A second call neither fails nor begins the deletion again.
  CHECK(registry.remove(1, seconds(23)) == "DELETING");
  CHECK(registry.consumers == before);
  CHECK(registry.add(1, seconds(24)) == "CREATING");
  CHECK(registry.consumers.list.size() == 2);
}

TEST_CASE("five consumers are created at once, and not six [KDS-LIM-14]") {
  Registry registry;
  for (std::uint32_t id = 0; id < 5; ++id) REQUIRE(registry.add(id, seconds(1)) == "CREATING");
  CHECK(registry.add(5, seconds(10)) == "LimitExceededException too_many_in_creation");
  CHECK(registry.consumers.list.size() == 5);
  CHECK(registry.add(5, seconds(11)) == "CREATING");
}

TEST_CASE("a stream has 20 consumers, and not 21 [KDS-LIM-14]") {
  Registry registry;
  for (std::uint32_t id = 0; id < 20; ++id) {
    REQUIRE(registry.add(id, minutes(id)) == "CREATING");
  }
  CHECK(registry.add(20, minutes(30)) == "LimitExceededException too_many_consumers");
  CHECK(registry.add(3, minutes(30)) == "ResourceInUseException consumer_exists");
  // One that is DELETING counts until it is gone.
  CHECK(registry.remove(3, minutes(30)) == "DELETING");
  CHECK(registry.add(20, minutes(30) + seconds(3)) == "LimitExceededException too_many_consumers");
  CHECK(registry.add(20, minutes(30) + seconds(4)) == "CREATING");
}

TEST_CASE("only an ACTIVE consumer may subscribe [KDS-EFO-01]") {
  Registry registry;
  registry.add(1, seconds(1));
  CHECK(registry.subscriber(1, seconds(1), seconds(10)) ==
        "ResourceInUseException consumer_is_not_active");
  CHECK(registry.subscriber(1, seconds(1), seconds(11)) == "ok");
  CHECK(registry.subscriber(2, seconds(1), seconds(11)) ==
        "ResourceNotFoundException no_such_consumer");
  registry.remove(1, seconds(20));
  CHECK(registry.subscriber(1, seconds(1), seconds(20)) ==
        "ResourceInUseException consumer_is_not_active");
  CHECK(registry.subscriber(1, seconds(1), seconds(24)) ==
        "ResourceNotFoundException no_such_consumer");
}

TEST_CASE("a consumer of the same name is another one, with another ARN [KDS-EFO-01]") {
  Registry registry;
  registry.add(1, seconds(1));
  registry.remove(1, seconds(20));
  registry.add(1, seconds(30));
  CHECK(registry.subscriber(1, seconds(1), seconds(60)) ==
        "ResourceNotFoundException no_such_consumer");
  CHECK(registry.subscriber(1, seconds(30), seconds(60)) == "ok");
  const std::string stream = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders";
  const WallClock clock{1'700'000'000'000};
  CHECK(consumer_arn_text(stream, "billing-efo", after_start(seconds(1)), clock) ==
        stream + "/consumer/billing-efo:1700000001");
  CHECK(consumer_arn_text(stream, "billing-efo", after_start(seconds(30)), clock) ==
        stream + "/consumer/billing-efo:1700000030");
}

}  // namespace trimhorizon::testing
