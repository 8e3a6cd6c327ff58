// The one table of the scenario format: every key with the forms its value may take, bounds, unit,
// default, a sentence and the rule it comes from. The reader (fields.hpp), the JSON Schema
// (schema.cpp) and the reference page are all read off this table.
//
// Always:
//  1. A name that begins with a capital letter is AWS's: its unit is AWS's, its numerals may stand
//     in quotes.
//  2. A default is a text that its own form reads.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace trimhorizon::reader {

enum class Kind : std::uint8_t {
  text,     // any scalar as it stands; min and max count characters
  word,     // one of `words`
  integer,  // min and max, or one of `words`
  decimal,  // min and max in millionths
  boolean,
  duration,  // min and max in microseconds; `unit` is suggested when there is none
  size,      // min and max in bytes
  rate,
  percent,
  time,          // ISO 8601, UTC
  unix_time,     // seconds since 1970, a fraction is allowed
  thing,         // the name of a stream, function, …: also !Ref, !GetAtt, an ARN
  shard,         // shardId-000000000000
  hash_key,      // 0 .. 2^128-1
  count,         // a comparison with a number, or a list of them
  time_span,     // a comparison with a duration, or a list of them
  nothing,       // null
  any,           // any YAML
  block,         // the keys of `block`; when min is 1, not nothing
  named,         // any name (a text as `items`), each with the keys of `block`
  list,          // of `items`; min and max count them
  map,           // any name with one of `items`; a name of `words` with the item at its place, then
                 // any other name with those behind
  ignored,       // accepted, without meaning here
  not_modelled,  // AWS has it, the simulator does not (yet)
  not_for_kinesis,
};

enum class Thing : std::uint8_t { none, stream, function, producer, mapping, destination, record };

struct Block;

struct Form {
  Kind kind = Kind::any;
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::string_view unit;
  std::vector<std::string_view> words = {};  // of a word, or the names a map may have
  Thing thing = Thing::none;
  const Block& (*block)() = nullptr;
  std::vector<Form> items = {};
};

struct Need {
  bool required = false;
  std::string_view value_otherwise = {};  // empty: none
};
inline constexpr Need required{true};
inline constexpr Need optional{};
constexpr Need or_else(std::string_view value) { return {false, value}; }

struct Key {
  std::string_view name;
  std::vector<Form> forms;  // the value takes one of them
  Need need = optional;
  std::string_view text = {};      // a sentence for the reference
  std::string_view rule = {};      // ids of the rules
  std::string_view modelled = {};  // the only value that is modelled yet, when not all are

  bool is_aws() const { return name[0] >= 'A' && name[0] <= 'Z'; }
  bool is_ours_to_read() const;  // false for ignored, not modelled, not for Kinesis
};

// A key that goes with one value of another key, and is needed there.
struct Companion {
  std::string_view key;
  std::string_view goes_with;
  std::string_view value;
};

struct Block {
  std::string_view noun;  // "event source mapping"
  std::vector<Key> keys;
  std::vector<std::string_view> one_of = {};  // just one of these keys is there
  std::optional<Companion> companion = {};

  const Key* find(std::string_view name) const;
};

const Block& scenario_block();
const Block& stream_block();
const Block& stream_mode_block();
const Block& producer_block();
const Block& put_block();
const Block& record_block();
const Block& keys_block();
const Block& retry_block();
const Block& rate_block();
const Block& function_block();
const Block& duration_block();
const Block& lognormal_block();
const Block& respond_block();
const Block& fail_block();
const Block& mapping_block();
const Block& destination_config_block();
const Block& on_failure_block();
const Block& filter_criteria_block();
const Block& destination_block();
const Block& timeline_block();
const Block& function_action_block();
const Block& crash_poller_block();
const Block& lose_acknowledgements_block();
const Block& fail_destination_block();
const Block& update_mapping_block();
const Block& assumptions_block();
const Block& backoff_block();
const Block& explore_block();
const Block& expect_block();
const Block& message_block();
const Block& evidence_block();
const Block& decisions_block();
const Block& variant_block();

// Of the names of streams, functions and destinations.
inline constexpr std::string_view aws_name_pattern = "^[A-Za-z0-9_.-]*$";

// Every block that can be reached from the first, in the order of the reference.
const std::vector<const Block*>& all_blocks();

// Is this somewhere a key that is accepted without meaning?
bool is_ignored_somewhere(std::string_view name);

// What `word` stands for elsewhere ("thresholds" of k6 is `expect` here), or empty.
std::string_view our_word_for(std::string_view word);

}  // namespace trimhorizon::reader
