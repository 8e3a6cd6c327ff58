#include "sim/format/value.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/base/format.hpp"
#include "sim/base/utf8.hpp"
#include "sim/format/key.hpp"
#include "sim/kinesis/hash_key.hpp"
#include "sim/kinesis/sequence_number.hpp"

namespace trimhorizon::reader {
namespace {

bool is_aws(std::string_view name) { return !name.empty() && name[0] >= 'A' && name[0] <= 'Z'; }

// Reports "NAME must be ...".
void say(Notes& notes, const Value& value, const Problem& problem) {
  notes.error(value.node.at, fmt::format("{} {}", value.name, problem.message), problem.suggestion);
}

// The same about a value of the wrong kind. Without a better suggestion the example says the right
// one.
void say_kind(Notes& notes, const Value& value, Problem problem) {
  if (problem.suggestion.empty() && !value.example.empty()) {
    problem.suggestion = fmt::format("for example {}: {}", value.name, value.example);
  }
  say(notes, value, problem);
}

// Reads a scalar with this function. `wanted` says what it should be.
template <class Read>
auto scalar(Notes& notes, const Value& value, std::string_view wanted, Read&& read)
    -> decltype(read(std::string()).value) {
  const std::string* text = scalar_text(notes, value, wanted);
  if (!text) return std::nullopt;
  const auto reading = read(*text);
  if (!reading.value) say(notes, value, reading.problem);
  return reading.value;
}

// Reads a number, or true or false. Numbers of AWS keys may be in quotes, ours may not.
template <class Read>
auto unquoted(Notes& notes, const Value& value, std::string_view wanted, Read&& read) {
  return scalar(notes, value, wanted, [&](const std::string& text) -> decltype(read(text)) {
    if (!value.node.in_quotes || is_aws(value.name)) return read(text);
    return Problem{fmt::format("must be {}, not a text in quotes", wanted),
                   fmt::format("write {} without quotes", quoted(text))};
  });
}

template <class T>
bool take(std::optional<T> given, T& out) {
  if (given) out = *std::move(given);
  return given.has_value();
}

std::string shown(const std::string& text) { return text.empty() ? "an empty text" : quoted(text); }

// The number that the user meant: 30 for "30s" when the unit is seconds. The same for sizes in
// bytes, KiB and MiB.
std::optional<std::int64_t> meant_in_unit(std::string_view text, std::string_view unit) {
  if (unit == "seconds" || unit == "hours" || unit == "ms") {
    const Reading<Duration> duration = read_duration(text, "s");
    const std::int64_t one = unit == "hours" ? hours(1).us
                             : unit == "ms"  ? milliseconds(1).us
                                             : seconds(1).us;
    if (duration.value && duration.value->us % one == 0) return duration.value->us / one;
  } else if (unit == "bytes" || unit == "KiB" || unit == "MiB") {
    std::string size_text(text);
    for (const std::string_view loose : {"KB", "MB", "GB", "kB"}) {
      if (text.ends_with(loose)) size_text.insert(size_text.size() - 1, 1, 'i');
    }
    const Reading<std::int64_t> size = read_size(size_text);
    const std::int64_t one = unit == "bytes" ? 1 : unit == "KiB" ? 1 << 10 : 1 << 20;
    if (size.value && *size.value % one == 0) return *size.value / one;
  }
  return std::nullopt;
}

// "-1 or from 60 to 604800"
std::string bounds_of(const Form& form) {
  std::string bounds;
  for (const std::string_view word : form.words) bounds += fmt::format("{} or ", word);
  const std::int64_t max = std::min(form.max, form.usual_max);
  return bounds + (form.min == max    ? fmt::format("{}", max)
                   : max == unbounded ? fmt::format("at least {}", form.min)
                                      : fmt::format("from {} to {}", form.min, max));
}

// "up to 5400 only with CapacityProviderConfig"
std::string said_of_larger(const Form& form) {
  if (form.larger_with.empty()) return {};
  return fmt::format("up to {} only with {}", form.max, form.larger_with);
}

Reading<std::int64_t> within(const Form& form, std::int64_t number, const std::string& text) {
  const auto& words = form.words;
  if (number >= form.min && number <= form.max) return number;
  if (std::find(words.begin(), words.end(), text) != words.end()) return number;
  return Problem{fmt::format("must be {}, not {}", bounds_of(form), text), said_of_larger(form)};
}

// A number with a unit for a key that has its own. What the message says to write is allowed.
Problem with_a_unit(const Form& form, std::int64_t meant, const std::string& text) {
  if (meant >= form.min && meant <= std::min(form.max, form.usual_max)) {
    return {fmt::format("is in {}, as in {}: write {}", form.unit, form.as_in, meant)};
  }
  const std::string larger = said_of_larger(form);
  return {fmt::format("must be {} {}, not {}", bounds_of(form), form.unit, text),
          fmt::format("write the number of {} without a unit, as in {}{}{}", form.unit, form.as_in,
                      larger.empty() ? "" : "; ", larger)};
}

Reading<std::int64_t> integer_of(const Form& form, const std::string& text) {
  Reading<std::int64_t> reading = read_integer(text);
  if (reading.value) return within(form, *reading.value, text);
  std::string& suggestion = reading.problem.suggestion;
  const auto& words = form.words;
  const bool minus_one =
      form.min == -1 || std::find(words.begin(), words.end(), "-1") != words.end();
  const bool letters = !text.empty() && text.find_first_of("0123456789") == std::string::npos;
  if (suggestion.empty() && minus_one && letters) suggestion = "write -1: without a limit";
  if (form.unit.empty() || !suggestion.empty()) return reading;
  if (const auto meant = meant_in_unit(text, form.unit)) return with_a_unit(form, *meant, text);
  suggestion = fmt::format("it is in {}, as in {}", form.unit, form.as_in);
  return reading;
}

Reading<std::int64_t> decimal_of(const Form& form, int digits, const std::string& text) {
  const Reading<std::int64_t> reading = read_decimal(text, digits);
  std::int64_t one = 1;
  for (int i = 0; i < digits; ++i) one *= 10;
  if (!reading.value) return reading;
  if (*reading.value >= form.min * one && *reading.value <= form.max * one) return reading;
  return Problem{fmt::format("must be from {} to {}, not {}", form.min, form.max, text)};
}

Reading<std::int64_t> size_of(const Form& form, const std::string& text) {
  const Reading<std::int64_t> reading = read_size(text);
  if (!reading.value || *reading.value >= form.min) return reading;
  return Problem{fmt::format("must be at least {}B", form.min)};
}

Reading<std::int64_t> shard_of(const std::string& text) {
  if (const auto number = parse_shard_id(text)) return std::int64_t{*number};
  const std::int64_t number = read_integer(text).value.value_or(0);
  const bool may_be = number >= 0 && number < 1'000'000;
  return Problem{fmt::format("must be the id of a shard, not {}", quoted(text)),
                 fmt::format("ids of shards look like shardId-{:012}", may_be ? number : 0)};
}

Reading<bool> boolean_of(const std::string& text) {
  const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
  };
  if (is_one_of({"true", "True", "TRUE"})) return true;
  if (is_one_of({"false", "False", "FALSE"})) return false;
  std::string suggestion;
  if (is_one_of({"yes", "Yes", "on", "On", "1", "y"})) suggestion = "write true";
  if (is_one_of({"no", "No", "off", "Off", "0", "n"})) suggestion = "write false";
  return Problem{fmt::format("must be true or false, not {}", shown(text)), suggestion};
}

Reading<std::string> text_of(const Form& form, const std::string& text) {
  const auto length = static_cast<std::int64_t>(count_code_points(text));
  if (length < form.min) return Problem{"is empty"};
  if (length <= form.max) return text;
  return Problem{fmt::format("has {} characters: at most {} are allowed", length, form.max)};
}

Reading<std::string> hash_key_of(const std::string& text) {
  if (parse_hash_key(text)) return text;
  return Problem{fmt::format(
      "must be a whole number from 0 to 2^128-1 without leading zeros, not {}", shown(text))};
}

// A block with required keys needs no message of its own: its missing keys are reported anyway.
bool has_only_optional_keys(const Form& item) {
  return item.block && std::none_of(item.block->keys.begin(), item.block->keys.end(),
                                    [](const Key& key) { return key.is_required; });
}

// How to write this value as a list of one; empty when that is not clear.
std::string written_in_list(const Value& value) {
  const Node& node = value.node;
  const Form& item = value.form.items.front();
  if (node.is_mapping()) {
    if (!item.block) return {};
    return node.flow ? "write [{…}], with brackets around it" : "write `- ` before its first key";
  }
  if (!node.tag.empty() || node.text.size() >= 40) return {};
  const std::string text = item.block ? written_in_block(*item.block, node) : node.text;
  return text.empty() ? "" : fmt::format("write [{}]", text);
}

}  // namespace

