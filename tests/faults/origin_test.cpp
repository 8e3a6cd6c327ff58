#include "sim/faults/origin.hpp"

#include "sim/faults/decisions.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

const Origin shop_origin = origin_of("streams: {s: {}}\n", {"BatchSize=1"}, 7);

}  // namespace

TEST_CASE("DRIFT says whether the file, the settings or the version differs") {
  CHECK(what_differs(shop_origin, shop_origin) ==
        "The file, the settings and the version are those of the recorded run.");
  CHECK(what_differs(shop_origin, origin_of("streams: {t: {}}\n", {"BatchSize=1"}, 7)) ==
        "What differs from the recorded run: the file. The same: the settings (--set, --variant, "
        "--seed) and the version.");
  for (const Origin& other : {origin_of("streams: {s: {}}\n", {"BatchSize=2"}, 7),
                              origin_of("streams: {s: {}}\n", {"BatchSize=1", "variant v"}, 7),
                              origin_of("streams: {s: {}}\n", {"BatchSize=1"}, 8)}) {
    CHECK(what_differs(shop_origin, other) ==
          "What differs from the recorded run: the settings (--set, --variant, --seed). The same: "
          "the file and the version.");
  }
  CHECK(origin_of("streams: {s: {}}\n", {"explore.sites=[trim]", "BatchSize=1"}, 7) == shop_origin);
  Origin older = shop_origin;
  older.program = {0, 0, 9, 2025, 1};
  CHECK(
      what_differs(older, shop_origin).find("the version (it was 0.0.9 (rules of 2025-01), this") !=
      std::string::npos);
}

TEST_CASE("the tokens in a file do not belong to what the file says") {
  const Origin without = origin_of("a: {token: \"\"}\nb: 1\n", {}, 1);
  CHECK(origin_of("a: {token: \"th1:AAAA+/09\"}\nb: 1\n", {}, 1) == without);
  CHECK(origin_of("a: {token: \"th1:BB\"}\nb: 1\n", {}, 1) == without);
  CHECK_FALSE(origin_of("a: {token: \"th1:BB\"}\nb: 2\n", {}, 1) == without);
}

TEST_CASE("a token keeps what it was made from, and one without it is still read") {
  DecisionList list;
  CHECK_FALSE(parse_token(to_token(list)).origin);
  list.origin = shop_origin;
  CHECK(parse_token(to_token(list)) == list);
}
