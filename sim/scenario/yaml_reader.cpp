// Reading a scenario: text -> tree -> overrides -> base -> variants. All mistakes are collected
// on the way and thrown together.
#include "sim/scenario/yaml_reader.hpp"

#include <deque>

#include <fmt/format.h>

#include "sim/scenario/overrides.hpp"
#include "sim/scenario/source_text.hpp"
#include "sim/scenario/variants.hpp"

namespace trimhorizon {

namespace reader {

Scenario read_tree(const Node& root, Mistakes& mistakes, std::size_t& explicit_bytes) {
  Scenario out;
  Context context{mistakes, out, explicit_bytes};
  const Fields fields = context.fields(root, scenario_block());
  read_head(context, fields);
  read_streams(context, fields);
  read_producers(context, fields);
  read_functions(context, fields);
  read_destinations(context, fields);
  read_mappings(context, fields);
  read_timeline(context, fields);
  read_assumptions(context, fields);
  read_explore(context, fields);
  read_expect(context, fields);
  return out;
}

namespace {

// The value of an override, and its path as a node with a place.
void apply_override(Mistakes& mistakes, Node& root, const Override& change, const std::string& text,
                    PathBudget& budget) {
  const std::uint32_t source = mistakes.add_source("--set", text);
  if (!is_readable_text(text, mistakes, source)) return;
  Node path;
  path.kind = Node::Kind::scalar;
  path.text = change.path;
  path.at = {source, 0};
  const auto offset = static_cast<std::uint32_t>(change.path.size() + 1);
  std::optional<Node> value = parse_yaml(change.value, tree_budget, mistakes, source, offset);
  if (value) set_value(mistakes, root, path, *std::move(value), MayTouch::anything, budget);
}

// A tag on a scalar is read where the scalar is (`!Ref`); anywhere else nobody would look at it.
void check_tags(Mistakes& mistakes, const Node& node) {
  const auto refuse = [&](const Node& each) {
    if (each.tag.empty()) return;
    mistakes.error(each.at, fmt::format("the tag `{}` is not read here", each.tag));
  };
  if (!node.is_scalar()) refuse(node);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (node.is_mapping()) refuse(node.keys[i]);
    if (node.is_mapping() && is_ignored_somewhere(node.keys[i].text)) continue;
    check_tags(mistakes, node.items[i]);
  }
}

std::optional<Node> read_root(std::string_view text, Mistakes& mistakes) {
  if (!is_readable_text(text, mistakes)) return std::nullopt;
  std::optional<Node> root = parse_yaml(text, tree_budget, mistakes);
  if (!root) return std::nullopt;
  if (root->is_nothing()) {
    mistakes.error({0, 0}, "the file is empty", "begin with trimhorizon: 1");
    return std::nullopt;
  }
  if (!root->is_mapping()) {
    mistakes.error(root->at,
                   fmt::format("a scenario is a mapping `key: value`, not {}", describe(*root)));
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

  PathBudget budget;
  std::deque<std::string> override_texts;  // their addresses stay
  for (const Override& change : overrides) {
    override_texts.push_back(change.path + "=" + change.value);
    apply_override(mistakes, *root, change, override_texts.back(), budget);
  }
  check_tags(mistakes, *root);
  std::size_t explicit_bytes = 0;
  Scenario scenario = read_tree(*root, mistakes, explicit_bytes);
  scenario.file = std::string(file);
  scenario.source_text = std::string(text);
  read_variants(*root, scenario, mistakes, budget, explicit_bytes);
  if (mistakes.any()) mistakes.raise();
  return scenario;
}

Scenario load_scenario(const std::string& path, const std::vector<Override>& overrides) {
  return read_scenario(reader::read_file(path), path, overrides);
}

std::optional<std::string> title_in_file(const std::string& path) {
  if (path == "-") return std::nullopt;  // it was read, and is gone
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
    Diagnostic diagnostic;
    diagnostic.file = "--set";
    diagnostic.line = 1;
    diagnostic.column = 1;
    diagnostic.message = "PATH=VALUE is wanted";
    diagnostic.suggestion = "write --set BatchSize=10";
    diagnostic.excerpt = std::string(text);
    throw ScenarioError({diagnostic}, "");
  }
  return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

}  // namespace trimhorizon
