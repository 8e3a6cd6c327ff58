#include "sim/scenario/names.hpp"

#include <algorithm>
#include <string>

#include "sim/faults/cause.hpp"
#include "sim/history/invariants.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon {
namespace {

using Names = std::vector<std::string_view>;

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const Names& invariant_names() {
  static const Names names(names_of<Invariant>.begin(), names_of<Invariant>.end());
  return names;
}

const Names& known_situations() {
  static const Names names(names_of<Situation>.begin(), names_of<Situation>.end());
  return names;
}

const Names& known_fates() {
  static const Names names(names_of<Fate>.begin(), names_of<Fate>.end());
  return names;
}

// The first of both lists is no cause.
const Names& known_loss_causes() {
  static const Names names(names_of<LossCause>.begin() + 1, names_of<LossCause>.end());
  return names;
}

const Names& known_duplicate_causes() {
  static const Names names(names_of<DeliveryReason>.begin() + 1, names_of<DeliveryReason>.end());
  return names;
}

const Names& explorer_property_names() {
  static const Names names = [] {
    Names all = {"no_loss",       "all_processed",         "at_most_once", "order_first",
                 "order_regress", "destination_exclusive", "quiescence"};
    all.insert(all.end(), invariant_names().begin(), invariant_names().end());
    return all;
  }();
  return names;
}

const Names& condition_names() {
  static const Names names = {"RetryAttemptsExhausted", "RecordAgeExceeded"};
  return names;
}

bool is_invariant(std::string_view name) { return contains(invariant_names(), name); }
bool is_situation(std::string_view name) { return contains(known_situations(), name); }

}  // namespace trimhorizon
