// Reads the answer of a function as a mapping with ReportBatchItemFailures reads it. ESM-PBR-02,
// ESM-PBR-03, ESM-PBR-10, ESM-PBR-12 and their truth table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/json.hpp"
#include "sim/lambda/outcome.hpp"

namespace trimhorizon {

// One itemIdentifier of an answer.
struct ItemIdentifier {
  std::optional<std::string> text;  // nullopt: null, missing, or neither a text nor a number
};

// An answer whose identifiers are not looked up in the batch yet. Identifiers are in the order of
// the answer; only a `report` has some.
struct ResponseShape {
  Answer::Kind kind = Answer::Kind::success;
  std::vector<ItemIdentifier> identifiers;
};

// Never throws: an answer that cannot be read is `malformed`.
ResponseShape read_response(const Json& response);

// Looks up the identifiers. `offset_of(text)` returns the offset of the record with this sequence
// number, or nullopt. `$sequence[i]` in a template names record i of the batch, from 0. `batch` is
// the number of records.
template <class OffsetOf>
Answer resolve_identifiers(const ResponseShape& shape, std::uint32_t batch, OffsetOf offset_of);

// May one sequence number appear twice in an answer? No: AWS treats the second one like a number
// that is not in the batch (ESM-PBR-12).
bool may_name_twice();

// `$sequence[i]` -> i; nullopt for any other text.
std::optional<std::uint32_t> parse_sequence_placeholder(std::string_view text);

template <class OffsetOf>
Answer resolve_identifiers(const ResponseShape& shape, std::uint32_t batch, OffsetOf offset_of) {
  Answer answer;
  answer.kind = shape.kind;
  if (shape.kind != Answer::Kind::report) return answer;
  std::vector<bool> named(batch);
  for (const ItemIdentifier& item : shape.identifiers) {
    std::optional<std::uint32_t> offset;
    if (item.text) {
      const std::optional<std::uint32_t> placeholder = parse_sequence_placeholder(*item.text);
      offset = placeholder ? placeholder : offset_of(*item.text);
    }
    const bool known = offset && *offset < batch;
    if (!known || (named[*offset] && !may_name_twice())) {
      answer.any_invalid = true;
      continue;
    }
    named[*offset] = true;
    if (!answer.any_valid || *offset < answer.lowest) answer.lowest = *offset;
    answer.any_valid = true;
  }
  for (std::uint32_t offset = 0; offset < batch; ++offset) {
    if (named[offset]) answer.named.push_back(offset);
  }
  return answer;
}

}  // namespace trimhorizon
