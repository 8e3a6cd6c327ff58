#include "sim/format/path.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/base/text.hpp"
#include "sim/format/format.hpp"

namespace trimhorizon::reader {
namespace {

// Can a key be added here? Only to a mapping or to nothing; anything else is a mistake anyway.
bool may_have_keys(const Node& node) { return node.is_mapping() || node.is_nothing(); }

// Can the first step of a path be a key of this block, or of a block inside it? Entries of lists
// are numbered; names can be anything.
bool may_begin_with(const Block& table, std::string_view wanted) {
  for (const Key& key : table.keys) {
    if (!key.is_setting() || !key.is_ours_to_read()) continue;
    const std::string_view rest = wanted.substr(std::min(key.name.size(), wanted.size()));
    if (wanted.starts_with(key.name) && (rest.empty() || rest[0] == '.')) return true;
    for (const Form& form : key.forms) {
      if (form.kind == Kind::named) return true;
      if (form.kind == Kind::block && may_begin_with(*form.block, wanted)) return true;
      const bool of_blocks = form.kind == Kind::list && form.items[0].block;
      const bool is_number = !wanted.empty() && is_digit(wanted[0]);
      if (of_blocks && (is_number || may_begin_with(*form.items[0].block, wanted))) return true;
    }
  }
  return false;
}

// What can be a name in this path. Names may have dots too, at most as many as characters.
std::set<std::string_view> pieces_of(std::string_view wanted) {
  constexpr std::size_t dots_max = 128;
  std::vector<std::size_t> starts = {0};
  for (std::size_t at = wanted.find('.'); at != wanted.npos; at = wanted.find('.', at + 1)) {
    starts.push_back(at + 1);
  }
  std::set<std::string_view> pieces;
  if (starts.size() > 4 * dots_max) return pieces;  // no path is that long
  for (std::size_t i = 0; i < starts.size(); ++i) {
    for (std::size_t j = i; j < starts.size() && j <= i + dots_max; ++j) {
      const std::size_t end = j + 1 < starts.size() ? starts[j + 1] - 1 : wanted.size();
      pieces.insert(wanted.substr(starts[i], end - starts[i]));
    }
  }
  return pieces;
}

// Visits the paths that may be set, and keeps those that end as wanted. First it leaves out the
// named things that cannot be on such a path: a file may have thousands, and as many settings.
class Finder {
 public:
  Finder(std::string_view wanted, PathBudget& budget, const Mistakes& mistakes,
         const Format* format)
      : wanted_(wanted), budget_(budget), mistakes_(mistakes), format_(format) {}

  void search(const Block& table, const Node& root) {
    block(table, &root, true);
    if (!exact.empty() || !strong.empty() || !weak.empty()) return;
    explains_ = true;
    block(table, &root, true);
    explains_ = false;
    guesses_ = true;
    block(table, &root, true);
  }

  std::vector<Path> exact;   // the full path
  std::vector<Path> strong;  // the path is an end of it
  std::vector<Path> weak;    // an end of it, through a form that the file does not use
  // When there is none: what the user may have meant.
  std::vector<std::string> similar_ends;
  const Key* refused = nullptr;  // a key of the path that is known, but cannot be used
  const Key* not_set = nullptr;  // the path leads to this key, which no setting may change
  const Key* meant = nullptr;    // its last step is a word of another tool for this key
  // There would be such a path if this value on it were not wrong, or if a thing had this name.
  bool leads_to_wrong = false;
  struct Missing {
    std::string_view noun;
    std::string_view name;  // empty: a path without a name, where there are no such things
  };
  std::vector<Missing> missing;

 private:
  void block(const Block& table, const Node* node, bool strong_here) {
    if (explains_ && explained_.insert(&table).second) note_meant(table);
    for (const Key& key : table.keys) {
      if (explains_ && key.is_refused()) note_refused(key);
      if (explains_ && !key.is_setting()) note_not_set(key);
      if (!key.is_setting() || !key.is_ours_to_read()) continue;
      const Node* value = node && node->is_mapping() ? node->find(key.name) : nullptr;
      step(key.name, strong_here || value);
      const bool one_form = key.forms.size() == 1;
      path_.emplace_back(key.name);
      for (const Form& form : key.forms) inside(form, value, strong_here, one_form);
      path_.pop_back();
    }
  }

