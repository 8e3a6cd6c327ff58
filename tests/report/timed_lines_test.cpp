#include "sim/report/timed_lines.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("times stand right-aligned in a column as wide as the widest") {
  Page page{"", Painter(false)};
  add_timed_lines(page, {timed_line("  ", "1s  first"), timed_line("  ", "10.5s  second")});
  CHECK(page.text == "     1s  first\n  10.5s  second\n");
}

TEST_CASE("a column may be wider than its times, for several lists of one page") {
  Page page{"", Painter(false)};
  add_timed_lines(page, {{"  ", "1s", "x ", "words"}}, 4);
  CHECK(page.text == "    1s  x words\n");
}

TEST_CASE("a line without a time has its words in their column") {
  CHECK(timed_line("", "… 5 more lines").time == "");
  CHECK(timed_line("", "… 5 more lines").words == "… 5 more lines");
  CHECK(timed_line("", "1h 2m  two  blanks").time == "1h 2m");
  CHECK(timed_line("", "1h 2m  two  blanks").words == "two  blanks");
}
