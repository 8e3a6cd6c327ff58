// The JSON Schema (draft-07) of a scenario, written off the table of keys: editors complete keys,
// show their sentences and mark what the reader would refuse. It knows one value at a time; what
// several values must agree on only the reader knows.
#include <algorithm>

#include <fmt/format.h>

#include "sim/base/json.hpp"
#include "sim/scenario/keys.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon {
namespace reader {
namespace {

// Units from large to small, each at most once.
#define TH_NUMBER "[0-9](_?[0-9])*(\\.[0-9]+)?"
#define TH_DURATION                                                                 \
  "(" TH_NUMBER "d)?(" TH_NUMBER "h)?(" TH_NUMBER "m)?(" TH_NUMBER "s)?(" TH_NUMBER \
  "ms)?"                                                                            \
  "(" TH_NUMBER "us)?"

constexpr std::string_view unsigned_pattern = "^(0|[1-9](_?[0-9])*)$";
constexpr std::string_view integer_pattern = "^-?(0|[1-9](_?[0-9])*)$";
// Of our own keys a text of digits is one that has underscores; a numeral in quotes is refused.
constexpr std::string_view grouped_integer_pattern = "^-?[1-9][0-9]*(_[0-9]+)+$";
constexpr std::string_view grouped_decimal_pattern = "^[0-9]+(_[0-9]+)+(\\.[0-9]+)?$";
constexpr std::string_view duration_pattern = "^(?=[0-9])" TH_DURATION "$";
constexpr std::string_view size_pattern = "^[0-9](_?[0-9])*(\\.[0-9]+)?(B|KiB|MiB|GiB)$";
constexpr std::string_view rate_pattern = "^[0-9](_?[0-9])*(\\.[0-9]{1,6})?/(s|m|h)$";
constexpr std::string_view percent_pattern =
    "^(0_?)*(1_?0_?0(\\.0+)?|[0-9](_?[0-9])?(\\.[0-9]{1,7}0*)?)%$";
constexpr std::string_view time_pattern =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    "([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|z|\\+00:00))?$";
constexpr std::string_view shard_pattern = "^shardId-[0-9]{12}$";
constexpr std::string_view hash_key_pattern = "^(0|[1-9][0-9]{0,38})$";
constexpr std::string_view count_pattern =
    "^(<=|>=|==|!=|<|>|=)? *[0-9](_?[0-9])*(\\.[0-9]{1,3})? *$";
constexpr std::string_view time_span_pattern = "^(<=|>=|==|!=|<|>|=)? *(?=[0-9])" TH_DURATION " *$";

// The name of a block among the definitions: its noun without marks and blanks.
std::string definition_name(const Block& block) {
  std::string name;
  for (const char c : block.noun) {
    if (c != '`') name += c == ' ' ? '_' : c;
  }
  return name;
}

bool has_required_keys(const Block& block) {
  return std::any_of(block.keys.begin(), block.keys.end(),
                     [](const Key& key) { return key.need.required; });
}

class SchemaWriter {
 public:
  explicit SchemaWriter(std::string& out) : json_(out, 2) {}

  void write() {
    json_.begin_object();
    json_.member("$schema", "http://json-schema.org/draft-07/schema#");
    json_.member("title", "Trimhorizon scenario, format 1");
    json_.member("$ref", "#/definitions/scenario");
    json_.key("definitions");
    json_.begin_object();
    for (const Block* block : all_blocks()) {
      json_.key(definition_name(*block));
      write_block(*block);
    }
    json_.end_object();
    json_.end_object();
  }

 private:
  void write_block(const Block& block) {
    json_.begin_object();
    const bool any_required = has_required_keys(block);
    write_type(any_required ? "object" : "object or null");
    json_.member("additionalProperties", false);
    if (any_required) {
      json_.key("required");
      json_.begin_array();
      for (const Key& key : block.keys) {
        if (key.need.required) json_.value(key.name);
      }
      json_.end_array();
    }
    json_.key("properties");
    json_.begin_object();
    for (const Key& key : block.keys) {
      const Kind kind = key.forms.front().kind;
      if (kind == Kind::not_modelled || kind == Kind::not_for_kinesis) continue;
      json_.key(key.name);
      write_key(key);
    }
    json_.end_object();
    write_alternatives(block.one_of);
    if (block.companion) write_companion(*block.companion);
    json_.end_object();
  }

  // Just one of these keys.
  void write_alternatives(const std::vector<std::string_view>& keys) {
    if (keys.empty()) return;
    json_.key("oneOf");
    json_.begin_array();
    for (const std::string_view key : keys) write_object_that("required", {key});
    json_.end_array();
  }