void Notes::note_not_modelled(std::string what) {
  const bool is_new =
      std::find(not_modelled.begin(), not_modelled.end(), what) == not_modelled.end();
  if (is_new) not_modelled.push_back(std::move(what));
}

void Notes::warn(Mark at, const std::string& message) {
  const auto [found, is_new] = warned.try_emplace(message, Warned{warnings.size(), at});
  if (is_new) return warnings.push_back(mistakes.warning(at, message));
  Warned& known = found->second;
  known.first = std::min(known.first, at);
  known.more += 1;
  warnings[known.number] =
      mistakes.warning(known.first, fmt::format("{} (and {} more like it)", message, known.more));
}

const std::string* scalar_text(Notes& notes, const Value& value, std::string_view wanted) {
  const Node& node = value.node;
  if (node.is_scalar() && node.tag.empty()) return &node.text;
  if (node.is_scalar()) {
    notes.error(node.at, fmt::format("the tag `{}` is not allowed here", node.tag),
                fmt::format("write {} without a tag", wanted));
  } else {
    say_kind(notes, value, {fmt::format("must be {}, not {}", wanted, describe(node))});
  }
  return nullptr;
}

std::optional<std::int64_t> number_value(Notes& notes, const Value& value) {
  const Form& form = value.form;
  const std::string& text = value.node.text;
  const auto decimal = [&](int digits) {
    return unquoted(notes, value, "a number",
                    [&](const std::string& text) { return decimal_of(form, digits, text); });
  };
  switch (form.kind) {
    case Kind::integer:
      return unquoted(notes, value, "a whole number",
                      [&](const std::string& text) { return integer_of(form, text); });
    case Kind::decimal: return decimal(form.digits);
    case Kind::unix_time:
      if (text.starts_with('-') || text.find('-') == std::string::npos) return decimal(3);
      [[fallthrough]];  // a date
    case Kind::time: return scalar(notes, value, "a time", read_wall_time);
    case Kind::shard: return scalar(notes, value, "the id of a shard", shard_of);
    default:
      TH_CHECK(form.kind == Kind::size);
      return scalar(notes, value, "a size",
                    [&](const std::string& text) { return size_of(form, text); });
  }
}

