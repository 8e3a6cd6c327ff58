// Wrong rules on purpose: a rule of AWS, and beside it a mistake that some test must find.
//
//   return TH_RULE(bisect_halves, first + count / 2, first + 1);
//   TH_WRONG(a_stale_end_moves_nothing) { settle(...); }      // a mistake that needs statements
//
// The id says in words what is true of AWS. tools/check_wrong_rules finds all ids.
//
// Always:
//  1. In the program of the users, TH_RULE is its second argument and TH_WRONG does nothing.
//  2. In test programs, when the test run selects the id, TH_RULE is its third argument and
//  TH_WRONG
//     runs its block.
//  3. They are used in .cpp files only, because those are compiled a second time for the tests.
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
