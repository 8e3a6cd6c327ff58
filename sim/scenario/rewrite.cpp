#include "sim/scenario/rewrite.hpp"

#include <algorithm>

#include "sim/scenario/variants.hpp"
#include "sim/yaml/tree.hpp"
#include "sim/yaml/write.hpp"

namespace trimhorizon {
namespace reader {
namespace {

Node parsed(Mistakes& mistakes, std::uint32_t source) {
  std::optional<Node> root = parse_yaml(mistakes.source(source), {}, mistakes, source);
  if (!root) mistakes.raise();
  return *std::move(root);
}

void put_in_variant(Pass& pass, Node& root, const std::string& name) {
  const Node* found = root.find("variants");
  for (const std::string& key : {name, std::string("set")})
    found = found ? found->find(key) : found;
  if (!found) return;
  const Node sets = *found;
  apply_sets(pass, root, sets);
}

void append_entries(Node& root, const std::vector<std::string>& path, const Node& entries) {
  Node* at = &root;
  for (const std::string& name : path) at = &at->value_of(scalar_node(name));
  at->kind = Node::Kind::list;
  at->items.insert(at->items.end(), entries.items.begin(), entries.items.end());
}

}  // namespace
}  // namespace reader

std::string rewrite_scenario(std::string_view text, const Rewrite& rewrite) {
  using namespace reader;
  Mistakes mistakes("scenario", text);
  Node root = parsed(mistakes, 0);
  Pass pass{mistakes, "scenario", text};
  apply_overrides(pass, root, rewrite.overrides);
  if (!rewrite.variant.empty()) put_in_variant(pass, root, rewrite.variant);
  for (const std::string& key : rewrite.leave_out) {
    while (root.find(key)) root.erase(key);
  }
  for (const auto& [key, value] : rewrite.replace) {
    root.value_of(scalar_node(key)) = parsed(mistakes, mistakes.add_source(key, value));
  }
  for (const Addition& each : rewrite.append) {
    append_entries(root, each.path,
                   parsed(mistakes, mistakes.add_source(each.path.back(), each.entries)));
  }
  if (mistakes.any()) mistakes.raise();
  return yaml_of(root);
}

}  // namespace trimhorizon