  void write_companion(const Companion& companion) {
    json_.key("if");
    json_.begin_object();
    json_.key("properties");
    json_.begin_object();
    json_.key(companion.goes_with);
    write_object_that("enum", {companion.value});
    json_.end_object();
    json_.end_object();
    json_.key("then");
    write_object_that("required", {companion.key});
    json_.key("else");
    json_.begin_object();
    json_.key("not");
    write_object_that("required", {companion.key});
    json_.end_object();
  }

  void write_object_that(std::string_view keyword, const std::vector<std::string_view>& words) {
    json_.begin_object();
    write_words(keyword, words);
    json_.end_object();
  }

  void write_key(const Key& key) {
    json_.begin_object();
    std::string text(key.text);
    if (key.forms.front().kind == Kind::ignored) text = "Accepted; of no meaning here.";
    if (!key.rule.empty()) text += fmt::format(" {}.", key.rule);
    json_.member("description", text);
    write_default(key);
    if (key.modelled.empty()) {
      write_forms(key.forms, key.is_aws());
    } else {
      write_modelled(key);
    }
    json_.end_object();
  }

  void write_default(const Key& key) {
    if (key.need.value_otherwise.empty()) return;
    const Kind kind = key.forms.front().kind;
    json_.key("default");
    if (kind == Kind::integer || kind == Kind::decimal || kind == Kind::boolean) {
      json_.raw(key.need.value_otherwise);
    } else {
      json_.value(key.need.value_otherwise);
    }
  }

  // Of a key whose other values are not modelled yet.
  void write_modelled(const Key& key) {
    const Kind kind = key.forms.front().kind;
    if (kind == Kind::list) {
      write_type("array or null");
      json_.member("maxItems", 0);
      return;
    }
    json_.key("enum");
    json_.begin_array();
    if (kind == Kind::integer) json_.raw(key.modelled);
    json_.value(key.modelled);
    json_.end_array();
  }

