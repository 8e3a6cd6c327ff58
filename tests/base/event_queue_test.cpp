// The queue against a plain list that is sorted whenever somebody asks.
#include "sim/base/event_queue.hpp"

#include <tuple>

#include "tests/support/catch.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;

namespace trimhorizon::queue_test {

struct Due {
  Instant at;
  std::uint64_t number = 0;
  std::uint32_t rank = 0;
  std::uint32_t entity = 0;
  friend bool operator==(const Due&, const Due&) = default;
};
std::uint32_t rank_of(const Due& due) { return due.rank; }
std::uint32_t entity_of(const Due& due) { return due.entity; }

// Removes and returns the earliest.
Due take_from(std::vector<Due>& plain) {
  const auto order = [](const Due& d) { return std::tuple(d.at, d.rank, d.entity, d.number); };
  const auto first = std::min_element(
      plain.begin(), plain.end(), [&](const Due& a, const Due& b) { return order(a) < order(b); });
  const Due due = *first;
  plain.erase(first);
  return due;
}

}  // namespace trimhorizon::queue_test

TEST_CASE("events are taken in their order, whether or not they came as the earliest") {
  using namespace queue_test;
  testing::check_property("as a plain list", [] {
    EventQueue<Due> queue;
    std::vector<Due> plain;
    const int steps = *rc::gen::inRange(0, 60);
    for (int i = 0; i < steps; ++i) {
      const int what = *rc::gen::inRange(0, 8);
      if (what < 5) {
        const Due due{Instant{*rc::gen::inRange(0, 6)}, static_cast<std::uint64_t>(i),
                      *rc::gen::inRange(0u, 3u), *rc::gen::inRange(0u, 3u)};
        queue.add(due);
        plain.push_back(due);
      } else if (what == 5) {
        const std::uint32_t gone = *rc::gen::inRange(0u, 3u);
        const auto is_gone = [&](const Due& due) { return due.entity == gone; };
        queue.cancel_if(is_gone);
        std::erase_if(plain, is_gone);
      } else if (!plain.empty()) {
        RC_ASSERT(queue.earliest() == queue.in_order().front());
        RC_ASSERT(queue.take() == take_from(plain));
      }
      RC_ASSERT(queue.size() == plain.size());
    }
    while (!plain.empty()) RC_ASSERT(queue.take() == take_from(plain));
    RC_ASSERT(queue.empty());
  });
}
