#include "sim/scenario/yaml_json.hpp"

#include <fmt/format.h>

#include "sim/base/json.hpp"
#include "sim/scenario/scalars.hpp"

namespace trimhorizon::reader {
namespace {

void write_scalar(const Node& node, JsonWriter& json) {
  if (node.in_quotes) return json.value(node.text);
  if (node.text == "true" || node.text == "false") return json.raw(node.text);
  if (is_json_number(node.text)) return json.raw(node.text);
  json.value(node.text);
}

void write(Mistakes& mistakes, const Node& node, JsonWriter& json) {
  if (!node.tag.empty()) {
    mistakes.error(node.at, fmt::format("the tag `{}` is not read here", node.tag));
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
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    if (node.find(node.keys[i].text) != &node.items[i]) {
      mistakes.error(node.keys[i].at,
                     fmt::format("{} stands here a second time", quoted(node.keys[i].text)),
                     "take one of them away");
    }
    json.key(node.keys[i].text);
    write(mistakes, node.items[i], json);
  }
  json.end_object();
}

void write_line(const Node& node, std::string& out) {
  if (node.is_nothing()) {
    out += "null";
  } else if (node.is_scalar()) {
    out += node.text;
  } else {
    out += node.is_list() ? '[' : '{';
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      if (i > 0) out += ", ";
      if (node.is_mapping()) out += node.keys[i].text + ": ";
      write_line(node.items[i], out);
    }
    out += node.is_list() ? ']' : '}';
  }
}

}  // namespace

std::string json_of(Mistakes& mistakes, const Node& node) {
  std::string text;
  JsonWriter json(text);
  write(mistakes, node, json);
  return text;
}

std::string on_one_line(const Node& node) {
  std::string out;
  write_line(node, out);
  return out;
}

}  // namespace trimhorizon::reader
