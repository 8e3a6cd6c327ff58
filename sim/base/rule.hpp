// Wrong rules on purpose: a rule of AWS written beside the mistake that a test must catch.
//
//   return TH_RULE(bisect_halves, first + count / 2, first + 1);
//
// The id is what would be true of AWS, in words; tools/check_wrong_rules finds them all.
// Always:
//  1. In what users run, TH_RULE is its second argument and nothing else.
//  2. In test programs it is the third argument while a test run has selected its id.
//  3. It stands in .cpp files only: those are compiled a second time for the tests.
#pragma once

#include <string_view>

namespace trimhorizon {

// At most one wrong rule is selected at a time; an empty id selects none.
void select_wrong_rule(std::string_view id);
bool wrong_rule_selected(std::string_view id);

}  // namespace trimhorizon

#ifdef TH_SELECTABLE_RULES
#define TH_RULE(id, right, wrong) (::trimhorizon::wrong_rule_selected(#id) ? (wrong) : (right))
#else
#define TH_RULE(id, right, wrong) (right)
#endif