  void inside(const Form& form, const Node* value, bool strong_here, bool one_form) {
    if (form.kind == Kind::block) {
      const bool used = value && value->is_mapping();
      if (!value || may_have_keys(*value)) {
        block(*form.block, value, used || (strong_here && one_form));
      } else if (guesses_ && is_wrong(*value, one_form)) {
        const bool before = std::exchange(below_wrong_, true);
        block(*form.block, nullptr, true);
        below_wrong_ = before;
      }
    } else if (form.kind == Kind::named && guesses_) {
      guess_names(*form.block, value);
    } else if (form.kind == Kind::named && value && value->is_mapping()) {
      names(*form.block, *value);
    } else if (form.kind == Kind::list && form.items[0].block && value && value->is_list()) {
      for (std::size_t i = 0; i < value->items.size(); ++i) {
        if (budget_.left == 0) return;
        if (!may_have_keys(value->items[i])) continue;
        path_.push_back(fmt::format("{}", i));
        block(*form.items[0].block, &value->items[i], false);
        path_.pop_back();
      }
    }
  }

  void names(const Block& table, const Node& things) {
    if (explains_ || may_begin_with(table, wanted_)) {
      std::set<std::string_view> seen;
      for (std::size_t i = 0; i < things.keys.size(); ++i) {
        // A second one of that name is a mistake that the reader tells; a path means the first.
        const bool is_first = seen.insert(things.keys[i].text).second;
        if (is_first) named(table, things.keys[i].text, things.items[i]);
      }
      return;
    }
    for (const std::string_view name : pieces_of(wanted_)) {
      if (const Node* value = things.find(name)) named(table, name, *value);
    }
  }

  // Is it reported, or will it be, that this value should be a mapping?
  bool is_wrong(const Node& value, bool one_form) const {
    return mistakes_.is_wrong(value.at) || (one_form && !may_have_keys(value));
  }

  void below(const Block& table, std::string_view name, const Node* thing, bool wrong) {
    const bool before = std::exchange(below_wrong_, below_wrong_ || wrong);
    path_.emplace_back(name);
    block(table, thing, true);
    path_.pop_back();
    below_wrong_ = before;
  }

  // Looks below the things that are there, and then tries each part of the path as the name of one
  // that is not.
  void guess_names(const Block& table, const Node* things) {
    constexpr std::size_t tried_max = 64;
    const bool some = things && things->is_mapping() && !things->items.empty();
    bool all_wrong = things && (some || is_wrong(*things, true));
    for (std::size_t i = 0; some && i < things->items.size(); ++i) {
      const Node& thing = things->items[i];
      const bool wrong = is_wrong(thing, true);
      below(table, things->keys[i].text, wrong ? nullptr : &thing, wrong);
      all_wrong = all_wrong && wrong;
    }
    std::set<std::string_view> pieces = pieces_of(wanted_);
    if (pieces.size() > tried_max) return;
    pieces.erase(wanted_);
    if (!some) pieces.insert("");
    for (const std::string_view name : pieces) {
      if (some && things->find(name)) continue;
      guessed_ = {table.noun, name};
      below(table, name, nullptr, all_wrong);
      guessed_ = {};
    }
  }

  void named(const Block& table, std::string_view name, const Node& value) {
    step(name, true);
    if (!may_have_keys(value)) return;
    path_.emplace_back(name);
    block(table, &value, true);
    path_.pop_back();
  }

  // Adds one step to the path that is already in path_.
  void step(std::string_view name, bool is_strong) {
    if (budget_.left == 0) return;
    --budget_.left;
    if (explains_) note_similar(std::string(name));
    if (!is_end_of_path(name, wanted_)) return;
    path_.emplace_back(name);
    match(is_strong);
    path_.pop_back();
  }

