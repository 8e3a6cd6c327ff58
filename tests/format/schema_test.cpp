// The JSON Schema of a toy, whole.
#include "sim/format/schema.hpp"

#include "sim/base/json.hpp"
#include "tests/format/toy.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_text.hpp"

using namespace trimhorizon;
using trimhorizon::testing::to_text;
using namespace trimhorizon::reader;
using namespace trimhorizon::tests;

namespace {

std::string of_key(std::string_view name) {
  const Json schema = std::get<Json>(parse_json(schema_json(kettle_format(), "Kettles")));
  const Json* kettle = schema.find("definitions")->find("kettle");
  const Json* key = kettle->find("properties")->find(name);
  return key ? to_text(*key) : "";
}

}  // namespace

TEST_CASE("a row gives the schema its sentence, its default and its bounds") {
  CHECK(of_key("Litres") ==
        R"({"description":"What it holds. TEA-01.","default":2,"type":["integer","string"],)"
        R"("pattern":"^(0|[1-9](_?[0-9])*)$","minimum":1,"maximum":5})");
  CHECK(of_key("heat") == R"({"description":"How hot.","default":"low","enum":["low","high"]})");
  CHECK(of_key("colour") ==
        R"({"description":"Its paint.","default":"red",)"
        R"("type":["string","number","boolean","null"],"minLength":1,"maxLength":8})");
  CHECK(of_key("Cordless") == R"({"description":"Without a cord.","enum":["NO"]})");
  CHECK(of_key("cups") == R"({"description":"Beside it.","type":["array","null"],)"
                          R"("items":{"$ref":"#/definitions/cup"}})");
  CHECK(of_key("Brand") == R"({"description":"Accepted; it changes nothing here."})");
  CHECK(of_key("Timer") == "");
}

TEST_CASE("the schema begins at the block of the file and has every block") {
  const Json schema = std::get<Json>(parse_json(schema_json(kettle_format(), "Kettles")));
  CHECK(*schema.find("title")->string() == "Kettles");
  CHECK(*schema.find("$ref")->string() == "#/definitions/kettle");
  CHECK(to_text(*schema.find("definitions")->find("cup")->find("required")) == R"(["owner"])");
}
