// A whole format: all blocks that can be reached from the block of its file, and the words that
// other tools use for its keys.
#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "sim/format/key.hpp"

namespace trimhorizon::reader {

// Another word for a key of ours: `expect` is "thresholds" in k6. Case, `_` and `-` do not matter.
struct OtherWords {
  std::string_view ours;
  std::vector<std::string_view> theirs;
  std::string_view home = {};     // the noun of its block; needed when several have such a key
  std::string_view example = {};  // what to write, when the name of the key alone does not say it
  std::string_view inside = {};   // the noun of the only block where the word means this
  std::string_view advice = {};   // the whole suggestion, when the key alone explains nothing
};

// A key, and the block that has it.
struct Home {
  const Block* block = nullptr;
  const Key* key = nullptr;
};

class Format {
 public:
  Format(const Format&) = delete;
  Format(const Block& root, std::vector<OtherWords> words);

  const Block& root() const { return root_; }
  // All blocks, in the order of the reference.
  const std::vector<const Block*>& blocks() const { return blocks_; }
  // Does some block accept this key without using it?
  bool is_ignored_somewhere(std::string_view name) const { return ignored_.contains(name); }
  // The only block with a key of this name that is read, in any spelling; empty when there are none
  // or several.
  Home home_of(std::string_view name) const;
  std::vector<Home> homes_of(std::string_view name) const;  // all blocks that have it
  // The key of this name that AWS or a later edition has and this one does not; null when there is
  // none, or when some block reads a key of this name.
  const Key* not_modelled(std::string_view name) const;
  // What this word of another tool means, in this block if possible; null when it is not known.
  const OtherWords* meaning_of(std::string_view word, const Block& block) const;

 private:
  const Block& root_;
  std::vector<OtherWords> words_;
  std::vector<const Block*> blocks_;
  std::set<std::string_view> ignored_;
};

}  // namespace trimhorizon::reader
