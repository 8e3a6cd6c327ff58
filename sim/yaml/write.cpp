#include "sim/yaml/write.hpp"

#include <fmt/format.h>

#include "sim/base/json.hpp"
#include "sim/base/medium.hpp"

namespace trimhorizon::reader {
namespace {

constexpr std::size_t line_max = 96;

// Can this plain scalar be written in {...} without quotes?
bool is_plain_in_flow(std::string_view text) {
  if (text.empty() || text.find_first_of(",[]{}\"'") != std::string_view::npos) return false;
  if (for_terminal(text) != text) return false;  // it has a character that only quotes can hold
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) {
    return false;
  }
  return text.back() != ':' &&
         std::string_view("&*!|>%@`?-#").find(text.front()) == std::string_view::npos;
}

bool is_number_below_zero(std::string_view text) {
  return text.size() > 1 && text[0] == '-' && text[1] >= '0' && text[1] <= '9';
}

std::string flow_scalar(const Node& node) {
  if (node.is_nothing()) return node.text.empty() ? "null" : node.text;
  std::string text;
  if (!node.in_quotes && (is_plain_in_flow(node.text) || is_number_below_zero(node.text))) {
    text = node.text;
  } else {
    append_json_string(text, node.text);
  }
  return node.tag.empty() ? text : node.tag + " " + text;
}

// Writes a list or a mapping on one line. `scalar` writes its scalars.
template <class Scalar>
std::string flow(const Node& node, Scalar&& scalar) {
  if (!node.is_list() && !node.is_mapping()) return scalar(node);
  std::string text = node.is_list() ? "[" : "{";
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (i > 0) text += ", ";
    if (node.is_mapping()) text += scalar(node.keys[i]) + ": ";
    text += flow(node.items[i], scalar);
  }
  return text + (node.is_list() ? "]" : "}");
}

// Writes each entry on its own line when one line is too short for all.
void write_block(std::string& out, const Node& node, std::size_t indent);

void write_value(std::string& out, const Node& value, std::size_t indent, std::size_t used) {
  const std::string text = flow(value, flow_scalar);
  const bool fits = used + text.size() <= line_max || value.is_scalar() || value.items.empty();
  if (fits) {
    out += " " + text + "\n";
  } else {
    out += "\n";
    write_block(out, value, indent + 2);
  }
}

void write_block(std::string& out, const Node& node, std::size_t indent) {
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::size_t start = out.size();
    out += std::string(indent, ' ') + (node.is_list() ? "-" : flow_scalar(node.keys[i]) + ":");
    write_value(out, node.items[i], indent, out.size() - start + 1);
  }
}

void write_scalar(const Node& node, JsonWriter& json) {
  if (node.in_quotes) return json.value(node.text);
  if (node.text == "true" || node.text == "false") return json.raw(node.text);
  if (is_json_number(node.text)) return json.raw(node.text);
  json.value(node.text);
}

void write(Mistakes& mistakes, const Node& node, JsonWriter& json) {
  if (!node.tag.empty()) {
    mistakes.error(node.at, fmt::format("the tag `{}` is not allowed here", node.tag));
  }
  switch (node.kind) {
    case Node::Kind::nothing: return json.null();
    case Node::Kind::scalar: return write_scalar(node, json);
    case Node::Kind::list:
      json.begin_array();
      for (const Node& item : node.items) write(mistakes, item, json);
      return json.end_array();
    case Node::Kind::mapping: break;
  }
  json.begin_object();
  for (const auto& [key, value] : entries_of(mistakes, node)) {
    json.key(key.text);
    write(mistakes, value, json);
  }
  json.end_object();
}

}  // namespace

bool is_json_number(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t first = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - first;
  };
  if (i < text.size() && text[i] == '-') ++i;
  const std::size_t first = i;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

std::string json_of(Mistakes& mistakes, const Node& node) {
  std::string text;
  JsonWriter json(text);
  write(mistakes, node, json);
  return text;
}

std::string on_one_line(const Node& node) {
  return flow(node, [](const Node& each) { return each.is_nothing() ? "null" : each.text; });
}

std::string yaml_of(const Node& root) {
  std::string out;
  write_block(out, root, 0);
  return out;
}

}  // namespace trimhorizon::reader
