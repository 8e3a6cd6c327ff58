#include "sim/report/sweep_json.hpp"

#include "sim/base/json.hpp"
#include "tests/report/sweep_sample.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

std::string refused(const std::string& text) {
  const auto read = read_sweep(text);
  const auto* wrong = std::get_if<std::string>(&read);
  return wrong != nullptr ? *wrong : "";
}

// The JSON of the sample with one piece of its text replaced.
std::string replaced(const std::string& from, const std::string& to) {
  std::string text = sweep_json(samples::sweep());
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a sweep that was written before runs said what they broke can still be read") {
  std::string text = sweep_json(samples::sweep());
  for (const std::string cell : {",[\"lost\",\"fates.m.dropped\"]", ",[]"}) {
    for (std::size_t at; (at = text.find(cell)) != std::string::npos;) text.erase(at, cell.size());
  }
  const std::variant<Sweep, std::string> read = read_sweep(text);
  REQUIRE(std::holds_alternative<Sweep>(read));
  const Sweep& sweep = std::get<Sweep>(read);
  CHECK(sweep.runs.size() == 6);
  CHECK(sweep.runs[4].broken.empty());
  CHECK(sweep.runs[4].values == samples::sweep().runs[4].values);
}

TEST_CASE("the JSON of a sweep reads back as the sweep") {
  for (const std::optional<SweepShard> shard : {std::optional<SweepShard>{}, {SweepShard{2, 4}}}) {
    const std::string text = sweep_json(samples::sweep(shard));
    const auto read = read_sweep(text);
    REQUIRE(std::holds_alternative<Sweep>(read));
    CHECK(std::get<Sweep>(read).head == samples::sweep(shard).head);
    CHECK(std::get<Sweep>(read).runs == samples::sweep(shard).runs);
    CHECK(sweep_json(std::get<Sweep>(read)) == text);
  }
}

TEST_CASE("seeds are ranges and numbers, and back") {
  const auto back = [](std::string_view text) {
    const auto read = read_seeds(text);
    const auto* seeds = std::get_if<std::vector<std::uint64_t>>(&read);
    return seeds != nullptr ? seeds_text(*seeds) : std::get<std::string>(read);
  };
  CHECK(back("0..99") == "0..99");
  CHECK(back("0, 1,2,7,9..10") == "0..2,7,9..10");
  CHECK(back("5,4") == "5,4");
  CHECK(back("9223372036854775807") == "9223372036854775807");
  CHECK(back("1,2,1") == "the seed 1 appears twice");
  CHECK(back("9..1") == "the range of seeds `9..1` is empty");
  CHECK(back("1...3") == "seeds must be whole numbers or ranges, not `1...3`");
  CHECK(back("") == "seeds must be whole numbers or ranges, not ``");
  CHECK(back("0..18446744073709551615").find("must be at most") != std::string::npos);
  CHECK(back("0..1000000000") == "`0..1000000000` makes more than 1000000 seeds");
}

TEST_CASE("what is not a sweep, or one that was changed, is refused with the place that is wrong") {
  CHECK(refused(sweep_json(samples::sweep())) == "");
  CHECK(refused("[").find("JSON") != std::string::npos);
  CHECK(refused(replaced("\"digest\"", "\"digets\"")).find("digest") != std::string::npos);
  CHECK(refused(replaced("\"0..1,7\"", "\"7..1\"")).find("7..1") != std::string::npos);
  CHECK(refused(replaced("[1,1,\"violated\"", "[1,1,\"violent\"")).find("verdict") !=
        std::string::npos);
  CHECK(refused(replaced("[0,7,\"holds\"", "[0,0,\"holds\"")).find("point 0, seed 0") !=
        std::string::npos);
  CHECK(refused(sweep_json(samples::sweep(SweepShard{3, 2}))).find("3/2") != std::string::npos);
}

TEST_CASE("the lines of a sweep and of one of its runs say all that was set") {
  SweepHead head = samples::sweep().head;
  head.set = {"Timeout=4"};
  head.variant = "slow one";
  CHECK(sweep_line(head) ==
        "trimhorizon sweep a.yaml --set Timeout=4 --variant 'slow one' "
        "--grid 'BatchSize=1,[2, 3]' --seeds 0..1,7");
  CHECK(run_line(head, 5) ==
        "trimhorizon run a.yaml --seed 7 --set Timeout=4 --set 'BatchSize=[2, 3]' "
        "--variant 'slow one'");
  head.handlers = {"billing"};
  CHECK(sweep_line(head).find("  # ") != std::string::npos);  // no shell can run it
}
