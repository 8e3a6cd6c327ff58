#include "sim/report/page.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("the words of an item are wrapped beside what stands first") {
  Page page{"", Painter(false)};
  page.item("  - ", std::string(75, 'a') + " " + std::string(75, 'b'));
  CHECK(page.text == "  - " + std::string(75, 'a') + "\n    " + std::string(75, 'b') + "\n");
}

TEST_CASE("where little room is left the words begin on a line of their own") {
  Page page{"", Painter(false)};
  page.item(std::string(60, 'x'), "some words");
  CHECK(page.text == std::string(60, 'x') + "\n      some words\n");
}

TEST_CASE("paint takes no room: painted items are wrapped like plain ones") {
  Page plain{"", Painter(false)};
  Page painted{"", Painter(true)};
  const std::string words =
      "one two three four five six seven eight nine ten eleven twelve thirteen";
  plain.item("  " + plain.paint(Paint::bad, "broken") + "  ", words);
  painted.item("  " + painted.paint(Paint::bad, "broken") + "  ", words);
  std::string bare;
  for (std::size_t at = 0; at < painted.text.size(); ++at) {
    if (painted.text[at] == '\x1b')
      at = painted.text.find('m', at);
    else
      bare += painted.text[at];
  }
  CHECK(bare == plain.text);
}

TEST_CASE("each verdict has its sign, also without colour") {
  CHECK(mark(Verdict::holds, Painter(false)) == "✓");
  CHECK(mark(Verdict::violated, Painter(false)) == "✗");
  CHECK(mark(Verdict::undecided, Painter(false)) == "?");
  CHECK(paint_of(Verdict::violated) == Paint::bad);
}
