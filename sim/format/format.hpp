// A format as a whole: every block that can be reached from that of its file, and the words that
// others use for its keys.
#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "sim/format/key.hpp"

namespace trimhorizon::reader {

// What others call a key of ours: `expect` is "thresholds" in k6.
struct OtherWords {
  std::string_view ours;
  std::vector<std::string_view> theirs;
  std::string_view home = {};  // the noun of its block, when several blocks have such a key
};

class Format {
 public:
  Format(const Format&) = delete;
  Format(const Block& root, std::vector<OtherWords> words);

  const Block& root() const { return root_; }
  // In the order of the reference.
  const std::vector<const Block*>& blocks() const { return blocks_; }
  // Is this somewhere a key that is accepted without meaning?
  bool is_ignored_somewhere(std::string_view name) const { return ignored_.contains(name); }
  // The one block with a key of this name that is read.
  const Block* home_of(std::string_view name) const;
  // What a word stands for elsewhere.
  const OtherWords* meaning_of(std::string_view word) const;

 private:
  const Block& root_;
  std::vector<OtherWords> words_;
  std::vector<const Block*> blocks_;
  std::set<std::string_view> ignored_;
};

}  // namespace trimhorizon::reader
