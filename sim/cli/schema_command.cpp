#include "sim/cli/program.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon {

int execute(const SchemaCommand&, CommandContext& context) {
  std::string text = scenario_schema_json();
  if (text.empty() || text.back() != '\n') text += '\n';
  context.console.out(text);
  return 0;
}

}  // namespace trimhorizon