  // Where a value may have several forms, or is an entry of a list, nothing is none of them.
  void write_forms(std::vector<Form> forms, bool is_aws) {
    if (forms.size() == 1) return write_form(forms.front(), is_aws);
    json_.key("anyOf");
    json_.begin_array();
    for (Form& form : forms) {
      if (form.kind == Kind::block) form.min = 1;
      json_.begin_object();
      write_form(form, is_aws);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_form(const Form& form, bool is_aws) {
    switch (form.kind) {
      case Kind::integer: return write_integer(form, is_aws);
      case Kind::decimal: return write_decimal(form);
      case Kind::boolean: return write_boolean(is_aws);
      case Kind::text: return write_text(form);
      case Kind::word: return write_words("enum", form.words);
      case Kind::block: return write_nested(form);
      case Kind::list: return write_list(form);
      case Kind::named: return write_named(form);
      case Kind::map: return write_map(form);
      case Kind::count: return write_comparisons(count_pattern, "number or string");
      case Kind::time_span: return write_comparisons(time_span_pattern, "string");
      case Kind::nothing: return write_type("null");
      case Kind::thing: return write_type("string or number or boolean");
      case Kind::unix_time: return write_type("number or string");
      case Kind::duration: return write_pattern(duration_pattern, "string");
      case Kind::size: return write_pattern(size_pattern, "string");
      case Kind::rate: return write_pattern(rate_pattern, "string");
      case Kind::percent: return write_pattern(percent_pattern, "string");
      case Kind::time: return write_pattern(time_pattern, "string");
      case Kind::shard: return write_pattern(shard_pattern, "string");
      case Kind::hash_key:
        write_pattern(hash_key_pattern, "string or integer");
        return json_.member("minimum", 0);
      case Kind::any:
      case Kind::ignored:
      case Kind::not_modelled:
      case Kind::not_for_kinesis: return;
    }
  }

  // "object or null" -> ["object", "null"]
  void write_type(std::string_view types) {
    json_.key("type");
    if (types.find(" or ") == std::string_view::npos) return json_.value(types);
    json_.begin_array();
    while (!types.empty()) {
      const std::size_t end = types.find(" or ");
      json_.value(types.substr(0, end));
      types.remove_prefix(end == std::string_view::npos ? types.size() : end + 4);
    }
    json_.end_array();
  }

  void write_pattern(std::string_view pattern, std::string_view types) {
    write_type(types);
    json_.member("pattern", pattern);
  }

  void write_reference(const Block& block) {
    json_.member("$ref", "#/definitions/" + definition_name(block));
  }

  // A reference hides what stands beside it.
  void write_nested(const Form& form) {
    if (form.min == 0 || has_required_keys(form.block())) return write_reference(form.block());
    write_type("object");
    json_.key("allOf");
    json_.begin_array();
    json_.begin_object();
    write_reference(form.block());
    json_.end_object();
    json_.end_array();
  }

  void write_words(std::string_view keyword, const std::vector<std::string_view>& words) {
    json_.key(keyword);
    json_.begin_array();
    for (const std::string_view word : words) json_.value(word);
    json_.end_array();
  }

  void write_bounds(std::string_view min_name, std::string_view max_name, const Form& form) {
    if (form.min != 0) json_.member(min_name, form.min);
    if (form.max != std::numeric_limits<std::int64_t>::max()) json_.member(max_name, form.max);
  }

  // A text of digits is `1_000`, which YAML 1.2 calls a string, or a numeral in quotes.
  void write_integer(const Form& form, bool is_aws) {
    if (!form.words.empty()) {
      json_.key("anyOf");
      json_.begin_array();
      json_.begin_object();
      json_.key("enum");
      json_.begin_array();
      for (const std::string_view word : form.words) {
        json_.raw(word);
        json_.value(word);
      }
      json_.end_array();
      json_.end_object();
      json_.begin_object();
    }
    // A pattern cannot compare, but it can tell the sign.
    const bool signless = is_aws && form.min >= 0;
    write_pattern(!is_aws    ? grouped_integer_pattern
                  : signless ? unsigned_pattern
                             : integer_pattern,
                  "integer or string");
    json_.member("minimum", form.min);
    if (form.max != std::numeric_limits<std::int64_t>::max()) json_.member("maximum", form.max);
    if (form.words.empty()) return;
    json_.end_object();
    json_.end_array();
  }

  void write_decimal(const Form& form) {
    write_pattern(grouped_decimal_pattern, "number or string");
    json_.member("minimum", form.min / 1'000'000);
    json_.member("maximum", form.max / 1'000'000);
  }

  void write_boolean(bool is_aws) {
    if (!is_aws) return write_type("boolean");
    json_.key("enum");
    json_.begin_array();
    json_.value(true);
    json_.value(false);
    for (const std::string_view word : {"true", "True", "TRUE", "false", "False", "FALSE"}) {
      json_.value(word);
    }
    json_.end_array();
  }

  void write_text(const Form& form) {
    write_type("string or number or boolean or null");
    write_bounds("minLength", "maxLength", form);
  }

  void write_list(const Form& form) {
    write_type(form.min == 0 ? "array or null" : "array");
    write_bounds("minItems", "maxItems", form);
    json_.key("items");
    json_.begin_object();
    Form item = form.items.front();
    if (item.kind == Kind::block) item.min = 1;
    write_form(item, false);
    json_.end_object();
  }

  void write_named(const Form& form) {
    write_type(form.min == 0 ? "object or null" : "object");
    write_bounds("minProperties", "maxProperties", form);
    json_.key("propertyNames");
    json_.begin_object();
    write_bounds("minLength", "maxLength", form.items[0]);
    json_.member("pattern", form.items[0].unit);
    json_.end_object();
    json_.key("additionalProperties");
    json_.begin_object();
    write_reference(form.block());
    json_.end_object();
  }

  void write_map(const Form& form) {
    write_type(form.min == 0 ? "object or null" : "object");
    write_bounds("minProperties", "maxProperties", form);
    const auto others = form.items.begin() + static_cast<std::ptrdiff_t>(form.words.size());
    const std::vector<Form> of_others(others, form.items.end());
    if (!form.words.empty()) {
      json_.key("properties");
      json_.begin_object();
      for (std::size_t i = 0; i < form.words.size(); ++i) {
        json_.key(form.words[i]);
        json_.begin_object();
        write_form(form.items[i], false);
        json_.end_object();
      }
      json_.end_object();
    }
    if (of_others.empty()) return json_.member("additionalProperties", false);
    json_.key("additionalProperties");
    json_.begin_object();
    write_forms(of_others, false);
    json_.end_object();
  }

  void write_comparisons(std::string_view pattern, std::string_view types) {
    json_.key("anyOf");
    json_.begin_array();
    json_.begin_object();
    write_comparison(pattern, types);
    json_.end_object();
    json_.begin_object();
    write_type("array");
    json_.member("minItems", 1);
    json_.key("items");
    json_.begin_object();
    write_comparison(pattern, types);
    json_.end_object();
    json_.end_object();
    json_.end_array();
  }

  void write_comparison(std::string_view pattern, std::string_view types) {
    write_pattern(pattern, types);
    if (types != "string") json_.member("minimum", 0);
  }

  JsonWriter json_;
};

}  // namespace
}  // namespace reader

std::string scenario_schema_json() {
  std::string out;
  reader::SchemaWriter(out).write();
  out += '\n';
  return out;
}

}  // namespace trimhorizon
