#include "sim/report/key_page.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/report/layout.hpp"
#include "sim/scenario/tables.hpp"

namespace trimhorizon::reader {
namespace {

constexpr std::string_view introduction =
    R"(# All keys of a scenario file

`trimhorizon schema --keys` prints this page. It is made from the table that the
reader itself uses: each key with an example, what may be written, what holds
when it is left out, and what it means. The ids at the end, such as ESM-PAR-01,
are rules of [fidelity.md](fidelity.md). [example.yaml](example.yaml) is a file
that uses these keys together, and [scenario-file.md](scenario-file.md) begins
with a short one.

A key that begins with a capital letter is a property of AWS: its name, unit and
bounds are those of CloudFormation, and its numbers have no unit in the file.
All other keys are ours.

| a value | how it is written |
|---|---|
| duration | with its unit: `80ms`, `1.5s`, `10m`, `2h`, `1d`, `1h30m` |
| size | `200B`, `1KiB`, `4MiB` |
| rate | `20/s`, `300/m`, `7200/h` |
| percentage | `1%`, `0.5%` |
| time | `2026-03-01T08:00:00Z`, always UTC |
| number | `36000`, or grouped: `36_000` |
| name | of a thing or a record in the same file |
| shard | `shardId-000000000000` and so on |
| comparison | a number, `"<= 10"` or `[">= 1", "< 5"]`: all of it must hold |
)";

// Code is not broken at its blanks: they are this character until the lines are made.
constexpr char kept_blank = '\x01';

std::string code(std::string_view text) {
  std::string out = fmt::format("`{}`", text);
  const bool fits = display_width(out) <= page_width - 2;
  if (fits) std::replace(out.begin(), out.end(), ' ', kept_blank);
  return out;
}

std::string or_list(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " or " : ", ";
    text += parts[i];
  }
  return text;
}

std::vector<std::string> coded(const std::vector<std::string_view>& words) {
  std::vector<std::string> out;
  for (const std::string_view word : words) out.push_back(code(word));
  return out;
}

std::string title_of(const Block& block) {
  std::string title(block.noun);
  std::erase(title, '`');
  return title;
}

