#include "sim/report/picture.hpp"

#include "sim/report/words.hpp"
#include "tests/report/samples.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using samples::at_s;

namespace {

PictureBar bar_of(std::int64_t from_s, std::int64_t to_s, std::uint64_t first, std::uint64_t end,
                  bool ok) {
  PictureBar each;
  each.started = at_s(from_s), each.ended = at_s(to_s);
  each.first = first, each.end = end, each.succeeded = ok;
  return each;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("three records: waiting, tried, failed, expired") {
  ShardPicture picture;
  picture.shard = "shardId-000000000000";
  picture.points = {
      {at_s(0), 3, 0, 0}, {at_s(11), 3, 0, 1}, {at_s(44), 3, 2, 1}, {at_s(66), 3, 2, 2}};
  picture.bars = {bar_of(5, 11, 0, 1, true), bar_of(11, 22, 1, 2, false)};
  picture.labels = {"r0", "r1", "r2"};
  CHECK(draw_picture(picture, Painter(false)) ==
        Lines{"         r2 │"
              "░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░",
              "         r1 │"
              "░░░░░░░░░░░xxxxxxxxxxx░░░░░░░░░░░░░░░░░░░░░░EEEEEEEEEEEEEEEEEEEEE_",
              "         r0 │"
              "░░░░░oooooo",
              "            └┴───────────────┴───────────────┴───────────────┴───────────────┴─",
              "             0s              16.5s           33s             49.5s        1m 6s",
              "             o ok   x failed   ░ waiting   E expired   _ trim horizon"});
}

TEST_CASE("the letter of a fate is that of the strip: in a large picture one record shows too") {
  ShardPicture picture;
  picture.points = {{at_s(0), 1'000'000, 0, 0}, {at_s(66), 1'000'000, 0, 1'000'000}};
  picture.bars = {bar_of(0, 65, 0, 1'000'000, true)};
  for (const Fate fate : {Fate::discarded, Fate::dropped, Fate::expired, Fate::unread}) {
    picture.fates = {{at_s(10), 999'999, 1'000'000, fate}};
    const std::string letter(1, letter_of(fate));
    const Lines lines = draw_picture(picture, Painter(false));
    CHECK(lines.front() == "    916,666 │oooooooooo" + letter + std::string(54, 'o'));
    CHECK(lines[1] == "            │" + std::string(65, 'o'));
    const std::string meaning = letter + " some " + std::string(name(fate));
    CHECK(lines.back() == "             o ok   " + meaning);
  }
}

TEST_CASE("marks stand under the time axis, at their times") {
  ShardPicture picture;
  picture.points = {{at_s(0), 1, 0, 0}, {at_s(66), 1, 0, 1}};  // a column is a second
  const auto marks_of = [&](const std::vector<PictureMark>& marks) {
    const Lines lines = draw_picture(picture, Painter(false), marks);
    // The picture, the axis and its times, then the marks, then the legend.
    return Lines(lines.begin() + 3, lines.end() - 1);
  };
  const std::string left(13, ' ');
  CHECK(marks_of({}).empty());
  CHECK(marks_of({{at_s(2), at_s(6), 'A'}}) == Lines{left + "  A═══"});
  CHECK(marks_of({{at_s(3), at_s(3), 'A'}, {at_s(10), at_s(12), 'B'}}) ==
        Lines{left + "   A      B═"});
  // Where they would cover one another they stand in rows of their own.
  CHECK(marks_of({{at_s(0), at_s(4), 'A'}, {at_s(2), at_s(6), 'B'}, {at_s(5), at_s(5), 'C'}}) ==
        Lines{left + "A═══ C", left + "  B═══"});
  // What comes after the picture is not in it, and what outlasts it ends at its edge.
  CHECK(marks_of({{at_s(67), at_s(70), 'A'}}).empty());
  CHECK(marks_of({{at_s(64), at_s(99), 'A'}}) == Lines{left + std::string(64, ' ') + "A═"});
}

TEST_CASE("four rows of marks are drawn at most") {
  ShardPicture picture;
  picture.points = {{at_s(0), 1, 0, 0}, {at_s(66), 1, 0, 1}};
  std::vector<PictureMark> marks;
  for (char letter = 'A'; letter <= 'F'; ++letter) marks.push_back({at_s(1), at_s(3), letter});
  CHECK(draw_picture(picture, Painter(false), marks).size() ==
        draw_picture(picture, Painter(false)).size() + 4);
}

TEST_CASE("a picture of nothing has no lines") {
  CHECK(draw_picture({}, Painter(false)).empty());
  CHECK(interest({}) == 0);
}

TEST_CASE("a shard with failed invocations tells more than one with a backlog") {
  ShardPicture failed;
  failed.bars = {bar_of(0, 1, 0, 1, false)};
  ShardPicture late;
  late.points = {{at_s(0), 5'000, 0, 0}};
  ShardPicture quiet;
  quiet.points = {{at_s(0), 1, 0, 1}};
  CHECK(interest(failed) > interest(late));
  CHECK(interest(late) > interest(quiet));
  CHECK(interest(quiet) > 0);
}

TEST_CASE("times and positions of any size are drawn inside the frame") {
  ShardPicture picture;
  picture.points = {{Instant{0}, 1, 0, 0}, {Instant{INT64_MAX / 128}, UINT64_MAX / 2, 5, 7}};
  picture.bars = {bar_of(0, 1, 0, UINT64_MAX / 2, true)};
  for (const std::string& line : draw_picture(picture, Painter(false))) {
    CHECK(display_width(line) <= page_width);
  }
}
