#include "sim/format/given.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/format/format.hpp"

namespace trimhorizon::reader {
namespace {

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string_view> key_names(const Block& block) {
  std::vector<std::string_view> names;
  for (const Key& key : block.keys) names.push_back(key.name);
  return names;
}

// "a stream", "an event source mapping". A block with the name of its key is written like the key:
// `retry`.
std::string with_article(std::string_view noun) {
  if (noun[0] == '`') return noun.ends_with('`') ? std::string(noun) : fmt::format("a {}", noun);
  const bool vowel = std::string_view("aeiou").find(noun[0]) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

// Without the marks of a noun that is written like its key.
std::string bare(std::string_view noun) {
  const bool marked = noun.starts_with('`') && noun.ends_with('`');
  return std::string(marked ? noun.substr(1, noun.size() - 2) : noun);
}

// The only key whose name begins with this word: MaximumRecordAge means MaximumRecordAgeInSeconds.
// Or the other way round: TimeoutInSeconds means Timeout.
const Key* beginning_alike(const Block& block, std::string_view word) {
  constexpr std::size_t least = 4;  // fewer letters say too little
  const std::string letters = letters_of(word);
  const Key* found = nullptr;
  for (const Key& key : block.keys) {
    const std::string name = letters_of(key.name);
    if (std::min(name.size(), letters.size()) < least) continue;
    if (!name.starts_with(letters) && !letters.starts_with(name)) continue;
    const std::string before = found ? letters_of(found->name) : name;
    if (!name.starts_with(before) && !before.starts_with(name)) return nullptr;
    if (!found || before.starts_with(name)) found = &key;
  }
  return found;
}

// The key that is this word in the singular or plural.
const Key* in_other_number(const Block& block, std::string_view word) {
  const std::string letters = letters_of(word);
  const auto found = std::find_if(block.keys.begin(), block.keys.end(), [&](const Key& key) {
    const std::string name = letters_of(key.name);
    return name + "s" == letters || letters + "s" == name;
  });
  return found == block.keys.end() ? nullptr : &*found;
}

// A word that stands one level too high: `processed: 3` instead of `fates: {processed: 3}`.
std::string said_of_word(const Block& block, std::string_view word, const Node& value) {
  for (const Key& key : block.keys) {
    for (const Form& form : key.forms) {
      const std::string_view near =
          form.kind == Kind::map ? nearest(word, form.words) : std::string_view{};
      if (near.empty()) continue;
      return fmt::format("write {}: {{{}: {}}}", key.name, near, shown_value(value));
    }
  }
  return {};
}

}  // namespace

Given::Given(Notes& notes, const Node& node, const Block& block, std::string_view example)
    : notes_(notes), node_(node), block_(block) {
  if (!node.is_mapping() && !node.is_nothing()) {
    const std::string written = written_in_block(block, node);
    notes.error(node.at,
                fmt::format("{} must be a mapping `key: value`, not {}", with_article(block.noun),
                            describe(node)),
                !written.empty()   ? fmt::format("write {}", written)
                : !example.empty() ? fmt::format("for example {}", example)
                                   : "");
  } else if (!node.tag.empty()) {
    notes.error(node.at, fmt::format("the tag `{}` is not allowed here", node.tag));
  } else if (is_like_a_template()) {
    is_unclear_ = true;
    const auto at = static_cast<std::size_t>(node.find("Properties") - node.items.data());
    notes.error(node.keys[at].at, "a scenario has no `Properties`, as templates have",
                fmt::format("write them directly as keys of the {}", bare(block.noun)));
  } else {
    check_keys();
    check_missing();
  }
}

// A resource of a CloudFormation template: {Type: AWS::Kinesis::Stream, Properties: {...}}.
bool Given::is_like_a_template() const {
  const Node* properties = node_.is_mapping() ? node_.find("Properties") : nullptr;
  return properties && properties->is_mapping() && !block_.find("Properties");
}

void Given::check_keys() {
  std::vector<std::pair<std::string_view, std::size_t>> names;
  for (std::size_t i = 0; i < node_.keys.size(); ++i) names.emplace_back(node_.keys[i].text, i);
  std::sort(names.begin(), names.end());
  std::vector<bool> repeated(node_.keys.size(), false);
  for (std::size_t i = 1; i < names.size(); ++i) {
    if (names[i].first != names[i - 1].first) continue;
    repeated[names[i].second] = true;
    const LineColumn first = notes_.mistakes.line_column(node_.keys[names[i - 1].second].at);
    notes_.error(node_.keys[names[i].second].at,
                 fmt::format("{} appears twice", quoted(names[i].first)),
                 fmt::format("the first one is in line {}: remove one of them", first.line));
  }
  for (std::size_t i = 0; i < node_.keys.size(); ++i) {
    if (!repeated[i]) check_key(node_.keys[i], node_.items[i]);
  }
}

void Given::check_key(const Node& node, const Node& value) {
  const Key* key = block_.find(node.text);
  if (!key) return unknown_key(node, value);
  if (key->forms.front().kind == Kind::ignored) {
    return notes_.note_not_modelled(std::string(key->name));
  }
  if (!is_read(notes_, *key)) return not_here(node, *key);
  if (!key->modelled.empty()) check_modelled(*key, value);
}

bool is_read(const Notes& notes, const Key& key) {
  return key.is_ours_to_read() || (notes.with_coming && !key.coming.empty());
}

// A key that AWS has, in whatever spelling, and this format has not. The advice is to leave it out
// only where the answer stays the same without it.
void Given::not_here(const Node& node, const Key& key) {
  if (!key.in_place_of.empty()) near_misses_.push_back(key.in_place_of);
  const bool same_word = same_letters(node.text, key.name);
  const std::string what =
      same_word ? quoted(node.text) : fmt::format("{} (`{}`)", quoted(node.text), key.name);
  notes_.error(node.at, fmt::format("{} {}", what, key.refusal()), std::string(key.advice()));
}

void Given::check_modelled(const Key& key, const Node& node) {
  const Value value{node, key.form_for(node), key.name};
  if (value.form.kind == Kind::list) {
    if (!is_list_of(notes_, value) || node.items.empty()) return;
    return notes_.error(node.at, fmt::format("{} are not modelled yet", key.name),
                        std::string(key.instead));
  }
  const bool right = value.form.kind == Kind::word ? word_value(notes_, value).has_value()
                                                   : number_value(notes_, value).has_value();
  if (!right || node.text == key.modelled) return;
  notes_.error(node.at,
               fmt::format("{} {} is not modelled yet: only {}", key.name, node.text, key.modelled),
               std::string(key.instead));
}

// A word of this block comes first, then a key in the singular or plural; only then what other
// tools and other blocks call so, and at last what is merely spelled alike.
Given::Meant Given::key_meant(std::string_view word) const {
  if (const Key* key = block_.spelled(word)) return {key};
  const OtherWords* other = notes_.format.meaning_of(word, block_);
  if (other && block_.find(other->ours)) return {block_.find(other->ours), other};
  if (const Key* key = in_other_number(block_, word)) return {key};
  if (other || notes_.format.not_modelled(word)) return {};
  const std::string_view near = nearest(word, key_names(block_));
  if (!near.empty()) return {block_.find(near)};
  return {notes_.format.home_of(word).key ? nullptr : beginning_alike(block_, word)};
}

void Given::unknown_key(const Node& node, const Node& value) {
  constexpr std::size_t word_max = 100;  // no name is that long, and a comparison would take long
  const bool at_root = &block_ == &notes_.format.root();
  const std::string message = fmt::format("unknown key {}{}", quoted(node.text),
                                          at_root ? "" : " in " + with_article(block_.noun));
  if (lacks_indentation(node, value, message)) return;
  if (!notes_.mistakes.worth_a_suggestion() || node.text.size() > word_max) {
    return strangers_.push_back({node.at, message, ""});
  }
  const Format& format = notes_.format;
  const auto [key, other] = key_meant(node.text);
  if (key) {
    near_misses_.push_back(key->name);
    if (key->is_refused() && !is_read(notes_, *key)) return not_here(node, *key);
    const bool in_words = other && !other->advice.empty();
    const bool to_write = other && !other->example.empty();
    notes_.error(node.at, message,
                 in_words   ? std::string(other->advice)
                 : to_write ? fmt::format("write {}", other->example)
                            : fmt::format("did you mean `{}`?", key->name));
    if (!to_write) read_it_as(node, value, *key, other != nullptr);
    return;
  }
  const Key* not_modelled = format.not_modelled(node.text);
  const OtherWords* elsewhere = format.meaning_of(node.text, block_);
  if (!not_modelled && elsewhere) not_modelled = format.not_modelled(elsewhere->ours);
  if (not_modelled) return not_here(node, *not_modelled);
  strangers_.push_back({node.at, message, said_of_stranger(node, value)});
}

// Things that stand at the left margin, after a key that names things and has none: only their
// indentation is missing. The first of them says so.
bool Given::lacks_indentation(const Node& node, const Node& value, const std::string& message) {
  auto above = static_cast<std::size_t>(&node - node_.keys.data());
  while (above > 0 && !block_.find(node_.keys[above].text)) --above;
  const Key* key = block_.find(node_.keys[above].text);
  const Node& things = node_.items[above];
  const bool is_empty = things.is_nothing() && things.text.empty() && !node_.flow;
  if (!key || key->forms.front().kind != Kind::named || !is_empty) return false;
  const Block& table = *key->forms.front().block;
  const auto is_known = [&](const Node& each) { return table.find(each.text) != nullptr; };
  const bool looks_so =
      value.is_mapping() && std::all_of(value.keys.begin(), value.keys.end(), is_known);
  if (!looks_so) return false;
  if (!notes_.mistakes.is_wrong(things.at)) {
    notes_.error(
        node.at, message,
        fmt::format("it belongs below `{}`: indent it, with all that is in it", key->name));
  }
  notes_.mistakes.note_wrong(things.at);
  return true;
}

// Then nothing else that misses the key is a mistake. See read_scenario().
void Given::read_it_as(const Node& node, const Node& value, const Key& meant,
                       bool of_another_tool) {
  if (has(meant.name) || !is_read(notes_, meant)) return;
  Mistakes& mistakes = notes_.mistakes;
  const Mark end = end_of(value, mistakes.source(value.at.source));
  mistakes.read_as({node.at, std::string(meant.name), value.at, end, of_another_tool});
}

// What to say about a key that means none of this block.
std::string Given::said_of_stranger(const Node& node, const Node& value) const {
  const Format& format = notes_.format;
  const OtherWords* other = format.meaning_of(node.text, block_);
  if (other && !other->advice.empty()) return std::string(other->advice);
  std::vector<Home> homes = format.homes_of(node.text);
  const auto exact = [&](const Home& home) { return home.key->name == node.text; };
  if (std::any_of(homes.begin(), homes.end(), exact)) {
    std::erase_if(homes, [&](const Home& home) { return !exact(home); });
  }
  // A word of many blocks, such as `for`, says nothing about where it belongs.
  if (!homes.empty() && homes.size() <= 2) {
    std::string places;
    for (const Home& home : homes) {
      places += (places.empty() ? "" : " and of ") + with_article(home.block->noun);
    }
    return fmt::format("`{}` is a key of {}", homes.front().key->name, places);
  }
  if (!other) return said_of_word(block_, node.text, value);
  const Block* place = format.home_of(other->ours).block;
  const std::string_view noun = place ? place->noun : other->home;
  if (noun.empty()) return {};  // several blocks have it: none is a better guess
  const std::string what = other->example.empty() ? fmt::format("did you mean `{}`?", other->ours)
                                                  : fmt::format("write {}.", other->example);
  return fmt::format("{} It is a key of {}", what, with_article(noun));
}

// All of them in one message, at the mapping that lacks them: its end may be far away.
void Given::check_missing() {
  std::vector<std::string_view> names;
  std::string choices;
  std::string examples;
  for (const Key& key : block_.keys) {
    if (!key.is_required || node_.merged || !looks_absent(key.name)) continue;
    names.push_back(key.name);
    const std::string example = key.example_text();
    examples += fmt::format("{}{}: {}", examples.empty() ? "for example " : ", ", key.name,
                            example.empty() ? "…" : example);
    const Form& form = key.forms.front();
    const bool is_one_number = form.kind == Kind::integer && form.min == form.max;
    if (form.kind != Kind::word && !is_one_number) continue;
    choices += fmt::format("{} {}: {}", choices.empty() ? "write" : ",", key.name,
                           is_one_number ? fmt::format("{}", form.min) : listed(form.words));
  }
  std::string all;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool is_last = i + 1 == names.size();
    all += fmt::format("{}`{}`", i == 0 ? "" : is_last ? " and " : ", ", names[i]);
  }
  if (!strangers_.empty()) return report_strangers(all);
  if (names.empty()) return;
  notes_.error(place(),
               fmt::format("{} {} missing in this {}", all, names.size() == 1 ? "is" : "are",
                           bare(block_.noun)),
               choices.empty() ? examples : choices);
}

// A key that means nothing here probably stands for one that is missing: that is one mistake.
void Given::report_strangers(const std::string& missing) {
  for (Stranger& each : strangers_) {
    if (&each == &strangers_.front() && !missing.empty()) {
      each.suggestion += fmt::format("{}{} needs {}", each.suggestion.empty() ? "" : "; ",
                                     with_article(block_.noun), missing);
    }
    notes_.error(each.at, std::move(each.message), std::move(each.suggestion));
  }
}

const Key& Given::key(std::string_view name) const {
  const Key* key = block_.find(name);
  TH_CHECK(key);
  return *key;
}

const Node* Given::find(std::string_view name) const {
  TH_CHECK(block_.find(name));
  return node_.is_mapping() ? node_.find(name) : nullptr;
}

bool Given::is_absent(std::string_view name) const {
  return strangers_.empty() && looks_absent(name);
}

bool Given::names_nothing() const {
  return strangers_.empty() && !is_unclear_ && (!node_.is_mapping() || node_.keys.empty());
}

bool Given::looks_absent(std::string_view name) const {
  return !is_unclear_ && !has(name) && !contains(near_misses_, name);
}

bool Given::is_right(std::string_view name) const {
  const Node* value = find(name);
  return value && !reader::is_wrong(notes_.mistakes, *value);
}

Mark Given::place_of(std::string_view name) const {
  const Node* value = find(name);
  return value ? value->at : node_.at;
}

void Given::read_all(Type type, void* object) const {
  if (!block_.read) return fill(type, object);
  TH_CHECK(block_.fills == type);
  block_.read(*this, object);
}

void Given::fill(Type type, void* object) const {
  for (const Key& key : block_.keys) {
    if (key.filling.fills == type && !key.is_apart) read(key, type, object);
  }
}

bool Given::read(const Key& key, Type type, void* object) const {
  TH_CHECK(key.filling.fills == type);
  const Node* node = find(key.name);
  if (!node || (key.is_refused() && !is_read(notes_, key))) return false;
  const Node& name = node_.keys[static_cast<std::size_t>(node - node_.items.data())];
  return key.filling.read(
      notes_, {*node, key.form_for(*node), key.name, &name, key.example, key.forms.size() > 1},
      object);
}

}  // namespace trimhorizon::reader
