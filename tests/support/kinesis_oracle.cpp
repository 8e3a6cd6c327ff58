#include "tests/support/kinesis_oracle.hpp"

#include <fstream>
#include <iterator>

#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"

namespace trimhorizon::testing {

const Json& kinesis_oracle() {
  static const Json oracle = [] {
    std::ifstream file(tests::source_dir() + "/tests/kinesis/oracle/kinesis.json");
    REQUIRE(file);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto parsed = parse_json(text);
    if (const auto* error = std::get_if<std::string>(&parsed)) FAIL(*error);
    return std::get<Json>(std::move(parsed));
  }();
  return oracle;
}

const Json& at(const Json& object, const char* name) {
  const Json* found = object.find(name);
  INFO("member " << name);
  REQUIRE(found);
  return *found;
}

const Json::Array& list_at(const Json& object, const char* name) {
  const Json::Array* list = at(object, name).array();
  INFO("member " << name);
  REQUIRE(list);
  return *list;
}

std::string text_at(const Json& object, const char* name) { return text_of(at(object, name)); }

std::uint32_t number_of(const Json& json) {
  REQUIRE(json.number());
  return static_cast<std::uint32_t>(std::stoul(*json.number()));
}

std::string text_of(const Json& json) {
  REQUIRE(json.string());
  return *json.string();
}

std::vector<std::string> texts_of(const Json& list) {
  REQUIRE(list.array());
  std::vector<std::string> texts;
  for (const Json& element : *list.array()) texts.push_back(text_of(element));
  return texts;
}

HashKey hash_key_of(const Json& json) {
  const auto key = parse_hash_key(text_of(json));
  REQUIRE(key);
  return *key;
}

std::vector<std::string> oracle_keys() {
  std::vector<std::string> keys;
  for (const Json& key : list_at(kinesis_oracle(), "keys")) {
    keys.push_back(bytes_from_hex(text_of(key.array()->at(0))));
  }
  return keys;
}

std::vector<HashKey> oracle_hashes() {
  std::vector<HashKey> hashes;
  for (const std::string& key : oracle_keys()) hashes.push_back(hash_of_partition_key(key));
  return hashes;
}

std::string bytes_from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

}  // namespace trimhorizon::testing
