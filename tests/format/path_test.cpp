// Paths to values of a toy.
#include "sim/format/path.hpp"

#include "sim/base/diagnostic.hpp"
#include "sim/yaml/write.hpp"
#include "tests/format/toy.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;
using namespace trimhorizon::tests;

namespace {

// The file after `value` was put at the path, on one line, or what is wrong with the path.
std::string after_setting(const std::string& file, const std::string& path,
                          const std::string& value) {
  Mistakes mistakes("k", file);
  Node root = parse_yaml(file, {}, mistakes).value();
  Node name;
  name.kind = Node::Kind::scalar;
  name.text = path;
  PathBudget budget;
  const auto full = find_path(mistakes, kettle_block(), root, name, budget);
  if (full) {
    put_value(root, *full, name, parse_yaml(value, {}, mistakes).value());
    return on_one_line(root);
  }
  try {
    mistakes.raise();
  } catch (const ScenarioError& error) {
    const Diagnostic& first = error.diagnostics().front();
    return first.message + (first.suggestion.empty() ? "" : " (" + first.suggestion + ")");
  }
}

}  // namespace

TEST_CASE("a path is a key of the table, there or not") {
  CHECK(after_setting("{Litres: 1}", "Litres", "3") == "{Litres: 3}");
  CHECK(after_setting("{}", "marks", "[2]") == "{marks: [2]}");
  CHECK(read_kettle(after_setting("{heat: low}", "heat", "high")).kettle.heat == Heat::high);
}

TEST_CASE("an end that is unique is enough, places in lists are numbers") {
  const std::string file = "{cups: [{owner: ann}, {owner: bob}]}";
  CHECK(after_setting(file, "cups.1.owner", "eve") == "{cups: [{owner: ann}, {owner: eve}]}");
  CHECK(after_setting(file, "1.size", "9B") == "{cups: [{owner: ann}, {owner: bob, size: 9B}]}");
  CHECK(after_setting(file, "owner", "eve") ==
        "`owner` matches 2 paths (write `cups.0.owner` or `cups.1.owner`)");
}

TEST_CASE("what is in no row is not a path") {
  CHECK(after_setting("{}", "Litre", "1") ==
        "the scenario has no path `Litre` (did you mean `Litres`?)");
  CHECK(after_setting("{}", "Timer", "1") == "`Timer` is not modelled yet (leave it out)");
  CHECK(after_setting("{}", "owner", "eve") == "the scenario has no path `owner`");
}
