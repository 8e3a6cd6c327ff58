#include "sim/faults/assumption_words.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("every assumption has words of its own that fit beside its value") {
  std::set<std::string_view> all;
  for (const AssumptionInfo& each : assumption_table()) {
    const std::string_view words = assumption_words(each.which);
    INFO(each.name);
    CHECK(words != "");
    CHECK(words.size() <= 46);
    CHECK(all.insert(words).second);
  }
}
