// One value, read by its form and written by it.
#include "sim/format/value.hpp"

#include "sim/base/diagnostic.hpp"
#include "tests/format/toy.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;

namespace {

// What a value of this text was read as, and what was said of it.
template <class T>
struct Told {
  bool right = false;
  T value{};
  std::string said;
};

template <class T>
Told<T> told(const Form& form, const std::string& text, std::string_view name = "age") {
  Told<T> out;
  std::vector<std::string> not_modelled, warnings;
  Mistakes mistakes("v", text);
  Notes notes{mistakes, tests::kettle_format(), not_modelled, warnings};
  const Node node = parse_yaml(text, {}, mistakes).value();
  out.right = read_value(notes, {node, form, name}, out.value);
  CHECK(out.right != mistakes.any());
  if (!mistakes.any()) return out;
  try {
    mistakes.raise();
  } catch (const ScenarioError& error) {
    const Diagnostic& first = error.diagnostics().front();
    out.said = first.message;
    if (!first.suggestion.empty()) out.said += " (" + first.suggestion + ")";
  }
  return out;
}

template <class T>
std::string said(const Form& form, const std::string& text, std::string_view name = "age") {
  return told<T>(form, text, name).said;
}

}  // namespace

TEST_CASE("a number is within its bounds, both included, or one of its words") {
  const Form form = integer(1, 5);
  CHECK(told<int>(form, "1").value == 1);
  CHECK(told<int>(form, "5").value == 5);
  CHECK(said<int>(form, "0") == "age must be from 1 to 5, not 0");
  CHECK(said<int>(form, "6") == "age must be from 1 to 5, not 6");
  Form or_never = integer(60, 100);
  or_never.words = {"-1"};
  CHECK(told<int>(or_never, "-1").value == -1);
  CHECK(said<int>(or_never, "-2") == "age must be -1 or from 60 to 100, not -2");
  CHECK(said<int>(integer(0, unbounded), "-1") == "age must be at least 0, not -1");
  CHECK(said<int>(integer(2, 2), "3") == "age must be 2, not 3");
}

TEST_CASE("a number of AWS may stand in quotes, one of ours may not") {
  const Form form = integer(1, 5);
  CHECK(told<int>(form, "'3'", "BatchSize").value == 3);
  CHECK(said<int>(form, "'3'", "age") ==
        "age must be a whole number, not a text in quotes (write `3` without quotes)");
}

