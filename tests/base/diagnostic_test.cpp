// Error texts are asserted whole: what a user reads is part of the interface.
#include "sim/base/diagnostic.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

// A mistake at 1:column of a single line.
std::string shown(std::string_view line, std::uint32_t column) {
  return render(Diagnostic{"f.yaml", 1, column, "no", ""}, line);
}

std::string repeated(std::size_t times, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("a diagnostic shows place, message, line, caret and suggestion") {
  const Diagnostic mistake{"orders.yaml", 2, 5, "unknown key `BatchSze`",
                           "did you mean `BatchSize`?"};
  CHECK(render(mistake, "mapping:\n    BatchSze: 3\n") ==
        "orders.yaml:2:5: error: unknown key `BatchSze`\n"
        "      BatchSze: 3\n"
        "      ^\n"
        "  did you mean `BatchSize`?");
}

TEST_CASE("a diagnostic without suggestion, column or line leaves those out") {
  CHECK(shown("a: 1", 1) == "f.yaml:1:1: error: no\n  a: 1\n  ^");
  CHECK(shown("a: 1", 0) == "f.yaml:1: error: no\n  a: 1");
  CHECK(render(Diagnostic{"f.yaml", 0, 0, "the file is empty", ""}, "") ==
        "f.yaml: error: the file is empty");
  CHECK(render(Diagnostic{"f.yaml", 9, 1, "no", "write one"}, "a: 1") ==
        "f.yaml:9:1: error: no\n  write one");
}

TEST_CASE("the caret may stand after the end of the line but never further") {
  CHECK(shown("a: 1", 5) == "f.yaml:1:5: error: no\n  a: 1\n      ^");
  CHECK(shown("a: 1", 99) == "f.yaml:1:99: error: no\n  a: 1\n      ^");
  CHECK(shown("a: 1", UINT32_MAX) == "f.yaml:1:4294967295: error: no\n  a: 1\n      ^");
  CHECK(shown("", 1) == "f.yaml:1:1: error: no\n  \n  ^");
}

TEST_CASE("a mistake outside the source text brings its own line") {
  Diagnostic mistake{"--set", 1, 11, "no", ""};
  mistake.excerpt = "BatchSize=many";
  CHECK(render(mistake, "a: 1") == "--set:1:11: error: no\n  BatchSize=many\n            ^");
}

TEST_CASE("a line may end with carriage return and newline") {
  CHECK(render(Diagnostic{"f.yaml", 2, 1, "no", ""}, "a: 1\r\nb: 2\r\n") ==
        "f.yaml:2:1: error: no\n  b: 2\n  ^");
}

TEST_CASE("tabs, control and invisible characters are made visible and the caret follows") {
  CHECK(shown("\ta: 1", 2) == "f.yaml:1:2: error: no\n  \\ta: 1\n    ^");
  CHECK(shown("a\x1b[31mb", 3) == "f.yaml:1:3: error: no\n  a\\x1b[31mb\n       ^");
  CHECK(shown("a\xe2\x80\xae: 1", 3) == "f.yaml:1:3: error: no\n  a\\u{202e}: 1\n           ^");
  CHECK(shown("a\xff: 1", 3) == "f.yaml:1:3: error: no\n  a\\xff: 1\n       ^");
}

TEST_CASE("a message that quotes control characters stays on its line") {
  CHECK(render(Diagnostic{"f\n.yaml", 0, 0, "unknown key `a\nb`", "a\tb"}, "") ==
        "f\\x0a.yaml: error: unknown key `a\\x0ab`\n  a\\tb");
}

TEST_CASE("columns count characters, and wide characters take two places") {
  CHECK(shown("größe: 1", 8) == "f.yaml:1:8: error: no\n  größe: 1\n         ^");
  CHECK(shown("鍵: 1", 4) == "f.yaml:1:4: error: no\n  鍵: 1\n      ^");
  CHECK(shown("e\xcc\x81: 1", 5) == "f.yaml:1:5: error: no\n  e\xcc\x81: 1\n     ^");
}

TEST_CASE("a line of 78 columns is shown whole and a longer one is cut after the caret") {
  const std::string line = repeated(78, "x");
  CHECK(shown(line, 1) == "f.yaml:1:1: error: no\n  " + line + "\n  ^");
  CHECK(shown(line + "y", 1) == "f.yaml:1:1: error: no\n  " + repeated(72, "x") + "...\n  ^");
}

TEST_CASE("a long line is cut on both sides and fills the page") {
  const std::string line = repeated(200, "a") + "HERE" + repeated(200, "b");
  CHECK(shown(line, 201) == "f.yaml:1:201: error: no\n  ..." + repeated(36, "a") + "HERE" +
                                repeated(32, "b") + "...\n     " + repeated(36, " ") + "^");
}

TEST_CASE("a long line is cut in front of a caret at its end") {
  const std::string line = repeated(300, "a") + "END";
  CHECK(shown(line, 304) == "f.yaml:1:304: error: no\n  ..." + repeated(69, "a") + "END\n     " +
                                repeated(72, " ") + "^");
}

TEST_CASE("a line that is long only by its made-up characters is cut as well") {
  CHECK(shown(repeated(40, "\t"), 1) ==
        "f.yaml:1:1: error: no\n  " + repeated(36, "\\t") + "...\n  ^");
}

TEST_CASE("all mistakes are reported at once, in the order of the file") {
  const ScenarioError error({{"f.yaml", 2, 1, "second", ""},
                             {"f.yaml", 1, 4, "first", "write 1"},
                             {"f.yaml", 0, 0, "everything", ""},
                             {"f.yaml", 2, 1, "third", ""}},
                            "a: x\nb: y\n");
  CHECK(std::string(error.what()) ==
        "f.yaml: error: everything\n"
        "f.yaml:1:4: error: first\n"
        "  a: x\n"
        "     ^\n"
        "  write 1\n"
        "f.yaml:2:1: error: second\n"
        "  b: y\n"
        "  ^\n"
        "f.yaml:2:1: error: third\n"
        "  b: y\n"
        "  ^");
  REQUIRE(error.diagnostics().size() == 4);
  CHECK(error.diagnostics()[1].message == "first");
}

TEST_CASE("the edit distance counts insertions, deletions, changes and swaps of neighbours") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("BatchSize", "BatchSzie") == 1);
  CHECK(edit_distance("ab", "ba") == 1);
  CHECK(edit_distance("abcd", "badc") == 2);
  CHECK(edit_distance("batchsize", "BatchSize") == 0);
}

