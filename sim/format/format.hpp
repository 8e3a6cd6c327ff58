// A whole format: all blocks that can be reached from the block of its file, and the words that
// other tools use for its keys.
#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "sim/format/key.hpp"

namespace trimhorizon::reader {

// Another word for a key of ours: `expect` is "thresholds" in k6.
struct OtherWords {
  std::string_view ours;
  std::vector<std::string_view> theirs;
  std::string_view home = {};  // the noun of its block; needed when several blocks have such a key
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
  // The block with a key of this name that is read; null when there are none or several.
  const Block* home_of(std::string_view name) const;
  // What this word of another tool means here; null when it is not known.
  const OtherWords* meaning_of(std::string_view word) const;

 private:
  const Block& root_;
  std::vector<OtherWords> words_;
  std::vector<const Block*> blocks_;
  std::set<std::string_view> ignored_;
};

}  // namespace trimhorizon::reader
