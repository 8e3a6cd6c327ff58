#include "sim/report/sweep_text.hpp"

#include "sim/report/layout.hpp"
#include "tests/report/sweep_sample.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

using Cells = std::vector<std::vector<std::string>>;

// The cell of `lost` at the first point, when its three runs came to these values.
std::string cell_of(std::string_view column, std::vector<std::optional<std::int64_t>> values) {
  Sweep sweep = samples::sweep();
  sweep.head.seeds.resize(values.size());
  sweep.head.axes.clear();
  sweep.runs.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    sweep.runs[i].values[samples::column(column)] = values[i];
  }
  const Cells cells = sweep_cells(sweep, {std::string(column)});
  return cells.at(1).back();
}

}  // namespace

TEST_CASE("the text of a sweep fits the page whatever is shown") {
  for (const std::vector<std::string>& show : {std::vector<std::string>{}, {"all"}, {"p99"}}) {
    const std::string text = sweep_text(samples::sweep(), {false, show});
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      const std::string line = text.substr(at, end - at);
      at = end + 1;
      INFO(line);
      CHECK((line.starts_with("replay: ") || display_width(line) <= page_width));
    }
  }
  CHECK_THROWS_AS(sweep_text(samples::sweep(), {false, {"lots"}}), NoSuchColumn);
}

TEST_CASE("a sweep says which expectations were broken, and in how many runs") {
  Sweep sweep = samples::sweep();
  CHECK(sweep_text(sweep, {}).find("Broken: lost in 1 of 6 runs, fates.m.dropped in 1.") !=
        std::string::npos);
  sweep.runs[0].broken = {"fates.m.dropped"};
  CHECK(sweep_text(sweep, {}).find("Broken: fates.m.dropped in 2 of 6 runs, lost in 1.") !=
        std::string::npos);
  for (SweepRun& run : sweep.runs) run.broken.clear();
  CHECK(sweep_text(sweep, {}).find("Broken") == std::string::npos);
  for (int i = 0; i < 8; ++i) sweep.runs[0].broken.push_back("x" + std::to_string(i));
  const std::string text = sweep_text(sweep, {});
  CHECK(text.find("x5 in 1") != std::string::npos);
  CHECK(text.find("x6 in 1") == std::string::npos);
}

TEST_CASE("a cell shows as many digits as its half-width is sure of") {
  CHECK(cell_of("lost", {4, 4, 4}) == "4 ± 0");
  CHECK(cell_of("lost", {5}) == "5 ± -");
  CHECK(cell_of("lost", {{}, {}, {}}) == "none");
  CHECK(cell_of("lost", {3, 4, 5}) == "4.0 ± 2.5");  // 2.484
  CHECK(cell_of("lost", {3'000, 4'000, 5'000}) == "4,000 ± 2,484");
  CHECK(cell_of("lost", {1'000'000, 1'000'000}) == "1,000,000 ± 0");
  CHECK(cell_of("simulated", {1'500'000, 1'500'000}) == "1.5 ± 0");  // seconds
}

TEST_CASE("cells have a head, a row for each point, and a column of what held when not all did") {
  Sweep sweep = samples::sweep();
  const Cells cells = sweep_cells(sweep, {"lost", "duplicates", "lost"});
  REQUIRE(cells.size() == 3);
  CHECK(cells[0] == std::vector<std::string>{"BatchSize", "held", "lost", "duplicates"});
  CHECK(cells[1][0] == "1");
  CHECK(cells[1][1] == "3/3");
  CHECK(cells[2][0] == "[2, 3]");
  CHECK(cells[2][1] == "2/3");
  sweep.runs[4].verdict = Verdict::holds;
  CHECK(sweep_cells(sweep, {"lost"})[0] == std::vector<std::string>{"BatchSize", "lost"});
}

TEST_CASE("losses and duplicates are always shown, then at most three of what varies") {
  Sweep sweep = samples::sweep();
  CHECK(columns_shown(sweep, {}).size() == 5);
  for (SweepRun& run : sweep.runs) run.values.assign(run.values.size(), 1);
  CHECK(columns_shown(sweep, {}) ==
        std::vector<std::size_t>{samples::column("lost"), samples::column("duplicates")});
  sweep.runs[0].values[samples::column("effects.m")] = 2;
  sweep.runs[0].values[samples::column("fates.m.expired")] = 2;
  const std::vector<std::size_t> shown = columns_shown(sweep, {});
  REQUIRE(shown.size() == 4);
  CHECK(shown[2] == samples::column("fates.m.expired"));  // the more telling first
  CHECK(columns_shown(sweep, {"all"}).size() == sweep_columns({"m"}).size());
}

TEST_CASE("axes that are too wide are called by letters, with a legend") {
  Sweep sweep = samples::sweep();
  sweep.head.axes = {{"event_source_mappings.m." + std::string(50, 'x'), {"1", "2"}}};
  const std::string text = sweep_text(sweep);
  CHECK(text.find("  A  event_source_mappings.m.x") != std::string::npos);
  CHECK(sweep_text(samples::sweep()).find("  A  ") == std::string::npos);
}

TEST_CASE("the last line of a sweep's text makes it again, the first has the worst verdict") {
  const std::string text = sweep_text(samples::sweep());
  CHECK(text.starts_with("✗ VIOLATED  A sweep\n"));
  CHECK(
      text.ends_with("\nreplay: trimhorizon sweep a.yaml --grid 'BatchSize=1,[2, 3]' "
                     "--seeds 0..1,7\n"));
}