TEST_CASE("the nearest key is suggested only when it is near") {
  const std::vector<std::string_view> keys = {"BatchSize", "MaximumRetryAttempts", "at", "expect"};
  CHECK(nearest("BatchSze", keys) == "BatchSize");
  CHECK(nearest("batchsize", keys) == "BatchSize");
  CHECK(nearest("MaximumRetryAtempt", keys) == "MaximumRetryAttempts");
  CHECK(nearest("MaxRetries", keys).empty());
  CHECK(nearest("expct", keys) == "expect");
  CHECK(nearest("zz", keys).empty());
  CHECK(nearest("q", keys).empty());
  CHECK(nearest("", keys).empty());
  CHECK(nearest("x", {}).empty());
}

TEST_CASE("of equally near keys the first is suggested") {
  CHECK(nearest("cat", {"car", "bat"}) == "car");
}

TEST_CASE("of equally near keys the one that begins like the word is suggested") {
  CHECK(nearest("mb.BatchSize", {"ma.BatchSize", "mbx.BatchSize"}) == "mbx.BatchSize");
  CHECK(nearest("cat", {"bat", "car", "cab"}) == "car");
  CHECK(nearest("CAT", {"bat", "car"}) == "car");
}

TEST_CASE("a long suggestion is wrapped to the page") {
  const std::string words = "write one of `aaaaaaaaaaaaaaaaaaaa`, `bbbbbbbbbbbbbbbbbbbbbbbbbbbb`, ";
  CHECK(render(Diagnostic{"f.yaml", 0, 0, "no", words + "`ccc`, `ddd` or `e`"}, "") ==
        "f.yaml: error: no\n  " + words + "`ccc`,\n  `ddd` or `e`");
  const std::string long_word(100, 'x');
  CHECK(render(Diagnostic{"f.yaml", 0, 0, "no", "write " + long_word + " here"}, "") ==
        "f.yaml: error: no\n  write\n  " + long_word + "\n  here");
}