TEST_CASE("whoever writes a unit after a number of AWS is told the number") {
  CHECK(said<int>(integer(1, 900, "seconds"), "2m", "Timeout") ==
        "Timeout is in seconds, as in CloudFormation: write 120");
  CHECK(said<int>(integer(24, 8760, "hours"), "2d", "Hours") ==
        "Hours is in hours, as in CloudFormation: write 48");
  CHECK(said<int>(integer(1, 10'000, "KiB"), "2MB", "Size") ==
        "Size is in KiB, as in CloudFormation: write 2048");
  CHECK(said<int>(integer(1, 900, "seconds"), "500ms", "Timeout") ==
        "Timeout must be a whole number, not `500ms` (it is in seconds, as in CloudFormation)");
  CHECK(said<int>(integer(1, 10'000, "KiB"), "1500B", "Size") ==
        "Size must be a whole number, not `1500B` (it is in KiB, as in CloudFormation)");
}

TEST_CASE("decimals, sizes and durations keep to their bounds") {
  CHECK(told<int>(decimal(1, 9, 3), "9").value == 9'000);
  CHECK(said<int>(decimal(1, 9, 3), "9.001") == "age must be from 1 to 9, not 9.001");
  CHECK(said<int>(decimal(1, 9, 3), "0.999") == "age must be from 1 to 9, not 0.999");
  CHECK(told<int>(size(1, 10), "1B").value == 1);
  CHECK(said<int>(size(1, 10), "0B") == "age must be at least 1B");
  CHECK(told<Duration>(duration("s", microseconds(1)), "1us").value == microseconds(1));
  CHECK(said<Duration>(duration("s", microseconds(1)), "0s") == "age must be longer than 0s");
  CHECK(told<Instant>(duration("s"), "1m").value == Instant{60'000'000});
}

TEST_CASE("a Unix time is a number of seconds, or a date") {
  CHECK(told<std::int64_t>(unix_time(), "1.5").value == 1'500);
  CHECK(told<std::int64_t>(unix_time(), "1970-01-02T00:00:00Z").value == 86'400'000);
  CHECK(said<std::int64_t>(unix_time(), "-1") == "age cannot be negative");
}

TEST_CASE("true and false have AWS's spellings, other words are led to them") {
  CHECK(told<bool>(simple(Kind::boolean), "TRUE").value);
  CHECK_FALSE(told<bool>(simple(Kind::boolean), "False").value);
  CHECK(said<bool>(simple(Kind::boolean), "yes") ==
        "age must be true or false, not `yes` (write true)");
  CHECK(said<bool>(simple(Kind::boolean), "off") ==
        "age must be true or false, not `off` (write false)");
  CHECK(said<bool>(simple(Kind::boolean), "tRUE") == "age must be true or false, not `tRUE`");
  CHECK(told<bool>(word({"never", "always"}), "always").value);
}

TEST_CASE("of a few words all are told, of many the nearest") {
  CHECK(said<std::string>(word({"red", "blue"}), "rde") ==
        "age must be `red` or `blue`, not `rde` (did you mean `red`?)");
  const Form many = word({"mon", "tue", "wed", "thu", "fri", "sat"});
  CHECK(said<std::string>(many, "fry") == "age cannot be `fry` (did you mean `fri`?)");
  CHECK(said<std::string>(many, "holiday") ==
        "age cannot be `holiday` (write one of `mon`, `tue`, `wed`, `thu`, `fri` or `sat`)");
}

TEST_CASE("a text is counted in characters, and `null` is a text where one is wanted") {
  CHECK(told<std::string>(text(1, 4), "ößté").value == "ößté");
  CHECK(said<std::string>(text(1, 4), "abcde") == "age has 5 characters: at most 4 are allowed");
  CHECK(said<std::string>(text(1, 4), "''") == "age is empty");
  CHECK(told<std::string>(text(1, 4), "~").value == "~");
  CHECK(told<std::string>(text(1, 4), "null").value == "null");
  CHECK(said<std::string>(text(1, 4), "[a]") == "age must be a text, not a list");
  CHECK(said<std::string>(text(1, 4), "!Ref a") ==
        "the tag `!Ref` is not allowed here (write a text without a tag)");
}

TEST_CASE("shards and hash keys have their own form") {
  CHECK(told<std::string>(simple(Kind::shard), "shardId-000000000007").right);
  CHECK(said<std::string>(simple(Kind::shard), "7") ==
        "age must be the id of a shard, not `7` (ids of shards look like shardId-000000000007)");
  const std::string most = "340282366920938463463374607431768211455";  // 2^128 - 1
  CHECK(told<std::string>(simple(Kind::hash_key), most).value == most);
  CHECK_FALSE(told<std::string>(simple(Kind::hash_key), most.substr(0, 38) + "6").right);
  CHECK_FALSE(told<std::string>(simple(Kind::hash_key), "01").right);
}

TEST_CASE("a list has as many items as its form allows, and nothing is an empty one") {
  const Form form = list(integer(1, 5), 1, 2);
  CHECK(told<std::vector<int>>(form, "[4, 5]").value == std::vector{4, 5});
  CHECK(said<std::vector<int>>(form, "[]") == "age is an empty list");
  CHECK(said<std::vector<int>>(form, "~") == "age is an empty list");
  CHECK(said<std::vector<int>>(form, "[1, 2, 3]") == "age has 3 items: at most 2 are allowed");
  CHECK(said<std::vector<int>>(form, "3") == "age must be a list, not `3` (write [3])");
  CHECK(told<std::vector<int>>(list(integer(1, 5)), "~").right);
}

TEST_CASE("what has no meaning here is noted once") {
  std::vector<std::string> not_modelled, warnings;
  Mistakes mistakes("v", "");
  Notes notes{mistakes, tests::kettle_format(), not_modelled, warnings};
  for (const char* each : {"Tags", "Brand", "Tags"}) notes.note_not_modelled(each);
  CHECK(not_modelled == std::vector<std::string>{"Tags", "Brand"});
}

TEST_CASE("a value is written as its form reads it") {
  CHECK(value_text(word({"never", "always"}), true) == "always");
  CHECK(value_text(simple(Kind::boolean), false) == "false");
  CHECK(value_text(decimal(0, 9, 3), 2'250) == "2.25");
  CHECK(value_text(size(0, 99), 64) == "64B");
  CHECK(value_text(integer(0, 99), 64) == "64");
  CHECK(number_text(simple(Kind::time), 1'767'225'600'000) == "2026-01-01T00:00:00Z");
  CHECK(value_text(duration("s"), Instant{90'000'000}) == "1m30s");
  CHECK(value_text(integer(0, 9), std::optional<int>(5)).empty());
}

TEST_CASE("the same warning again is counted with the first one") {
  std::vector<std::string> not_modelled, warnings;
  Mistakes mistakes("v", "a: 1\nb: 2\n");
  Notes notes{mistakes, tests::kettle_format(), not_modelled, warnings};
  notes.warn({0, 5}, "late");
  notes.warn({0, 0}, "odd");
  CHECK(warnings == std::vector<std::string>{"v:2:1: warning: late", "v:1:1: warning: odd"});
  notes.warn({0, 8}, "late");
  notes.warn({0, 3}, "late");
  CHECK(warnings == std::vector<std::string>{"v:1:4: warning: late (and 2 more like it)",
                                             "v:1:1: warning: odd"});
}
