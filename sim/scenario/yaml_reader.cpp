// Reads a scenario: text -> tree -> overrides -> base -> variants. It collects all mistakes on the
// way and throws them together.
#include "sim/scenario/yaml_reader.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/base/text.hpp"
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

// A file of another tool: without the key `trimhorizon`, with all of these.
struct OtherFile {
  std::string_view what;
  std::vector<std::string_view> keys;
};

const std::vector<OtherFile>& other_files() {
  static const std::vector<OtherFile> all = {
      {"a template of CloudFormation", {"Resources"}},
      {"a template of CloudFormation", {"AWSTemplateFormatVersion"}},
      {"a file of the Serverless Framework", {"service", "provider"}},
      {"a file of the Serverless Framework", {"service", "functions"}},
      {"a plan of Terraform", {"format_version", "planned_values"}},
      {"a state of Terraform", {"terraform_version", "resources"}},
      {"a file of Terraform", {"terraform"}},
      {"a file of Terraform", {"resource"}},
  };
  return all;
}

void report_other_file(Mistakes& mistakes, Mark at, std::string_view what) {
  mistakes.error(at, fmt::format("this is {}, which cannot be read yet", what),
                 "write a scenario: the properties of each resource stand under its name, in "
                 "`streams`, `functions` or `event_source_mappings`");
}

// Terraform's own language is not YAML: its first line opens a block, as in `resource "a" "b" {`.
bool is_terraform(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    line = trimmed(line);
    if (line.empty() || line.starts_with('#') || line.starts_with("//")) continue;
    const std::string_view word = line.substr(0, line.find(' '));
    const auto is_word = [&](std::string_view each) { return each == word; };
    constexpr std::array<std::string_view, 8> blocks = {
        "terraform", "provider", "resource", "data", "variable", "locals", "module", "output"};
    return line.ends_with('{') && std::any_of(blocks.begin(), blocks.end(), is_word);
  }
  return false;
}

bool is_of_another_tool(Mistakes& mistakes, const Node& root) {
  if (root.find("trimhorizon")) return false;
  for (const OtherFile& each : other_files()) {
    const auto has = [&](std::string_view key) { return root.find(key) != nullptr; };
    if (!std::all_of(each.keys.begin(), each.keys.end(), has)) continue;
    const auto first = static_cast<std::size_t>(root.find(each.keys.front()) - root.items.data());
    report_other_file(mistakes, root.keys[first].at, each.what);
    return true;
  }
  return false;
}

std::optional<Node> read_root(std::string_view text, Mistakes& mistakes) {
  if (!is_readable_text(text, mistakes)) return std::nullopt;
  if (is_terraform(text)) {
    report_other_file(mistakes, {0, 0}, "a file of Terraform");
    return std::nullopt;
  }
  std::optional<Node> root = parse_yaml(text, {}, mistakes);
  if (!root) return std::nullopt;
  if (root->is_nothing()) {
    mistakes.error({0, 0}, "the file is empty", "begin with trimhorizon: 1");
    return std::nullopt;
  }
  if (is_of_another_tool(mistakes, *root)) return std::nullopt;
  if (!root->is_mapping()) {
    mistakes.error(root->at, fmt::format("a scenario must be a mapping `key: value`, not {}",
                                         describe(*root)));
    return std::nullopt;
  }
  return root;
}

// Reads the file once, with the names that its unknown keys are known to mean.
Scenario read_once(std::string_view text, std::string_view file,
                   const std::vector<Override>& overrides, Mistakes& mistakes,
                   const std::shared_ptr<const AttachedFiles>& attached, Coming coming) {
  const std::vector<ReadAs> meant = mistakes.all_read_as();
  std::optional<Node> root = read_root(text, mistakes);
  if (!root) mistakes.raise();
  rename_keys(*root, meant);
  Pass pass{mistakes, file, text};
  pass.with_coming = coming == Coming::read;
  pass.files = OtherFiles(file, attached);
  apply_overrides(pass, *root, overrides);
  rename_keys(*root, meant);  // those in the values of `--set`
  check_tags(mistakes, *root);
  return read_tree(*root, pass);
}

}  // namespace
}  // namespace reader

// A key that is spelled wrong is one mistake, not one for everything that misses it. So the file is
// read again as if the key were spelled right; then keys inside of its value may turn out wrong
// too.
Scenario read_scenario(std::string_view text, std::string_view file,
                       const std::vector<Override>& overrides,
                       const std::shared_ptr<const AttachedFiles>& attached, Coming coming) {
  using namespace reader;
  constexpr int readings_max = 8;  // no value of the format has more keys around it
  text = without_bom(text);
  Mistakes mistakes(file, text);
  for (int reading = 1;; ++reading) {
    const std::size_t meant_before = mistakes.all_read_as().size();
    Scenario scenario = read_once(text, file, overrides, mistakes, attached, coming);
    if (!mistakes.any()) return scenario;
    const bool is_new = mistakes.all_read_as().size() > meant_before;
    if (!is_new || reading == readings_max) mistakes.raise();
    mistakes.begin_again();
  }
}

Scenario read_again(const Scenario& scenario, const std::vector<Override>& overrides) {
  return read_scenario(scenario.source_text, scenario.file, overrides, scenario.attached);
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