std::string link_to(const Block& block) {
  const std::string title = title_of(block);
  std::string anchor = title;
  std::transform(anchor.begin(), anchor.end(), anchor.begin(), [](char c) {
    return c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return fmt::format("[{}](#{})", title, anchor);
}

// The largest unit of YAML numbers and sizes that says it in whole numbers: 1_000_000, 2MiB.
std::string number_words(Kind kind, std::int64_t n) {
  if (kind == Kind::size && n > 0) {
    constexpr std::array<std::string_view, 4> units = {"B", "KiB", "MiB", "GiB"};
    std::size_t unit = 0;
    while (n % 1024 == 0 && unit + 1 < units.size()) n /= 1024, ++unit;
    return fmt::format("{}{}", n, units[unit]);
  }
  if (kind == Kind::size || n < 100'000) return fmt::format("{}", n);
  std::string text = count_text(static_cast<std::uint64_t>(n));
  std::replace(text.begin(), text.end(), ',', '_');
  return text;
}

std::string range_of(const Form& form) {
  const std::string least = number_words(form.kind, form.min);
  const bool any_text = form.kind == Kind::text && form.min <= 1;
  if (form.max == unbounded) return form.min == 0 || any_text ? "" : "at least " + least;
  if (form.min == form.max) return least;
  const std::string most = number_words(form.kind, form.max);
  return any_text ? "at most " + most + " characters" : fmt::format("from {} to {}", least, most);
}

// "size, at least 1B"
std::string with_range(std::string_view what, const Form& form) {
  const std::string range = range_of(form);
  return range.empty() ? std::string(what) : fmt::format("{}, {}", what, range);
}

std::string integer_words(const Form& form) {
  std::string out = form.max == unbounded ? with_range("a whole number", form) : range_of(form);
  if (!form.words.empty()) out = or_list(coded(form.words)) + ", or " + out;
  return form.unit.empty() ? out : fmt::format("{} {}", out, form.unit);
}

std::string words_of(const Form& form);

std::string one_of(const std::vector<Form>& forms) {
  std::vector<std::string> parts;
  for (const Form& form : forms) {
    if (form.kind == Kind::word) {
      for (const std::string_view word : form.words) parts.push_back(code(word));
    } else {
      parts.push_back(words_of(form));
    }
  }
  return or_list(parts);
}

// "comparison for `a` or `b`; the same for each mapping", or "{NAME: comparison}".
std::string map_words(const Form& form) {
  if (form.words.empty()) {
    std::vector<Form> plain;
    std::vector<std::string> parts;
    for (const Form& item : form.items) {
      if (item.kind != Kind::map) plain.push_back(item);
    }
    if (!plain.empty()) parts.push_back(fmt::format("{{NAME: {}}}", one_of(plain)));
    for (const Form& item : form.items) {
      if (item.kind == Kind::map) parts.push_back(fmt::format("{{NAME: {}}}", words_of(item)));
    }
    return or_list(parts);
  }
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (std::size_t i = 0; i < form.words.size(); ++i) {
    const std::string item = words_of(form.items[i]);
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& each) { return each.first == item; });
    if (group == groups.end()) group = groups.insert(groups.end(), {item, {}});
    group->second.push_back(code(form.words[i]));
  }
  std::string text;
  for (const auto& [item, names] : groups) {
    text += fmt::format("{}{} for {}", text.empty() ? "" : "; ", item, or_list(names));
  }
  return text + (form.items.size() > form.words.size() ? "; or the same for each mapping" : "");
}

std::string list_words(const Form& form) {
  const Form& item = form.items.front();
  const std::string_view numbers = item.kind == Kind::integer ? "numbers " : "";
  std::string out = fmt::format("list of {}{}", numbers,
                                item.kind == Kind::thing    ? "names"
                                : item.kind == Kind::record ? "record ids"
                                                            : words_of(item));
  if (form.max != unbounded)
    out += fmt::format(", at most {}", number_words(Kind::integer, form.max));
  return out;
}

std::string words_of(const Form& form) {
  switch (form.kind) {
    case Kind::text: return form.unit.empty() ? with_range("text", form) : "its text in reports";
    case Kind::word: return or_list(coded(form.words));
    case Kind::integer: return integer_words(form);
    case Kind::decimal: return range_of(form);
    case Kind::boolean: return "true or false";
    case Kind::duration: return form.min > 0 ? "duration above 0" : "duration";
    case Kind::size: return with_range("size", form);
    case Kind::rate: return "rate";
    case Kind::percent: return "percentage";
    case Kind::time: return "time";
    case Kind::unix_time: return "seconds since 1970";
    case Kind::thing: return "name";
    case Kind::record: return "record id";
    case Kind::shard: return "shard";
    case Kind::hash_key: return "from 0 to 2^128-1";
    case Kind::count: return "comparison";
    case Kind::time_span: return "comparison with a duration";
    case Kind::nothing: return "null";
    case Kind::block: return link_to(*form.block);
    case Kind::named: return fmt::format("{{NAME: {}}}", link_to(*form.block));
    case Kind::list: return list_words(form);
    case Kind::map: return map_words(form);
    default: return "any YAML";
  }
}

std::string value_words(const Key& key) {
  if (!key.modelled.empty()) return code(key.modelled) + " is all that is built";
  return one_of(key.forms);
}

// The words of a switch begin with a small letter and may be a question.
std::string sentence(std::string_view words) {
  std::string text(words);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  const bool ended = text.ends_with('.') || text.ends_with('?') || text.ends_with("…");
  return ended ? text : text + ".";
}

void add_key(std::string& page, const Key& key) {
  std::string text = code(fmt::format("{}: {}", key.name, key.example_text()));
  text += " — " + value_words(key);
  if (key.is_required) text += "; required";
  if (const std::string otherwise = key.default_text(); !otherwise.empty()) {
    text += "; default " + code(otherwise);
  }
  text += ". " + sentence(key.text);
  if (!key.rule.empty()) text += fmt::format(" ({})", key.rule);
  bool first = true;
  for (std::string line : wrap(text, page_width - 2)) {
    std::replace(line.begin(), line.end(), kept_blank, ' ');
    page += (first ? "- " : "  ") + line + "\n";
    first = false;
  }
}

template <class Which>
void add_names(std::string& page, const Block& block, Which which, std::string_view words) {
  std::vector<std::string> names;
  for (const Key& key : block.keys) {
    if (which(key)) names.push_back(code(key.name));
  }
  if (names.empty()) return;
  page += "\n" + paragraph(fmt::format("{}: {}.", words, fmt::join(names, ", ")), 0);
}

// Where each block stands in a file: "producers.NAME.put[].record".
using Places = std::map<const Block*, std::vector<std::string>>;

void find_places(const Block& block, const std::string& place, Places& places);

void find_places(const Form& form, const std::string& place, Places& places) {
  const std::string inner = form.kind == Kind::named  ? place + ".NAME"
                            : form.kind == Kind::map  ? place + ".NAME"
                            : form.kind == Kind::list ? place + "[]"
                                                      : place;
  if (form.block) find_places(*form.block, inner, places);
  for (const Form& item : form.items) find_places(item, inner, places);
}

void find_places(const Block& block, const std::string& place, Places& places) {
  places[&block].push_back(place);
  for (const Key& key : block.keys) {
    if (key.is_refused()) continue;
    const std::string inner =
        place.empty() ? std::string(key.name) : fmt::format("{}.{}", place, key.name);
    for (const Form& form : key.forms) find_places(form, inner, places);
  }
}

std::string page_of_keys() {
  Places places;
  find_places(scenario_block(), "", places);
  std::string page(introduction);
  for (const Block* block : scenario_format().blocks()) {
    page += fmt::format("\n## {}\n\n", title_of(*block));
    std::vector<std::string> where;
    for (const std::string& place : places[block]) where.push_back(code(place));
    page += block == &scenario_block() ? "The file itself.\n\n"
                                       : paragraph(fmt::format("In {}.", or_list(where)), 0) + "\n";
    for (const Key& key : block->keys) {
      if (key.is_ours_to_read()) add_key(page, key);
    }
    const auto is_of = [](Kind kind) {
      return [kind](const Key& key) { return key.forms.front().kind == kind; };
    };
    add_names(page, *block, is_of(Kind::ignored), "Accepted, but they change nothing");
    add_names(page, *block, std::mem_fn(&Key::is_not_modelled), "Not modelled yet");
    add_names(page, *block, is_of(Kind::not_for_kinesis), "Not for Kinesis");
  }
  return page;
}

}  // namespace
}  // namespace trimhorizon::reader

namespace trimhorizon {

std::string key_page() { return reader::page_of_keys(); }

}  // namespace trimhorizon
