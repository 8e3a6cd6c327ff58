#include "sim/lambda/response.hpp"

#include "sim/base/rule.hpp"

namespace trimhorizon {
namespace {

// AWS treats "" and [] like null, as recorded (ESM-PBR-02). So such an answer is a success.
bool counts_as_null(const Json& value) {
  if (value.is_null()) return true;
  if (const std::string* text = value.string()) {
    return TH_RULE(an_empty_text_says_nothing, text->empty(), false);
  }
  if (const Json::Array* items = value.array()) return items->empty();
  return false;
}

// Recorded on AWS: a number is looked up as a text. No sequence number is equal to it, so the batch
// fails (ESM-PBR-03).
ItemIdentifier read_item(const Json& item) {
  const Json* identifier = item.find("itemIdentifier");
  if (identifier == nullptr) return {};
  if (const std::string* text = identifier->string()) return {*text};
  if (const std::string* number = identifier->number()) {
    return {TH_RULE(a_number_is_looked_up_as_it_stands, *number, "")};
  }
  return {};
}

}  // namespace

ResponseShape read_response(const Json& response) {
  // ESM-PBR-02: an empty answer is a complete success.
  if (counts_as_null(response)) return {};
  // ESM-PBR-14: the answer is not an object, so it cannot be read as a report.
  if (response.object() == nullptr) return {Answer::Kind::no_object, {}};
  const Json* failures = response.find("batchItemFailures");
  // ESM-PBR-02: a missing or empty list of failures is a complete success.
  if (failures == nullptr || counts_as_null(*failures)) return {};
  const Json::Array* items = failures->array();
  // ESM-PBR-03: the failures are not a list, so AWS cannot read them.
  if (items == nullptr) return {Answer::Kind::malformed, {}};
  ResponseShape shape;
  shape.kind = Answer::Kind::report;
  for (const Json& item : *items) shape.identifiers.push_back(read_item(item));
  return shape;
}

bool may_name_twice() { return TH_RULE(an_identifier_twice_is_invalid, false, true); }

std::optional<std::uint32_t> parse_sequence_placeholder(std::string_view text) {
  constexpr std::string_view head = "$sequence[";
  if (text.size() <= head.size() + 1 || text.substr(0, head.size()) != head || text.back() != ']') {
    return std::nullopt;
  }
  std::uint32_t index = 0;
  for (const char c : text.substr(head.size(), text.size() - head.size() - 1)) {
    if (c < '0' || c > '9' || index > 100'000) return std::nullopt;
    index = index * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return index;
}

}  // namespace trimhorizon
