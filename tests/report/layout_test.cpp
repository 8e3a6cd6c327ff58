#include "sim/report/layout.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

using Lines = std::vector<std::string>;

TEST_CASE("a width counts the columns of a terminal, not bytes") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("é░█") == 3);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("注文") == 4);
}

TEST_CASE("what would move the cursor or hide text never reaches the terminal") {
  CHECK(clean("a\nb\tc") == "a b c");
  CHECK(clean("\x1b[2Jx\x07") == "\ufffd[2Jx\ufffd");
  CHECK(clean("a\u202eb") == "a\ufffdb");
  CHECK(clean("a\xff") == "a\ufffd");
  CHECK(clean("a  ") == "a");
}

TEST_CASE("a long name is cut at the end or in the middle, never through a character") {
  CHECK(cut("abcdef", 6) == "abcdef");
  CHECK(cut("abcdef", 4) == "abc…");
  CHECK(cut("注文注文", 4) == "注…");
  CHECK(cut("abc", 0) == "");
  CHECK(cut_middle("shardId-000000000012", 11) == "shard…00012");
  CHECK(cut_middle("abcdef", 2) == "a…");
}

TEST_CASE("text is wrapped at blanks, and a word longer than the line is cut hard") {
  CHECK(wrap("aa bb cc", 5) == Lines{"aa bb", "cc"});
  CHECK(wrap("  aa   bb ", 10) == Lines{"aa bb"});
  CHECK(wrap("abcdefgh ij", 3) == Lines{"abc", "def", "gh", "ij"});
  CHECK(wrap("", 5).empty());
  CHECK(paragraph("aa bb cc", 2, 7) == "  aa bb\n  cc\n");
}

TEST_CASE("a bar shows at least a sliver of what is there, and nothing of what is not") {
  CHECK(bar(0, 10, 8) == "");
  CHECK(bar(10, 10, 3) == "███");
  CHECK(bar(1, 1'000'000, 8) == "▏");
  CHECK(bar(5, 10, 3) == "█▌");
  CHECK(bar(UINT64_MAX / 2, UINT64_MAX, 2) == "▉");
}

TEST_CASE("a percentage never claims all or nothing when it is not") {
  using Texts = std::vector<std::string>;
  CHECK(percents({0, 5}) == Texts{"0%", "100%"});
  CHECK(percents({1, 5}) == Texts{"16.7%", "83.3%"});
  CHECK(percents({1, 99'999}) == Texts{"<0.1%", ">99.9%"});
  CHECK(percents({0, 0}) == Texts{"", ""});
  CHECK(percents({}).empty());
}

TEST_CASE("the percentages of one whole add up to a hundred") {
  using Texts = std::vector<std::string>;
  CHECK(percents({1'669, 331}) == Texts{"83.5%", "16.5%"});  // 83.45 and 16.55
  CHECK(percents({1, 1, 1}) == Texts{"33.4%", "33.3%", "33.3%"});
  CHECK(percents({2, 2, 2, 1}) == Texts{"28.6%", "28.6%", "28.5%", "14.3%"});
}

TEST_CASE("paint adds nothing to what is said") {
  CHECK(Painter(false)(Paint::bad, "x") == "x");
  CHECK(Painter(true)(Paint::bad, "x") == "\x1b[1;31mx\x1b[0m");
  CHECK(Painter(true)(Paint::bad, "") == "");
}
