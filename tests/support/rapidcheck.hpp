// RapidCheck for tests of either Catch2 (its own catch.h knows only one of them).
//   TH_SEED            seed of all properties, default 1
//   TH_PROPERTY_COUNT  cases of a property, default 2000
#pragma once

#include <rapidcheck.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>

#include "tests/support/catch.hpp"

namespace trimhorizon::testing {

inline unsigned long long number_from_environment(const char* name, unsigned long long otherwise) {
  const char* text = std::getenv(name);
  return text && *text ? std::strtoull(text, nullptr, 10) : otherwise;
}

inline int property_count() {
  return static_cast<int>(number_from_environment("TH_PROPERTY_COUNT", 2000));
}

// Of a long list of cases the first of every five, when there are to be few: with sanitizers each
// of them is slow.
class Sample {
 public:
  bool leaves_out() { return number_++ % of_each() != 0; }
  static std::size_t of_each() { return property_count() < 1'000 ? 5 : 1; }

 private:
  std::size_t number_ = 0;
};

// Checks a property on random values. `cost` divides the number of cases: 10 for a slow property.
template <typename Property>
void check_property(const std::string& sentence, Property&& property, int cost = 1) {
  rc::detail::TestParams params;
  params.seed = number_from_environment("TH_SEED", 1);
  params.maxSuccess = property_count() / cost + 1;
  rc::detail::TestMetadata metadata;
  metadata.id = sentence;
  metadata.description = sentence;
  const auto result = rc::detail::checkTestable(std::forward<Property>(property), metadata, params);
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  INFO("property: " << sentence << "\nTH_SEED=" << params.seed << "\n" << text.str());
  const bool holds = result.template is<rc::detail::SuccessResult>();
  CHECK(holds);
}

}  // namespace trimhorizon::testing