  // `MaxRetries` or `batch_size`, at the end of a path.
  void note_meant(const Block& table) {
    constexpr std::size_t word_max = 100;  // no name is that long
    const std::string_view word = wanted_.substr(wanted_.rfind('.') + 1);
    if (meant || word.size() > word_max) return;
    const Key* key = table.spelled(word);
    const OtherWords* other = format_ && !key ? format_->meaning_of(word, table) : nullptr;
    if (other && other->inside.empty()) key = table.find(other->ours);
    if (key && key->is_setting() && key->is_ours_to_read()) meant = key;
  }

  // `kcl_applications` in a path; not BatchSize, which only some blocks refuse.
  void note_refused(const Key& key) {
    std::string_view rest = wanted_;
    while (!rest.empty()) {
      const std::string_view one = rest.substr(0, rest.find('.'));
      if (same_letters(key.name, one)) refused = &key;
      rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    }
  }

  // `expect.lost`, or an end of such a path: `lost`, `fates.pending`.
  void note_not_set(const Key& key) {
    const std::string_view first = wanted_.substr(0, wanted_.find('.'));
    const auto has_it = [&](const Form& form) {
      return form.kind == Kind::block && form.block->find(first) != nullptr;
    };
    if (key.name == first || std::any_of(key.forms.begin(), key.forms.end(), has_it)) {
      not_set = &key;
    }
  }

  void match(bool is_strong) {
    std::size_t length = 0;
    for (std::size_t from = path_.size(); from-- > 0;) {
      length += path_[from].size() + (from + 1 < path_.size() ? 1 : 0);
      if (length > wanted_.size()) return;
      if (length < wanted_.size() || joined(path_, from) != wanted_) continue;
      if (guesses_) return note_guess();
      (from == 0 ? exact : is_strong ? strong : weak).push_back(path_);
      return;
    }
  }

  void note_guess() {
    if (below_wrong_) {
      leads_to_wrong = true;
    } else {
      missing.push_back(guessed_);
    }
  }

  // For "did you mean": notes the end of this path that has as many steps as the user wrote.
  void note_similar(const std::string& name) {
    constexpr std::size_t kept_max = 2'000;
    constexpr std::size_t edits_max = 3;
    if (similar_ends.size() >= kept_max) return;
    std::string end = name;
    const auto distance = [&](const std::string& text) {
      return text.size() > wanted_.size() ? text.size() - wanted_.size()
                                          : wanted_.size() - text.size();
    };
    for (std::size_t i = path_.size(); i-- > 0;) {
      std::string longer = path_[i] + "." + end;
      if (distance(longer) > distance(end)) break;
      end = std::move(longer);
    }
    if (distance(end) <= edits_max) similar_ends.push_back(std::move(end));
  }

  std::string_view wanted_;
  PathBudget& budget_;
  const Mistakes& mistakes_;
  const Format* format_;
  Path path_;
  bool explains_ = false;
  bool guesses_ = false;
  bool below_wrong_ = false;
  Missing guessed_;
  std::set<const Block*> explained_;
};

bool reads_such_a_key(const Block& table, std::string_view name) {
  const auto reads_it_inside = [&](const Form& form) {
    const Block* inner = form.block ? form.block.get() : nullptr;
    if (!inner && form.kind == Kind::list) inner = form.items[0].block.get();
    return inner && reads_such_a_key(*inner, name);
  };
  return std::any_of(table.keys.begin(), table.keys.end(), [&](const Key& key) {
    return (key.name == name && key.is_ours_to_read()) ||
           std::any_of(key.forms.begin(), key.forms.end(), reads_it_inside);
  });
}

// The word of a mistake that is known, and that this path has too; or else a word for all paths
// that miss the same name. Empty when the path misses no name.
std::string word_of_missing(const Mistakes& mistakes, Mark at,
                            const std::vector<Finder::Missing>& missing) {
  std::string word;
  std::size_t shortest = 0;
  for (const auto& [noun, name] : missing) {
    for (std::string known : {word_of_unknown(noun, name), word_of_none(noun)}) {
      if (mistakes.has_word(at.source, known)) return known;
    }
    if (name.empty() || (shortest > 0 && name.size() >= shortest)) continue;
    word = fmt::format("a path of {} {}", noun, name);
    shortest = name.size();
  }
  return word;
}

}  // namespace

std::string joined(const Path& path, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < path.size(); ++i) text += (i > from ? "." : "") + path[i];
  return text;
}

