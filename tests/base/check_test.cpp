#include "sim/base/check.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("a broken promise names its file, its line and what was promised") {
  try {
    check_failed("a < b", "sim/world/x.cpp", 17);
    FAIL("it must throw");
  } catch (const InternalError& error) {
    CHECK(std::string(error.what()) ==
          "sim/world/x.cpp:17: bug in the simulator: this must be true: a < b");
  }
}

TEST_CASE("TH_CHECK passes what holds and throws what does not") {
  CHECK_NOTHROW([] { TH_CHECK(1 + 1 == 2); }());
  using Catch::Matchers::ContainsSubstring;
  try {
    TH_CHECK(1 + 1 == 3);
    FAIL("it must throw");
  } catch (const InternalError& error) {
    CHECK_THAT(error.what(), ContainsSubstring("check_test.cpp:"));
    CHECK_THAT(error.what(), ContainsSubstring("1 + 1 == 3"));
  }
}

TEST_CASE("TH_CHECK evaluates its expression once, and is one statement") {
  int times = 0;
  if (times == 0)
    TH_CHECK(++times == 1);
  else
    FAIL("the else belongs to the if of the test");
  CHECK(times == 1);
}
