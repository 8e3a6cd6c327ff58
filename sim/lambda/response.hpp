// Reads what a function returned as a mapping with ReportBatchItemFailures does.
// ESM-PBR-02, ESM-PBR-03, ESM-PBR-10, ESM-PBR-12 and the truth table beneath them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/json.hpp"
#include "sim/lambda/outcome.hpp"

namespace trimhorizon {

// One itemIdentifier of an answer: text, or something that cannot name a record.
struct ItemIdentifier {
  std::optional<std::string> text;  // nullopt: null, absent, or not a text
};

// The shape of an answer before its identifiers are looked up in the batch.
struct ResponseShape {
  Answer::Kind kind = Answer::Kind::success;
  std::vector<ItemIdentifier> identifiers;
};

ResponseShape read_response(const Json& response);

// Looks the identifiers up: `offset_of(text)` says which record of the batch a sequence number is.
// A template's `$sequence[i]` is recognised here: it names the i-th record of the batch.
template <class OffsetOf>
Answer resolve_identifiers(const ResponseShape& shape, std::uint32_t batch, OffsetOf offset_of);

// ESM-PBR-12: a sequence number named twice is taken like one that is not in the batch.
bool may_be_named_again();

// `$sequence[i]` -> i.
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
    if (!known || (named[*offset] && !may_be_named_again())) {
      answer.any_invalid = true;
      continue;
    }
    named[*offset] = true;
    if (!answer.any_valid || *offset < answer.lowest) answer.lowest = *offset;
    answer.any_valid = true;
  }
  return answer;
}

}  // namespace trimhorizon