std::optional<Path> find_path(Mistakes& mistakes, const Block& table, const Node& root,
                              const Node& path, PathBudget& budget, const Format* other_words) {
  Finder finder(path.text, budget, mistakes, other_words);
  finder.search(table, root);
  if (budget.left == 0) {
    mistakes.error(path.at, "the file has too many paths to look through", "write fewer variants");
    return std::nullopt;
  }
  for (const std::vector<Path>* found : {&finder.exact, &finder.strong, &finder.weak}) {
    if (found->size() == 1) return found->front();
    if (found->empty()) continue;
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < std::min<std::size_t>(found->size(), 3); ++i) {
      texts.push_back(joined((*found)[i]));
    }
    const std::vector<std::string_view> names(texts.begin(), texts.end());
    mistakes.error(path.at, fmt::format("{} matches {} paths", quoted(path.text), found->size()),
                   fmt::format("write {}{}", listed(names),
                               found->size() > names.size() ? " or another" : ""));
    return std::nullopt;
  }
  if (const Key* key = finder.refused; key && !reads_such_a_key(table, key->name)) {
    mistakes.error(path.at, fmt::format("{} {}", quoted(key->name), key->refusal()),
                   std::string(key->advice()));
    return std::nullopt;
  }
  if (const Key* key = finder.not_set) {
    mistakes.error(path.at,
                   path.text == key->name ? fmt::format("`{}` cannot be set", key->name)
                                          : fmt::format("{} is in `{}`, which cannot be set",
                                                        quoted(path.text), key->name),
                   std::string(key->not_set));
    return std::nullopt;
  }
  if (finder.leads_to_wrong) return std::nullopt;
  const std::string message = fmt::format("the scenario has no path {}", quoted(path.text));
  const std::string word = word_of_missing(mistakes, path.at, finder.missing);
  if (mistakes.has_word(path.at.source, word)) {
    mistakes.error_of_word(path.at, message, "", word);
    return std::nullopt;
  }
  std::string suggestion;
  if (mistakes.worth_a_suggestion()) {
    const std::vector<std::string_view> ends(finder.similar_ends.begin(),
                                             finder.similar_ends.end());
    suggestion = did_you_mean(path.text, ends);
    if (suggestion.empty() && finder.meant) {
      suggestion = fmt::format("did you mean `{}`?", finder.meant->name);
    }
  }
  mistakes.error_of_word(path.at, message, suggestion, word);
  return std::nullopt;
}

bool can_put_value(const Node& root, const Path& full) {
  const Node* place = &root;
  for (const std::string& step : full) {
    if (place->is_list()) {
      const auto index = number_in<std::size_t>(step);
      if (!index || *index >= place->items.size()) return false;
      place = &place->items[*index];
      continue;
    }
    if (!may_have_keys(*place)) return false;
    place = place->find(step);
    if (!place) return true;
  }
  return true;
}

void put_value(Node& root, const Path& full, const Node& path, Node value) {
  Node* place = &root;
  for (const std::string& step : full) {
    if (place->is_list()) {
      place = &place->items[static_cast<std::size_t>(std::stoul(step))];
      continue;
    }
    TH_CHECK(may_have_keys(*place));
    Node key = path;
    key.text = step;
    place = &place->value_of(key);
  }
  *place = std::move(value);
}

}  // namespace trimhorizon::reader
