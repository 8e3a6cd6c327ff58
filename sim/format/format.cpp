#include "sim/format/format.hpp"

#include <algorithm>

namespace trimhorizon::reader {
namespace {

void collect(const Block& block, std::vector<const Block*>& blocks);

void collect(const Form& form, std::vector<const Block*>& blocks) {
  if (form.block) collect(*form.block, blocks);
  for (const Form& item : form.items) collect(item, blocks);
}

void collect(const Block& block, std::vector<const Block*>& blocks) {
  if (std::find(blocks.begin(), blocks.end(), &block) != blocks.end()) return;
  blocks.push_back(&block);
  for (const Key& key : block.keys) {
    if (key.is_refused()) continue;
    for (const Form& form : key.forms) collect(form, blocks);
  }
}

}  // namespace

Format::Format(const Block& root, std::vector<OtherWords> words)
    : root_(root), words_(std::move(words)) {
  collect(root, blocks_);
  for (const Block* block : blocks_) {
    for (const Key& key : block->keys) {
      if (key.forms.front().kind == Kind::ignored) ignored_.insert(key.name);
    }
  }
}

std::vector<Home> Format::homes_of(std::string_view name) const {
  std::vector<Home> homes;
  for (const Block* block : blocks_) {
    const Key* key = block->spelled(name);
    if (key && key->is_ours_to_read()) homes.push_back({block, key});
  }
  return homes;
}

Home Format::home_of(std::string_view name) const {
  const std::vector<Home> homes = homes_of(name);
  return homes.size() == 1 ? homes.front() : Home{};
}

const Key* Format::not_modelled(std::string_view name) const {
  const Key* found = nullptr;
  for (const Block* block : blocks_) {
    const Key* key = block->spelled(name);
    if (key && key->is_ours_to_read()) return nullptr;
    if (key && key->is_not_modelled()) found = key;
  }
  return found;
}

const OtherWords* Format::meaning_of(std::string_view word, const Block& block) const {
  const OtherWords* found = nullptr;
  for (const OtherWords& words : words_) {
    if (!words.inside.empty() && words.inside != block.noun) continue;
    const bool means_it =
        std::any_of(words.theirs.begin(), words.theirs.end(),
                    [&](std::string_view each) { return same_letters(each, word); });
    if (!means_it) continue;
    if (!words.inside.empty()) return &words;
    const bool is_here = block.find(words.ours) != nullptr;
    if (!found || (is_here && !block.find(found->ours))) found = &words;
  }
  return found;
}

}  // namespace trimhorizon::reader
