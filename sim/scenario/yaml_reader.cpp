// Reads a scenario: text -> tree -> overrides -> base -> variants. It collects all mistakes on the
// way and throws them together.
#include "sim/scenario/yaml_reader.hpp"

#include <fmt/format.h>

#include "sim/format/schema.hpp"
#include "sim/scenario/variants.hpp"
#include "sim/yaml/source_text.hpp"

namespace trimhorizon {

namespace reader {

namespace {

// A tag on a scalar (`!Ref`) or on a list (`!GetAtt [name, Arn]`) is read with it. A tag on
// anything else would be ignored, so it is a mistake.
void check_tags(Mistakes& mistakes, const Node& node) {
  const auto refuse = [&](const Node& each) {
    if (each.tag.empty()) return;
    mistakes.error(each.at, fmt::format("the tag `{}` is not allowed here", each.tag));
  };
  if (node.is_mapping() || node.is_nothing()) refuse(node);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (node.is_mapping()) refuse(node.keys[i]);
    if (node.is_mapping() && scenario_format().is_ignored_somewhere(node.keys[i].text)) continue;
    check_tags(mistakes, node.items[i]);
  }
}

std::optional<Node> read_root(std::string_view text, Mistakes& mistakes) {
  if (!is_readable_text(text, mistakes)) return std::nullopt;
  std::optional<Node> root = parse_yaml(text, {}, mistakes);
  if (!root) return std::nullopt;
  if (root->is_nothing()) {
    mistakes.error({0, 0}, "the file is empty", "begin with trimhorizon: 1");
    return std::nullopt;
  }
  if (const Node* resources = root->find("Resources"); resources && !root->find("trimhorizon")) {
    mistakes.error(root->keys[static_cast<std::size_t>(resources - root->items.data())].at,
                   "this is a template of CloudFormation, which cannot be read yet",
                   "write a scenario: the properties of each resource stand under its name, in "
                   "`streams`, `functions` or `event_source_mappings`");
    return std::nullopt;
  }
  if (!root->is_mapping()) {
    mistakes.error(root->at, fmt::format("a scenario must be a mapping `key: value`, not {}",
                                         describe(*root)));
    return std::nullopt;
  }
  return root;
}

}  // namespace
}  // namespace reader

Scenario read_scenario(std::string_view text, std::string_view file,
                       const std::vector<Override>& overrides) {
  using namespace reader;
  text = without_bom(text);
  Mistakes mistakes(file, text);
  std::optional<Node> root = read_root(text, mistakes);
  if (!root) mistakes.raise();

  Pass pass{mistakes, file, text};
  apply_overrides(pass, *root, overrides);
  check_tags(mistakes, *root);
  Scenario scenario = read_tree(*root, pass);
  if (mistakes.any()) mistakes.raise();
  return scenario;
}

Scenario load_scenario(const std::string& path, const std::vector<Override>& overrides) {
  return read_scenario(reader::read_file(path), path, overrides);
}

std::optional<std::string> title_in_file(const std::string& path) {
  if (path == "-") return std::nullopt;  // standard input can be read only once
  try {
    const std::string text = reader::read_file(path);
    const std::string_view yaml = reader::without_bom(text);
    reader::Mistakes mistakes(path, yaml);
    const std::optional<reader::Node> root = reader::read_root(yaml, mistakes);
    if (!root) return std::nullopt;
    const reader::Node* title = root->find("title");
    return title ? title->text : "";
  } catch (const ScenarioError&) {
    return std::nullopt;
  }
}

Override parse_override(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw ScenarioError(
        {{"--set", 1, 1, "expected PATH=VALUE", "write --set BatchSize=10", std::string(text)}},
        "");
  }
  return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

std::vector<Override> parse_overrides(const std::vector<std::string>& texts) {
  std::vector<Override> overrides;
  for (const std::string& each : texts) overrides.push_back(parse_override(each));
  return overrides;
}

std::string scenario_schema_json() {
  return reader::schema_json(reader::scenario_format(), "Trimhorizon scenario, format 1");
}

}  // namespace trimhorizon
