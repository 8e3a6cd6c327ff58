// Wrong rules on purpose: a rule of AWS written beside the mistake that a test must catch.
//
//   return TH_RULE(bisect_halves, first + count / 2, first + 1);
//   TH_WRONG(a_stale_end_moves_nothing) { settle(...); }      // a mistake that needs statements
//
// The id is what would be true of AWS, in words; tools/check_wrong_rules finds them all.
// Always:
//  1. In what users run, TH_RULE is its second argument and TH_WRONG is nothing.
//  2. In test programs TH_RULE is the third argument, and TH_WRONG its block, while a test run has
//     selected the id.
//  3. They stand in .cpp files only: those are compiled a second time for the tests.
#pragma once

#include <string_view>

namespace trimhorizon {

// At most one wrong rule is selected at a time; an empty id selects none.
void select_wrong_rule(std::string_view id);
bool wrong_rule_selected(std::string_view id);

}  // namespace trimhorizon

#ifdef TH_SELECTABLE_RULES
#define TH_RULE(id, right, wrong) (::trimhorizon::wrong_rule_selected(#id) ? (wrong) : (right))
#define TH_WRONG(id) if (::trimhorizon::wrong_rule_selected(#id))
#else
#define TH_RULE(id, right, wrong) (right)
#define TH_WRONG(id) if constexpr (false)
#endif
