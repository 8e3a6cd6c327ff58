#include "sim/lambda/concurrency.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

FunctionSettings reserved(std::uint32_t n) {
  FunctionSettings settings;
  settings.reserved_concurrency = n;
  return settings;
}

FunctionState working(std::uint32_t n) {
  FunctionState state;
  state.in_flight = n;
  return state;
}

constexpr Instant noon{43'200'000'000};

}  // namespace

TEST_CASE("reserved concurrency is how many may run at once [LAM-CON-03]") {
  CHECK(Refusal::none == throttled_by(reserved(2), working(1), noon));
  CHECK(has_room(reserved(2), working(1)));
  CHECK(Refusal::slots == throttled_by(reserved(2), working(2), noon));
  CHECK_FALSE(has_room(reserved(2), working(2)));
}

TEST_CASE("a reserved concurrency of zero throttles everything, none at all nothing") {
  CHECK(Refusal::slots == throttled_by(reserved(0), working(0), noon));
  CHECK_FALSE(has_room(reserved(0), working(0)));
  CHECK(Refusal::none == throttled_by({}, working(100'000), noon));
  CHECK(has_room({}, working(100'000)));
}

TEST_CASE("the timeline throttles up to an instant, that one excluded, whatever room there is") {
  FunctionState state;
  state.throttled_until = noon;
  CHECK(Refusal::throttle == throttled_by({}, state, noon - microseconds(1)));
  CHECK(Refusal::none == throttled_by({}, state, noon));
  CHECK(has_room({}, state));
}

TEST_CASE("a refused lane stands in the line once, and keeps its place [LAM-CON-13]") {
  const Waiter first{{4}, {0}};
  const Waiter second{{2}, {0}};
  const Waiter third{{4}, {1}};  // another lane of the same reader
  FunctionState state;
  for (const Waiter& each : {first, second, first, third, second}) join_line(state, each);
  CHECK(state.line == std::vector{first, second, third});
  leave_line(state, first);
  leave_line(state, first);
  CHECK(state.line == std::vector{second, third});
  join_line(state, first);
  CHECK(state.line == std::vector{second, third, first});
}

TEST_CASE("the first invocation finds no warm environment, the next one does [LAM-CON-09]") {
  FunctionState state;
  CHECK(take_environment(state));
  CHECK(take_environment(state));
  CHECK(state.in_flight == 2);
  give_environment_back(state, false);
  CHECK(state.in_flight == 1);
  CHECK(state.idle == 1);
  CHECK_FALSE(take_environment(state));
  CHECK(state.idle == 0);
  CHECK(take_environment(state));
}

TEST_CASE("an environment that crashed does not wait warm [LAM-CON-09]") {
  FunctionState state;
  take_environment(state);
  give_environment_back(state, true);
  CHECK(state == FunctionState{});
  CHECK(take_environment(state));
}
