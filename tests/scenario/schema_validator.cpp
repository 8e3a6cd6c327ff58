#include "tests/scenario/schema_validator.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "sim/base/utf8.hpp"

namespace trimhorizon::tests {
namespace {

long double number_of(const Json& json) { return std::stold(*json.number()); }

bool is_integer(const std::string& text) { return text.find_first_of(".eE") == std::string::npos; }

bool has_type(const Json& value, const std::string& type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.boolean() != nullptr;
  if (type == "string") return value.string() != nullptr;
  if (type == "array") return value.array() != nullptr;
  if (type == "object") return value.object() != nullptr;
  if (type == "integer") return value.number() && is_integer(*value.number());
  return type == "number" && value.number() != nullptr;
}

const std::regex& compiled(const std::string& pattern) {
  static std::map<std::string, std::regex> all;
  return all.try_emplace(pattern, pattern, std::regex::ECMAScript).first->second;
}

class Validator {
 public:
  explicit Validator(const Json& schema) : root_(schema) {}

  std::string check(const Json& schema, const Json& value, const std::string& path) {
    if (const Json* reference = schema.find("$ref")) return follow(*reference, value, path);
    for (const auto& [keyword, rule] : *schema.object()) {
      const std::string wrong = check_keyword(schema, keyword, rule, value, path);
      if (!wrong.empty()) return wrong;
    }
    return "";
  }

 private:
  // A reference replaces what stands beside it, says draft-07.
  std::string follow(const Json& reference, const Json& value, const std::string& path) {
    const std::string prefix = "#/definitions/";
    const std::string& target = *reference.string();
    if (!target.starts_with(prefix)) return path + ": the reference " + target;
    const Json* schema = root_.find("definitions")->find(target.substr(prefix.size()));
    return schema ? check(*schema, value, path) : path + ": no definition " + target;
  }

  std::string check_keyword(const Json& schema, const std::string& keyword, const Json& rule,
                            const Json& value, const std::string& path) {
    static const std::set<std::string> notes = {"$schema",     "title", "description", "default",
                                                "definitions", "then",  "else"};
    if (notes.contains(keyword)) return "";
    if (keyword == "type") return check_type(rule, value, path);
    if (keyword == "enum") {
      const auto& all = *rule.array();
      const bool there =
          std::any_of(all.begin(), all.end(), [&](const Json& each) { return each == value; });
      return there ? "" : path + ": not one of the words";
    }
    if (keyword == "anyOf") {
      std::string wrong;
      for (const Json& each : *rule.array()) {
        wrong = check(each, value, path);
        if (wrong.empty()) return "";
      }
      return wrong;
    }
    if (keyword == "allOf") {
      for (const Json& each : *rule.array()) {
        const std::string wrong = check(each, value, path);
        if (!wrong.empty()) return wrong;
      }
      return "";
    }
    if (keyword == "oneOf") {
      const auto& all = *rule.array();
      const auto fits = std::count_if(all.begin(), all.end(), [&](const Json& each) {
        return check(each, value, path).empty();
      });
      return fits == 1 ? "" : path + ": not just one of several";
    }
    if (keyword == "not") return check(rule, value, path).empty() ? path + ": too much" : "";
    if (keyword == "if") {
      const bool holds = check(rule, value, path).empty();
      return check(*schema.find(holds ? "then" : "else"), value, path);
    }
    if (value.string()) return check_string(keyword, rule, *value.string(), path);
    if (value.number()) return check_number(keyword, rule, value, path);
    if (value.array()) return check_array(keyword, rule, value, path);
    if (value.object()) return check_object(schema, keyword, rule, value, path);
    return "";
  }

  static std::string check_type(const Json& rule, const Json& value, const std::string& path) {
    if (rule.string() && has_type(value, *rule.string())) return "";
    if (rule.array()) {
      for (const Json& type : *rule.array()) {
        if (has_type(value, *type.string())) return "";
      }
    }
    return path + ": the type";
  }

  static std::string check_string(const std::string& keyword, const Json& rule,
                                  const std::string& text, const std::string& path) {
    if (keyword == "pattern") {
      return std::regex_search(text, compiled(*rule.string())) ? "" : path + ": the pattern";
    }
    const auto length = static_cast<long double>(count_code_points(text));
    if (keyword == "minLength" && length < number_of(rule)) return path + ": too short";
    if (keyword == "maxLength" && length > number_of(rule)) return path + ": too long";
    return "";
  }

  static std::string check_number(const std::string& keyword, const Json& rule, const Json& value,
                                  const std::string& path) {
    if (keyword == "minimum" && number_of(value) < number_of(rule)) return path + ": too small";
    if (keyword == "maximum" && number_of(value) > number_of(rule)) return path + ": too large";
    return "";
  }

  std::string check_array(const std::string& keyword, const Json& rule, const Json& value,
                          const std::string& path) {
    const auto& items = *value.array();
    const auto size = static_cast<long double>(items.size());
    if (keyword == "minItems" && size < number_of(rule)) return path + ": too few items";
    if (keyword == "maxItems" && size > number_of(rule)) return path + ": too many items";
    if (keyword != "items") return "";
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string wrong = check(rule, items[i], path + "/" + std::to_string(i));
      if (!wrong.empty()) return wrong;
    }
    return "";
  }

  std::string check_object(const Json& schema, const std::string& keyword, const Json& rule,
                           const Json& value, const std::string& path) {
    const auto& members = *value.object();
    const auto size = static_cast<long double>(members.size());
    if (keyword == "minProperties" && size < number_of(rule)) return path + ": too few";
    if (keyword == "required") {
      for (const Json& name : *rule.array()) {
        if (!value.find(*name.string())) return path + ": `" + *name.string() + "` is missing";
      }
      return "";
    }
    for (const auto& [name, member] : members) {
      const std::string there = path + "/" + name;
      std::string wrong;
      const Json* properties = schema.find("properties");
      const Json* known = properties ? properties->find(name) : nullptr;
      if (keyword == "properties" && known) wrong = check(*known, member, there);
      if (keyword == "propertyNames") wrong = check(rule, Json{name}, there);
      if (keyword == "additionalProperties" && !known) {
        wrong = rule.boolean() ? there + ": not a property" : check(rule, member, there);
      }
      if (!wrong.empty()) return wrong;
    }
    return "";
  }

  const Json& root_;
};

}  // namespace

std::string schema_violation(const Json& schema, const Json& value) {
  return Validator(schema).check(schema, value, "");
}

}  // namespace trimhorizon::tests
