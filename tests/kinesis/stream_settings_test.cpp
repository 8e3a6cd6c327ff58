#include "sim/kinesis/stream_settings.hpp"

#include "tests/kinesis/some_stream.hpp"

namespace trimhorizon::testing {
namespace {

using Answer = std::optional<ApiRefusal>;

Answer refusal(ApiError error, ApiReason reason) { return ApiRefusal{error, reason}; }

}  // namespace

TEST_CASE("the mode is switched twice in 24 rolling hours, and keeps the shards [KDS-SHD-18]") {
  SomeStream stream(3);
  const auto switch_to = [&](StreamMode mode, Instant now) {
    return update_stream_mode(stream.state, mode, now);
  };
  CHECK_FALSE(switch_to(StreamMode::PROVISIONED, second(0)));  // does nothing, and does not count
  CHECK(stream.state.mode_switches.empty());
  CHECK_FALSE(switch_to(StreamMode::ON_DEMAND, second(1)));
  CHECK_FALSE(switch_to(StreamMode::PROVISIONED, second(2)));
  const Instant day = second(1) + hours(24);
  check_refused(stream, ApiError::LimitExceededException, ApiReason::mode_switches_used_up,
                [&] { return switch_to(StreamMode::ON_DEMAND, day - microseconds(1)); });
  CHECK_FALSE(switch_to(StreamMode::ON_DEMAND, day));
  CHECK(stream.state.mode == StreamMode::ON_DEMAND);
  CHECK(stream.state.mode_switches.size() == 2);
  CHECK(stream.state.shards.size() == 3);
}

TEST_CASE("a stream that is UPDATING keeps its settings [KDS-RSH-04]") {
  SomeStream stream(2);
  stream.split(second(0), 0);
  const Answer updating = refusal(ApiError::ResourceInUseException, ApiReason::stream_is_updating);
  const SomeStream before = stream;
  CHECK(update_stream_mode(stream.state, StreamMode::ON_DEMAND, second(1)) == updating);
  CHECK(increase_retention(stream.state, 48, second(1)) == updating);
  stream.state.retention = hours(48);
  CHECK(decrease_retention(stream.state, 24, second(1)) == updating);
  stream.state.retention = hours(24);
  CHECK(stream == before);
  CHECK_FALSE(increase_retention(stream.state, 48, second(4)));
}

TEST_CASE("retention is 24 to 8760 hours, and really changes [KDS-SHD-11]") {
  StreamState stream;
  using enum ApiError;
  const Answer outside = refusal(InvalidArgumentException, ApiReason::retention_out_of_bounds);
  CHECK(increase_retention(stream, 8'761, second(0)) == outside);
  CHECK(increase_retention(stream, INT64_MAX, second(0)) == outside);
  CHECK(decrease_retention(stream, 23, second(0)) == outside);
  CHECK(decrease_retention(stream, -1, second(0)) == outside);
  const Answer not_longer = refusal(InvalidArgumentException, ApiReason::retention_not_longer);
  const Answer not_shorter = refusal(InvalidArgumentException, ApiReason::retention_not_shorter);
  CHECK(increase_retention(stream, 24, second(0)) == not_longer);
  CHECK(decrease_retention(stream, 24, second(0)) == not_shorter);
  CHECK(stream == StreamState{});
  CHECK_FALSE(increase_retention(stream, 8'760, second(0)));
  CHECK(stream.retention == hours(8'760));
  CHECK(increase_retention(stream, 48, second(0)) == not_longer);
  CHECK_FALSE(decrease_retention(stream, 24, second(0)));
  CHECK(stream.retention == hours(24));
}

TEST_CASE("a longer retention brings no record back, a shorter one takes at once [KDS-SHD-12]") {
  StreamState stream;
  const Instant now = Instant{0} + hours(100);
  CHECK(trim_horizon(stream, now) == Instant{0} + hours(76));
  CHECK_FALSE(increase_retention(stream, 48, now));
  CHECK(trim_horizon(stream, now) == Instant{0} + hours(76));
  CHECK(trim_horizon(stream, now + hours(24)) == Instant{0} + hours(76));
  CHECK(trim_horizon(stream, now + hours(25)) == Instant{0} + hours(77));
  CHECK_FALSE(decrease_retention(stream, 24, now + hours(25)));
  CHECK(trim_horizon(stream, now + hours(25)) == Instant{0} + hours(101));
  // Up and down again within a moment: what the short one took stays gone.
  CHECK_FALSE(increase_retention(stream, 72, now + hours(25)));
  CHECK(trim_horizon(stream, now + hours(25)) == Instant{0} + hours(101));
}

TEST_CASE("calls are counted over the last 24 hours, older ones are forgotten [KDS-LIM-08]") {
  std::vector<Instant> calls;
  note_call(calls, second(0));
  note_call(calls, second(10));
  CHECK(calls_in_last_day(calls, second(10)) == 2);
  CHECK(calls_in_last_day(calls, second(0) + hours(24)) == 1);
  note_call(calls, second(0) + hours(24));
  CHECK(calls == std::vector{second(10), second(0) + hours(24)});
}

}  // namespace trimhorizon::testing
