// Which ids producers can make, beside a model that writes them all out.
#include "sim/scenario/record_ids.hpp"

#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;
using trimhorizon::testing::check_property;

namespace {

std::set<std::string> written_out(const GeneratedIds& ids) {
  std::set<std::string> all;
  for (std::uint64_t n = ids.first; n < ids.end; ++n) all.insert(ids.prefix + std::to_string(n));
  return all;
}

GeneratedIds some_ids() {
  static const std::vector<std::string> prefixes = {"", "r", "r1", "r10", "r0", "r01", "1", "12"};
  const auto which = *rc::gen::inRange<std::size_t>(0, prefixes.size());
  const auto first = *rc::gen::inRange<std::uint64_t>(0, 120);
  const auto count = *rc::gen::inRange<std::uint64_t>(0, 120);
  return {"p", prefixes[which], first, first + count};
}

}  // namespace

TEST_CASE("two loads have an id in common exactly when one stands in both lists") {
  check_property("RecordIds::add", [] {
    const GeneratedIds a = some_ids();
    const GeneratedIds b = some_ids();
    RecordIds ids;
    ids.add(a);
    const std::optional<std::string> common = ids.add(b);
    const std::set<std::string> of_a = written_out(a);
    bool any = false;
    for (const std::string& id : written_out(b)) any = any || of_a.contains(id);
    RC_ASSERT(common.has_value() == any);
    if (common) RC_ASSERT((of_a.contains(*common) && written_out(b).contains(*common)));
  });
}

TEST_CASE("an id can be made exactly when it stands in the list") {
  check_property("RecordIds::can_be_made", [] {
    const GeneratedIds load = some_ids();
    RecordIds ids;
    ids.add(load);
    const std::set<std::string> all = written_out(load);
    for (const std::string& id : written_out(some_ids())) {
      RC_ASSERT(ids.can_be_made(id) == all.contains(id));
    }
    RC_ASSERT(!ids.can_be_made(load.prefix + "007"));
    RC_ASSERT(!ids.can_be_made(load.prefix));
  });
}

TEST_CASE("an id that is given and generated is in common") {
  RecordIds ids;
  CHECK(ids.add("r7"));
  CHECK_FALSE(ids.add("r7"));
  CHECK(ids.add({"p", "r", 0, 10}) == "r7");
  CHECK_FALSE(ids.add("r3"));
  CHECK(ids.add("r10"));
}