std::optional<std::uint32_t> word_value(Notes& notes, const Value& value) {
  constexpr std::size_t told_at_once = 5;
  const std::vector<std::string_view>& words = value.form.words;
  const bool few = words.size() <= told_at_once;
  const std::string all = listed(words);
  const auto read = [&](const std::string& text) -> Reading<std::uint32_t> {
    const auto found = std::find(words.begin(), words.end(), text);
    if (found != words.end()) return static_cast<std::uint32_t>(found - words.begin());
    std::string suggestion;
    if (notes.mistakes.worth_a_suggestion()) suggestion = did_you_mean(text, words);
    if (!few && suggestion.empty()) suggestion = "write one of " + all;
    if (value.has_other_forms && suggestion.empty() && !value.example.empty()) {
      suggestion = fmt::format("for example {}: {}", value.name, value.example);
    }
    return Problem{few ? fmt::format("must be {}, not {}", all, shown(text))
                       : fmt::format("cannot be {}", shown(text)),
                   suggestion};
  };
  return scalar(notes, value, few ? all : "one of the allowed words", read);
}

bool is_list_of(Notes& notes, const Value& value) {
  const Node& node = value.node;
  if (!node.is_list() && !node.is_nothing()) {
    say_kind(notes, value,
             {fmt::format("must be a list, not {}", describe(node)), written_in_list(value)});
    return false;
  }
  if (!node.tag.empty()) {
    notes.error(node.at, fmt::format("the tag `{}` is not allowed here", node.tag));
    return false;
  }
  const bool may_be_nothing = !has_only_optional_keys(value.form.items.front());
  for (const Node& item : node.items) {
    if (may_be_nothing || !item.is_nothing()) continue;
    notes.error(item.at, fmt::format("an entry of {} is empty", value.name),
                "write {} for an entry with all defaults, or remove it");
  }
  const auto size = static_cast<std::int64_t>(node.items.size());
  const auto [min, max] = std::pair(value.form.min, value.form.max);
  if (size >= min && size <= max) return true;
  say(notes, value,
      {size == 0    ? "is an empty list"
       : size < min ? fmt::format("has too few items: {} are needed, not {}", min, size)
                    : fmt::format("has {} items: at most {} are allowed", size, max)});
  return false;
}

