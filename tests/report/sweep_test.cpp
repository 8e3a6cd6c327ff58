#include <cmath>

#include "sim/report/layout.hpp"
#include "sim/report/student_t.hpp"
#include "sim/report/sweep_json.hpp"
#include "sim/report/sweep_merge.hpp"
#include "sim/report/sweep_summary.hpp"
#include "sim/report/sweep_text.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

// Two points, three seeds; every value is its task times its column, the first column's are none.
Sweep sample(std::optional<SweepShard> shard = {}) {
  Sweep sweep;
  sweep.head.version = "0.1.0";
  sweep.head.title = "A sweep";
  sweep.head.file = "a.yaml";
  sweep.head.digest = "0123";
  sweep.head.axes = {{"BatchSize", {"1", "[2, 3]"}}};
  sweep.head.seeds = {0, 1, 7};
  sweep.head.mappings = {"m"};
  sweep.head.shard = shard;
  const std::size_t columns = sweep_columns({"m"}).size();
  for (const std::uint64_t task : sweep.head.own_tasks()) {
    SweepRun run{task, task == 4 ? Verdict::violated : Verdict::holds, task != 2, {}};
    for (std::size_t c = 0; c < columns; ++c) {
      run.values.push_back(static_cast<std::int64_t>(task * c));
    }
    run.values.front().reset();
    sweep.runs.push_back(run);
  }
  return sweep;
}

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
  return sweep_json(sample(SweepShard{index, of}));
}

}  // namespace

TEST_CASE("Student's t is that of the tables") {
  const std::vector<std::pair<std::uint64_t, double>> known = {
      {1, 12.706204736},  {2, 4.3026527297},   {3, 3.1824463053},   {4, 2.7764451052},
      {9, 2.2621571628},  {10, 2.2281388520},  {29, 2.0452296421},  {30, 2.0422724563},
      {99, 1.9842169515}, {120, 1.9799304051}, {1000, 1.9623390808}};
  for (const auto& [degrees, t] : known) {
    INFO(degrees);
    CHECK(std::fabs(student_t_95(degrees) - t) < 1e-9);
    CHECK(std::fabs(student_t_between(t, degrees) - 0.95) < 1e-10);
  }
  CHECK(std::fabs(student_t_95(999) - student_t_95(1000)) < 3e-6);
  CHECK(std::fabs(student_t_95(1'000'000) - 1.959963984540054) < 1e-5);
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
  CHECK(back("1,2,1") == "the seed 1 is given twice");
  CHECK(back("9..1") == "the range of seeds `9..1` is empty");
  CHECK(back("1...3") == "seeds are whole numbers and ranges, not `1...3`");
  CHECK(back("") == "seeds are whole numbers and ranges, not ``");
  CHECK(back("0..18446744073709551615").find("go up to") != std::string::npos);
  CHECK(back("0..1000000000") == "`0..1000000000` makes more than 1000000 seeds");
}

TEST_CASE("the JSON of a sweep reads back as the sweep") {
  for (const std::optional<SweepShard> shard : {std::optional<SweepShard>{}, {SweepShard{2, 4}}}) {
    const std::string text = sweep_json(sample(shard));
    const auto read = read_sweep(text);
    REQUIRE(std::holds_alternative<Sweep>(read));
    CHECK(std::get<Sweep>(read).head == sample(shard).head);
    CHECK(std::get<Sweep>(read).runs == sample(shard).runs);
    CHECK(sweep_json(std::get<Sweep>(read)) == text);
  }
  const auto rows = read_rows(rows_json(sample().runs));
  CHECK(std::get<std::vector<SweepRun>>(rows) == sample().runs);
}

