#include "sim/format/schema.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/json.hpp"

namespace trimhorizon::reader {
namespace {

// The units from large to small; each may appear once.
#define TH_NUMBER "[0-9](_?[0-9])*(\\.[0-9]+)?"
#define TH_DURATION                                                                         \
  "(" TH_NUMBER "d)?( ?" TH_NUMBER "h)?( ?" TH_NUMBER "m)?( ?" TH_NUMBER "s)?( ?" TH_NUMBER \
  "ms)?( ?" TH_NUMBER "us)?"

constexpr std::string_view unsigned_pattern = "^(0|[1-9](_?[0-9])*)$";
constexpr std::string_view integer_pattern = "^-?(0|[1-9](_?[0-9])*)$";
// For our own keys, a number as a text is allowed only with underscores; other numbers in quotes
// are refused.
constexpr std::string_view grouped_integer_pattern = "^-?[1-9][0-9]*(_[0-9]+)+$";
constexpr std::string_view grouped_decimal_pattern = "^[0-9]+(_[0-9]+)+(\\.[0-9]+)?$";

using Members = Json::Object;

Json text_of(std::string_view text) { return {std::string(text)}; }
Json number(std::string_view digits) { return {Json::Number{std::string(digits)}}; }
Json number(std::int64_t value) { return number(fmt::format("{}", value)); }

Json words(const std::vector<std::string_view>& some) {
  Json::Array all;
  for (const std::string_view word : some) all.push_back(text_of(word));
  return {std::move(all)};
}

// "object or null" -> ["object", "null"]
Json types(std::string_view names) {
  std::vector<std::string_view> all;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = names.find(" or ");
    all.push_back(names.substr(0, end));
    if (end != std::string_view::npos) names.remove_prefix(end + 4);
  }
  return all.size() == 1 ? text_of(all.front()) : words(all);
}

// The members of two objects together.
Members both(Members first, Members second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Members pattern(std::string_view pattern, std::string_view names) {
  return {{"type", types(names)}, {"pattern", text_of(pattern)}};
}

Members bounds(const Form& form, const std::string& min_name, const std::string& max_name) {
  Members out;
  if (form.min != 0) out.emplace_back(min_name, number(form.min));
  if (form.max != unbounded) out.emplace_back(max_name, number(form.max));
  return out;
}

bool has_required_keys(const Block& block) {
  return std::any_of(block.keys.begin(), block.keys.end(),
                     [](const Key& key) { return key.is_required; });
}

// The name of a block in the definitions: its noun without marks and blanks.
std::string definition_name(const Block& block) {
  std::string name(block.noun);
  std::erase(name, '`');
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

Members reference(const Block& block) {
  return {{"$ref", text_of("#/definitions/" + definition_name(block))}};
}

Members form_schema(const Form& form, bool is_aws);

// When a value has several forms, or is an item of a list, nothing is none of the forms.
Members one_of_several(Form form, bool is_aws) {
  if (form.kind == Kind::block) form.min = 1;
  return form_schema(form, is_aws);
}

Members any_of(const std::vector<Form>& forms, bool is_aws) {
  if (forms.size() == 1) return form_schema(forms.front(), is_aws);
  Json::Array all;
  for (const Form& form : forms) all.push_back({one_of_several(form, is_aws)});
  return {{"anyOf", {std::move(all)}}};
}

// A text of digits is either `1_000`, which YAML 1.2 reads as a string, or a number in quotes. A
// pattern cannot compare numbers, but it can check the sign.
Members integer_schema(const Form& form, bool is_aws) {
  const std::string_view of_aws = form.min >= 0 ? unsigned_pattern : integer_pattern;
  Members number_form =
      both(pattern(is_aws ? of_aws : grouped_integer_pattern, "integer or string"),
           {{"minimum", number(form.min)}});
  if (form.max != unbounded) number_form.emplace_back("maximum", number(form.max));
  if (form.words.empty()) return number_form;
  Json::Array also;
  for (const std::string_view word : form.words) {
    also.push_back(number(word));
    also.push_back(text_of(word));
  }
  return {{"anyOf", {Json::Array{{Members{{"enum", {std::move(also)}}}}, {number_form}}}}};
}

Members boolean_schema(bool is_aws) {
  if (!is_aws) return {{"type", text_of("boolean")}};
  Json::Array all = {{true}, {false}};
  for (const std::string_view word : {"true", "True", "TRUE", "false", "False", "FALSE"}) {
    all.push_back(text_of(word));
  }
  return {{"enum", {std::move(all)}}};
}

Members comparison_schema(std::string_view its_pattern, std::string_view names) {
  Members one = pattern(its_pattern, names);
  if (names != "string") one.emplace_back("minimum", number(0));
  const Members several = {{"type", text_of("array")}, {"minItems", number(1)}, {"items", {one}}};
  return {{"anyOf", {Json::Array{{one}, {several}}}}};
}

// A reference hides what stands beside it.
Members block_schema(const Form& form) {
  const Members block = reference(*form.block);
  if (form.min == 0 || has_required_keys(*form.block)) return block;
  return {{"type", text_of("object")}, {"allOf", {Json::Array{{block}}}}};
}

Members list_schema(const Form& form) {
  const Members list = {{"type", types(form.min == 0 ? "array or null" : "array")}};
  return both(both(list, bounds(form, "minItems", "maxItems")),
              {{"items", {one_of_several(form.items.front(), false)}}});
}

// A mapping whose keys are names.
Members names_schema(const Form& form) {
  const Members names = {{"type", types(form.min == 0 ? "object or null" : "object")}};
  return both(names, bounds(form, "minProperties", "maxProperties"));
}

Members named_schema(const Form& form) {
  const Form& name = form.items.front();
  const Members its_name =
      both(bounds(name, "minLength", "maxLength"), {{"pattern", text_of(name.unit)}});
  return both(names_schema(form),
              {{"propertyNames", {its_name}}, {"additionalProperties", {reference(*form.block)}}});
}

Members map_schema(const Form& form) {
  Members out = names_schema(form);
  Members properties;
  for (std::size_t i = 0; i < form.words.size(); ++i) {
    properties.emplace_back(form.words[i], Json{form_schema(form.items[i], false)});
  }
  if (!properties.empty()) out.emplace_back("properties", Json{std::move(properties)});
  const auto others = form.items.begin() + static_cast<std::ptrdiff_t>(form.words.size());
  const bool is_closed = others == form.items.end();
  out.emplace_back("additionalProperties",
                   is_closed ? Json{false} : Json{any_of({others, form.items.end()}, false)});
  return out;
}

// A name; or a reference as templates have it: {Ref: orders}, {Fn::GetAtt: [orders, Arn]}. Editors
// take `!GetAtt [orders, Arn]` for a list.
Members thing_schema() {
  const Members text = {{"type", text_of("string")}};
  const Members pair = {{"type", text_of("array")},
                        {"items", {text}},
                        {"minItems", number(2)},
                        {"maxItems", number(2)}};
  const Members attribute = {{"anyOf", {Json::Array{{text}, {pair}}}}};
  const Members reference = {
      {"type", text_of("object")},
      {"additionalProperties", {false}},
      {"minProperties", number(1)},
      {"properties", {Members{{"Ref", {text}}, {"Fn::GetAtt", {attribute}}}}}};
  const Members name = {{"type", types("string or number or boolean")}};
  return {{"anyOf", {Json::Array{{name}, {pair}, {reference}}}}};
}

Members form_schema(const Form& form, bool is_aws) {
  switch (form.kind) {
    case Kind::integer: return integer_schema(form, is_aws);
    case Kind::boolean: return boolean_schema(is_aws);
    case Kind::word: return {{"enum", words(form.words)}};
    case Kind::block: return block_schema(form);
    case Kind::list: return list_schema(form);
    case Kind::named: return named_schema(form);
    case Kind::map: return map_schema(form);
    case Kind::count:
      return comparison_schema("^(<=|>=|==|!=|<|>|=)? *[0-9](_?[0-9])*(\\.[0-9]{1,3})? *$",
                               "number or string");
    case Kind::time_span:
      return comparison_schema("^(<=|>=|==|!=|<|>|=)? *(?=[0-9])" TH_DURATION " *$", "string");
    case Kind::nothing: return {{"type", text_of("null")}};
    case Kind::thing: return thing_schema();
    case Kind::record: return {{"type", types("string or number or boolean")}};
    case Kind::unix_time: return {{"type", types("number or string")}};
    case Kind::duration: return pattern("^(?=[0-9])" TH_DURATION "$", "string");
    case Kind::size: return pattern("^[0-9](_?[0-9])*(\\.[0-9]+)?(B|KiB|MiB|GiB)$", "string");
    case Kind::rate: return pattern("^[0-9](_?[0-9])*(\\.[0-9]{1,6})?/(s|m|h)$", "string");
    case Kind::percent:
      return pattern("^(0_?)*(1_?0_?0(\\.0+)?|[0-9](_?[0-9])?(\\.[0-9]{1,7}0*)?)%$", "string");
    case Kind::time:
      return pattern(
          "^[0-9]{4}-[0-9]{2}-[0-9]{2}"
          "([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|z|\\+00:00))?$",
          "string");
    case Kind::shard: return pattern("^shardId-[0-9]{12}$", "string");
    case Kind::hash_key:
      return both(pattern("^(0|[1-9][0-9]{0,38})$", "string or integer"), {{"minimum", number(0)}});
    case Kind::decimal:
      return both(pattern(grouped_decimal_pattern, "number or string"),
                  {{"minimum", number(form.min)}, {"maximum", number(form.max)}});
    case Kind::text:
      if (!form.unit.empty()) return pattern(form.unit, "string");
      return both({{"type", types("string or number or boolean or null")}},
                  bounds(form, "minLength", "maxLength"));
    case Kind::any:
    case Kind::ignored:
    case Kind::not_modelled:
    case Kind::not_for_kinesis: return {};
  }
  return {};
}

// For a key of which only one value is modelled so far.
Members modelled_schema(const Key& key) {
  const Kind kind = key.forms.front().kind;
  if (kind == Kind::list) return {{"type", types("array or null")}, {"maxItems", number(0)}};
  Json::Array values;
  if (kind == Kind::integer) values.push_back(number(key.modelled));
  values.push_back(text_of(key.modelled));
  return {{"enum", {std::move(values)}}};
}

Json default_value(Kind kind, const std::string& text) {
  if (kind == Kind::boolean) return {text == "true"};
  return kind == Kind::integer || kind == Kind::decimal ? number(text) : text_of(text);
}

Members key_schema(const Key& key) {
  const Kind kind = key.forms.front().kind;
  std::string text(kind == Kind::ignored ? "Accepted; it changes nothing here." : key.text);
  if (!key.rule.empty()) text += fmt::format("{}{}.", text.empty() ? "" : " ", key.rule);
  Members out = {{"description", {text}}};
  if (const std::string otherwise = key.default_text(); !otherwise.empty()) {
    out.emplace_back("default", default_value(kind, otherwise));
  }
  const bool all_modelled = key.modelled.empty();
  return both(out, all_modelled ? any_of(key.forms, key.is_aws()) : modelled_schema(key));
}

Json object_of_block(const Block& block) {
  std::vector<std::string_view> required;
  Members properties;
  Json::Array alternatives;
  Members companion;
  for (const Key& key : block.keys) {
    if (key.is_refused()) continue;
    if (key.is_required) required.push_back(key.name);
    const Json needs_it{Members{{"required", words({key.name})}}};
    if (key.is_alternative) alternatives.push_back(needs_it);
    if (!key.other_key.empty()) {
      const Json value{Members{{"enum", words({key.other_value})}}};
      const Json other{Members{{std::string(key.other_key), value}}};
      companion = {{"if", {Members{{"properties", other}}}},
                   {"then", needs_it},
                   {"else", {Members{{"not", needs_it}}}}};
    }
    properties.emplace_back(key.name, Json{key_schema(key)});
  }
  Members out = {{"type", types(required.empty() ? "object or null" : "object")},
                 {"additionalProperties", {false}}};
  if (!required.empty()) out.emplace_back("required", words(required));
  out.emplace_back("properties", Json{std::move(properties)});
  if (!alternatives.empty()) out.emplace_back("oneOf", Json{std::move(alternatives)});
  return {both(out, companion)};
}

}  // namespace

std::string schema_json(const Format& format, std::string_view title) {
  Members definitions;
  for (const Block* block : format.blocks()) {
    definitions.emplace_back(definition_name(*block), object_of_block(*block));
  }
  const Members schema = both(
      {{"$schema", text_of("http://json-schema.org/draft-07/schema#")}, {"title", text_of(title)}},
      both(reference(format.root()), {{"definitions", {std::move(definitions)}}}));
  std::string out;
  JsonWriter(out, 2).value(Json{schema});
  return out + '\n';
}

}  // namespace trimhorizon::reader