bool read_value(Notes& notes, const Value& value, std::string& out) {
  const Node& node = value.node;
  const auto keep_text = [&](bool right) {
    if (right) out = node.text;
    return right;
  };
  switch (value.form.kind) {
    case Kind::word: return keep_text(word_value(notes, value).has_value());
    case Kind::shard: return keep_text(number_value(notes, value).has_value());
    case Kind::hash_key: return take(scalar(notes, value, "a decimal number", hash_key_of), out);
    default: break;
  }
  // Where a text is wanted, `null` and `~` are texts. Only a missing value is nothing.
  if (node.is_nothing() && !node.text.empty()) return keep_text(true);
  const auto read = [&](const std::string& text) { return text_of(value.form, text); };
  return take(scalar(notes, value, "a text", read), out);
}

bool read_value(Notes& notes, const Value& value, bool& out) {
  if (value.form.kind == Kind::boolean) {
    return take(unquoted(notes, value, "true or false", boolean_of), out);
  }
  const std::optional<std::uint32_t> word = word_value(notes, value);
  if (word) out = *word == 1;
  return word.has_value();
}

bool read_value(Notes& notes, const Value& value, Duration& out) {
  const auto read = [&](const std::string& text) -> Reading<Duration> {
    const Reading<Duration> reading = read_duration(text, value.form.unit);
    if (!reading.value) return reading;
    if (reading.value->us < value.form.min) return Problem{"must be longer than 0s"};
    if (reading.value->us <= value.form.max) return reading;
    return Problem{fmt::format("must be at most {}", written(Duration{value.form.max}))};
  };
  return take(scalar(notes, value, "a duration", read), out);
}

bool read_value(Notes& notes, const Value& value, Instant& out) {
  Duration since_beginning = out - Instant{};
  const bool right = read_value(notes, value, since_beginning);
  out = Instant{} + since_beginning;
  return right;
}

bool read_value(Notes& notes, const Value& value, Rate& out) {
  return take(scalar(notes, value, "a rate", read_rate), out);
}

bool read_value(Notes& notes, const Value& value, Probability& out) {
  return take(scalar(notes, value, "a percentage", read_percent), out);
}

bool read_value(Notes& notes, const Value& value, std::vector<Comparison>& out) {
  static const Form any_list = list(simple(Kind::any));
  const bool durations = value.form.kind == Kind::time_span;
  const auto read = [&](const std::string& text) { return read_comparison(text, durations); };
  const auto add = [&](const Node& node) {
    const auto one =
        scalar(notes, {node, value.form, value.name},
               durations ? "a comparison with a duration" : "a number or a comparison", read);
    if (one) out.push_back(*one);
  };
  if (value.node.is_list() && !is_list_of(notes, {value.node, any_list, value.name})) return false;
  if (!value.node.is_list()) add(value.node);
  if (value.node.is_list() && value.node.items.empty()) say(notes, value, {"is an empty list"});
  if (value.node.is_list()) std::for_each(value.node.items.begin(), value.node.items.end(), add);
  return !out.empty();
}

std::string value_text(const Form&, const std::string& value) { return value; }

std::string value_text(const Form& form, bool value) {
  if (form.kind == Kind::word) return std::string(form.words[value ? 1 : 0]);
  return value ? "true" : "false";
}

std::string value_text(const Form&, Duration value) { return written(value); }
std::string value_text(const Form&, Instant value) { return written(value - Instant{}); }
std::string value_text(const Form&, Probability value) { return written(value); }

std::string number_text(const Form& form, std::int64_t value) {
  switch (form.kind) {
    case Kind::decimal: return decimal_text(static_cast<std::uint64_t>(value), form.digits);
    case Kind::size: return fmt::format("{}B", value);
    case Kind::time: return written_wall_time(value);
    default: return fmt::format("{}", value);
  }
}

}  // namespace trimhorizon::reader
