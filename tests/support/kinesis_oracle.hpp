// tests/kinesis/oracle/kinesis.json: what two public Kinesis emulators answered to the AWS SDK.
// Read with our own JSON, whose numbers stay text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/json.hpp"
#include "sim/kinesis/hash_key.hpp"

namespace trimhorizon::testing {

// The whole file; read once.
const Json& kinesis_oracle();

// Members that must be there and of that kind, else the test fails.
const Json& at(const Json& object, const char* name);
const Json::Array& list_at(const Json& object, const char* name);
std::string text_at(const Json& object, const char* name);
std::uint32_t number_of(const Json& json);
std::string text_of(const Json& json);
std::vector<std::string> texts_of(const Json& list);
HashKey hash_key_of(const Json& json);

// The bytes of each oracle key, and its MD5.
std::vector<std::string> oracle_keys();
std::vector<HashKey> oracle_hashes();

std::string bytes_from_hex(const std::string& hex);

}  // namespace trimhorizon::testing
