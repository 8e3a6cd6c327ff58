#include "sim/report/strip.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the strip shows fate and effects of each record, in groups of ten") {
  std::vector<RecordRow> rows;
  for (int i = 0; i < 12; ++i) {
    RecordRow row;
    row.id = "r" + std::to_string(i);
    row.consumers = {{"m", i == 11 ? Fate::discarded : Fate::processed, 1,
                      i == 11  ? 0u
                      : i == 0 ? 12u
                               : 1u}};
    rows.push_back(row);
  }
  CHECK(draw_strip(rows, "m", Painter(false)) ==
        Lines{"  Each record, r0 to r11:  . processed  D discarded", "    fate     .......... .D",
              "    effects  +111111111 10"});
  CHECK(draw_strip(rows, "unknown", Painter(false)).empty());
  rows.resize(strip_records_max + 1);
  CHECK(draw_strip(rows, "m", Painter(false)).empty());
}

TEST_CASE("the strip says when it has a letter for each copy, not for each record") {
  std::vector<RecordRow> rows(3);
  for (std::size_t i = 0; i < 3; ++i) {
    rows[i].id = i == 0 ? "r0" : "r1";
    rows[i].consumers = {{"m", Fate::processed, 1, 1}};
  }
  CHECK(draw_strip(rows, "m", Painter(false)) ==
        Lines{"  Each of the 3 copies of 2 records, r0 to r1:  . processed", "    fate     ...",
              "    effects  111"});
}

TEST_CASE("each fate has a letter of its own, and a single record is not a range") {
  std::vector<RecordRow> rows;
  for (const Fate fate : all_of<Fate>) {
    RecordRow row;
    row.id = "only " + std::string(name(fate));
    row.consumers = {{"m", fate, 0, 0}};
    rows.push_back(row);
  }
  const Lines all = draw_strip(rows, "m", Painter(false));
  REQUIRE(all.size() == 3);
  std::string letters = all[1].substr(all[1].rfind(' ') + 1);
  REQUIRE(letters.size() == rows.size());
  std::sort(letters.begin(), letters.end());
  CHECK(std::adjacent_find(letters.begin(), letters.end()) == letters.end());
  for (const Fate fate : all_of<Fate>) CHECK(all[0].find(name(fate)) != std::string::npos);
  rows.resize(1);
  CHECK(draw_strip(rows, "m", Painter(false))[0].find(" to ") == std::string::npos);
  CHECK(draw_strip({}, "m", Painter(false)).empty());
}

TEST_CASE("what was worked on once is not painted, none and twice are") {
  std::vector<RecordRow> rows(2);
  for (RecordRow& row : rows) row.consumers = {{"m", Fate::processed, 1, 1}};
  CHECK(draw_strip(rows, "m", Painter(true))[2] == "    effects  11");
  rows[1].consumers[0].effects = 2;
  CHECK(draw_strip(rows, "m", Painter(true))[2].find('\x1b') != std::string::npos);
}
