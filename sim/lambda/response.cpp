#include "sim/lambda/response.hpp"

#include "sim/base/rule.hpp"

namespace trimhorizon {
namespace {

// The deserialiser takes "" and [] for null, as recorded (ESM-PBR-02).
bool counts_as_null(const Json& value) {
  if (value.is_null()) return true;
  if (const std::string* text = value.string()) {
    return TH_RULE(an_empty_text_says_nothing, text->empty(), false);
  }
  if (const Json::Array* items = value.array()) return items->empty();
  return false;
}

// Recorded: a number is looked up like a text and is unknown, so the batch fails (ESM-PBR-03).
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
  if (counts_as_null(response)) return {};
  if (response.object() == nullptr) return {Answer::Kind::malformed, {}};
  const Json* failures = response.find("batchItemFailures");
  if (failures == nullptr || counts_as_null(*failures)) return {};
  const Json::Array* items = failures->array();
  if (items == nullptr) return {Answer::Kind::malformed, {}};
  ResponseShape shape;
  shape.kind = Answer::Kind::report;
  for (const Json& item : *items) shape.identifiers.push_back(read_item(item));
  return shape;
}

bool may_be_named_again() { return TH_RULE(an_identifier_twice_is_invalid, false, true); }

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
