#include "sim/report/lineage_picture.hpp"

#include "tests/report/samples.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/text.hpp"

namespace trimhorizon::testing {
namespace {

using samples::at_s;

struct Lives {
  std::vector<ShardLife> all;

  explicit Lives(std::uint32_t at_first) {
    for (std::uint32_t n = 0; n < at_first; ++n) all.push_back({n, at_s(0), std::nullopt, {}, 0});
  }
  Lives& split(std::int64_t at, std::uint32_t parent) {
    return child(at, {parent}).child(at, {parent});
  }
  Lives& merge(std::int64_t at, std::uint32_t a, std::uint32_t b) { return child(at, {a, b}); }
  Lives& child(std::int64_t at, std::vector<std::uint32_t> parents) {
    for (const std::uint32_t parent : parents) all[parent].closed = at_s(at);
    const auto number = static_cast<std::uint32_t>(all.size());
    all.push_back({number, at_s(at), std::nullopt, std::move(parents), 0});
    return *this;
  }
  std::string drawn() const {
    std::string text;
    for (const std::string& line : draw_lineage(all, Painter(false))) text += line + "\n";
    return text;
  }
};

std::size_t widest_line(const std::string& text) {
  std::size_t most = 0;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    most = std::max(most, display_width(text.substr(at, text.find('\n', at) - at)));
  }
  return most;
}

}  // namespace

TEST_CASE("without a reshard there is no picture") { CHECK(Lives(3).drawn().empty()); }

TEST_CASE("children stand below one another, and a merge joins neighbours [KDS-RSH-01]") {
  CHECK(Lives(3).split(85, 0).merge(385, 4, 1).drawn() ==
        "                  1m 25s        6m 25s\n"
        "    ── 0 ─────────┬━ 3 ━━━━━━━━━━━━━━━━━━━━━━━━→\n"
        "                  └─ 4 ─────────┬━ 5 ━━━━━━━━━━→\n"
        "    ── 1 ───────────────────────┘\n"
        "    ━ open at the end ─ closed; time is not to scale.\n"
        "    Not drawn: 1 shard without a change.\n");
}

TEST_CASE("a row that a merge has left takes the child of a later split") {
  CHECK(Lives(2).merge(10, 0, 1).split(20, 2).drawn() ==
        "                  10s           20s\n"
        "    ── 0 ─────────┬─ 2 ─────────┬━ 3 ━━━━━━━━━━→\n"
        "    ── 1 ─────────┘             └━ 4 ━━━━━━━━━━→\n"
        "    ━ open at the end ─ closed; time is not to scale.\n");
}

TEST_CASE("a merge reaches over the row of a shard that is gone") {
  // 1 is split, its upper child goes up to 0, and what remains is merged with that.
  CHECK(Lives(2).split(10, 1).merge(20, 0, 2).merge(30, 4, 3).drawn() ==
        "                  10s           20s           30s\n"
        "    ── 0 ───────────────────────┬─ 4 ─────────┬━ 5 ━━━━━━━━━━→\n"
        "    ── 1 ─────────┬─ 2 ─────────┘             │\n"
        "                  └─ 3 ───────────────────────┘\n"
        "    ━ open at the end ─ closed; time is not to scale.\n");
}

TEST_CASE("of many cuts the last seven are drawn, and the others are counted") {
  Lives many(1);
  for (std::uint32_t i = 0; i < 9; ++i) many.split(10 * (i + 1), 2 * i);
  const std::string drawn = many.drawn();
  CHECK(drawn.substr(0, drawn.find('\n')) ==
        "             30s      40s      50s      1m       1m 10s   1m 20s   1m 30s");
  CHECK(contains(drawn, "Not drawn: 2 shards without a change and 2 earlier cuts, from 10s on,"));
  CHECK(widest_line(drawn) <= page_width);
}

TEST_CASE("a picture has at most twelve rows; what is too much for one is told in a sentence") {
  Lives sequence(8);
  for (std::uint32_t i = 0; i < 8; ++i) sequence.split(10 * (i + 1), i);
  const std::string drawn = sequence.drawn();
  CHECK(std::count(drawn.begin(), drawn.end(), '\n') <= 1 + 12 + 3);
  Lives at_once(8);
  for (std::uint32_t i = 0; i < 8; ++i) at_once.split(10, i);
  CHECK(at_once.drawn() ==
        "    24 shards in all, 8 of them closed by 1 cut at 10s: too many to draw.\n");
}

}  // namespace trimhorizon::testing
