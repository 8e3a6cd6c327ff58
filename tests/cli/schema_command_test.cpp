#include "sim/base/json.hpp"
#include "sim/report/key_page.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("schema prints JSON, the schema of the library, ended by one newline") {
  const ProgramRun run = run_trimhorizon({"schema"});
  CHECK(run.code == 0);
  CHECK(run.err == "");
  CHECK(std::holds_alternative<Json>(parse_json(run.out)));
  CHECK(run.out.starts_with(scenario_schema_json()));
  CHECK(run.out.ends_with("\n"));
  CHECK_FALSE(run.out.ends_with("\n\n"));
}

TEST_CASE("schema --keys prints the page of all keys") {
  const ProgramRun run = run_trimhorizon({"schema", "--keys"});
  CHECK(run.code == 0);
  CHECK(run.err == "");
  CHECK(run.out == key_page());
}
