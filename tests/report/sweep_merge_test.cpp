#include "sim/report/sweep_merge.hpp"

#include "sim/report/sweep_json.hpp"
#include "tests/report/sweep_sample.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

std::string wrong(const std::vector<SweepFile>& files) {
  const auto merged = merge_sweeps(files);
  const auto* all = std::get_if<std::vector<std::string>>(&merged);
  std::string text;
  if (all != nullptr) {
    for (const std::string& each : *all) text += each + "\n";
  }
  return text;
}

std::string part(std::uint64_t index, std::uint64_t of) {
  return sweep_json(samples::sweep(SweepShard{index, of}));
}

}  // namespace

TEST_CASE("all shards together are the sweep in one piece, in whatever order they come") {
  for (const std::uint64_t of : {1u, 2u, 5u, 9u}) {
    std::vector<SweepFile> files;
    for (std::uint64_t index = of; index >= 1; --index) {
      files.push_back({"part" + std::to_string(index), part(index, of)});
    }
    const auto merged = merge_sweeps(files);
    REQUIRE(std::holds_alternative<Sweep>(merged));
    CHECK(sweep_json(std::get<Sweep>(merged)) == sweep_json(samples::sweep()));
  }
}

TEST_CASE("parts that do not belong together are named") {
  const auto changed = [](auto change) {
    Sweep sweep = samples::sweep(SweepShard{2, 2});
    change(sweep.head);
    return std::vector<SweepFile>{{"a", part(1, 2)}, {"b", sweep_json(sweep)}};
  };
  CHECK(wrong({{"a", part(1, 3)}, {"b", part(1, 3)}}) ==
        "a and b are both shard 1/3\nshard 2/3 is missing\nshard 3/3 is missing\n");
  CHECK(wrong(changed([](SweepHead& head) { head.digest = "4567"; })) ==
        "b does not have the same scenario as a: digest 4567, not 0123\nshard 2/2 is missing\n");
  CHECK(wrong(changed([](SweepHead& head) { head.axes[0].values[0] = "9"; })) ==
        "b does not have the same grid as a: BatchSize=9,[2, 3], not BatchSize=1,[2, 3]\n"
        "shard 2/2 is missing\n");
  CHECK(wrong(changed([](SweepHead& head) { head.version = "9.9"; })) ==
        "b does not have the same version as a: 9.9, not 0.1.0\nshard 2/2 is missing\n");
  CHECK(wrong(changed([](SweepHead& head) {
          head.edition = "2025-01";
        })).starts_with("b does not have the same edition of the rules as a: 2025-01, not "));
  CHECK(wrong(changed([](SweepHead& head) {
          head.seeds[0] = 3;
        })).starts_with("b does not have the same seeds as a: 3,1,7, not 0..1,7\n"));
  CHECK(wrong({{"a", sweep_json(samples::sweep())}}) == "a is a whole sweep, not a part of one\n");
  CHECK(wrong({{"a", "{}"}}) ==
        "a is not part of a sweep: JSON, but not written by `trimhorizon sweep`\n");
  CHECK(wrong({}) == "no parts to merge\n");
}

TEST_CASE("a part that was cut or changed by hand is refused") {
  const std::string good = part(1, 1);
  CHECK(wrong({{"a", good}}) == "");
  CHECK(wrong({{"a", good.substr(0, good.size() / 2)}}).find("not JSON") != std::string::npos);
  std::string fewer = good;
  const std::size_t row = fewer.find("[0,1,\"holds\"");
  fewer.erase(row, fewer.find('\n', row) - row);
  CHECK(wrong({{"a", fewer}}) ==
        "a is not part of a sweep: damaged: some of its runs were removed\n");
  std::string other = good;
  other.replace(other.find("[0,1,\"holds\""), 4, "[0,8");
  CHECK(wrong({{"a", other}}).find("point 0, seed 8") != std::string::npos);
}
