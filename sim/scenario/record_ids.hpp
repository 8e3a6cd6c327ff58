// The record ids that the producers of a scenario can make, without making them: explicit ids one
// by one, generated ids as a prefix and a range of numbers.
//
// Always:
//  1. The records of a producer are numbered from 0: first its explicit puts, then its generated
//     load.
//  2. A number in an id has no leading zeros.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trimhorizon::reader {

struct GeneratedIds {
  std::string producer;
  std::string prefix;
  std::uint64_t first = 0;
  std::uint64_t end = 0;  // excluded; an upper bound for a Poisson process with a fixed duration

  bool contains(std::string_view id) const;
  // The same if this producer made any number of records.
  bool would_contain(std::string_view id) const;
};

class RecordIds {
 public:
  // A producer has a mistake that may change its ids: then no id is wrong because it is not here.
  bool are_unknown = false;

  // False when a producer already makes this id.
  bool add(const std::string& id);
  // Returns an id that an earlier producer makes too; nullopt when there is none.
  std::optional<std::string> add(GeneratedIds ids);

  // Notes how a producer numbers its records. `count` of them are known.
  void add_numbering(std::string producer, std::string prefix, std::uint64_t count);

  bool can_be_made(std::string_view id) const;
  // Does the id look like one of a producer, whether or not that record is made?
  bool fits_a_numbering(std::string_view id) const;
  // A suggestion to write instead of an id that no producer makes.
  std::string suggestion_for(std::string_view id) const;

 private:
  // Places in a list, by the prefix of the ids there. So an id finds its producers at once.
  using ByPrefix = std::map<std::string, std::vector<std::size_t>, std::less<>>;

  std::optional<std::string> common_with_given(const GeneratedIds& ids) const;
  std::optional<std::string> common_with_generated(const GeneratedIds& ids) const;
  static const GeneratedIds* first_with(const std::vector<GeneratedIds>& all, const ByPrefix& by,
                                        std::string_view id,
                                        bool (GeneratedIds::*fits)(std::string_view) const);

  std::map<std::string, std::size_t, std::less<>> given_;  // with their places in the order
  std::vector<std::string> order_;
  std::vector<GeneratedIds> generated_;
  ByPrefix generated_by_prefix_;
  std::vector<GeneratedIds> numberings_;
  ByPrefix numberings_by_prefix_;
};

}  // namespace trimhorizon::reader
