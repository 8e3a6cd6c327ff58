#include "sim/scenario/rewrite.hpp"

#include <algorithm>
#include <deque>

#include "sim/base/json.hpp"
#include "sim/scenario/overrides.hpp"
#include "sim/scenario/yaml_tree.hpp"

namespace trimhorizon {
namespace reader {
namespace {

constexpr std::size_t line_max = 96;

// May this plain scalar stand in {…} as it is?
bool is_plain_in_flow(std::string_view text) {
  if (text.empty() || text.find_first_of(",[]{}\n\"'") != std::string_view::npos) return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) {
    return false;
  }
  return text.back() != ':' &&
         std::string_view("&*!|>%@`?-#").find(text.front()) == std::string_view::npos;
}

bool is_number_below_zero(std::string_view text) {
  return text.size() > 1 && text[0] == '-' && text[1] >= '0' && text[1] <= '9';
}

std::string scalar_text(const Node& node) {
  std::string text;
  if (!node.in_quotes && (is_plain_in_flow(node.text) || is_number_below_zero(node.text))) {
    text = node.text;
  } else {
    append_json_string(text, node.text);
  }
  return node.tag.empty() ? text : node.tag + " " + text;
}

std::string flow_text(const Node& node) {
  if (node.is_nothing()) return node.text.empty() ? "null" : node.text;
  if (node.is_scalar()) return scalar_text(node);
  std::string text = node.is_list() ? "[" : "{";
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (i > 0) text += ", ";
    if (node.is_mapping()) text += scalar_text(node.keys[i]) + ": ";
    text += flow_text(node.items[i]);
  }
  return text + (node.is_list() ? "]" : "}");
}

// Entries on lines of their own, as long as one line does not hold them.
void write_block(std::string& out, const Node& node, std::size_t indent);

void write_value(std::string& out, const Node& value, std::size_t indent, std::size_t used) {
  const std::string flow = flow_text(value);
  const bool fits = used + flow.size() <= line_max || value.is_scalar() || value.items.empty();
  if (fits) {
    out += " " + flow + "\n";
  } else {
    out += "\n";
    write_block(out, value, indent + 2);
  }
}

void write_block(std::string& out, const Node& node, std::size_t indent) {
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::size_t start = out.size();
    out += std::string(indent, ' ') + (node.is_list() ? "-" : scalar_text(node.keys[i]) + ":");
    write_value(out, node.items[i], indent, out.size() - start + 1);
  }
}

Node parsed(std::string_view text, Mistakes& mistakes, std::uint32_t source) {
  std::optional<Node> root = parse_yaml(text, tree_budget, mistakes, source);
  if (!root) mistakes.raise();
  return *std::move(root);
}

void put_in(Mistakes& mistakes, Node& root, const Override& change, std::deque<std::string>& texts,
            PathBudget& budget) {
  texts.push_back(change.path + "=" + change.value);
  const std::uint32_t source = mistakes.add_source("--set", texts.back());
  Node path;
  path.kind = Node::Kind::scalar;
  path.text = change.path;
  path.at = {source, 0};
  const auto offset = static_cast<std::uint32_t>(change.path.size() + 1);
  std::optional<Node> value = parse_yaml(change.value, tree_budget, mistakes, source, offset);
  if (value) set_value(mistakes, root, path, *std::move(value), MayTouch::anything, budget);
}

void put_in_variant(Mistakes& mistakes, Node& root, const std::string& name, PathBudget& budget) {
  const Node* variants = root.find("variants");
  const Node* variant = variants != nullptr ? variants->find(name) : nullptr;
  const Node* found = variant != nullptr ? variant->find("set") : nullptr;
  if (found == nullptr) return;
  const Node sets = *found;
  for (std::size_t i = 0; i < sets.keys.size(); ++i) {
    set_value(mistakes, root, sets.keys[i], sets.items[i], MayTouch::same_traffic, budget);
  }
}

void leave_out(Node& root, const std::string& key) {
  for (std::size_t i = root.keys.size(); i-- > 0;) {
    if (root.keys[i].text != key) continue;
    root.keys.erase(root.keys.begin() + static_cast<std::ptrdiff_t>(i));
    root.items.erase(root.items.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

// At the place of the old value, or at the end.
void replace_value(Node& root, const std::string& key, Node value) {
  if (Node* old = root.find(key)) {
    *old = std::move(value);
    return;
  }
  Node name;
  name.kind = Node::Kind::scalar;
  name.text = key;
  root.keys.push_back(std::move(name));
  root.items.push_back(std::move(value));
}

// The value of a key, which is made when it is not there.
Node& value_of(Node& mapping, const std::string& name) {
  if (Node* found = mapping.find(name)) return *found;
  Node key;
  key.kind = Node::Kind::scalar;
  key.text = name;
  mapping.kind = Node::Kind::mapping;  // `billing:` alone is nothing
  mapping.keys.push_back(std::move(key));
  return mapping.items.emplace_back();
}

void append_entries(Node& root, const std::vector<std::string>& path, const Node& entries) {
  Node* at = &root;
  for (const std::string& name : path) at = &value_of(*at, name);
  at->kind = Node::Kind::list;
  at->items.insert(at->items.end(), entries.items.begin(), entries.items.end());
}

}  // namespace
}  // namespace reader

std::string rewrite_scenario(std::string_view text, const Rewrite& rewrite) {
  using namespace reader;
  Mistakes mistakes("scenario", text);
  Node root = parsed(text, mistakes, 0);
  PathBudget budget;
  std::deque<std::string> texts;  // their addresses stay
  for (const Override& change : rewrite.overrides) {
    put_in(mistakes, root, change, texts, budget);
  }
  if (!rewrite.variant.empty()) put_in_variant(mistakes, root, rewrite.variant, budget);
  for (const std::string& key : rewrite.leave_out) leave_out(root, key);
  for (const auto& [key, value] : rewrite.replace) {
    const std::string& kept = texts.emplace_back(value);
    replace_value(root, key, parsed(kept, mistakes, mistakes.add_source(key, kept)));
  }
  for (const Addition& each : rewrite.append) {
    const std::string& kept = texts.emplace_back(each.entries);
    append_entries(root, each.path,
                   parsed(kept, mistakes, mistakes.add_source(each.path.back(), kept)));
  }
  if (mistakes.any()) mistakes.raise();
  std::string out;
  write_block(out, root, 0);
  return out;
}

}  // namespace trimhorizon
