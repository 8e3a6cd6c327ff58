// Which record ids the producers of a scenario can make, without making them: explicit ids one by
// one, generated ones as prefix and range of numbers.
//
// Always:
//  1. The n-th record of a producer counts from 0 over its explicit puts, then its generated load.
//  2. A number in an id has no leading zeros.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace trimhorizon::reader {

struct GeneratedIds {
  std::string producer;
  std::string prefix;
  std::uint64_t first = 0;
  std::uint64_t end = 0;  // of a Poisson process that lasts for a time, an upper bound

  bool contains(std::string_view id) const;
  // Would it, if this producer made more records, however many?
  bool would_contain(std::string_view id) const;
};

class RecordIds {
 public:
  // False when somebody makes this id already.
  bool add(const std::string& id);
  // The id both make, when there is one.
  std::optional<std::string> add(GeneratedIds ids);

  // How a producer numbers its records; `count` of them are known.
  void add_numbering(std::string producer, std::string prefix, std::uint64_t count);

  bool can_be_made(std::string_view id) const;
  // Is it named as a producer names its records, made or not?
  bool fits_a_numbering(std::string_view id) const;
  // What to write instead of an id that nobody makes.
  std::string suggestion_for(std::string_view id) const;

 private:
  std::set<std::string, std::less<>> given_;
  std::vector<std::string> order_;
  std::vector<GeneratedIds> generated_;
  std::vector<GeneratedIds> numberings_;
};

}  // namespace trimhorizon::reader
