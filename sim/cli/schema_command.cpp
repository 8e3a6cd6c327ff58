#include "sim/cli/program.hpp"
#include "sim/report/key_page.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon {

int execute(const SchemaCommand& command, CommandContext& context) {
  context.console.out(command.keys ? key_page() : scenario_schema_json());
  return 0;
}

}  // namespace trimhorizon
