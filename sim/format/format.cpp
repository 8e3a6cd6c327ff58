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

const Block* Format::home_of(std::string_view name) const {
  const Block* home = nullptr;
  for (const Block* block : blocks_) {
    const Key* key = block->find(name);
    if (!key || !key->is_ours_to_read()) continue;
    if (home) return nullptr;  // several blocks have such a key
    home = block;
  }
  return home;
}

const OtherWords* Format::meaning_of(std::string_view word) const {
  for (const OtherWords& words : words_) {
    if (std::find(words.theirs.begin(), words.theirs.end(), word) != words.theirs.end()) {
      return &words;
    }
  }
  return nullptr;
}

}  // namespace trimhorizon::reader
