// Wrong rules: test programs are compiled with them, and nothing is wrong unless it is selected.
#include "sim/base/rule.hpp"

#include <cstdlib>
#include <string>

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

// For a test. It ends with its scope: then the rule that the whole run has selected counts again.
class Selected {
 public:
  explicit Selected(std::string_view id) { select_wrong_rule(id); }
  ~Selected() {
    const char* of_the_run = std::getenv("TH_WRONG_RULE");
    select_wrong_rule(of_the_run ? of_the_run : "");
  }
  Selected(const Selected&) = delete;
};

}  // namespace

TEST_CASE("without a selection no rule is wrong, not even one without a name") {
  const Selected none("");
  CHECK_FALSE(wrong_rule_selected("some_rule"));
  CHECK_FALSE(wrong_rule_selected(""));
}

TEST_CASE("the selected rule is wrong, whole name for whole name, and no other") {
  const Selected one("some_rule");
  CHECK(wrong_rule_selected("some_rule"));
  CHECK_FALSE(wrong_rule_selected("some"));
  CHECK_FALSE(wrong_rule_selected("some_rule_more"));
  CHECK_FALSE(wrong_rule_selected(""));
}

TEST_CASE("a selection replaces the one before, and keeps a text of its own") {
  std::string id = "first_rule";
  const Selected first(id);
  id = "other_text";
  CHECK(wrong_rule_selected("first_rule"));
  select_wrong_rule("second_rule");
  CHECK(wrong_rule_selected("second_rule"));
  CHECK_FALSE(wrong_rule_selected("first_rule"));
  select_wrong_rule("");
  CHECK_FALSE(wrong_rule_selected("second_rule"));
}