TEST_CASE("all shards together are the sweep in one piece, in whatever order they come") {
  for (const std::uint64_t of : {1u, 2u, 5u, 9u}) {
    std::vector<SweepFile> files;
    for (std::uint64_t index = of; index >= 1; --index) {
      files.push_back({"part" + std::to_string(index), part(index, of)});
    }
    const auto merged = merge_sweeps(files);
    REQUIRE(std::holds_alternative<Sweep>(merged));
    CHECK(sweep_json(std::get<Sweep>(merged)) == sweep_json(sample()));
  }
}

TEST_CASE("parts that do not belong together are named") {
  const auto changed = [](auto change) {
    Sweep sweep = sample(SweepShard{2, 2});
    change(sweep.head);
    return std::vector<SweepFile>{{"a", part(1, 2)}, {"b", sweep_json(sweep)}};
  };
  CHECK(wrong({{"a", part(1, 3)}, {"b", part(1, 3)}}) ==
        "a and b are both shard 1/3\nshard 2/3 is missing\nshard 3/3 is missing\n");
  CHECK(wrong(changed([](SweepHead& head) { head.digest = "4567"; })) ==
        "b is of another scenario than a: digest 4567, not 0123\nshard 2/2 is missing\n");
  CHECK(wrong(changed([](SweepHead& head) { head.axes[0].values[0] = "9"; })) ==
        "b is of another grid than a: BatchSize=9,[2, 3], not BatchSize=1,[2, 3]\n"
        "shard 2/2 is missing\n");
  CHECK(wrong(changed([](SweepHead& head) { head.version = "9.9"; })) ==
        "b is of another version than a: 9.9, not 0.1.0\nshard 2/2 is missing\n");
  CHECK(wrong(changed([](SweepHead& head) {
          head.seeds[0] = 3;
        })).starts_with("b is of another seeds than a: 3,1,7, not 0..1,7\n"));
  CHECK(wrong({{"a", sweep_json(sample())}}) == "a is a whole sweep, not a part of one\n");
  CHECK(wrong({{"a", "{}"}}) == "a is no part of a sweep: JSON, but not of `trimhorizon sweep`\n");
  CHECK(wrong({}) == "no parts to merge\n");
}

TEST_CASE("a part that was cut or changed by hand is refused") {
  const std::string good = part(1, 1);
  CHECK(wrong({{"a", good}}) == "");
  CHECK(wrong({{"a", good.substr(0, good.size() / 2)}}).find("no JSON") != std::string::npos);
  std::string fewer = good;
  const std::size_t row = fewer.find("[0,1,\"holds\"");
  fewer.erase(row, fewer.find('\n', row) - row);
  CHECK(wrong({{"a", fewer}}) == "a is no part of a sweep: damaged: runs were taken out of it\n");
  std::string other = good;
  other.replace(other.find("[0,1,\"holds\""), 4, "[0,8");
  CHECK(wrong({{"a", other}}).find("point 0, seed 8") != std::string::npos);
}

TEST_CASE("means and half-widths of a point") {
  const std::vector<SweepPoint> points = summarize(sample());
  REQUIRE(points.size() == 2);
  CHECK(points[1].runs == 3);
  CHECK(points[1].violated == 1);
  CHECK(points[0].columns[0].n == 0);
  const SweepStatistic& second = points[1].columns[1];  // 3, 4, 5
  CHECK(second.n == 3);
  CHECK(second.mean == 4);
  CHECK(std::fabs(*second.half_width - 4.3026527297 / std::sqrt(3.0)) < 1e-8);
}

TEST_CASE("the text of a sweep fits the page whatever is shown") {
  for (const std::vector<std::string>& show : {std::vector<std::string>{}, {"all"}, {"p99"}}) {
    const std::string text = sweep_text(sample(), {false, show});
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      const std::string line = text.substr(at, end - at);
      at = end + 1;
      INFO(line);
      CHECK((line.starts_with("replay: ") || display_width(line) <= page_width));
    }
  }
  CHECK_THROWS_AS(sweep_text(sample(), {false, {"lots"}}), NoSuchColumn);
}
