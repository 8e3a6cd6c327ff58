// What a function returned, as a mapping with ReportBatchItemFailures reads it: the truth table.
#include "sim/lambda/response.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

using Kind = Answer::Kind;

ResponseShape read(const std::string& text) {
  const auto parsed = parse_json(text);
  REQUIRE(std::holds_alternative<Json>(parsed));
  return read_response(std::get<Json>(parsed));
}

// A batch whose sequence numbers are "100", "101", …
Answer answer(const std::string& text, std::uint32_t batch = 3) {
  return resolve_identifiers(read(text), batch,
                             [&](const std::string& id) -> std::optional<std::uint32_t> {
                               for (std::uint32_t i = 0; i < batch; ++i) {
                                 if (id == std::to_string(100 + i)) return i;
                               }
                               return std::nullopt;
                             });
}

std::string failures(const std::string& items) {
  return "{\"batchItemFailures\": [" + items + "]}";
}

}  // namespace

TEST_CASE("six ways to say nothing [ESM-PBR-02]") {
  for (const char* text : {"null", "\"\"", "[]", "{}", "{\"batchItemFailures\": null}",
                           "{\"batchItemFailures\": []}"}) {
    CAPTURE(text);
    CHECK(answer(text).kind == Kind::success);
  }
}

TEST_CASE("an object without batchItemFailures says nothing either [ESM-PBR-02]") {
  CHECK(answer("{\"statusCode\": 200}").kind == Kind::success);
  CHECK(answer("{\"batchitemfailures\": [{\"itemIdentifier\": \"100\"}]}").kind == Kind::success);
}

TEST_CASE("five ways to name nothing of the batch [ESM-PBR-03]") {
  for (const char* item : {"{\"itemIdentifier\": 123}", "{\"itemIdentifier\": \"\"}",
                           "{\"itemIdentifier\": null}", "{\"foo\": 123}", "{\"foo\": null}"}) {
    CAPTURE(item);
    const Answer a = answer(failures(item));
    CHECK(a.kind == Kind::report);
    CHECK(a.any_invalid);
    CHECK_FALSE(a.any_valid);
  }
}

TEST_CASE("a list of failures that is not a list is malformed [ESM-PBR-03]") {
  for (const char* text :
       {"{\"batchItemFailures\": 3}", "{\"batchItemFailures\": {\"itemIdentifier\": \"100\"}}"}) {
    CAPTURE(text);
    CHECK(answer(text).kind == Kind::malformed);
  }
}

TEST_CASE("a text, a number, a truth value and a list are no object [ESM-PBR-14]") {
  for (const char* text : {"\"failed\"", "7", "0", "true", "false", "[1]", "[{}]"}) {
    CAPTURE(text);
    CHECK(answer(text).kind == Kind::no_object);
    CHECK(answer(text).hides_failures());
    CHECK(answer(text).named.empty());
  }
}

TEST_CASE("all offsets that a report names are kept, ascending [ESM-PBR-01]") {
  const std::string high = "{\"itemIdentifier\": \"102\"}";
  const std::string low = "{\"itemIdentifier\": \"100\"}";
  CHECK(answer(failures(high + "," + low)).named == std::vector<std::uint32_t>{0, 2});
  CHECK(answer(failures(high + ",{}")).named == std::vector<std::uint32_t>{2});
  CHECK(answer("{}").named.empty());
}

TEST_CASE("an item that is not an object names nothing [ESM-PBR-03]") {
  for (const char* item : {"\"100\"", "null", "100", "[]", "{\"itemIdentifier\": [\"100\"]}"}) {
    CAPTURE(item);
    CHECK(answer(failures(item)).any_invalid);
  }
}

TEST_CASE("of several identifiers the lowest counts, in whatever order [ESM-PBR-04]") {
  const std::string high = "{\"itemIdentifier\": \"102\"}";
  const std::string low = "{\"itemIdentifier\": \"101\"}";
  CHECK(answer(failures(high + "," + low)).lowest == 1);
  CHECK(answer(failures(low + "," + high)).lowest == 1);
  CHECK(answer(failures(high + "," + high)).lowest == 2);
  CHECK_FALSE(answer(failures(high + "," + low)).any_invalid);
}

TEST_CASE("a number is looked up as the text that stands there [ESM-PBR-03]") {
  CHECK(answer(failures("{\"itemIdentifier\": 101}")).lowest == 1);
  CHECK(answer(failures("{\"itemIdentifier\": 1.01e2}")).any_invalid);
}

TEST_CASE("valid and invalid together are both seen [ESM-PBR-10]") {
  const Answer a = answer(failures("{\"itemIdentifier\": \"zzz\"}, {\"itemIdentifier\": \"102\"}"));
  CHECK(a.any_valid);
  CHECK(a.any_invalid);
  CHECK(a.lowest == 2);
}

TEST_CASE("a template names the i-th record of whatever batch it meets") {
  CHECK(answer(failures("{\"itemIdentifier\": \"$sequence[2]\"}")).lowest == 2);
  CHECK(answer(failures("{\"itemIdentifier\": \"$sequence[3]\"}")).any_invalid);
  CHECK(parse_sequence_placeholder("$sequence[0]") == 0u);
  CHECK(parse_sequence_placeholder("$sequence[9999]") == 9999u);
  for (const char* text : {"$sequence[]", "$sequence[-1]", "$sequence[1", "sequence[1]",
                           "$sequence[1]x", "$sequence[99999999999]", "$sequence[1e1]", ""}) {
    CAPTURE(text);
    CHECK(parse_sequence_placeholder(text) == std::nullopt);
  }
}
